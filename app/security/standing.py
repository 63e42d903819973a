"""Whether an actor may still act: queued work is done in the name of who queued it."""

from sqlmodel import Session

from app.security.models import ApiKey, User
from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import ForbiddenError


def check_standing(session: Session, actor: Actor) -> None:
    """Refuse to act for a closed account or a revoked key; the command line answers to nobody.

    Raises:
        ForbiddenError: `identity.rights-ended`.
    """
    if not (_account_open(session, actor) and _key_good(session, actor)):
        raise ForbiddenError("identity.rights-ended")


def _account_open(session: Session, actor: Actor) -> bool:
    if actor.user_id is None:
        return True
    user = session.get(User, actor.user_id)
    return user is not None and user.active and user.role == actor.role


def _key_good(session: Session, actor: Actor) -> bool:
    if actor.key_id is None:
        return True
    key = session.get(ApiKey, actor.key_id)
    return (
        key is not None
        and key.revoked_at is None
        and (key.expires_at is None or key.expires_at > now())
    )
