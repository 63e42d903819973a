"""What the transparency log holds of recalls: what everybody may know, and commitments.

It commits to what a recall reaches and to what the holders have answered.
"""

import hashlib
from collections.abc import Iterable

from sqlmodel import Session

from traceability.events.models import Recall
from traceability.events.recalling import repository
from traceability.registry.models import Product
from traceability.transparency.hiding import Hidden
from traceability.transparency.log import Facts
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import LoggedRows


def _facts(session: Session, row: Recall) -> Facts:
    text = f"{row.reason}\n{row.advice}"
    product = session.get_one(Product, row.product_id) if row.product_id is not None else None
    return {
        "gtin": product.gtin if product else None,
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
        **_reached(session, row),
    }


def _reached(session: Session, row: Recall) -> Facts:
    """What was worked out and answered is only committed to: who trades with whom is not public."""
    if row.reached_at is None:
        return {}
    number = row.id or 0
    goods = repository.goods_lines(session, number)
    answers = repository.answers(session, number)
    return {
        "scope": row.scope,
        "owner": row.owner_id,
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "starts_sha256": Hidden(_digest(repository.starts(session, number))),
        "reached": len(goods),
        "goods_sha256": Hidden(_digest(goods)),
        "answers_sha256": Hidden(
            _digest(
                f"{each.party_id} {each.found} {each.returned} {each.destroyed} {each.unit!r} "
                f"{each.note!r} {each.at.isoformat()}"
                for each in answers
            )
        ),
    }


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


# All but what it reaches, what was found, and how it ends.
_FINAL = frozenset({
    "gtin", "lot", "serial", "issuer", "notice_number", "notice_date", "text_sha256", "opened_at",
    "scope", "owner", "starts_sha256",
})  # fmt: skip

RECALLS = LoggedRows(LeafKind.RECALL, "recall", Recall, _facts, _FINAL)
