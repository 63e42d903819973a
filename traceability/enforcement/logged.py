"""What the transparency log holds of reports: that one was decided and how, not who sent it."""

from sqlmodel import Session

from traceability.enforcement.models import Report
from traceability.transparency.log import Facts
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import LoggedRows


def _facts(_: Session, row: Report) -> Facts:
    return {
        "gtin": row.gtin,
        "reason": row.reason,
        "status": row.status,
        "received_at": row.received_at.isoformat(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


REPORTS = LoggedRows(LeafKind.CASE, "report", Report, _facts)
