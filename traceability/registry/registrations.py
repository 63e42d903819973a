"""What the authority has decided about a party, and what that makes of it on a day.

Decisions are never changed: each is a new row, and the newest one in force counts. A suspension
with a last day ends by itself, and what was decided before counts again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now, today
from traceability.errors import InvalidError, NotFoundError
from traceability.registry import repository
from traceability.registry.access import require_registrar
from traceability.registry.logged import REGISTRATIONS
from traceability.registry.models import Party, Registration, RegistrationStatus
from traceability.registry.schemas import DecisionIn


class RegistrationState(StrEnum):
    """The statuses of a registration, and what time makes of them."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REFUSED = "refused"
    EXPIRED = "expired"
    """Its last day has passed."""
    DISSOLVED = "dissolved"
    """The party itself has ended, or has not begun."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a party stands on a day."""

    state: RegistrationState
    since: date | None = None
    """First day of that state."""
    valid_to: date | None = None
    decision_number: str | None = None
    reason: str | None = None

    @property
    def is_active(self) -> bool:
        return self.state is RegistrationState.ACTIVE


def standing_of(party: Party, newest_first: Sequence[Registration], on: date) -> Standing:
    """Judge a party by its registrations; no database is asked."""
    if party.valid_to is not None and party.valid_to < on:
        return Standing(RegistrationState.DISSOLVED, party.valid_to + timedelta(days=1))
    row = next((each for each in newest_first if _counts(each, on)), None)
    if row is None:
        return Standing(RegistrationState.PENDING)
    if row.valid_to is not None and row.valid_to < on:
        since = row.valid_to + timedelta(days=1)
        return Standing(RegistrationState.EXPIRED, since, row.valid_to, row.decision_number)
    return Standing(
        RegistrationState(row.status), row.valid_from, row.valid_to, row.decision_number, row.reason
    )


def _counts(row: Registration, on: date) -> bool:
    over = row.valid_to is not None and row.valid_to < on
    return row.valid_from <= on and not (over and row.status == RegistrationStatus.SUSPENDED)


def standings(session: Session, parties: Iterable[Party], on: date) -> Mapping[int, Standing]:
    """Where each of these parties stands on a day, by its id."""
    by_id = {party.id: party for party in parties if party.id is not None}
    rows = repository.registrations(session, by_id)
    return {number: standing_of(party, rows.get(number, ()), on) for number, party in by_id.items()}


def standing(session: Session, party: Party, on: date | None = None) -> Standing:
    """Where a party stands on a day (today when missing)."""
    return next(iter(standings(session, [party], on or today()).values()))


def registration_state(session: Session, party: Party, on: date | None = None) -> RegistrationState:
    """The state alone."""
    return standing(session, party, on).state


def open_registration(session: Session, party_id: int, status: RegistrationStatus) -> None:
    """The first row of a new party."""
    decided = now() if status is RegistrationStatus.ACTIVE else None
    row = Registration(party_id=party_id, status=status, valid_from=today(), decided_at=decided)
    session.add(row)
    session.flush()
    REGISTRATIONS.enter(session, row)


def decide_registration(
    session: Session, actor: Actor, party_id: int, decision: DecisionIn
) -> Registration:
    """Append a decision: active, suspended, revoked or refused.

    Raises:
        ForbiddenError: `registry.authority-only` for everybody but administrators and
            supervisors.
        NotFoundError: `registry.party-unknown` (party_id).
        InvalidError: `registry.decision-pending` when the status is pending,
            `registry.period-reversed` (first, last), `registry.reason-missing` for a suspension,
            revocation or refusal without a reason.
    """
    require_registrar(actor)
    party = repository.party(session, actor, party_id)
    if party is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    first = decision.valid_from or today()
    _check(decision, first)
    row = Registration(
        party_id=party_id,
        status=decision.status,
        valid_from=first,
        valid_to=decision.valid_to,
        decision_number=decision.decision_number,
        reason=decision.reason,
        decided_at=now(),
    )
    session.add(row)
    if decision.status is RegistrationStatus.REFUSED:
        _release_prefixes(session, party_id)
    audit.record(
        session,
        actor,
        AuditAction.REGISTRATION_DECIDED,
        f"party:{party_id}",
        status=decision.status.value,
        valid_from=str(first),
        valid_to=str(decision.valid_to) if decision.valid_to else None,
        decision_number=decision.decision_number,
    )
    session.flush()
    REGISTRATIONS.enter(session, row)
    return row


def _check(decision: DecisionIn, first: date) -> None:
    if decision.status is RegistrationStatus.PENDING:
        raise InvalidError.of("status", "registry.decision-pending")
    if decision.valid_to is not None and decision.valid_to < first:
        raise InvalidError.of(
            "valid_to", "registry.period-reversed", first=str(first), last=str(decision.valid_to)
        )
    if decision.status is not RegistrationStatus.ACTIVE and not decision.reason:
        raise InvalidError.of("reason", "registry.reason-missing", status=decision.status.value)


def _release_prefixes(session: Session, party_id: int) -> None:
    """A refused party keeps no claim on a company prefix that may be somebody else's."""
    for prefix in repository.prefixes_of(session, [party_id]):
        session.delete(prefix)
