"""What a shop's documents explain, and what it may say itself."""

import re

import httpx
import pytest

from tests.app.client import OPERATOR
from tests.app.web.conftest import Visitor, text_of
from tests.app.web.shop.conftest import OTHER_GTIN, OWN_TAX_CODE, Files, Neighbour
from traceability.db import Database
from traceability.invoices import ledger, ledger_repository
from traceability.invoices.service import import_files

PAGE = "/shop/balances"


@pytest.fixture
def oversold(sqlite_database: Database, neighbour: Neighbour, files: Files) -> Neighbour:
    """Three bought of another's goods, ten sold."""
    contents = [files.bought(1, 3), files.sold(2, 10, OTHER_GTIN)]
    with sqlite_database.writing() as session:
        import_files(session, OPERATOR, [(f"{n}.xml", c) for n, c in enumerate(contents)])
    return neighbour


def state(member: Visitor, goods: Neighbour, **form: str) -> httpx.Response:
    nonce = re.search(r'name="nonce" value="([^"]+)"', member.get(PAGE).text)
    assert nonce
    given = {
        "product_id": str(goods.product_id), "kind": "opening", "quantity": "12",
        "nonce": nonce[1], **form,
    }  # fmt: skip
    return member.send(PAGE, PAGE, **given)


def test_a_gap_is_told_with_what_can_be_done_about_it(member: Visitor, oversold: Neighbour) -> None:
    text = text_of(member.get(PAGE))
    assert "chưa giải trình được 7" in text
    assert "Khai điều không có trên hóa đơn" in text


def test_the_shop_states_what_is_there_and_the_balance_begins_with_it(
    member: Visitor, oversold: Neighbour, sqlite_database: Database
) -> None:
    assert state(member, oversold).status_code == 303
    with sqlite_database.reading() as session:
        found = ledger.balance(session, OWN_TAX_CODE, oversold.product_id)
    assert (found.opening, found.expected) == (12, 12)


def test_the_same_form_sent_again_states_nothing_twice(
    member: Visitor, oversold: Neighbour, sqlite_database: Database
) -> None:
    for _ in range(2):
        assert state(member, oversold, nonce="the-same-form").status_code == 303
    with sqlite_database.reading() as session:
        assert len(ledger_repository.stock_records(session, OWN_TAX_CODE)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"), [({"quantity": "nhiều"}, "quantity"), ({"kind": "seized"}, "kind")]
)
def test_what_a_shop_may_not_say_is_refused_beside_its_field(
    member: Visitor, oversold: Neighbour, sqlite_database: Database, wrong: dict[str, str],
    field: str,
) -> None:  # fmt: skip
    answer = state(member, oversold, **wrong)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    with sqlite_database.reading() as session:
        assert ledger_repository.stock_records(session, OWN_TAX_CODE) == []


def test_the_checks_of_a_shop_look_at_its_own_documents_alone(
    member: Visitor, oversold: Neighbour
) -> None:
    text = text_of(member.get("/shop/checks"))
    assert "Mua, bán, trên kệ" in text
    assert "Bên bán trong danh sách" not in text
    assert "Đường đi tới nguồn" not in text
