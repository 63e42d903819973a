"""Certificates with a quantity on the pages of the authorities: seen, confirmed, revoked."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.office_visits import actions, visiting, waiting_party
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.registry import certificates, search
from traceability.registry.certificate_models import Exceeding, QuantityCertificate
from traceability.registry.certificate_schemas import CertificateIn
from traceability.registry.models import Lot, Party, Product, Serial

PATH = "/office/certificates"


@pytest.fixture
def searchable(sqlite_database: Database, goods: Goods) -> Goods:
    """The goods with the words that a search looks for."""
    with sqlite_database.writing() as session:
        search.index_party(session, session.get_one(Party, goods.party_id))
        search.index_product(session, session.get_one(Product, goods.product_id))
    return goods


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


FORM = {
    "holder": "9999100017",
    "number": "02/GCN-VD",
    "issuer": "Sở Ví Dụ",
    "gtins": GTIN,
    "quantity": "2200",
    "unit": "củ",
    "valid_from": "2026-01-01",
}
NEW = f"{PATH}/new"


def test_an_authority_registers_one_for_its_holder_and_it_counts_at_once(
    supervisor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    made = supervisor.send(NEW, PATH, **FORM)
    assert made.headers["location"] == f"{PATH}/1?registered=1"
    shown = text_of(supervisor.get(f"{PATH}/1?registered=1"))
    assert "Đã ghi nhận giấy xác nhận, có hiệu lực từ bây giờ" in shown
    assert "Đã xác nhận" in shown
    assert "chưa lô hàng hay số sê-ri nào tính vào giấy này" in shown
    with sqlite_database.reading() as session:
        row = session.get_one(QuantityCertificate, 1)
        assert (row.party_id, row.quantity, row.status) == (goods.party_id, 2200, "active")


def test_what_is_wrong_stands_beside_each_field_with_what_was_typed(
    supervisor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    wrong = {"holder": "không có ai", "quantity": "nhiều", "gtins": "123", "issuer": ""}
    answer = supervisor.send(NEW, PATH, **{**FORM, **wrong})
    assert answer.status_code == 422
    for field in ("holder", "quantity", "issuer"):
        assert f'id="{field}-error"' in answer.text
    assert 'value="nhiều"' in answer.text
    answer = supervisor.send(NEW, PATH, **{**FORM, "gtins": "123"})
    assert 'id="gtins-error"' in answer.text
    assert "cho biết giấy được cấp cho ai" in text_of(
        supervisor.send(NEW, PATH, **{**FORM, "holder": " "})
    )
    with sqlite_database.reading() as session:
        assert session.get(QuantityCertificate, 1) is None


def test_a_holder_is_found_by_words_where_one_organisation_alone_fits(
    supervisor: Visitor, searchable: Goods, sqlite_database: Database
) -> None:
    waiting_party(sqlite_database, "VÍ DỤ Trà Khác")
    unclear = supervisor.send(NEW, PATH, **{**FORM, "holder": "ví dụ trà"})
    assert "Có nhiều tổ chức khớp" in text_of(unclear)
    assert supervisor.send(NEW, PATH, **{**FORM, "holder": "tra minh"}).status_code == 303


def test_the_same_number_twice_for_one_holder_is_told_at_the_number(
    supervisor: Visitor, goods: Goods
) -> None:
    supervisor.send(NEW, PATH, **FORM)
    again = supervisor.send(NEW, PATH, **FORM)
    assert again.status_code == 422
    assert 'id="number-error"' in again.text


@pytest.mark.parametrize(
    ("words", "fits"),
    [("gcn-vd", True), ("minh họa", True), (GTIN[1:], True), ("gcn%", False), ("khác", False)],
)
def test_the_list_is_searched_by_number_holder_and_product(
    supervisor: Visitor, searchable: Goods, handed_in: str, words: str, fits: bool
) -> None:
    answer = supervisor.get(f"{PATH}?{urlencode({'q': words})}")
    assert (handed_in in answer.text) is fits
    assert ("Không có giấy xác nhận nào khớp" in text_of(answer)) is not fits


def test_the_page_names_the_lots_that_were_counted(
    supervisor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    supervisor.send(NEW, PATH, **FORM)
    with sqlite_database.writing() as session:
        lot = session.get_one(Lot, goods.lot_id)
        lot.quantity, lot.certificate_id = Decimal(600), 1
        session.add(Serial(product_id=goods.product_id, serial="S2", certificate_id=1))
    shown = text_of(supervisor.get(f"{PATH}/1"))
    assert "Đã dùng 601 trên 2.200 củ" in shown
    assert "L1" in shown
    assert "không có lô" in shown


def test_an_auditor_is_offered_no_form(pages: FastAPI, people: dict[Role, str]) -> None:
    with visiting(pages, people[Role.AUDITOR]) as auditor:
        assert NEW not in auditor.get(PATH).text
        assert auditor.get(NEW).status_code == 403
