"""Codes that wait for a confirmation: seen, confirmed, taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from fastapi import FastAPI

from tests.app.client import make_party
from tests.app.web.conftest import Goods, Visitor, text_of
from tests.app.web.office_visits import actions, visiting
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.errors import ForbiddenError
from traceability.registry import authorisations, products, repository
from traceability.registry.models import CompanyPrefix
from traceability.registry.schemas import DocumentIn, ProductIn

PATH = "/office/codes"
GTIN = "9521777000013"


@dataclass(frozen=True)
class Claimed:
    """A product that a member registered under another's prefix by a document."""

    product_id: int
    member: Actor


@pytest.fixture
def claimed(sqlite_database: Database, goods: Goods) -> Claimed:
    member = Actor(Role.PRODUCER, goods.party_id)
    document = DocumentIn(document_number="UQ-03/VD", document_date=date(2026, 9, 1))
    with sqlite_database.writing() as session:
        holder = make_party(session, "producer", "9999100024")
        session.add(CompanyPrefix(prefix="9521777", party_id=holder))
        session.flush()
        given = ProductIn(gtin=GTIN, name="VÍ DỤ Hàng gia công", authorisation=document)
        product = products.create_product(session, member, given)
        return Claimed(product.id or 0, member)


@pytest.fixture
def supervisor(pages: FastAPI, people: dict[Role, str]) -> Iterator[Visitor]:
    with visiting(pages, people[Role.SUPERVISOR]) as visitor:
        yield visitor


def confirmed(database: Database, product_id: int) -> bool:
    with database.reading() as session:
        return repository.products_by_id(session, [product_id])[product_id].confirmed


def test_without_one_the_list_says_when_one_would_come(supervisor: Visitor) -> None:
    assert "Không có mã nào chờ xác nhận" in text_of(supervisor.get(PATH))


def test_it_shows_who_claims_whose_number_by_which_document(
    supervisor: Visitor, claimed: Claimed
) -> None:
    shown = text_of(supervisor.get(PATH))
    for fact in (
        "VÍ DỤ Hàng gia công", "VÍ DỤ Trà Minh Họa", "VÍ DỤ producer 9999100024",
        "Văn bản UQ-03/VD ngày 1/9/2026",
    ):  # fmt: skip
        assert fact in shown
    assert ">1</strong> mã chờ xác nhận" in supervisor.get("/office").text


def test_a_confirmed_code_leaves_the_list_and_can_be_taken_back(
    supervisor: Visitor, claimed: Claimed, sqlite_database: Database
) -> None:
    number = str(claimed.product_id)
    answer = supervisor.send(PATH, PATH, product=number)
    assert answer.headers["location"] == f"{PATH}?done={number}"
    assert confirmed(sqlite_database, claimed.product_id)
    done = supervisor.get(f"{PATH}?done={number}")
    assert "Đã xác nhận: VÍ DỤ Hàng gia công" in text_of(done)
    assert "Không có mã nào chờ xác nhận" in text_of(done)
    supervisor.send(f"{PATH}?done={number}", PATH, undo=number)
    assert not confirmed(sqlite_database, claimed.product_id)
    found = actions(sqlite_database, f"product:{number}")
    assert found[-2:] == ["registry:code:confirmed"] * 2


def test_who_made_the_claim_cannot_confirm_it(claimed: Claimed, sqlite_database: Database) -> None:
    with pytest.raises(ForbiddenError), sqlite_database.writing() as session:
        authorisations.set_confirmed(session, claimed.member, claimed.product_id, confirmed=True)
    assert not confirmed(sqlite_database, claimed.product_id)


def test_an_unknown_product_is_a_page_of_404(supervisor: Visitor) -> None:
    assert supervisor.send(PATH, PATH, product="999").status_code == 404
    assert supervisor.send(PATH, PATH, product="x").status_code == 404
