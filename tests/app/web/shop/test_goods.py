"""Lots, serials and labels of a product."""

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col, select

from tests.app.rows import nothing_stored, stored
from tests.app.web.conftest import Goods, Visitor, text_of
from traceability.db import Database
from traceability.registry.models import Lot, Serial


def address(goods: Goods, page: str) -> str:
    return f"/shop/products/{goods.product_id}/{page}"


def lot(database: Database, text: str) -> Lot:
    with database.reading() as session:
        return session.exec(select(Lot).where(col(Lot.lot) == text)).one()


def serials(database: Database) -> list[Serial]:
    with database.reading() as session:
        return list(session.exec(select(Serial).order_by(col(Serial.id))))


# Lots


def test_a_lot_is_registered_with_dates_as_people_write_them(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    page = address(goods, "lots")
    answer = member.send(
        page, page, lot="L2", production_date="01/10/2026", expiry_date="2027-10-01",
        quantity="12,5", unit="kg", place="Xã Ví Dụ",
    )  # fmt: skip
    assert answer.headers["location"] == f"{page}?done=created"
    made = lot(sqlite_database, "L2")
    assert (made.production_date, made.expiry_date) == (date(2026, 10, 1), date(2027, 10, 1))
    assert made.quantity == Decimal("12.5")
    assert "Đã đăng ký lô." in text_of(member.get(f"{page}?done=created"))


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("lot", {"lot": ""}),
        ("lot", {"lot": "LÔ 1"}),
        ("lot", {"lot": "L1"}),
        ("lot", {"lot": "L" * 21}),
        ("production_date", {"lot": "L2", "production_date": "31/02/2026"}),
        (
            "expiry_date",
            {"lot": "L2", "production_date": "2026-10-02", "expiry_date": "2026-10-01"},
        ),
        ("quantity", {"lot": "L2", "quantity": "1.500"}),
        ("quantity", {"lot": "L2", "quantity": "-1"}),
        ("place", {"lot": "L2", "place": "x" * 301}),
    ],
)
def test_a_refused_lot_names_the_field_and_keeps_what_was_typed(
    member: Visitor, goods: Goods, sqlite_database: Database, field: str, form: dict[str, str]
) -> None:
    page = address(goods, "lots")
    with nothing_stored(sqlite_database):
        answer = member.send(page, page, unit="thùng 24", **form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert 'value="thùng 24"' in answer.text
    assert f'value="{form[field]}"' in answer.text


def test_a_lot_is_corrected_and_its_number_stays(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    page = address(goods, f"lots/{goods.lot_id}")
    assert 'name="lot"' not in member.get(page).text
    answer = member.send(page, page, production_date="", expiry_date="2028-01-31", quantity="20")
    assert answer.headers["location"] == address(goods, "lots?done=changed")
    changed = lot(sqlite_database, "L1")
    assert (changed.production_date, changed.expiry_date) == (None, date(2028, 1, 31))
    assert 'value="20"' in member.get(page).text


def test_a_refused_correction_keeps_what_was_typed(member: Visitor, goods: Goods) -> None:
    page = address(goods, f"lots/{goods.lot_id}")
    answer = member.send(page, page, production_date="2026-10-02", expiry_date="2026-10-01")
    assert answer.status_code == 422
    assert 'value="2026-10-02"' in answer.text


def test_a_lot_under_another_product_is_not_found(member: Visitor, goods: Goods) -> None:
    assert member.get(address(goods, f"lots/{goods.lot_id + 1}")).status_code == 404


# Serials


def test_serials_are_issued(member: Visitor, goods: Goods, sqlite_database: Database) -> None:
    page = address(goods, "serials")
    with stored(sqlite_database, serial=30):
        answer = member.send(page, page, way="issue", lot="L1", count="30")
    assert answer.headers["location"] == f"{page}?done=30"
    assert "Đã đăng ký thêm 30 số sê-ri." in text_of(member.get(f"{page}?done=30"))


def test_own_serials_are_registered_one_a_line(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    page = address(goods, "serials")
    member.send(page, page, way="own", lot="", serials="A-1\r\n\r\n  A-2 \n")
    assert [each.serial for each in serials(sqlite_database)] == ["SN1", "A-1", "A-2"]


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("count", {"way": "issue", "count": ""}),
        ("count", {"way": "issue", "count": "0"}),
        ("count", {"way": "issue", "count": "10001"}),
        ("count", {"way": "issue", "count": "many"}),
        ("lot", {"way": "issue", "count": "1", "lot": "L9"}),
        ("serials", {"way": "own", "serials": ""}),
        ("serials", {"way": "own", "serials": "A-1\nSN1"}),
        ("serials", {"way": "own", "serials": "A-1\nA-1"}),
        ("serials", {"way": "own", "serials": "A-1\nSỐ 2"}),
        ("serials", {"way": "own", "serials": "A" * 21}),
    ],
)
def test_refused_serials_name_the_field_and_keep_what_was_typed(
    member: Visitor, goods: Goods, sqlite_database: Database, field: str, form: dict[str, str]
) -> None:
    page = address(goods, "serials")
    with nothing_stored(sqlite_database):
        answer = member.send(page, page, **form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert form[field] in answer.text


def test_a_wrong_serial_is_named_with_its_place(member: Visitor, goods: Goods) -> None:
    page = address(goods, "serials")
    answer = member.send(page, page, way="own", serials="A-1\nSỐ 2")
    assert "Số sê-ri thứ 2, SỐ 2:" in text_of(answer)


def test_serials_are_found_by_their_number_and_their_lot(member: Visitor, goods: Goods) -> None:
    for query in ("SN1", "L1"):
        assert "SN1" in member.get(address(goods, f"serials?q={query}")).text.split("<table")[1]
    assert "<table" not in member.get(address(goods, "serials?q=SN9")).text


def test_the_list_of_serials_goes_on_over_pages(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    page = address(goods, "serials")
    member.send(page, page, way="issue", count="30")
    first = member.get(page).text
    assert "SN1" not in first.split("<tbody")[1].split("</tbody>")[0]
    assert "before=" in first
    oldest_shown = serials(sqlite_database)[6].id
    assert "SN1" in member.get(f"{page}?before={oldest_shown}").text


# Labels


def test_a_label_is_shown_at_true_size_and_can_be_downloaded(member: Visitor, goods: Goods) -> None:
    page = member.get(address(goods, "labels?lot=L1&serial=SN1"))
    assert "Kích thước thật:" in text_of(page)
    assert "data:image/svg+xml;base64," in page.text
    assert re.search(r"label\?kind=label&amp;[^\"]*lot=L1&amp;serial=SN1&amp;format=png", page.text)


@pytest.mark.parametrize("kind", ["label", "barcode", "qr"])
@pytest.mark.parametrize(("kept_as", "magic"), [("svg", b"<svg "), ("png", b"\x89PNG")])
def test_each_kind_of_label_is_a_file(
    member: Visitor, goods: Goods, kind: str, kept_as: str, magic: bytes
) -> None:
    answer = member.get(address(goods, f"label?kind={kind}&format={kept_as}&lot=L1"))
    assert answer.content.startswith(magic)
    assert answer.headers["content-disposition"].endswith(f'-{kind}.{kept_as}"')


@pytest.mark.parametrize(
    ("field", "query"),
    [("lot", "lot=L9"), ("serial", "serial=SN9"), ("x_dimension", "kind=qr&x_dimension=0.2")],
)
def test_only_what_is_registered_is_printed(
    member: Visitor, goods: Goods, field: str, query: str
) -> None:
    answer = member.get(address(goods, f"labels?{query}"))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "data:image" not in answer.text
