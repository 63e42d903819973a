"""What the transparency log holds of decisions on parties and certificates: of a party an id."""

import hashlib

from sqlmodel import Session

from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.models import Registration
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
        "reason_sha256": hashlib.sha256((row.reason or "").encode()).hexdigest(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


def _certificate(_: Session, row: QuantityCertificate) -> Facts:
    document = f"{row.number}\n{row.issuer}"
    return {
        "party_id": row.party_id,
        "document_sha256": hashlib.sha256(document.encode()).hexdigest(),
        "file_sha256": row.document_digest,
        "quantity": format(row.quantity.normalize(), "f"),
        "unit": row.unit,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "status": row.status,
        "decision_number": row.decision_number,
        "reason_sha256": hashlib.sha256((row.reason or "").encode()).hexdigest(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


REGISTRATIONS = LoggedRows(LeafKind.REGISTRATION, "registration", Registration, _facts)
CERTIFICATES = LoggedRows(LeafKind.CERTIFICATE, "certificate", QuantityCertificate, _certificate)
