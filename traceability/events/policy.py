"""What an installation accepts of events, as a person has decided in its settings.

And from when on records are taken not to fit together.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum


class Unknown(StrEnum):
    """What becomes of events that name what the registry does not know."""

    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Policy:
    unknown_parties: Unknown = Unknown.WARN
    unknown_products: Unknown = Unknown.WARN


@dataclass(frozen=True, slots=True)
class TracePolicy:
    """Thresholds of the gaps of a trace."""

    received_within: timedelta = timedelta(days=14)
    """After this time without a receipt, goods that were shipped count as never received."""
    balance_tolerance: Decimal = Decimal("0.02")
    """Share by which a process may make more than it took: scales differ."""
    fastest_kmh: float = 900
    """Faster than a passenger aircraft, one thing was not at both places."""
    clock_grace: timedelta = timedelta(minutes=15)
    """How much the clocks of two places may differ."""


TRACE_POLICY = TracePolicy()
