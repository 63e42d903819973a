"""The page of the transparency log: a record is found by what people have of it."""

import html
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlmodel import col, select

from app.background import Worker
from app.demo.loading import load_once
from app.settings import Settings
from tests.app.web.conftest import People, Visitor, text_of
from traceability.actor import Role
from traceability.db import Database
from traceability.events.models import Event
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.models import Registration

NOTICE = "15/TB-VIDU"


@pytest.fixture
def logged(sqlite_database: Database, settings: Settings, tmp_path: Path) -> Database:
    """The demonstration, with a place in the log for each of its records."""
    load_once(sqlite_database)
    worker = Worker(sqlite_database, settings.log_keys)
    while worker._integrate():
        pass
    return sqlite_database


def shown(visitor: Visitor, record: str, status: int = 200) -> str:
    answer = visitor.get(f"/log?{urlencode({'record': record})}")
    assert answer.status_code == status
    return text_of(answer)


@pytest.mark.parametrize("record", [NOTICE, f"  {NOTICE} ", "recall:1"])
def test_a_recall_is_found_by_its_notice_and_by_what_a_receipt_calls_it(
    logged: Database, visitor: Visitor, record: str
) -> None:
    text = shown(visitor, record)
    assert f"notice_number {NOTICE}" in text
    assert "recall:1" in text


def test_an_event_is_found_by_its_event_id_and_hides_what_it_hides(
    logged: Database, visitor: Visitor
) -> None:
    with logged.reading() as session:
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert event is not None
    text = shown(visitor, event.event_id)
    assert f"event:{event.id}" in text
    assert "Không công khai" in text


def test_of_several_records_of_one_decision_the_reader_chooses(
    logged: Database, visitor: Visitor
) -> None:
    with logged.writing() as session:
        for row in session.exec(select(Registration).limit(2)):
            row.decision_number = "9/QĐ-VIDU"
            session.add(row)
    answer = visitor.get(f"/log?{urlencode({'record': '9/QĐ-VIDU'})}")
    assert answer.text.count("/log?record=registration:") == 2
    assert 'id="receipt"' not in answer.text


def test_a_certificate_is_found_by_its_number_by_authorities_alone(
    logged: Database, visitor: Visitor, people: People
) -> None:
    with logged.reading() as session:
        certificate = session.exec(select(QuantityCertificate)).first()
        assert certificate is not None
    for record in (certificate.number, f"certificate:{certificate.id}"):
        assert "Không có bản ghi nào" in shown(visitor, record, 404)
    visitor.log_in(people[Role.INSPECTOR])
    text = shown(visitor, certificate.number)
    assert f"certificate:{certificate.id}" in text
    assert f"number {certificate.number}" in text


@pytest.mark.parametrize("record", ["7", "case:1", "invoice:1", "recall:9999999", "x:1", "<b>"])
def test_what_is_not_there_or_not_shown_is_told_alike(
    logged: Database, visitor: Visitor, record: str
) -> None:
    answer = visitor.get(f"/log?{urlencode({'record': record})}")
    assert answer.status_code == 404
    assert 'aria-invalid="true"' in answer.text
    assert html.escape(record) in answer.text


def test_an_address_with_kind_and_number_leads_to_the_record_still(
    logged: Database, visitor: Visitor
) -> None:
    assert NOTICE in text_of(visitor.get("/log?kind=recall&number=1"))
    assert visitor.get("/log?kind=recall&number=x").status_code == 404
