from datetime import date

import pytest
from sqlmodel import Session

from tests.traceability.registry.makers import ADMIN, a_party, a_product
from tests.traceability.registry.test_lots import a_lot
from traceability.registry import photos, products
from traceability.registry.completeness import (
    ELEMENTS,
    Record,
    RecordFacts,
    completeness,
    legal_fields,
)
from traceability.registry.models import Lot, Party, Product

TODAY = date(2026, 11, 22)
BARE = {"gtin": "09520123456788", "gtin_format": "GTIN-13", "name": "Ví dụ", "producer_id": 1}
FULL = BARE | {
    "brand": "Nhãn", "description": "Mô tả", "category": "trà", "shelf_life": "12 tháng",
    "standards": "TCCS 01", "origin_place": "Quảng Ngãi", "market": "Việt Nam",
    "certificates": "VD-1", "safety_warnings": "Không", "management_number": "1/VD",
    "serialised": True,
}  # fmt: skip
NOTHING_ELSE = RecordFacts()
ALL_FACTS = RecordFacts(photo="00", has_lot=True, has_production_time=True, has_stage=True)


def _record(product: dict[str, object], facts: RecordFacts = NOTHING_ELSE) -> Record:
    producer = Party(name="Ví dụ", kind="producer", tax_code="1", address="Ví dụ")
    return Record(Product(**product), producer, facts)


def test_ten_elements_are_those_of_the_circular() -> None:
    assert len([each for each in ELEMENTS if each.source == "TT 02/2024/TT-BKHCN"]) == 10


def test_every_element_has_a_code_of_its_own() -> None:
    assert len({each.code for each in ELEMENTS}) == len(ELEMENTS)


def test_a_full_record_misses_nothing() -> None:
    found = completeness(_record(FULL, ALL_FACTS), TODAY)
    assert (found.score, found.total, found.missing, found.not_stated) == (16, 16, (), ())


def test_a_bare_record_names_what_is_missing_and_who_asks_for_it() -> None:
    found = completeness(_record(BARE), TODAY)
    assert found.score == 5
    assert found.total == 14
    assert [(each.code, each.source.split(",")[0]) for each in found.missing] == [
        ("image", "TT 02/2024/TT-BKHCN"),
        ("stages", "TT 02/2024/TT-BKHCN"),
        ("production-time", "TT 02/2024/TT-BKHCN"),
        ("traceability-code", "TT 02/2024/TT-BKHCN"),
        ("standards", "TT 02/2024/TT-BKHCN"),
        ("origin-place", "Decree 37/2026/NĐ-CP"),
        ("certificates", "Decree 37/2026/NĐ-CP"),
        ("safety-warnings", "Decree 37/2026/NĐ-CP"),
        ("management-number", "Decree 37/2026/NĐ-CP"),
    ]


def test_what_is_asked_for_if_any_is_not_held_against_a_record() -> None:
    found = completeness(_record(BARE), TODAY)
    assert [each.code for each in found.not_stated] == ["brand-model-serial", "shelf-life"]
    with_brand = completeness(_record(BARE | {"brand": "Nhãn"}), TODAY)
    assert (with_brand.score, with_brand.total) == (found.score + 1, found.total + 1)


def test_users_of_vietnamese_codes_are_asked_for_three_more() -> None:
    vietnamese = completeness(_record(FULL | {"gtin": "08934588012341"}, ALL_FACTS), TODAY)
    assert vietnamese.total == 19
    bare = completeness(_record(BARE | {"gtin": "08934588012341"}), TODAY)
    assert {"description", "product-group", "market"} <= {each.code for each in bare.missing}


@pytest.mark.parametrize(
    ("on", "total"), [(date(2024, 5, 31), 0), (date(2026, 1, 22), 10), (date(2026, 1, 23), 16)]
)
def test_an_element_counts_from_the_day_on_which_it_was_asked_for(on: date, total: int) -> None:
    assert completeness(_record(FULL, ALL_FACTS), on).total == total


def test_photo_and_lots_on_record_raise_the_score(session: Session) -> None:
    own = a_party(session)
    product = a_product(session, own)

    def score() -> int:
        return products.describe(session, [product])[0].completeness.score

    before = score()
    photos.set_photo(session, ADMIN, product, "image/jpeg", b"\xff\xd8 example")
    assert score() == before + 1
    a_lot(session)
    assert score() == before + 2
    a_lot(session, lot="VD-2", production_date="2026-10-01")
    assert score() == before + 3
    a_lot(session, lot="VD-3", production_date="2026-10-01", place="xã Măng Ri")
    assert score() == before + 4


def test_the_seven_legal_fields_name_the_unit_in_hand() -> None:
    product = Product(**FULL)
    producer = Party(name="Công ty Ví dụ", kind="producer", address="Măng Ri")
    made, ends = date(2026, 10, 1), date(2027, 10, 1)
    lot = Lot(product_id=1, lot="VD-1", production_date=made, expiry_date=ends)
    found = legal_fields(product, producer, photo="00", lot=lot, serial="A1")
    assert (found.product_name, found.image) == ("Ví dụ", "00")
    assert (found.trader_name, found.trader_address) == ("Công ty Ví dụ", "Măng Ri")
    assert (found.production_date, found.expiry) == (made, ends)
    assert found.identification == (("brand", "Nhãn"), ("lot", "VD-1"), ("serial", "A1"))


def test_without_a_lot_the_shelf_life_stands_for_the_expiry() -> None:
    producer = Party(name="Ví dụ", kind="producer", address="Măng Ri")
    found = legal_fields(Product(**FULL), producer, lot_text="VD-9")
    assert (found.production_date, found.expiry) == (None, "12 tháng")
    assert ("lot", "VD-9") in found.identification
