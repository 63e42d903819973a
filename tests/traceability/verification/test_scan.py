"""The record of a scan, and what repeated scans of one serial add up to."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.traceability.verification import goods
from traceability.actor import PUBLIC, Actor, Role
from traceability.clock import now
from traceability.db import Database
from traceability.errors import NotFoundError
from traceability.verification import repository, service
from traceability.verification.case import Context, Place
from traceability.verification.models import Scan, SerialActivity
from traceability.verification.service import Symbol
from traceability.verification.verdict import verdict_of_bytes

UNIT = Symbol(f"(01){goods.GTIN}(10)LOT1(21)SN1")
INSPECTOR = Actor(Role.INSPECTOR, user_id=7, name="Kiểm soát viên")


def by(device: str, hours: float = 0, **place: object) -> Context:
    return Context(PUBLIC, f"device:{device}", Place(**place), at=now() + timedelta(hours=hours))


def scan(database: Database, symbol: Symbol, context: Context) -> str:
    with database.writing() as session:
        return str(service.scan(session, symbol, context)[1].findings[0].code)


def activity(database: Database) -> SerialActivity | None:
    with database.reading() as session:
        return session.exec(select(SerialActivity)).first()


@pytest.mark.parametrize(
    ("symbol", "level"),
    [
        (UNIT, "ok"),
        (Symbol(goods.FOREIGN), "info"),
        (Symbol("not a code"), "info"),
        (Symbol(None, image_digest="0" * 64), "info"),
    ],
)
def test_every_scan_is_kept_whatever_came_of_it(
    database: Database, symbol: Symbol, level: str
) -> None:
    goods.stocked(database)
    scan(database, symbol, by("a"))
    with database.reading() as session:
        row = session.exec(select(Scan)).one()
    assert (row.scan_data, row.level, row.policy_version) == (symbol.scan_data, level, "2026.3")


def test_a_kept_verdict_reads_as_it_was_given(database: Database) -> None:
    goods.stocked(database)
    for hours, device in enumerate("abcdef"):
        scan(database, UNIT, by(device, hours))
    with database.writing() as session:
        row, given = service.scan(session, UNIT, by("g", 10))
    kept = verdict_of_bytes(row.verdict)
    assert kept.findings == given.findings
    assert (kept.level, kept.at, kept.policy_version) == (given.level, given.at, "2026.3")


def test_the_first_device_is_the_first_and_hears_so_again(database: Database) -> None:
    goods.stocked(database)
    assert scan(database, UNIT, by("a")) == "MATCH_FIRST"
    assert scan(database, UNIT, by("a", hours=1)) == "MATCH_FIRST"
    assert scan(database, UNIT, by("b", hours=2)) == "MATCH_REPEAT"


def test_one_device_counts_once_in_24_hours(database: Database) -> None:
    goods.stocked(database)
    for hours in (0, 1, 23):
        scan(database, UNIT, by("a", hours))
    summed = activity(database)
    assert summed is not None
    assert summed.scans == 1
    scan(database, UNIT, by("a", hours=25))
    summed = activity(database)
    assert summed is not None
    assert summed.scans == 2


def test_scans_of_staff_do_not_use_up_the_first_scan(database: Database) -> None:
    goods.stocked(database)
    scan(database, UNIT, Context(INSPECTOR, "user:7"))
    assert activity(database) is None
    assert scan(database, UNIT, by("a")) == "MATCH_FIRST"


def test_a_cloned_serial_becomes_unusual_with_its_fifth_buyer(database: Database) -> None:
    goods.stocked(database)
    answers = [scan(database, UNIT, by(device, n)) for n, device in enumerate("abcdef")]
    assert answers == ["MATCH_FIRST", *["MATCH_REPEAT"] * 3, *["UNUSUAL_REPEAT"] * 2]


def test_five_provinces_are_unusual_whatever_the_threshold_of_devices(database: Database) -> None:
    goods.stocked(database, repeat_devices=50)
    provinces = ["51", "01", "79", "48", "31"]
    answers = [
        scan(database, UNIT, by(str(n), n, area_code=code)) for n, code in enumerate(provinces)
    ]
    assert answers[-2:] == ["MATCH_REPEAT", "UNUSUAL_REPEAT"]


def test_one_phone_that_looks_every_day_is_unusual_late(database: Database) -> None:
    goods.stocked(database)
    answers = [scan(database, UNIT, by("a", 25.0 * day)) for day in range(20)]
    assert answers.index("UNUSUAL_REPEAT") == 19


def test_a_product_may_have_a_threshold_of_its_own(database: Database) -> None:
    goods.stocked(database, repeat_devices=8)
    answers = [scan(database, UNIT, by(str(n), n)) for n in range(8)]
    assert answers.index("UNUSUAL_REPEAT") == 7


def test_a_serial_listed_as_a_display_sample_may_be_scanned_by_everybody(
    database: Database,
) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        goods.serial(session, known.product_id, "SAMPLE", display_sample=True)
    sample = Symbol(f"(01){goods.GTIN}(21)SAMPLE")
    answers = {scan(database, sample, by(str(n), n)) for n in range(30)}
    assert answers == {"MATCH_FIRST", "MATCH_REPEAT"}


def test_a_phone_that_changes_its_address_is_one_device(database: Database) -> None:
    goods.stocked(database)
    for hours, address in enumerate(["home", "mobile", "elsewhere"]):
        scan(database, UNIT, replace(by(address, hours), mark="mark:phone"))
    assert scan(database, UNIT, replace(by("far", 4), mark="mark:phone")) == "MATCH_FIRST"
    summed = activity(database)
    assert summed is not None
    assert (summed.scans, summed.device_count) == (1, 1)


def test_all_phones_of_a_home_are_one_device_wherever_they_go_next(database: Database) -> None:
    goods.stocked(database)
    for hours, address in enumerate(["home", "mobile"]):
        for phone in ("mark:a", "mark:b"):
            scan(database, UNIT, replace(by(address, hours), mark=phone))
    summed = activity(database)
    assert summed is not None
    assert summed.device_count == 1


def test_a_phone_that_walks_through_shared_addresses_hides_nobody(database: Database) -> None:
    goods.stocked(database)
    for hours in range(9):
        scan(database, UNIT, replace(by(f"shared-{hours}", hours), mark="mark:walker"))
    answers = [scan(database, UNIT, by(f"shared-{n + 1}", 10 + n)) for n in range(4)]
    assert answers[-1] == "UNUSUAL_REPEAT"


def test_a_mark_that_is_thrown_away_counts_no_further_device(database: Database) -> None:
    goods.stocked(database)
    for number in range(9):
        scan(database, UNIT, replace(by("home", 25.0 * number), mark=f"mark:{number}"))
    summed = activity(database)
    assert summed is not None
    assert (summed.scans, summed.device_count) == (9, 1)


def devices_counted(database: Database) -> int:
    summed = activity(database)
    assert summed is not None
    return summed.device_count


@pytest.mark.parametrize(
    ("hours", "counted"),
    [
        ((0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6), 3),
        ((0, 1, 2, 2.4), 3),
        ((0, 1, 2, 2.5), 4),
        ((0, 1, 2, 2.5, 3.5, 4.5, 4.9), 6),
    ],
)
def test_of_the_devices_within_two_and_a_half_hours_of_the_first_three_count(
    database: Database, hours: tuple[float, ...], counted: int
) -> None:
    goods.stocked(database)
    for number, hour in enumerate(hours):
        scan(database, UNIT, by(str(number), hour))
    assert devices_counted(database) == counted


def test_a_family_that_looks_in_one_evening_is_not_unusual(database: Database) -> None:
    goods.stocked(database)
    scan(database, UNIT, by("buyer"))
    answers = {scan(database, UNIT, by(f"member-{n}", 30 + n / 10)) for n in range(12)}
    assert answers == {"MATCH_REPEAT"}


def test_where_two_phones_are_behind_one_address_the_devices_of_an_evening_are_one(
    database: Database,
) -> None:
    goods.stocked(database)
    for hours, phone in enumerate("ab"):
        scan(database, UNIT, replace(by(f"mobile-{phone}", hours / 2), mark=f"mark:{phone}"))
    scan(database, UNIT, replace(by("home", 1), mark="mark:c"))
    assert devices_counted(database) == 3
    scan(database, UNIT, replace(by("home", 1.5), mark="mark:d"))
    assert devices_counted(database) == 1
    scan(database, UNIT, replace(by("mobile-e", 2), mark="mark:e"))
    assert devices_counted(database) == 1
    scan(database, UNIT, replace(by("mobile-f", 9), mark="mark:f"))
    assert devices_counted(database) == 2


@pytest.mark.parametrize(("minutes", "mark"), [(14, "mark:new"), (60, None), (60, "mark:a")])
def test_a_page_loaded_again_or_an_application_shows_no_second_phone(
    database: Database, minutes: int, mark: str | None
) -> None:
    goods.stocked(database)
    scan(database, UNIT, replace(by("home"), mark="mark:a"))
    scan(database, UNIT, replace(by("home", minutes / 60), mark=mark))
    for number in range(2):
        scan(database, UNIT, by(f"mobile-{number}", 1.5))
    assert devices_counted(database) == 3


def test_new_marks_behind_one_address_hour_after_hour_hide_no_buyer(database: Database) -> None:
    goods.stocked(database)
    for hours in range(24 * 5):
        scan(database, UNIT, replace(by("home", hours), mark=f"mark:{hours}"))
        if hours % 24 == 12:
            answer = scan(database, UNIT, by(f"buyer-{hours}", hours + 0.5))
    assert answer == "UNUSUAL_REPEAT"


def test_to_staff_their_own_look_is_one_device_more(database: Database) -> None:
    goods.stocked(database)
    for number, device in enumerate("abcd"):
        scan(database, UNIT, by(device, 5.0 * number))
    with database.writing() as session:
        verdict = service.scan(session, UNIT, Context(INSPECTOR, "user:7"))[1]
    assert verdict.findings[0].code == "UNUSUAL_REPEAT"
    assert verdict.findings[0].arguments["devices"] == 5
    assert scan(database, UNIT, by("a", 16)) == "MATCH_REPEAT"


KON_TUM = {"latitude": 14.35, "longitude": 108.0, "accuracy_m": 50.0}
HA_NOI = {"latitude": 21.03, "longitude": 105.85, "accuracy_m": 50.0}


@pytest.mark.parametrize(
    ("second", "device", "minutes", "impossible"),
    [
        (HA_NOI, "b", 10, 1),
        (HA_NOI, "b", 120, 0),
        (HA_NOI, "a", 60 * 25, 0),
        (KON_TUM, "b", 1, 0),
        ({**HA_NOI, "accuracy_m": 50_000.0}, "b", 10, 0),
        ({**HA_NOI, "accuracy_m": 49_999.0}, "b", 10, 1),
        ({**HA_NOI, "accuracy_m": 49_999.0}, "b", 49, 0),
        ({"area_code": "01"}, "b", 10, 0),
    ],
)
def test_two_devices_too_far_apart_for_the_time_between_them_are_noted(
    database: Database, second: dict[str, float], device: str, minutes: int, impossible: int
) -> None:
    goods.stocked(database)
    scan(database, UNIT, by("a", **KON_TUM))
    scan(database, UNIT, by(device, minutes / 60, **second))
    summed = activity(database)
    assert summed is not None
    assert summed.impossible_moves == impossible


def test_time_runs_between_the_two_places_not_since_a_look_without_one(database: Database) -> None:
    goods.stocked(database)
    scan(database, UNIT, by("a", **KON_TUM))
    scan(database, UNIT, by("b", 9))
    scan(database, UNIT, by("c", 9.1, **HA_NOI))
    summed = activity(database)
    assert summed is not None
    assert summed.impossible_moves == 0


def test_a_scan_is_seen_by_who_made_it_and_by_the_office(database: Database) -> None:
    goods.stocked(database)
    with database.writing() as session:
        row, _ = service.scan(session, UNIT, Context(INSPECTOR, "user:7"))
    seers = {
        INSPECTOR: True,
        replace(INSPECTOR, user_id=8): False,
        Actor(Role.SUPERVISOR, user_id=9): True,
        Actor(Role.SHOP, party_id=1, user_id=10): False,
    }
    with database.reading() as session:
        for actor, sees in seers.items():
            assert (repository.get_scan(session, actor, row.id or 0) is not None) is sees


def test_the_public_leaves_no_trail_that_staff_can_list(database: Database) -> None:
    goods.stocked(database)
    scan(database, UNIT, by("a"))
    with database.reading() as session:
        assert repository.list_scans(session, Actor(Role.ADMIN)) == []


def test_a_note_on_somebody_elses_scan_is_not_found(database: Database) -> None:
    goods.stocked(database)
    with database.writing() as session:
        row, _ = service.scan(session, UNIT, Context(INSPECTOR, "user:7"))
    other = replace(INSPECTOR, user_id=8)
    with database.writing() as session, pytest.raises(NotFoundError):
        service.note(session, other, row.id or 0, text="x", kept=None)
    with database.writing() as session:
        noted = service.note(session, INSPECTOR, row.id or 0, text="Kệ số 3", kept=True)
    assert (noted.note, noted.kept) == ("Kệ số 3", True)
