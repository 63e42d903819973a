"""Who may change what: members their own records, administrators and supervisors every one."""

from traceability.actor import MEMBERS, Actor, Role
from traceability.errors import ForbiddenError

REGISTRARS = frozenset({Role.ADMIN, Role.SUPERVISOR})
"""Roles that keep the registry: they decide on registrations and correct any record."""


def is_registrar(actor: Actor) -> bool:
    return actor.role in REGISTRARS


def may_change(actor: Actor, owner_id: int | None) -> bool:
    """Whether the actor may change a record that belongs to this party."""
    return is_registrar(actor) or (actor.role in MEMBERS and actor.owns(owner_id))


def require_writer(actor: Actor) -> None:
    """Refuse the roles that never write to the registry.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role).
    """
    if not is_registrar(actor) and actor.role not in MEMBERS:
        raise ForbiddenError("registry.role-may-not-write", role=actor.role.value)


def require_registrar(actor: Actor) -> None:
    """Refuse everybody but administrators and supervisors.

    Raises:
        ForbiddenError: `registry.authority-only` (role).
    """
    if not is_registrar(actor):
        raise ForbiddenError("registry.authority-only", role=actor.role.value)
