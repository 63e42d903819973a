"""What anybody is told of a code: one rule of verdicts.md a test."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from tests.traceability.verification import goods
from traceability.clock import now
from traceability.db import Database
from traceability.events.models import Recall
from traceability.registry.models import Lot, Party, Product, Registration, Serial
from traceability.verification import service
from traceability.verification.case import Context
from traceability.verification.models import SerialActivity
from traceability.verification.verdict import Verdict

HOSTS = frozenset({"nguon.example", "id.gs1.org"})


def verdict(database: Database, code: str) -> Verdict:
    return service.public_verdict(
        database.look_up, database.look_up_all, code, Context(official_hosts=HOSTS)
    )


def codes(database: Database, code: str) -> list[str]:
    return [str(finding.code) for finding in verdict(database, code).findings]


def unit(gtin: str = goods.GTIN, lot: str = "LOT1", serial: str = "SN1") -> str:
    return f"(01){gtin}(10){lot}(21){serial}"


@pytest.mark.parametrize(
    "code",
    [
        unit(),
        f"https://nguon.example/01/{goods.GTIN}/10/LOT1/21/SN1",
        f"]d201{goods.GTIN}10LOT1\x1d21SN1",
        f"01{goods.GTIN}10LOT1\x1d21SN1",
    ],
)
def test_an_issued_serial_matches_in_whatever_form_it_is_written(
    database: Database, code: str
) -> None:
    goods.stocked(database)
    answer = verdict(database, code)
    assert [f.code for f in answer.findings] == ["MATCH_FIRST"]
    assert answer.level == "ok"
    assert answer.record is not None
    assert answer.record.name == "Sâm Ví Dụ"


def test_a_known_lot_matches_at_the_level_of_the_lot(database: Database) -> None:
    goods.stocked(database)
    assert codes(database, f"(01){goods.GTIN}(10)LOT1") == ["MATCH_LOT"]


@pytest.mark.parametrize("text", ["8934560000014", "08934560000014", "893 4560 00001 4"])
def test_a_bare_number_of_any_printed_length_matches_at_the_level_of_the_product(
    database: Database, text: str
) -> None:
    goods.stocked(database)
    assert codes(database, text) == ["MATCH_PRODUCT"]


def test_a_number_without_record_is_unknown_and_nothing_worse(database: Database) -> None:
    answer = verdict(database, goods.GTIN)
    assert [f.code for f in answer.findings] == ["NOT_REGISTERED"]
    assert answer.level == "info"


def test_a_record_that_waits_for_approval_is_said_to_wait(database: Database) -> None:
    with database.writing() as session:
        goods.product(session, goods.party(session, status="pending"))
    (finding,) = verdict(database, goods.GTIN).findings
    assert (finding.code, finding.arguments) == ("NOT_REGISTERED", {"pending": True})


def test_a_product_that_only_a_member_s_own_word_stands_behind_is_said_to_wait(
    database: Database,
) -> None:
    goods.stocked(database, confirmed=False)
    (finding,) = verdict(database, unit()).findings
    assert (finding.code, finding.arguments) == ("NOT_REGISTERED", {"pending": True})


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("8934560000017", "gs1.check-digit"),
        ("12345", None),
        ("ABCDEFGHIJKLM", None),
        (f"(01){goods.GTIN}(9x)A", None),
        (f"(01){goods.GTIN}(05)A", "gs1.unknown-ai"),
        ("(00)089345600000000013", None),
        ("x" * 4001, "gs1.length"),
    ],
)
def test_what_is_no_code_is_answered_and_never_raised(
    database: Database, code: str, error: str | None
) -> None:
    (finding,) = verdict(database, code).findings
    assert finding.code == "INVALID_CODE"
    assert error in (None, finding.arguments["error"])


@pytest.mark.parametrize(
    ("lot", "serial", "stopped"),
    [
        (None, None, True),
        ("LOT1", None, True),
        ("LOT2", None, False),
        (None, "SN1", True),
        (None, "SN2", False),
    ],
)
def test_an_active_recall_stops_what_it_names_and_nothing_else(
    database: Database, lot: str | None, serial: str | None, stopped: bool
) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        session.add(
            Recall(
                product_id=known.product_id, lot=lot, serial=serial, notice_number="01/TB-VD",
                notice_date=date(2026, 10, 1), reason="x", advice="Trả lại nơi bán.",
            )
        )  # fmt: skip
    answer = verdict(database, unit())
    assert (answer.findings[0].code == "RECALLED") is stopped
    assert (answer.level == "stop") is stopped


def test_a_false_lot_on_the_code_hides_no_recall_of_the_lot_the_serial_was_issued_in(
    database: Database,
) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        goods.lot(session, known.product_id, "GOOD")
        session.add(
            Recall(
                product_id=known.product_id,
                lot="LOT1",
                notice_number="01/TB-VD",
                notice_date=date(2026, 10, 1),
                reason="x",
                advice="x",
            )
        )
    assert codes(database, unit(lot="GOOD"))[:2] == ["RECALLED", "DATA_MISMATCH"]


def test_a_closed_recall_is_silent(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        session.add(
            Recall(
                product_id=known.product_id, notice_number="01/TB-VD", status="closed",
                notice_date=date(2026, 10, 1), reason="x", advice="x",
            )
        )  # fmt: skip
    assert codes(database, unit()) == ["MATCH_FIRST"]


def test_a_withdrawn_serial_is_stopped(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        goods.serial(
            session, known.product_id, "SN2", status="withdrawn", status_on=date(2026, 1, 2)
        )
    assert codes(database, unit(serial="SN2"))[0] == "WITHDRAWN_RECORD"


def test_expiry_is_taken_from_the_register_and_else_from_the_code(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        goods.lot(session, known.product_id, "OLD", expiry_date=date(2026, 1, 1))
    assert codes(database, f"(01){goods.GTIN}(10)OLD") == ["EXPIRED", "MATCH_LOT"]
    assert "EXPIRED" in codes(database, f"(01){goods.GTIN}(17)200101")


def test_goods_may_be_used_until_the_end_of_the_day_of_expiry(database: Database) -> None:
    known = goods.stocked(database)
    context = Context(official_hosts=HOSTS)
    with database.writing() as session:
        goods.lot(session, known.product_id, "TODAY", expiry_date=context.on)
        goods.lot(
            session, known.product_id, "YESTERDAY", expiry_date=context.on - timedelta(days=1)
        )
    assert "EXPIRED" not in codes(database, f"(01){goods.GTIN}(10)TODAY")
    assert "EXPIRED" in codes(database, f"(01){goods.GTIN}(10)YESTERDAY")


@pytest.mark.parametrize(
    ("code", "differing"),
    [
        (f"(01){goods.GTIN}(17)271231(10)LOT1", ["17"]),
        (f"(01){goods.GTIN}(10)LOT9(21)SN1", ["10"]),
        (f"(01){goods.GTIN}(10)NEVER", ["10"]),
    ],
)
def test_a_code_that_says_something_else_than_the_register_asks_for_care(
    database: Database, code: str, differing: list[str]
) -> None:
    goods.stocked(database)
    answer = verdict(database, code)
    finding = next(f for f in answer.findings if f.code == "DATA_MISMATCH")
    assert list(finding.arguments["on_code"]) == differing
    assert answer.level == "care"


def test_a_link_that_resembles_the_official_one_asks_for_care(database: Database) -> None:
    goods.stocked(database)
    link = f"/01/{goods.GTIN}/10/LOT1"
    assert "LOOKALIKE_LINK" in codes(database, f"https://ngu0n.example{link}")
    assert "LOOKALIKE_LINK" in codes(database, f"https://nguon.example.win{link}")
    assert "LOOKALIKE_LINK" not in codes(database, f"https://producer.example{link}")


def test_a_serial_that_was_not_issued_asks_for_care_once_the_upload_grace_is_over(
    database: Database,
) -> None:
    known = goods.stocked(database)
    assert codes(database, unit(serial="FORGED")) == ["UNKNOWN_SERIAL", "MATCH_LOT"]
    with database.writing() as session:
        goods.lot(session, known.product_id, "NEW", created_at=now())
    assert codes(database, unit(lot="NEW", serial="LATE")) == ["STALE", "MATCH_LOT"]


def test_a_serial_of_a_product_without_serials_means_nothing(database: Database) -> None:
    with database.writing() as session:
        goods.product(session, goods.party(session))
    assert codes(database, f"(01){goods.GTIN}(21)ANY") == ["MATCH_PRODUCT"]


def activity(database: Database, **values: object) -> None:
    with database.writing() as session:
        serial_id = session.exec(select(Serial.id).where(Serial.serial == "SN1")).one()
        at = now() - timedelta(days=3)
        session.add(
            SerialActivity(**{"serial_id": serial_id, "first_at": at, "last_at": at, **values})
        )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"scans": 1}, "MATCH_REPEAT"),
        ({"scans": 19, "device_count": 4}, "MATCH_REPEAT"),
        ({"scans": 20, "device_count": 1}, "UNUSUAL_REPEAT"),
        ({"scans": 5, "device_count": 5}, "UNUSUAL_REPEAT"),
        ({"scans": 4, "area_codes": ["51", "01", "79", "48"]}, "MATCH_REPEAT"),
        ({"scans": 5, "area_codes": ["51", "01", "79", "48", "31"]}, "UNUSUAL_REPEAT"),
        ({"scans": 3, "impossible_moves": 2}, "MATCH_REPEAT"),
        ({"scans": 4, "impossible_moves": 3}, "UNUSUAL_REPEAT"),
    ],
)
def test_repeats_are_told_and_unusual_ones_ask_for_care(
    database: Database, values: dict[str, object], code: str
) -> None:
    goods.stocked(database)
    activity(database, **values)
    assert codes(database, unit())[0] == code


def test_a_display_sample_may_be_scanned_by_everybody(database: Database) -> None:
    goods.stocked(database, display_sample=True)
    activity(database, scans=500)
    assert codes(database, unit()) == ["MATCH_REPEAT"]


def test_a_serial_on_record_as_sold_asks_for_care(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        goods.serial(
            session, known.product_id, "SOLD", status="supplied", status_on=date(2026, 5, 1)
        )
    assert codes(database, unit(serial="SOLD"))[0] == "ALREADY_SUPPLIED"


@pytest.mark.parametrize("status", ["suspended", "revoked", "refused"])
def test_a_registration_that_is_not_in_force_asks_for_care(database: Database, status: str) -> None:
    with database.writing() as session:
        goods.product(session, goods.party(session, status=status))
    assert codes(database, goods.GTIN) == ["PRODUCER_INACTIVE", "MATCH_PRODUCT"]


def test_a_registration_that_has_run_out_and_a_dissolved_firm_ask_for_care(
    database: Database,
) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        session.add(
            Registration(
                party_id=known.party_id, status="active",
                valid_from=date(2020, 1, 1), valid_to=date(2025, 1, 1),
            )
        )  # fmt: skip
    assert codes(database, goods.GTIN)[0] == "PRODUCER_INACTIVE"
    with database.writing() as session:
        session.add(
            Registration(party_id=known.party_id, status="active", valid_from=date(2026, 1, 1))
        )
    assert codes(database, goods.GTIN) == ["MATCH_PRODUCT"]
    with database.writing() as session:
        session.get_one(Party, known.party_id).valid_to = date(2025, 6, 30)
    assert codes(database, goods.GTIN)[0] == "PRODUCER_INACTIVE"


def test_a_number_in_no_allocated_range_asks_for_care_registered_or_not(database: Database) -> None:
    assert codes(database, goods.NOT_ALLOCATED) == ["UNALLOCATED_PREFIX", "NOT_REGISTERED"]
    goods.stocked(database, goods.NOT_ALLOCATED)
    assert codes(database, goods.NOT_ALLOCATED) == ["UNALLOCATED_PREFIX", "MATCH_PRODUCT"]


@pytest.mark.parametrize("gtin", ["2012345678903", "0412345678903", goods.DEMO])
def test_a_number_for_inner_use_identifies_no_product(database: Database, gtin: str) -> None:
    assert codes(database, gtin)[0] == "RESTRICTED_NUMBER"


def test_a_verdict_speaks_of_the_product_it_found(database: Database) -> None:
    goods.stocked(database)
    with database.writing() as session:
        session.exec(select(Product)).one().name = "Tên mới"
        session.exec(select(Lot)).one().production_date = date(2026, 2, 3)
    record = verdict(database, unit()).record
    assert record is not None
    assert record.lot is not None
    assert (record.name, record.lot.production_date) == ("Tên mới", date(2026, 2, 3))
