"""What the transparency log holds of reports: a commitment to what was told and how it was decided.

Only the times are in the leaf. The sender's words, the place and the picture may tell of a person;
the contact is not committed to at all, because it is erased when the report is closed.
"""

import hashlib

from sqlmodel import Session

from traceability.enforcement.models import Report
from traceability.transparency.hiding import Hidden
from traceability.transparency.log import Facts
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import LoggedRows


def _facts(_: Session, row: Report) -> Facts:
    told = {
        "tracking_code": row.tracking_code,
        "reason": row.reason,
        "text": row.text,
        "code_text": row.code_text,
        "gtin": row.gtin,
        "place": row.place,
        "area_code": row.area_code,
        "photo_sha256": hashlib.sha256(row.photo).hexdigest() if row.photo else None,
        "photo_media_type": row.photo_media_type,
    }
    return {
        "report": Hidden(told),
        "decision": Hidden({"status": row.status, "answer": row.answer}),
        "received_at": row.received_at.isoformat(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }


_FINAL = frozenset({"report", "received_at"})

REPORTS = LoggedRows(LeafKind.CASE, "report", Report, _facts, _FINAL)
