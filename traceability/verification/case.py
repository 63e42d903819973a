"""What is being judged: a reading of a code, what the register knows, and where it was seen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from gs1 import Reading
from gs1.prefix import PrefixInfo
from traceability.actor import PUBLIC, Actor
from traceability.clock import now, today
from traceability.events.tracing.gaps import Problem
from traceability.invoices.outside.service import Consultation
from traceability.verification.lookup import Record
from traceability.verification.policy import POLICY, Policy


@dataclass(frozen=True, slots=True)
class Place:
    """Where the goods were seen."""

    shop_id: int | None = None
    """The party on whose shelf they stood."""
    area_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    counted: Decimal | None = None
    """How many units an inspector counted on the shelf."""


@dataclass(frozen=True, slots=True)
class Context:
    actor: Actor = PUBLIC
    device: str = ""
    """`user:7`, `key:3` or `device:` and a keyed hash."""
    place: Place = Place()
    official_hosts: frozenset[str] = frozenset()
    policy: Policy = POLICY
    outside: tuple[Consultation, ...] = ()
    """What an outside registry said of the invoices behind these goods; asked beforehand, for the
    authorities alone. Empty where there is none to ask."""
    at: datetime = field(default_factory=now)
    on: date = field(default_factory=today)
    mark: str | None = None
    """A keyed hash of what a browser keeps for us. It joins the looks of a phone whose address
    changes, and never makes two devices of one: who throws it away becomes no further buyer."""


@dataclass(frozen=True, slots=True)
class Case:
    """A readable code with what is known of it."""

    reading: Reading
    prefix: PrefixInfo
    record: Record | None
    context: Context
    gaps: Sequence[Problem] = ()
    """Where the events of the unit and its lot do not fit together."""
