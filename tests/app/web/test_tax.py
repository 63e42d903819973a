"""The tax authority's page: what its key fed, what was not taken in, and nothing to write."""

from datetime import date
from decimal import Decimal

import pytest

from app.demo.invoice_maker import CONSUMER, InvoiceMaker, Line
from app.security.users import create_user
from tests.app.client import OPERATOR, make_key, make_party
from tests.app.web.conftest import PASSWORD, People, Visitor, text_of
from traceability import jobs
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices.importing import KIND
from traceability.invoices.service import import_files

MAKER = InvoiceMaker()
SELLER = "9999100024"


def invoice(number: int, goods: str = "Trà lài") -> bytes:
    line = Line(goods, Decimal(12), Decimal(50_000), item_code="TL1")
    seller = MAKER.issuer(SELLER, "VÍ DỤ Người bán")
    return MAKER.invoice(
        seller, CONSUMER, [line], symbol="C26TVD", number=number, issued_on=date(2026, 10, 1)
    )


@pytest.fixture
def feed(sqlite_database: Database) -> Actor:
    """The tax authority's organisation, as its key acts."""
    with sqlite_database.writing() as session:
        party_id = make_party(session, "tax", "9999100048")
        create_user(
            session, OPERATOR, email="thue@nguon.example", name="VÍ DỤ thuế", password=PASSWORD,
            role=Role.TAX, party_id=party_id,
        )  # fmt: skip
        return Actor(Role.TAX, party_id)


@pytest.fixture
def reader(visitor: Visitor, feed: Actor) -> Visitor:
    assert visitor.log_in("thue@nguon.example").headers["location"] == "/tax"
    return visitor


def test_before_the_first_delivery_it_says_how_to_make_one(reader: Visitor) -> None:
    shown = text_of(reader.get("/tax"))
    assert "Hóa đơn hiện ở đây khi khóa API gửi vào" in shown
    assert "https://nguon.example/api/v1/invoices" in shown
    assert "Chưa có khóa" in shown


def test_it_counts_and_lists_what_its_own_key_brought(
    reader: Visitor, feed: Actor, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        import_files(session, feed, [("1.xml", invoice(1)), ("2.xml", invoice(2))])
        import_files(session, OPERATOR, [("3.xml", invoice(3))])
        make_key(session, Role.TAX, feed.party_id)
    shown = text_of(reader.get("/tax"))
    assert "2 hóa đơn đã nhận" in shown
    assert "2 dòng chưa rõ sản phẩm" in shown
    assert "1C26TVD 2" in shown
    assert "1C26TVD 3" not in shown
    assert "Chưa có khóa" not in shown


def test_it_names_the_files_that_say_something_else_under_a_number(
    reader: Visitor, feed: Actor, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        import_files(session, feed, [("1.xml", invoice(1)), ("khac.xml", invoice(1, "Trà sen"))])
    shown = text_of(reader.get("/tax"))
    assert "1 trường hợp mâu thuẫn" in shown
    assert "khac.xml" in shown


def test_refused_files_are_named_with_their_reason(
    reader: Visitor, feed: Actor, sqlite_database: Database
) -> None:
    rejected = [{"file": "hong.xml", "code": "invoices.not-xml", "arguments": {}}]
    result = {"refused": 1, "rejected": rejected}
    with sqlite_database.writing() as session:
        jobs.record_done(session, KIND, {}, result, party_id=feed.party_id)
        jobs.record_done(session, KIND, {}, {"refused": 0, "rejected": []}, party_id=feed.party_id)
        jobs.record_done(session, KIND, {}, result, party_id=None)
    page = reader.get("/tax")
    assert page.text.count("hong.xml") == 1


def test_a_longer_list_is_walked_page_by_page(
    reader: Visitor, feed: Actor, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        import_files(session, feed, [(f"{n}.xml", invoice(n)) for n in range(1, 28)])
    first = reader.get("/tax")
    assert "before=" in first.text
    address = first.text.split('href="/tax?before=')[1].split('"')[0].split("#")[0]
    assert "1C26TVD 1 " in text_of(reader.get(f"/tax?before={address}"))
    assert reader.get("/tax?before=x").status_code == 200


def test_nothing_on_it_writes(reader: Visitor) -> None:
    page = reader.get("/tax").text
    assert 'method="post"' not in page[page.index("<main") : page.index("</main>")]


def test_an_account_without_an_organisation_is_told_so(visitor: Visitor, people: People) -> None:
    visitor.log_in(people[Role.TAX])
    assert "không thuộc đơn vị nào" in text_of(visitor.get("/tax"))


@pytest.mark.parametrize("role", [Role.SHOP, Role.INSPECTOR, Role.AUDITOR])
def test_others_are_turned_away(visitor: Visitor, people: People, role: Role) -> None:
    visitor.log_in(people[role])
    assert visitor.get("/tax").status_code == 403
