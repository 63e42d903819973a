"""A producer whose product stands on a certificate, for the tests of certificates."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlmodel import Session

from tests.traceability.registry import makers
from traceability.actor import Actor
from traceability.clock import today
from traceability.db import Database
from traceability.registry import (
    certificates,
    lots,
    quotas,
    serials,
)
from traceability.registry.certificate_models import Exceeding, QuantityCertificate
from traceability.registry.certificate_schemas import CertificateDecisionIn, CertificateIn
from traceability.registry.schemas import LotIn, SerialsIssueIn

REFUSE, WARN = Exceeding.REFUSE, Exceeding.WARN


@dataclass(frozen=True)
class Garden:
    """A producer with one product on one certificate of ten roots."""

    member: Actor
    party_id: int
    gtin: str
    product_id: int
    certificate_id: int


def certificate(session: Session, party_id: int, *gtins: str, **given: object) -> int:
    """One that an authority has entered."""
    exceeding = given.pop("exceeding", REFUSE)
    values = {
        "number": "01/GCN-VD", "issuer": "Sở Ví Dụ", "party_id": party_id, "gtins": list(gtins),
        "quantity": "10", "unit": "củ", "valid_from": str(today() - timedelta(days=30)),
    }  # fmt: skip
    entered = CertificateIn.model_validate(values | given)
    row = certificates.register_certificate(session, makers.ADMIN, entered, Exceeding(exceeding))
    return row.id or 0


def a_garden(database: Database) -> Garden:
    with database.writing() as session:
        party = makers.a_party(session)
        product = makers.a_product(session, party)
        number = certificate(session, party.id or 0, product.gtin)
        return Garden(makers.member(party), party.id or 0, product.gtin, product.id or 0, number)


def issue(database: Database, garden: Garden, count: int, **given: object) -> int:
    with database.writing() as session:
        wanted = SerialsIssueIn.model_validate({"gtin": garden.gtin, "count": count, **given})
        return serials.issue_serials(session, garden.member, wanted).count


def lot(database: Database, garden: Garden, name: str, **given: object) -> int:
    with database.writing() as session:
        wanted = LotIn.model_validate({"gtin": garden.gtin, "lot": name, **given})
        return lots.create_lot(session, garden.member, wanted).id or 0


def used(database: Database, garden: Garden) -> Decimal:
    with database.reading() as session:
        row = session.get_one(QuantityCertificate, garden.certificate_id)
        return quotas.usage_of(session, row).total


def decide(database: Database, certificate_id: int, status: str, **given: str) -> None:
    with database.writing() as session:
        decision = CertificateDecisionIn.model_validate({"status": status, **given})
        certificates.decide_certificate(session, makers.ADMIN, certificate_id, decision, REFUSE)
