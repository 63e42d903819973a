"""Certificates with a quantity: handed in, confirmed, revoked, and entered in the log."""

from decimal import Decimal

import pytest
from sqlmodel import col, select

from tests.traceability.registry import makers
from tests.traceability.registry.gardens import REFUSE, Garden, a_garden, certificate, decide, issue
from traceability.clock import today
from traceability.db import Database
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.registry import (
    certificate_repository,
    certificates,
    repository,
)
from traceability.registry.certificate_models import CertificateProduct, QuantityCertificate
from traceability.registry.certificate_schemas import CertificateDecisionIn, CertificateIn
from traceability.registry.models import Lot
from traceability.registry.quotas import shares_of
from traceability.transparency.models import LogEntry


@pytest.fixture
def garden(database: Database) -> Garden:
    return a_garden(database)


def test_what_a_member_hands_in_waits_and_counts_nothing_until_it_is_confirmed(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        given = CertificateIn.model_validate(
            {
                "number": "07/GCN-VD",
                "issuer": "Sở Ví Dụ",
                "quantity": "2200",
                "unit": "củ",
                "valid_from": str(today()),
                "gtins": [garden.gtin],
            }
        )
        row = certificates.register_certificate(session, garden.member, given, REFUSE)
        assert (row.status, row.party_id, row.decided_at) == ("pending", garden.party_id, None)
        number = row.id or 0
    with pytest.raises(InvalidError, match="certificate-not-in-force"):
        issue(database, garden, 1, certificate="07/GCN-VD")
    decide(database, number, "active", decision_number="9/QĐ")
    assert issue(database, garden, 1, certificate="07/GCN-VD") == 1


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        (["revoked", "active"], "active"),
        (["revoked", "refused"], "refused"),
        (["active"], None),
        (["refused"], None),
        (["pending"], None),
    ],
)
def test_decisions_follow_each_other_in_order(
    database: Database, garden: Garden, steps: list[str], last: str | None
) -> None:
    for status in steps[:-1]:
        decide(database, garden.certificate_id, status, reason="Ví dụ")
    if last is None:
        with pytest.raises(ConflictError, match="certificate-decided"):
            decide(database, garden.certificate_id, steps[-1], reason="Ví dụ")
        return
    decide(database, garden.certificate_id, steps[-1], reason="Ví dụ")
    with database.reading() as session:
        assert session.get_one(QuantityCertificate, garden.certificate_id).status == last


def test_what_was_confirmed_by_mistake_binds_nobody_once_it_is_refused(
    database: Database, garden: Garden
) -> None:
    decide(database, garden.certificate_id, "revoked", reason="Nhầm sản phẩm")
    with pytest.raises(InvalidError, match="certificate-needed"):
        issue(database, garden, 1)
    decide(database, garden.certificate_id, "refused", reason="Nhầm sản phẩm")
    assert issue(database, garden, 100) == 100


def test_a_revocation_says_why(database: Database, garden: Garden) -> None:
    with pytest.raises(InvalidError, match="reason-missing"):
        decide(database, garden.certificate_id, "revoked")


def test_only_an_authority_decides(database: Database, garden: Garden) -> None:
    decision = CertificateDecisionIn.model_validate({"status": "revoked", "reason": "x"})
    with database.writing() as session, pytest.raises(ForbiddenError, match="authority-only"):
        certificates.decide_certificate(
            session, garden.member, garden.certificate_id, decision, REFUSE
        )


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"party_id": 999_999}, "party_id", "registry.certificate-of-another"),
        ({"valid_to": "2020-01-01"}, "valid_to", "registry.period-reversed"),
        ({"gtins": ["9520000000999"]}, "gtins.0", "gs1.check-digit"),
        ({"gtins": [makers.gtin(998)]}, "gtins.0", "registry.gtin-unknown"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(
    database: Database, garden: Garden, wrong: dict[str, object], field: str, code: str
) -> None:
    values: dict[str, object] = {
        "number": "08", "issuer": "Sở Ví Dụ", "quantity": "1", "unit": "củ",
        "valid_from": str(today()),
    }  # fmt: skip
    given = CertificateIn.model_validate(values | wrong)
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        certificates.register_certificate(session, garden.member, given, REFUSE)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [(field, code)]


@pytest.mark.parametrize("wrong", [{"quantity": "0"}, {"quantity": "-1"}, {"unit": ""},
                                   {"per_serial": 0}, {"document_digest": "XY"},
                                   {"gtins": ["1"] * 101}, {"number": "\0"}])  # fmt: skip
def test_what_is_no_certificate_does_not_come_in(wrong: dict[str, object]) -> None:
    values: dict[str, object] = {
        "number": "08", "issuer": "Sở Ví Dụ", "quantity": "1", "unit": "củ",
        "valid_from": "2026-01-01",
    }  # fmt: skip
    CertificateIn.model_validate(values)
    with pytest.raises(ValueError, match=next(iter(wrong))):
        CertificateIn.model_validate(values | wrong)


def test_a_holder_has_a_number_once(database: Database, garden: Garden) -> None:
    with database.writing() as session, pytest.raises(ConflictError, match="certificate-taken"):
        certificate(session, garden.party_id)


def test_a_member_reads_its_own_and_an_inspector_all(database: Database, garden: Garden) -> None:
    with database.writing() as session:
        stranger = makers.member(makers.a_party(session, 2))
    with database.reading() as session:
        for actor, seen in ((garden.member, 1), (makers.SUPERVISOR, 1), (stranger, 0)):
            assert len(certificate_repository.list_certificates(session, actor)) == seen
        with pytest.raises(NotFoundError, match="certificate-id-unknown"):
            certificates.get_certificate(session, stranger, garden.certificate_id)


def test_each_decision_is_entered_in_the_log_without_the_number_of_the_paper(
    database: Database, garden: Garden
) -> None:
    decide(database, garden.certificate_id, "revoked", reason="Ví dụ", decision_number="9/QĐ")
    with database.reading() as session:
        entries = session.exec(
            select(LogEntry).where(LogEntry.kind == "certificate").order_by(col(LogEntry.id))
        ).all()
    assert [entry.facts["status"] for entry in entries] == ["active", "revoked"]
    assert entries[1].subject == f"certificate:{garden.certificate_id}"
    assert "01/GCN-VD" not in str(entries[1].facts)


def test_certificates_are_found_by_number_holder_and_product(
    database: Database, garden: Garden
) -> None:
    with database.reading() as session:
        row = session.get_one(QuantityCertificate, garden.certificate_id)
        holder = repository.parties_by_id(session, [row.party_id])[row.party_id].name

        def found(query: str) -> list[int | None]:
            rows = certificate_repository.list_certificates(session, makers.ADMIN, query=query)
            return [each.id for each in rows]

        for query in (row.number.lower(), row.number[1:], holder.upper(), garden.gtin):
            assert found(query) == [garden.certificate_id], query
        assert found("%") == found("_") == []


def test_what_each_lot_takes_is_told_the_newest_first(database: Database, garden: Garden) -> None:
    issue(database, garden, 2)
    with database.reading() as session:
        row = session.get_one(QuantityCertificate, garden.certificate_id)
        (loose,) = shares_of(session, row, 10)
        assert (loose.lot, loose.serials, loose.takes) == (None, 2, 2 * row.per_serial)
    with database.writing() as session:
        product_id = session.exec(select(CertificateProduct.product_id)).one()
        for name, quantity in (("A", 5), ("B", 7)):
            session.add(
                Lot(product_id=product_id, lot=name, quantity=Decimal(quantity),
                    certificate_id=garden.certificate_id)
            )  # fmt: skip
    with database.reading() as session:
        row = session.get_one(QuantityCertificate, garden.certificate_id)
        assert [each.lot for each in shares_of(session, row, 10)] == [None, "B", "A"]
        assert [each.takes for each in shares_of(session, row, 1)[1:]] == [Decimal(7)]
