"""Certificates with a quantity on the pages of the authorities: seen, confirmed, revoked."""

import csv
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.office_visits import actions, visiting
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.registry import certificates
from traceability.registry.certificate_models import Exceeding
from traceability.registry.certificate_schemas import CertificateIn

PATH = "/office/certificates"


@pytest.fixture
def handed_in(sqlite_database: Database, goods: Goods) -> str:
    given = CertificateIn.model_validate(
        {
            "number": "=01/GCN-VD",
            "issuer": "Sở Ví Dụ",
            "gtins": [GTIN],
            "quantity": "10000",
            "unit": "củ",
            "valid_from": "2026-01-01",
            "area": "Vườn Ví Dụ",
        }
    )
    with sqlite_database.writing() as session:
        member = Actor(Role.PRODUCER, party_id=goods.party_id)
        row = certificates.register_certificate(session, member, given, Exceeding.REFUSE)
        return f"{PATH}/{row.id}"


@pytest.fixture
def supervisor(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


def test_the_list_shows_what_waits_by_the_filter(supervisor: Visitor, handed_in: str) -> None:
    shown = text_of(supervisor.get(f"{PATH}?status=pending"))
    assert "=01/GCN-VD" in shown
    assert "Đã dùng 0 trên 10.000 củ" in shown
    assert ">1</strong> giấy xác nhận chờ duyệt" in supervisor.get("/office").text
    assert "Không có giấy xác nhận nào khớp" in text_of(supervisor.get(f"{PATH}?status=revoked"))


def test_it_is_confirmed_and_revoked_with_a_reason(
    supervisor: Visitor, handed_in: str, sqlite_database: Database
) -> None:
    assert "Vườn Ví Dụ" in text_of(supervisor.get(handed_in))
    done = supervisor.send(handed_in, handed_in, status="active", decision_number="9/QĐ")
    assert done.headers["location"] == f"{PATH}?done=1"
    assert "Giấy xác nhận =01/GCN-VD: Đã xác nhận" in text_of(supervisor.get(f"{PATH}?done=1"))
    refused = supervisor.send(handed_in, handed_in, status="revoked", reason="")
    assert refused.status_code == 422
    supervisor.send(handed_in, handed_in, status="revoked", reason="Cấp nhầm")
    assert "Cấp nhầm" in text_of(supervisor.get(handed_in))
    found = actions(sqlite_database, "certificate:1")
    assert found == ["registry:certificate:registered", *["registry:certificate:decided"] * 2]


@pytest.mark.parametrize("status", ["", "pending", "lost", "refused"])
def test_a_decision_that_does_not_follow_changes_nothing(
    supervisor: Visitor, handed_in: str, sqlite_database: Database, status: str
) -> None:
    supervisor.send(handed_in, handed_in, status="active")
    answer = supervisor.send(handed_in, handed_in, status=status, reason="Ví dụ")
    assert answer.status_code == 422
    assert len(actions(sqlite_database, "certificate:1")) == 2


def test_the_list_as_a_file_calculates_nothing(supervisor: Visitor, handed_in: str) -> None:
    text = supervisor.get(f"{PATH}?format=csv").content.decode("utf-8-sig")
    heading, row = csv.reader(text.splitlines())
    assert len(heading) == len(row) == 19
    assert row[:2] == ["'=01/GCN-VD", "Sở Ví Dụ"]
    assert "10000" in row


def test_an_auditor_reads_and_decides_nothing(
    pages: FastAPI, people: dict[Role, str], handed_in: str
) -> None:
    with visiting(pages, people[Role.AUDITOR]) as auditor:
        page = auditor.get(handed_in)
        assert page.status_code == 200
        assert 'name="decision_number"' not in page.text
        assert auditor.send("/account", handed_in, status="active").status_code == 403
