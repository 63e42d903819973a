"""What the transparency log holds of recalls, all of which everybody may know."""

import hashlib

from sqlmodel import Session

from traceability.events.models import Recall
from traceability.registry.models import Product
from traceability.transparency.log import Facts
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import LoggedRows


def _facts(session: Session, row: Recall) -> Facts:
    text = f"{row.reason}\n{row.advice}"
    return {
        "gtin": session.get_one(Product, row.product_id).gtin,
        "lot": row.lot,
        "serial": row.serial,
        "issuer": row.issuer_id,
        "notice_number": row.notice_number,
        "notice_date": row.notice_date.isoformat(),
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "status": row.status,
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "closing_decision": row.closing_decision,
    }


# All but how it ends.
_FINAL = frozenset({
    "gtin", "lot", "serial", "issuer", "notice_number", "notice_date", "text_sha256", "opened_at",
})  # fmt: skip

RECALLS = LoggedRows(LeafKind.RECALL, "recall", Recall, _facts, _FINAL)
