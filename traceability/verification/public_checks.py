"""Checks whose answers anybody may see. Each takes a case and gives one finding or none."""

from collections.abc import Callable
from datetime import timedelta

from gs1.prefix import PrefixKind
from traceability.actor import Role
from traceability.registry.models import RegistrationStatus, SerialStatus
from traceability.verification import repeats
from traceability.verification.case import Case
from traceability.verification.findings import Evidence, EvidenceKind, Finding, FindingCode, Rule
from traceability.verification.hosts import lookalike_of
from traceability.verification.lookup import LotRecord, Record, SerialRecord

Check = Callable[[Case], "Finding | None"]
_MOST_EVENTS = 10
"""Events that a finding names; the trace has them all."""

_NOT_ONE_PRODUCT = frozenset(
    {
        PrefixKind.RESTRICTED_REGION,
        PrefixKind.RESTRICTED_COMPANY,
        PrefixKind.DEMO,
        PrefixKind.COUPON,
        PrefixKind.REFUND,
    }
)


def recalled(case: Case) -> Finding | None:
    recall = case.record and case.record.recall
    if not recall:
        return None
    arguments = {
        "number": recall.notice_number,
        "date": recall.notice_date,
        "advice": recall.advice,
        "certainty": recall.certainty,
        "of_what": recall.of_what,
    }
    evidence = Evidence(EvidenceKind.RECALL, recall.notice_number, recall.opened_at)
    return Finding(FindingCode.RECALLED, arguments, (evidence,))


def withdrawn(case: Case) -> Finding | None:
    serial = case.record and case.record.serial
    if not serial or serial.status != SerialStatus.WITHDRAWN:
        return None
    arguments = {"date": serial.status_on, "reason": serial.status_reason or ""}
    return Finding(FindingCode.WITHDRAWN_RECORD, arguments, (_serial_evidence(case),))


def expired(case: Case) -> Finding | None:
    """Expiry before today, from the register or else from AI 17."""
    lot = case.record and case.record.lot
    on_record = lot.expiry_date if lot else None
    expiry = on_record or case.reading.keys.expiry
    if expiry is None or expiry >= case.context.on:
        return None
    evidence = (
        _lot_evidence(case, lot)
        if lot and on_record
        else Evidence(EvidenceKind.CODE, "(17)", rule=Rule.EXPIRY_ON_CODE)
    )
    return Finding(FindingCode.EXPIRED, {"date": expiry}, (evidence,))


def differs_from_record(case: Case) -> Finding | None:
    """AI 10 or 17 of the code says something else than the register."""
    keys, record = case.reading.keys, case.record
    if record is None:
        return None
    on_code: dict[str, object] = {}
    on_record: dict[str, object] = {}
    issued_in = record.serial.lot if record.serial else None
    if keys.lot and issued_in and keys.lot != issued_in:
        on_code["10"], on_record["10"] = keys.lot, issued_in
    elif keys.lot and record.has_lots and record.lot is None:
        on_code["10"], on_record["10"] = keys.lot, None
    expiry = record.lot.expiry_date if record.lot else None
    if keys.expiry and expiry and keys.expiry != expiry:
        on_code["17"], on_record["17"] = keys.expiry, expiry
    if not on_code:
        return None
    evidence = _lot_evidence(case, record.lot) if record.lot else _product_evidence(record)
    arguments = {"on_code": on_code, "on_record": on_record}
    return Finding(FindingCode.DATA_MISMATCH, arguments, (evidence,))


def lookalike_link(case: Case) -> Finding | None:
    host = case.reading.host
    near = host and lookalike_of(host, case.context.official_hosts)
    if not near:
        return None
    evidence = Evidence(EvidenceKind.CODE, host or "")
    return Finding(FindingCode.LOOKALIKE_LINK, {"host": host, "official": near}, (evidence,))


def unknown_serial(case: Case) -> Finding | None:
    """A serial that was not issued; information only while the upload grace of its lot runs."""
    keys, record = case.reading.keys, case.record
    if record is None or not keys.serial or record.serial or not record.serialised:
        return None
    lot = record.lot
    fresh = lot is not None and case.context.at - lot.created_at < case.context.policy.upload_grace
    code = FindingCode.STALE if fresh else FindingCode.UNKNOWN_SERIAL
    arguments = {"serial": keys.serial, "as_of": lot.created_at if lot else record.changed_at}
    return Finding(code, arguments, (_product_evidence(record),))


def unusual_repeat(case: Case) -> Finding | None:
    """One serial looked up more often, by more devices, in more places than one pack should be.

    Staff are told what is on record with their own look, which is not kept.
    """
    record = case.record
    if record is None or record.serial is None:
        return None
    uncounted = case.context.actor.role is not Role.ANONYMOUS
    signs = repeats.signs(record, case.context.policy, uncounted=uncounted)
    if not signs:
        return None
    serial = record.serial
    arguments = {
        "scans": serial.scans + uncounted, "devices": serial.device_count + uncounted,
        "provinces": len(serial.area_codes), "moves": serial.impossible_moves,
        "signs": [str(sign) for sign in signs],
    }  # fmt: skip
    return Finding(FindingCode.UNUSUAL_REPEAT, arguments, (_scans_evidence(case, serial),))


def already_supplied(case: Case) -> Finding | None:
    serial = case.record and case.record.serial
    if not serial or serial.status != SerialStatus.SUPPLIED:
        return None
    return Finding(
        FindingCode.ALREADY_SUPPLIED, {"date": serial.status_on}, (_serial_evidence(case),)
    )


def producer_inactive(case: Case) -> Finding | None:
    """The registration is suspended, revoked, refused or over; waiting for approval is not."""
    record = case.record
    if record is None:
        return None
    producer = record.producer
    since = producer.registration_valid_to
    over = since is not None and since < case.context.on
    dissolved = producer.valid_to is not None and producer.valid_to < case.context.on
    status = producer.registration_status
    if status == RegistrationStatus.PENDING or (
        status == RegistrationStatus.ACTIVE and not over and not dissolved
    ):
        return None
    ended_on = producer.valid_to if dissolved else since
    arguments = {"producer": producer.name, "status": status or "none", "date": ended_on}
    evidence = Evidence(EvidenceKind.PARTY, str(producer.id), case.context.at)
    return Finding(FindingCode.PRODUCER_INACTIVE, arguments, (evidence,))


def unallocated_prefix(case: Case) -> Finding | None:
    if case.prefix.kind not in (PrefixKind.UNALLOCATED, PrefixKind.UNASSIGNED):
        return None
    arguments = {"prefix": case.prefix.prefix, "list_date": case.prefix.list_date}
    return Finding(FindingCode.UNALLOCATED_PREFIX, arguments, (_prefix_evidence(case),))


def restricted_number(case: Case) -> Finding | None:
    """Numbers that name no one product; a registered demonstration is told by its record."""
    if case.record is not None or case.prefix.kind not in _NOT_ONE_PRODUCT:
        return None
    return Finding(
        FindingCode.RESTRICTED_NUMBER,
        {"prefix": case.prefix.prefix, "kind": str(case.prefix.kind)},
        (_prefix_evidence(case),),
    )


def trace_gap(case: Case) -> Finding | None:
    """Events tell of this unit or its lot, and a step is missing or cannot be as it is told."""
    if not case.gaps:
        return None
    events = {told.event_id: gap.time for gap in case.gaps for told in gap.events}
    return Finding(
        FindingCode.TRACE_GAP,
        {"kinds": list(dict.fromkeys(gap.kind for gap in case.gaps))},
        tuple(
            Evidence(EvidenceKind.EVENT, event_id, time, Rule.TRACE)
            for event_id, time in list(events.items())[:_MOST_EVENTS]
        ),
    )


def not_registered(case: Case) -> Finding | None:
    """No record of the number, or one that the authority has not approved yet."""
    if case.record is None:
        evidence = Evidence(EvidenceKind.CODE, case.reading.as_bracketed(), case.context.at)
        return Finding(FindingCode.NOT_REGISTERED, {"pending": False}, (evidence,))
    if case.record.pending:
        return Finding(
            FindingCode.NOT_REGISTERED, {"pending": True}, (_product_evidence(case.record),)
        )
    return None


def match(case: Case) -> Finding | None:
    """How far the code is known: the serial, the lot, or only the product."""
    record = case.record
    if record is None or record.pending:
        return None
    issued = record.serial is not None and record.serial.status == SerialStatus.ISSUED
    if record.serial is not None and issued and unusual_repeat(case) is None:
        return _match_serial(case, record.serial)
    if record.lot is not None:
        return Finding(
            FindingCode.MATCH_LOT, {"lot": record.lot.lot}, (_lot_evidence(case, record.lot),)
        )
    return Finding(FindingCode.MATCH_PRODUCT, {}, (_product_evidence(record),))


def _match_serial(case: Case, serial: SerialRecord) -> Finding:
    sample: dict[str, object] = {"display_sample": True} if serial.display_sample else {}
    earlier = serial.scans - _counted_of_this_device(case, serial)
    if earlier <= 0:
        return Finding(FindingCode.MATCH_FIRST, sample, (_serial_evidence(case),))
    arguments = {
        **sample,
        "scans": earlier,
        "first_at": serial.first_at,
        "area": serial.first_area_code,
    }
    evidence = (_serial_evidence(case), _scans_evidence(case, serial))
    return Finding(FindingCode.MATCH_REPEAT, arguments, evidence)


def _counted_of_this_device(case: Case, serial: SerialRecord) -> int:
    """1 when the asking device's own scan of the last 24 hours is among the counted ones."""
    seen = repeats.seen_at(serial.devices, case.context)
    window: timedelta = case.context.policy.count_once_within
    return int(seen is not None and case.context.at.timestamp() - seen < window.total_seconds())


def _product_evidence(record: Record) -> Evidence:
    return Evidence(EvidenceKind.PRODUCT, record.gtin, record.changed_at)


def _lot_evidence(case: Case, lot: LotRecord) -> Evidence:
    gtin = case.record.gtin if case.record else ""
    return Evidence(EvidenceKind.LOT, f"{gtin}/{lot.lot}", lot.created_at)


def _serial_evidence(case: Case) -> Evidence:
    keys = case.reading.keys
    return Evidence(EvidenceKind.SERIAL, f"{keys.gtin}/{keys.serial}", case.context.at)


def _scans_evidence(case: Case, serial: SerialRecord) -> Evidence:
    return Evidence(EvidenceKind.SCANS, str(serial.scans), case.context.at, Rule.REPEATS)


def _prefix_evidence(case: Case) -> Evidence:
    prefix = case.prefix
    reference = f"{prefix.prefix} ({prefix.list_date})"
    return Evidence(EvidenceKind.PREFIX_LIST, reference, rule=Rule.PREFIX_LIST)


PUBLIC_CHECKS: tuple[Check, ...] = (
    recalled,
    withdrawn,
    expired,
    differs_from_record,
    lookalike_link,
    unknown_serial,
    unusual_repeat,
    already_supplied,
    producer_inactive,
    unallocated_prefix,
    restricted_number,
    trace_gap,
    not_registered,
    match,
)
