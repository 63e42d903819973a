"""Reports from the public, from their arrival to the authority's answer.

A report is known to its sender by a tracking code alone; the way to get in touch is erased when
the report is closed. What was sent twice, by a second tap or a reload, is one report.
"""

import hashlib
import secrets
from collections.abc import Sequence

from sqlmodel import Session

import gs1
from gs1.errors import Gs1Error
from traceability import audit
from traceability.actor import Actor, Role
from traceability.clock import now
from traceability.enforcement import repository
from traceability.enforcement.logged import REPORTS
from traceability.enforcement.models import Report, ReportStatus
from traceability.enforcement.schemas import PHOTO_MEDIA_TYPE, ReportDecision, ReportIn
from traceability.errors import ForbiddenError, NotFoundError

DECIDERS = frozenset({Role.ADMIN, Role.SUPERVISOR})

# Crockford's alphabet: no I, L, O or U, so that a code survives handwriting and the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110", "- ")
_CODE_LENGTH = 12
"""60 bits: too many to try."""


def create_report(session: Session, actor: Actor, report_in: ReportIn) -> Report:
    """Keep a report, or find it where the same form was sent before."""
    code = _tracking_code(report_in)
    known = repository.with_tracking_code(session, code)
    if known is not None:
        return known
    report = Report(
        tracking_code=code,
        reason=report_in.reason,
        text=report_in.text,
        code_text=report_in.code,
        gtin=_gtin_of(report_in.code),
        place=report_in.place,
        area_code=report_in.area_code,
        contact=report_in.contact,
        photo=report_in.photo,
        photo_media_type=PHOTO_MEDIA_TYPE if report_in.photo else None,
    )
    session.add(report)
    session.flush()
    audit.record(
        session, actor, audit.AuditAction.REPORT_RECEIVED, f"report:{report.id}",
        reason=report_in.reason.value,
    )  # fmt: skip
    REPORTS.enter(session, report)
    return report


def _tracking_code(report_in: ReportIn) -> str:
    """Twelve letters and digits in groups of four, of the content and the form's nonce.

    >>> a = ReportIn(reason="other", text="x", nonce="n")
    >>> _tracking_code(a) == _tracking_code(a), len(_tracking_code(a))
    (True, 14)
    """
    # Without a nonce nothing tells a repetition from a second report: each has a code of its own.
    seed = report_in.digest if report_in.nonce else secrets.token_hex(32)
    number = int(hashlib.sha256(seed.encode()).hexdigest(), 16)
    letters = "".join(_ALPHABET[number >> (5 * place) & 31] for place in range(_CODE_LENGTH))
    return "-".join(letters[start : start + 4] for start in range(0, _CODE_LENGTH, 4))


def _gtin_of(code: str) -> str | None:
    if not code.strip():
        return None
    try:
        gtin = gs1.read(code).keys.gtin
    except Gs1Error:
        # Reports about unreadable codes are wanted too; the text is kept as it is.
        return None
    return gtin.value if gtin else None


def get_by_tracking_code(session: Session, tracking_code: str) -> Report:
    """The report of a code as somebody types it: with or without hyphens, in any case.

    Raises:
        NotFoundError: `enforcement.report-unknown` (id).
    """
    letters = tracking_code[:40].upper().translate(_MISREAD)
    code = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    report = repository.with_tracking_code(session, code)
    if report is None:
        raise NotFoundError("enforcement.report-unknown", id=tracking_code[:40])
    return report


def get_report(session: Session, actor: Actor, report_id: int) -> Report:
    """A report, for the authorities.

    Raises:
        NotFoundError: `enforcement.report-unknown` (id).
    """
    report = repository.get_report(session, actor, report_id)
    if report is None:
        raise NotFoundError("enforcement.report-unknown", id=report_id)
    return report


def list_reports(
    session: Session,
    actor: Actor,
    *,
    status: ReportStatus | None = None,
    gtin: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[Report]:
    """Newest first, of one status or one GTIN (14 digits) where asked for."""
    return repository.list_reports(
        session, actor, status=status, gtin=gtin, before_id=before_id, limit=limit
    )


def decide_report(
    session: Session, actor: Actor, report_id: int, decision: ReportDecision
) -> Report:
    """Set the status and the answer; closing erases the sender's contact.

    Raises:
        ForbiddenError: `web.role`, only supervisors and administrators decide.
        NotFoundError: `enforcement.report-unknown` (id).
    """
    if actor.role not in DECIDERS:
        raise ForbiddenError("web.role", role=str(actor.role))
    report = get_report(session, actor, report_id)
    report.status = decision.status
    if decision.answer is not None:
        report.answer = decision.answer or None
    if decision.status is ReportStatus.CLOSED:
        report.contact = None
    report.decided_at = now()
    audit.record(
        session, actor, audit.AuditAction.REPORT_DECIDED, f"report:{report_id}",
        status=decision.status.value,
    )  # fmt: skip
    session.flush()
    REPORTS.enter(session, report)
    return report
