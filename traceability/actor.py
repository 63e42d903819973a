"""Who acts: the role and the organisation that a key or a session stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    ADMIN = "admin"
    """Runs this installation: users, keys, registrations."""
    SUPERVISOR = "supervisor"
    """Agency supervisor: approves, recalls, sees every case of the agency's remit."""
    INSPECTOR = "inspector"
    """Scans goods in shops and at borders, sees invoices and balances."""
    PRODUCER = "producer"
    """Member of a producer or importer: its own products, lots, serials, invoices."""
    SHOP = "shop"
    """Member of a shop: the same rights over its own records."""
    TAX = "tax"
    """The tax authority's feed: brings in invoices."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""
    ANONYMOUS = "anonymous"
    """The public."""


MEMBERS = frozenset({Role.PRODUCER, Role.SHOP})
"""Roles bound to the records of their own organisation."""

AUTHORITIES = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR, Role.AUDITOR})
"""Roles that see the records of every organisation."""


@dataclass(frozen=True, slots=True)
class Actor:
    role: Role
    party_id: int | None = None
    """The organisation acted for; None for the public and for administrators without one."""
    user_id: int | None = None
    key_id: int | None = None
    name: str = ""
    """What the audit log shows."""

    @classmethod
    def of_dict(cls, kept: Mapping[str, Any]) -> "Actor":
        """The actor of what `asdict` made, as jobs keep it."""
        return cls(**{**kept, "role": Role(kept["role"])})

    @property
    def sees_everything(self) -> bool:
        return self.role in AUTHORITIES

    def owns(self, party_id: int | None) -> bool:
        return self.party_id is not None and self.party_id == party_id


PUBLIC = Actor(Role.ANONYMOUS)
