"""What the transparency log holds of decisions on parties and certificates: of a party an id.

The reason is an official's own words and may name somebody: the leaf only commits to it.
"""

from sqlmodel import Session

from traceability.registry import certificate_repository
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.models import Registration
from traceability.transparency.hiding import Hidden
from traceability.transparency.log import Facts
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import LoggedRows


def _facts(_: Session, row: Registration) -> Facts:
    return {
        "party_id": row.party_id,
        "status": row.status,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "decision_number": row.decision_number,
        "reason": Hidden(row.reason),
        "created_at": row.created_at.isoformat(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


# A row is never changed: each decision is a row of its own.
_FINAL = frozenset({
    "party_id", "status", "valid_from", "valid_to", "decision_number", "reason", "created_at",
    "decided_at",
})  # fmt: skip

REGISTRATIONS = LoggedRows(LeafKind.REGISTRATION, "registration", Registration, _facts, _FINAL)


def _certificate(session: Session, row: QuantityCertificate) -> Facts:
    number = row.id or 0
    products = certificate_repository.products_of(session, [number])[number]
    return {
        "party_id": row.party_id,
        "number": Hidden(row.number),
        "issuer": Hidden(row.issuer),
        "file_sha256": row.document_digest,
        "quantity": format(row.quantity.normalize(), "f"),
        "unit": row.unit,
        "per_serial": format(row.per_serial.normalize(), "f"),
        "exceeding": row.exceeding,
        "area": Hidden(row.area),
        "gtins": Hidden(sorted(products.values())),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "status": row.status,
        "decision_number": row.decision_number,
        "reason": Hidden(row.reason),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


# What the document says; the rest is decided on.
_FINAL_OF_CERTIFICATE = frozenset({
    "party_id", "number", "issuer", "file_sha256", "quantity", "unit", "per_serial", "area",
    "gtins", "valid_from", "valid_to",
})  # fmt: skip

CERTIFICATES = LoggedRows(
    LeafKind.CERTIFICATE, "certificate", QuantityCertificate, _certificate, _FINAL_OF_CERTIFICATE
)
