"""What the transparency log holds of registrations: the decision, of the party only an id.

The reason is an official's own words and may name somebody: the leaf only commits to it.
"""

from sqlmodel import Session

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
