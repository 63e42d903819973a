from datetime import date

import pytest
from sqlmodel import Session, func, select

from traceability.registry import area_repository, areas
from traceability.registry.models import Area

LAST_DAY, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(autouse=True)
def seeded(session: Session) -> None:
    areas.seed_areas(session)


def test_the_list_is_loaded_once(session: Session) -> None:
    before = session.exec(select(func.count(Area.id))).one()
    assert areas.seed_areas(session) == 0
    assert session.exec(select(func.count(Area.id))).one() == before


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("62", LAST_DAY, "Kon Tum"),
        ("62", FIRST_DAY, None),
        ("51", LAST_DAY, "Quảng Ngãi"),
        ("51", FIRST_DAY, "Quảng Ngãi"),
        ("15", LAST_DAY, "Yên Bái"),
        ("15", FIRST_DAY, "Lào Cai"),
        ("46", date(2024, 12, 31), "Thừa Thiên Huế"),
        ("46", date(2025, 1, 1), "Huế"),
        ("23446", FIRST_DAY, "Xã Măng Ri"),
        ("23446", LAST_DAY, None),
        ("00", FIRST_DAY, None),
    ],
)
def test_a_code_means_what_it_meant_on_the_day(
    session: Session, code: str, on: date, name: str | None
) -> None:
    found = areas.resolve(session, code, on)
    assert (found.name if found is not None else None) == name


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("62", FIRST_DAY, "Quảng Ngãi"),
        ("62", LAST_DAY, "Kon Tum"),
        ("10", FIRST_DAY, "Lào Cai"),
        ("15", FIRST_DAY, "Lào Cai"),
        ("27", FIRST_DAY, "Bắc Ninh"),
        ("01", FIRST_DAY, "Hà Nội"),
    ],
)
def test_an_area_of_2024_is_followed_to_where_it_lies(
    session: Session, code: str, on: date, name: str
) -> None:
    area = areas.resolve(session, code, date(2024, 6, 1))
    assert area is not None
    found = areas.successor(session, area, on)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(("on", "provinces"), [(LAST_DAY, 63), (FIRST_DAY, 34)])
def test_there_were_63_provinces_and_are_34(session: Session, on: date, provinces: int) -> None:
    assert len(area_repository.list_areas(session, on, level="province")) == provinces


def test_the_communes_of_a_province_are_listed(session: Session) -> None:
    communes = area_repository.list_areas(session, FIRST_DAY, parent_code="51")
    assert len(communes) == 96
    assert {"Phường Kon Tum", "Xã Măng Đen", "Đặc khu Lý Sơn"} <= {each.name for each in communes}


def test_every_row_names_its_source_and_every_ended_one_its_successor() -> None:
    rows = areas.seed_rows()
    assert all(row.source for row in rows)
    keys = {row.code for row in rows if row.valid_to is None}
    assert [row.code for row in rows if row.valid_to and row.successor_code not in keys] == []
