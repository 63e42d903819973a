"""From what a symbol says to a verdict, and the record of each scan.

    text ──gs1.read──▶ Reading ──lookup.find──▶ Record ──checks──▶ findings ──▶ Verdict

"Recalled", "unknown" and "not readable" are answers: a scan is kept whatever came of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

import gs1
from gs1.errors import Gs1Error
from gs1.reading import Keys
from traceability import audit
from traceability.actor import MEMBERS, Actor, Role
from traceability.db import Execute, ReadAll, execute_in, read_all_in
from traceability.errors import InvalidError, NotFoundError
from traceability.events.tracing.gap_reading import problems_of_unit
from traceability.events.tracing.gaps import Problem
from traceability.registry.models import Party
from traceability.verification import lookup, repeats, repository
from traceability.verification.case import Case, Context
from traceability.verification.counting import keep_count
from traceability.verification.findings import Evidence, EvidenceKind, Finding, FindingCode
from traceability.verification.inspector_checks import INSPECTOR_CHECKS
from traceability.verification.lookup import Record
from traceability.verification.models import Scan
from traceability.verification.public_checks import PUBLIC_CHECKS
from traceability.verification.verdict import Audience, Verdict, make_verdict

MAX_SCAN_DATA = 4000
"""Characters; the largest QR code holds 4,296 and no GS1 message comes near."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """What was scanned: the text of a symbol, or nothing where no symbol could be read."""

    scan_data: str | None
    symbology_identifier: str | None = None
    image_digest: str | None = None


def audience_of(actor: Actor) -> Audience:
    if actor.role is Role.ANONYMOUS:
        return Audience.CONSUMER
    if actor.role in MEMBERS or actor.role is Role.TAX:
        return Audience.SHOP
    return Audience.INSPECTOR


def public_verdict(
    execute: Execute,
    read: ReadAll,
    scan_data: str,
    context: Context,
    symbology_identifier: str | None = None,
) -> Verdict:
    """The verdict on what anybody may know; nothing kept.

    One look-up, and where events tell of the product, those of the unit and its lot.
    """
    case = _case(execute, read, scan_data, symbology_identifier, context)
    if isinstance(case, Verdict):
        return case
    findings = [found for check in PUBLIC_CHECKS if (found := check(case))]
    return make_verdict(findings, context.policy.version, context.at, case.reading, case.record)


def verify(session: Session, symbol: Symbol, context: Context) -> Verdict:
    """The whole verdict, with what only the authorities may see where such an actor asks."""
    if symbol.scan_data is None:
        return _unreadable(context, "scanner.nothing-read", {}, "")
    execute, read = execute_in(session), read_all_in(session)
    case = _case(execute, read, symbol.scan_data, symbol.symbology_identifier, context)
    if isinstance(case, Verdict):
        return case
    findings = [found for check in PUBLIC_CHECKS if (found := check(case))]
    if audience_of(context.actor) is not Audience.CONSUMER:
        for inspector_check in INSPECTOR_CHECKS:
            findings += inspector_check(session, case)
    return make_verdict(findings, context.policy.version, context.at, case.reading, case.record)


def _case(
    execute: Execute,
    read: ReadAll,
    scan_data: str,
    symbology_identifier: str | None,
    context: Context,
) -> "Case | Verdict":
    if len(scan_data) > MAX_SCAN_DATA:
        return _unreadable(context, "gs1.length", {"maximum": MAX_SCAN_DATA}, "")
    try:
        reading = gs1.read(scan_data, symbology_identifier)
    except Gs1Error as error:
        return _unreadable(context, error.code, dict(error.arguments), scan_data)
    keys = reading.keys
    if keys.gtin is None:
        return _unreadable(context, "gs1.no-gtin", {}, scan_data)
    record = lookup.find(execute, keys.gtin.value, keys.lot, keys.serial)
    gaps = _gaps(read, record, keys, context) if record and record.has_events else ()
    return Case(reading, gs1.prefix.lookup(keys.gtin), record, context, gaps)


def _gaps(read: ReadAll, record: Record, keys: Keys, context: Context) -> Sequence[Problem]:
    """What the events of the unit leave open; of a product alone, nothing is asked."""
    issued_in = record.serial.lot if record.serial else None
    lot = issued_in or keys.lot
    if lot is None and keys.serial is None:
        return ()
    return problems_of_unit(read, record.gtin, lot, keys.serial, context.at, context.policy.trace)


def _unreadable(context: Context, code: str, arguments: dict[str, Any], text: str) -> Verdict:
    evidence = Evidence(EvidenceKind.CODE, text[:200], context.at)
    finding = Finding(FindingCode.INVALID_CODE, {"error": code, **_plain(arguments)}, (evidence,))
    return make_verdict([finding], context.policy.version, context.at)


def _plain(arguments: dict[str, Any]) -> dict[str, Any]:
    simple = (str, int, type(None))
    return {k: v if isinstance(v, simple) else str(v) for k, v in arguments.items()}


def scan(
    session: Session, symbol: Symbol, context: Context, *, nonce: str | None = None
) -> tuple[Scan, Verdict]:
    """Verify and keep: the scan's row, its audit row, and what repeated scans add up to.

    What an inspector counted beside the code becomes a statement about the shop's stock.

    Public scans of an issued serial are counted in the same transaction, under the serial's lock:
    of two first scans at the same moment one is the first and one the second. The scan is counted
    before it is judged, so that the one that makes repeats unusual is told so itself.

    Raises:
        InvalidError: `registry.party-unknown` (party_id), there is no such shop.
    """
    _check_shop(session, context)
    _count(session, symbol, context)
    verdict = verify(session, symbol, context)
    row = repository.add_scan(session, _values(symbol, context, verdict, nonce))
    keep_count(session, context, row)
    if context.actor.role is not Role.ANONYMOUS:
        audit.record(
            session,
            context.actor,
            audit.AuditAction.SCAN_RECORDED,
            f"scan:{row.id}",
            level=str(verdict.level),
        )
    return row, verdict


def scan_once(session: Session, symbol: Symbol, context: Context, nonce: str) -> Scan:
    """The scan of this nonce: made now, or the one that the same request made before.

    Of two same requests at the same moment one makes the scan and both get it; the unique index
    decides, so that neither fails.
    """
    known = repository.scan_of_nonce(session, context.device, nonce)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            return scan(session, symbol, context, nonce=nonce)[0]
    except IntegrityError:
        faster = repository.scan_of_nonce(session, context.device, nonce)
        if faster is None:
            raise
        return faster


def _count(session: Session, symbol: Symbol, context: Context) -> None:
    """Add a public scan of an issued serial to what its scans add up to."""
    if context.actor.role is not Role.ANONYMOUS or not symbol.scan_data:
        return
    try:
        keys = gs1.read(symbol.scan_data[:MAX_SCAN_DATA], symbol.symbology_identifier).keys
    except Gs1Error:
        return
    if keys.gtin is None or keys.serial is None:
        return
    serial_id = repository.serial_id(session, keys.gtin.value, keys.serial)
    if serial_id is None:
        return
    activity = repository.lock_activity(session, serial_id)
    if activity is None:
        activity = repeats.new_activity(serial_id, context)
        session.add(activity)
    repeats.count(activity, context)
    session.flush()


def _values(
    symbol: Symbol, context: Context, verdict: Verdict, nonce: str | None
) -> dict[str, Any]:
    keys = verdict.reading.keys if verdict.reading else None
    actor, place = context.actor, context.place
    return {
        "at": context.at,
        "nonce": nonce,
        "scanned_by": context.device,
        "role": actor.role,
        "user_id": actor.user_id,
        "party_id": actor.party_id,
        "scan_data": _storable(symbol.scan_data or "") or None,
        "symbology_identifier": symbol.symbology_identifier,
        "image_digest": symbol.image_digest,
        "gtin": keys.gtin.value if keys and keys.gtin else None,
        "lot": keys.lot if keys else None,
        "serial": keys.serial if keys else None,
        "product_id": verdict.record.product_id if verdict.record else None,
        "shop_id": place.shop_id,
        "area_code": place.area_code,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "accuracy_m": place.accuracy_m,
        "level": verdict.level,
        "verdict": verdict.as_bytes(),
        "policy_version": verdict.policy_version,
        "kept": False,
    }


def _check_shop(session: Session, context: Context) -> None:
    shop_id = context.place.shop_id
    if shop_id is not None and session.get(Party, shop_id) is None:
        raise InvalidError.of("location.shop_id", "registry.party-unknown", party_id=shop_id)


def _storable(text: str) -> str:
    """What was read, within bounds; a NUL, which PostgreSQL has no place for, as its picture."""
    return text[:MAX_SCAN_DATA].replace("\0", "\N{SYMBOL FOR NULL}")


def note(
    session: Session, actor: Actor, scan_id: int, *, text: str | None, kept: bool | None
) -> Scan:
    """An inspector's note on a scan, and whether it is saved on purpose.

    Raises:
        NotFoundError: no such scan, or not one that this actor may see.
        InvalidError: the note is longer than 4,000 characters.
    """
    row = repository.get_scan(session, actor, scan_id)
    if row is None:
        raise NotFoundError("verification.scan-unknown", id=scan_id)
    if text is not None:
        if len(text) > 4000:
            raise InvalidError.of("note", "web.field-too-long", limit=4000)
        row.note = text.strip() or None
    if kept is not None:
        row.kept = kept
    audit.record(session, actor, audit.AuditAction.SCAN_NOTED, f"scan:{scan_id}")
    session.flush()
    return row
