"""Numbers of boxes on a phone: taken when packing, with the label, and used in the event."""

import re

import pytest

import scanner
from gs1.sscc import Sscc
from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.shop.test_events import LOT, NEW, asked, events, recorded
from traceability.db import Database
from traceability.registry.models import CompanyPrefix

PATH = "/shop/events/boxes"
PACKING = {"step": "pack", "gtin": GTIN, "lot": "L1", "quantity": "5", "unit": "cai"}
BOX = f"{NEW}?step=pack&gtin={GTIN}&lot=L1&quantity=5&unit=cai&page=amount"


@pytest.fixture
def prefix(sqlite_database: Database, goods: Goods) -> str:
    with sqlite_database.writing() as session:
        session.add(CompanyPrefix(prefix="9521234", party_id=goods.party_id))
    return "9521234"


def taken(member: Visitor) -> str:
    """A number taken on the way; the address of the question for the box."""
    answer = member.send(BOX, PATH, **PACKING)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def number_in(address: str) -> str:
    found = re.search(r"sscc=(\d{18})", address)
    assert found
    return Sscc(found[1]).value


def test_goods_to_pack_are_named_before_the_box(member: Visitor, goods: Goods) -> None:
    assert asked(member, step="pack", page="goods", gtin=GTIN, lot="L1") == "Bao nhiêu?"
    assert asked(member, step="pack", page="goods", goods_key=LOT) == "Bao nhiêu?"
    missing = member.get(f"{BOX.partition('?')[0]}?step=pack&page=box&gtin={GTIN}&lot=L1&sscc=")
    assert missing.status_code == 422


def test_the_box_stays_when_the_goods_are_chosen_again(member: Visitor, prefix: str) -> None:
    number = number_in(taken(member))
    again = member.get(f"{NEW}?step=pack&page=goods&goods_key={LOT}&sscc={number}")
    assert f'name="sscc" value="{number}"' in again.text


def test_a_number_is_taken_on_the_way_and_the_answers_stay(
    member: Visitor, prefix: str, sqlite_database: Database
) -> None:
    assert asked(member, **PACKING, page="amount") == "Vào thùng nào?"
    page = taken(member)
    number = number_in(page)
    assert number[1:].startswith(prefix)
    shown = member.get(page)
    assert f'value="{number}"' in shown.text
    assert f"{PATH}/{number}/label" in shown.text
    answers = {**PACKING, "sscc": number, "time": "2026-11-20T08:00"}
    recorded(member, **answers)
    (event,) = events(sqlite_database)
    assert event["parentID"] == f"https://id.gs1.org/00/{number}"
    assert event["childQuantityList"][0]["epcClass"] == LOT


def test_the_label_says_the_number_with_its_application_identifier(
    member: Visitor, prefix: str
) -> None:
    number = number_in(taken(member))
    drawn = member.get(f"{PATH}/{number}/label?format=png")
    assert drawn.headers["content-type"] == "image/png"
    (symbol,) = scanner.decode(drawn.content).symbols
    assert (symbol.text, symbol.symbology_identifier) == (f"00{number}", "]C1")
    assert b"<svg" in member.get(f"{PATH}/{number}/label").content


def test_a_number_that_was_not_used_yet_is_offered_again(member: Visitor, prefix: str) -> None:
    number = number_in(taken(member))
    assert f'name="sscc_key" value="{number}"' in member.get(BOX).text
    chosen = f"{NEW}?step=pack&gtin={GTIN}&lot=L1&quantity=5&unit=cai&page=box&sscc_key={number}"
    assert "Ở đâu?" in text_of(member.get(chosen))
    assert f'name="sscc" value="{number}"' in member.get(chosen).text


def test_the_list_has_each_number_with_its_label(member: Visitor, prefix: str) -> None:
    assert "Chưa lấy số nào" in text_of(member.get(PATH))
    answer = member.send(PATH, PATH)
    number = number_in(answer.headers["location"])
    shown = member.get(answer.headers["location"])
    assert "data:image/svg+xml" in shown.text
    assert number in shown.text
    assert "chưa dùng" in text_of(shown)
    assert f'href="{PATH}"' in member.get("/shop/events").text


def test_without_a_company_prefix_the_page_says_what_is_missing(
    member: Visitor, goods: Goods
) -> None:
    assert "Lấy số mới" not in text_of(member.get(BOX))
    answer = member.send("/account", PATH, **PACKING)
    assert answer.status_code == 422
    assert "mã doanh nghiệp GS1" in text_of(answer)


def test_the_label_of_a_foreign_or_wrong_number_is_not_drawn(member: Visitor, prefix: str) -> None:
    assert member.get(f"{PATH}/395200000000000012/label").status_code == 404
    assert member.get(f"{PATH}/123/label").status_code == 422
    assert "data:image" not in member.get(f"{PATH}?sscc=395200000000000012").text
