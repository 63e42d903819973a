"""The receipt of a verdict: what was said, by which rules, and the records that it rests on.

It is made when somebody asks for it, so that a look-up costs nothing more. What an audience may
not see is not in it: only the authorities get findings and digests of invoices, and commitments
opened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from gs1 import digital_link
from gs1.element_string import ElementString
from traceability.clock import now
from traceability.db import execute_in
from traceability.events.models import Event, EventEpc, Recall
from traceability.events.recalling.models import RecallGoods
from traceability.invoices import chain
from traceability.registry.models import Party, Product, Registration
from traceability.transparency import receipts
from traceability.transparency.checking import Source
from traceability.transparency.models import LeafKind
from traceability.transparency.note import SigningKey
from traceability.transparency.receipts import Subject
from traceability.verification import lookup
from traceability.verification.models import Scan
from traceability.verification.verdict import Audience, Verdict, verdict_of_bytes

MOST_EVENTS = 20
"""The newest of the goods; a receipt should fit a message."""

Sources = Mapping[LeafKind, Source]


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with what was judged."""

    verdict: Verdict
    code: str | None
    """What the symbol said."""
    gtin: str | None = None
    lot: str | None = None
    serial: str | None = None
    shop_id: int | None = None
    scan_id: int | None = None

    @classmethod
    def of_scan(cls, row: Scan) -> "Judged":
        """A kept scan, as it was judged then."""
        verdict = verdict_of_bytes(row.verdict)
        return cls(verdict, row.scan_data, row.gtin, row.lot, row.serial, row.shop_id, row.id)

    @classmethod
    def of_look_up(cls, verdict: Verdict, code: str) -> "Judged":
        """A look-up of which nothing was kept."""
        keys = verdict.reading.keys if verdict.reading else None
        if keys is None or keys.gtin is None:
            return cls(verdict, code)
        return cls(verdict, code, keys.gtin.value, keys.lot, keys.serial)


def receipt(
    session: Session, key: SigningKey, judged: Judged, audience: Audience, sources: Sources
) -> dict[str, Any]:
    """The receipt for an audience; commitments are opened for the authorities alone."""
    return receipts.issue(
        session,
        key,
        _statement(judged, audience),
        _rests_on(session, judged, audience),
        judged.verdict.at,
        sources if audience is Audience.INSPECTOR else {},
    )


def _statement(judged: Judged, audience: Audience) -> dict[str, Any]:
    seen = judged.verdict.for_audience(audience)
    kept = _exact(orjson.loads(seen.as_bytes()))
    return {
        "type": "verdict",
        "audience": audience,
        "scan": judged.scan_id,
        "code": judged.code,
        "level": seen.level,
        "policy_version": kept["policy_version"],
        "at": kept["at"],
        "findings": kept["findings"],
        "issued_at": now().isoformat(),
    }


def _exact(value: Any) -> Any:
    """Fractions as text: every reader of the statement must see the same number."""
    match value:
        case float():
            return str(value)
        case dict():
            return {name: _exact(inner) for name, inner in value.items()}
        case list():
            return [_exact(inner) for inner in value]
    return value


def _rests_on(session: Session, judged: Judged, audience: Audience) -> Iterator[Subject]:
    """The records behind a verdict, the decisions first."""
    if judged.gtin is None:
        return
    record = lookup.find(execute_in(session), judged.gtin, judged.lot, judged.serial)
    if record is None:
        return
    at = judged.verdict.at
    issued_in = record.serial.lot if record.serial else None
    lots = [lot for lot in (judged.lot, issued_in) if lot is not None]
    decision = session.exec(
        select(sa.func.max(Registration.id)).where(
            Registration.party_id == record.producer.id, col(Registration.created_at) <= at
        )
    ).one()
    if decision is not None:
        yield LeafKind.REGISTRATION, f"registration:{decision}"
    for number in session.exec(_recalls(record.product_id, lots, judged.serial, at)):
        yield LeafKind.RECALL, f"recall:{number}"
    for number in session.exec(_events(judged.gtin, lots, judged.serial, at)):
        yield LeafKind.EVENT, f"event:{number}"
    if audience is Audience.INSPECTOR and judged.shop_id is not None:
        for number in _invoices(session, judged.shop_id, record.product_id):
            yield LeafKind.INVOICE, f"invoice:{number}"


def _recalls(product_id: int, lots: list[str], serial: str | None, at: datetime) -> Any:
    """The recalls that were in force at the time and reach the goods, by name or by their trace."""
    lot, one = col(Recall.lot), col(Recall.serial)
    named = sa.and_(
        col(Recall.product_id) == product_id,
        lot.is_(None) | lot.in_(lots),
        one.is_(None) | (one == serial),
    )
    parts = ["", *(f"10/{each}" for each in lots), f"21/{serial}"]
    reached = select(RecallGoods.recall_id).where(
        RecallGoods.product_id == product_id, col(RecallGoods.part).in_(parts)
    )
    closed = col(Recall.closed_at)
    return (
        select(Recall.id)
        .where(named | col(Recall.id).in_(reached), col(Recall.opened_at) <= at)
        .where(closed.is_(None) | (closed > at))
        .order_by(col(Recall.id))
    )


def _events(gtin: str, lots: list[str], serial: str | None, at: datetime) -> Any:
    """The newest events that name the instance or its lot and were known at the time."""
    qualifiers = [("10", lot) for lot in lots]
    if serial is not None:
        qualifiers.append(("21", serial))
    keys = [
        digital_link.build([ElementString("01", gtin), ElementString(*qualifier)])
        for qualifier in qualifiers
    ]
    return (
        select(Event.id)
        .join(EventEpc, col(EventEpc.event) == col(Event.id))
        .where(col(EventEpc.key).in_(keys), col(Event.record_time) <= at)
        .group_by(col(Event.id))
        .order_by(col(Event.id).desc())
        .limit(MOST_EVENTS)
    )


def _invoices(session: Session, shop_id: int, product_id: int) -> list[int]:
    """The invoices on the path from the producer to the shop."""
    shop = session.get(Party, shop_id)
    if shop is None or not shop.tax_code:
        return []
    product = session.get_one(Product, product_id)
    return [hop.invoice_id for hop in chain.path_to_producer(session, shop.tax_code, product).hops]
