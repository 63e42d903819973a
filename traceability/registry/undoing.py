"""Taking a decision on a registration back, by a further decision.

Nothing is removed: what held before is entered again, with the days and the number that it had.
A party that was decided on again since is left as it is.
"""

from collections.abc import Collection

from sqlmodel import Session, col, select

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.registry import registrations, repository
from traceability.registry.access import require_registrar
from traceability.registry.logged import REGISTRATIONS
from traceability.registry.models import Registration, RegistrationStatus
from traceability.registry.schemas import DecisionIn


def decisions(session: Session, registration_ids: Collection[int]) -> list[Registration]:
    """Those of the registration rows that exist, in the order of their ids."""
    wanted = select(Registration).where(col(Registration.id).in_(sorted(set(registration_ids))))
    return list(session.exec(wanted.order_by(col(Registration.id))))


def undo_decisions(
    session: Session, actor: Actor, registration_ids: Collection[int]
) -> list[Registration]:
    """Enter again what held before each of these decisions; the new rows.

    Decisions that are no longer the newest of their party, and first rows, are passed over.
    Company prefixes that a refusal released stay released.

    Raises:
        ForbiddenError: `registry.authority-only` (role).
    """
    require_registrar(actor)
    rows = decisions(session, registration_ids)
    histories = repository.registrations(session, {row.party_id for row in rows})
    entered = []
    for row in rows:
        history = histories[row.party_id]
        if len(history) > 1 and history[0].id == row.id:
            entered.append(_enter_again(session, actor, history[1]))
    return entered


def _enter_again(session: Session, actor: Actor, before: Registration) -> Registration:
    if before.status == RegistrationStatus.PENDING:
        return _wait_again(session, actor, before)
    again = DecisionIn(
        status=RegistrationStatus(before.status),
        valid_from=before.valid_from,
        valid_to=before.valid_to,
        decision_number=before.decision_number,
        reason=before.reason,
    )
    return registrations.decide_registration(session, actor, before.party_id, again)


def _wait_again(session: Session, actor: Actor, before: Registration) -> Registration:
    """Waiting for a decision is no decision: the row says so without a time of deciding."""
    row = Registration(
        party_id=before.party_id,
        status=RegistrationStatus.PENDING,
        valid_from=before.valid_from,
        valid_to=before.valid_to,
    )
    session.add(row)
    audit.record(
        session, actor, AuditAction.REGISTRATION_DECIDED, f"party:{before.party_id}",
        status=RegistrationStatus.PENDING.value, valid_from=str(before.valid_from),
    )  # fmt: skip
    session.flush()
    REGISTRATIONS.enter(session, row)
    return row
