"""What inspectors are told of labels beyond a certificate, and that nobody else is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from tests.traceability.verification import goods
from traceability.actor import PUBLIC, Actor, Role
from traceability.db import Database
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.models import Lot, Serial
from traceability.verification import quotas, service
from traceability.verification.case import Context
from traceability.verification.findings import Finding
from traceability.verification.service import Symbol
from traceability.verification.verdict import Audience

INSPECTOR = Actor(Role.INSPECTOR, user_id=7)
UNIT = Symbol(f"(01){goods.GTIN}(10)LOT1(21)SN1")


def certified(session: Session, known: goods.Goods, quantity: int, **values: object) -> int:
    row = QuantityCertificate(
        **{
            "number": "01/GCN-VD",
            "issuer": "Sở Ví Dụ",
            "party_id": known.party_id,
            "quantity": Decimal(quantity),
            "unit": "củ",
            "valid_from": date(2026, 1, 1),
            "status": "active",
            **values,
        }
    )
    session.add(row)
    session.flush()
    session.get_one(Lot, known.lot_id).certificate_id = row.id
    return row.id or 0


def tied(session: Session, known: goods.Goods, certificate_id: int, *names: str) -> None:
    for name in names:
        goods.serial(
            session, known.product_id, name, lot_id=known.lot_id, certificate_id=certificate_id
        )


def scan(database: Database, code: str, actor: Actor = INSPECTOR) -> list[Finding]:
    with database.writing() as session:
        verdict = service.scan(session, Symbol(code), Context(actor, f"x:{actor.role}"))[1]
        if actor is PUBLIC:
            verdict = verdict.for_audience(Audience.CONSUMER)
        return [each for each in verdict.findings if each.code == "QUOTA_EXCEEDED"]


def code(serial: str) -> str:
    return f"(01){goods.GTIN}(10)LOT1(21){serial}"


def test_within_the_certificate_nothing_is_said(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        tied(session, known, certified(session, known, 2), "A", "B")
    assert scan(database, code("A")) == []


def test_more_labels_than_the_certificate_are_told_with_the_numbers(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        tied(session, known, certified(session, known, 1), "A", "B")
    (finding,) = scan(database, code("A"))
    told = finding.arguments
    assert (told["certificate"], told["issued"], told["used"]) == ("01/GCN-VD", 2, Decimal(2))
    assert [str(each.kind) for each in finding.evidence] == ["certificate"]
    assert scan(database, code("A"), PUBLIC) == []


def test_declared_quantities_beyond_the_certificate_are_told(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        certified(session, known, 9)
        session.get_one(Lot, known.lot_id).quantity = Decimal(10)
    (finding,) = scan(database, UNIT.scan_data or "")
    assert finding.arguments["in_lots"] == 10


def test_scans_of_numbers_that_were_never_issued_are_told_apart(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        number = certified(session, known, 3)
        tied(session, known, number, "A", "B")
    for serial in ("A", "A", "B", "FORGED-1", "FORGED-1"):
        scan(database, code(serial), PUBLIC)
    assert scan(database, code("A")) == []
    scan(database, code("FORGED-2"), PUBLIC)
    (finding,) = scan(database, code("A"))
    told = finding.arguments
    assert (told["issued"], told["scanned"], told["scanned_unissued"]) == (2, 2, 2)


def test_a_serial_of_another_lot_or_product_is_not_counted(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        number = certified(session, known, 1)
        goods.lot(session, known.product_id, "LOT2")
    scan(database, f"(01){goods.GTIN}(10)LOT2(21)ELSE", PUBLIC)
    with database.reading() as session:
        counts = quotas.counts(session, session.get_one(QuantityCertificate, number))
    assert (counts.scanned, counts.scanned_unissued) == (0, 0)


@pytest.mark.parametrize("is_tied", [True, False])
def test_a_serial_is_counted_by_itself_or_by_its_lot(database: Database, is_tied: bool) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        number = certified(session, known, 1)
        serial_id = goods.serial(session, known.product_id, "LOOSE")
        session.get_one(Serial, serial_id).certificate_id = number if is_tied else None
        found = quotas.certificate_of(session, serial_id, None if is_tied else known.lot_id)
        nothing = quotas.certificate_of(session, None, None)
    assert found is not None
    assert found.id == number
    assert nothing is None


def test_the_public_look_up_makes_one_statement(database: Database) -> None:
    known = goods.stocked(database)
    with database.writing() as session:
        tied(session, known, certified(session, known, 1), "A", "B")
    asked = []

    def look_up(statement: str, parameters: object) -> object:
        asked.append(statement)
        return database.look_up(statement, parameters)  # type: ignore[arg-type]

    context = replace(Context(), device="device:a")
    service.public_verdict(look_up, database.look_up_all, code("A"), context)  # type: ignore[arg-type]
    assert len(asked) == 1
