"""The page of the transparency log: a record is found by what people have of it."""

import html
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import col, select

from app.background import Worker
from app.demo.loading import load_once
from app.i18n import translator
from app.settings import Settings
from app.transparency import SOURCES
from app.web.log_facts import NAMES, Fact, facts_of
from tests.app.web.conftest import People, Visitor, text_of
from traceability.actor import Role
from traceability.db import Database
from traceability.events.models import Event
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.models import Registration
from traceability.transparency.hiding import revealed
from traceability.transparency.models import LeafKind

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


def names_in(facts: Mapping[str, Any]) -> Iterator[str]:
    """The names of facts, and of those that stand in an opened commitment."""
    yield from facts
    for name, value in revealed(facts).items():
        if isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner in value)


@pytest.mark.parametrize("kind", list(LeafKind))
def test_every_fact_that_a_leaf_may_hold_has_a_word_in_both_languages(
    logged: Database, kind: LeafKind
) -> None:
    source = SOURCES[kind]
    with logged.reading() as session:
        records = [
            facts
            for subjects in source.subjects(session)
            for facts in source.facts(session, subjects).values()
        ]
    names = {*source.final, *chain.from_iterable(map(names_in, records))}
    assert records
    assert names <= NAMES[kind].keys()
    for name in names:
        assert translator("vi").text(NAMES[kind][name]) != name != NAMES[kind][name]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("vi", f"Số của thông báo notice_number {NOTICE}"),
        ("en", f"Number of the notice notice_number {NOTICE}"),
        ("vi", "Tình trạng status Đang hiệu lực active"),
        ("en", "State status In force active"),
        ("vi", "Ngày thông báo notice_date 2/11/2026 2026-11-02"),
    ],
)
def test_a_fact_is_told_in_words_with_the_leaf_s_own_beside(
    logged: Database, visitor: Visitor, language: str, told: str
) -> None:
    answer = visitor.get(f"/log?{urlencode({'record': NOTICE})}", accept_language=language)
    assert told in text_of(answer)


def test_who_may_see_it_reads_in_words_what_the_leaf_only_commits_to(
    logged: Database, visitor: Visitor, people: People
) -> None:
    visitor.log_in(people[Role.INSPECTOR])
    text = shown(visitor, "event:1")
    assert "Mã băm của sự kiện (CBV) event.hash " in text
    assert "Đã khai là ghi sai inError không false" in text


def test_a_fact_of_an_earlier_version_goes_by_its_own_name() -> None:
    facts = facts_of(translator("vi"), {"type": "recall", "facts": {"old": "x"}})
    assert facts == [Fact("old", "old", "x")]
