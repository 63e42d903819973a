"""What an outside invoice registry says of an invoice, or why it could not be asked.

Tax authorities keep a register of every e-invoice. It is asked with the key of an invoice and
nothing else, and answers with the invoice's standing there. Both outcomes are values: a registry
that is down is no error of ours, and whoever asked carries on.

>>> from datetime import UTC
>>> key = InvoiceKey("9999100017", "1", "C26TAA", 12)
>>> RegistryAnswer(key, InvoiceStatus.UNKNOWN, datetime(2026, 11, 23, tzinfo=UTC)).total is None
True
>>> Unavailable(Reason.TIMEOUT).reason
<Reason.TIMEOUT: 'timeout'>
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from traceability.invoices.symbol import InvoiceKey


class InvoiceStatus(StrEnum):
    """Standing of an invoice in the registry."""

    ORIGINAL = "original"
    """In force as it was issued."""
    REPLACED = "replaced"
    """Another invoice stands in its place: it counts nothing."""
    ADJUSTED = "adjusted"
    """In force, with another invoice that adds to it or takes from it."""
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """The registry holds no invoice of this key; it may have been sent late."""


class Reason(StrEnum):
    """Why there is no answer."""

    TIMEOUT = "timeout"
    CONNECTION = "connection"
    """Refused, reset, no such host, or cut off in the middle."""
    CERTIFICATE = "certificate"
    """The server could not prove who it is."""
    BUSY = "busy"
    """It asked to be left alone for a while: 429, or 503 with Retry-After."""
    FAILING = "failing"
    """It answered with an error of its own: 5xx."""
    REFUSED = "refused"
    """It does not accept our token: 401, 403."""
    MALFORMED = "malformed"
    """Its answer is no answer of the agreed form, or is about another invoice."""
    RESTING = "resting"
    """It failed so often that it is not asked for a while."""


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    key: InvoiceKey
    status: InvoiceStatus
    as_of: datetime
    """Date of the registry's data, as it says itself; UTC."""
    total: Decimal | None = None
    """With tax, in `currency`; None where the registry tells none."""
    currency: str = "VND"
    seller_name: str | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    reason: Reason


Outcome = RegistryAnswer | Unavailable


class InvoiceRegistry(Protocol):
    """A registry that can be asked about one invoice at a time, from several threads."""

    @property
    def source(self) -> str:
        """Which registry it is, as people are told: its host."""

    def look_up(self, key: InvoiceKey, within: float) -> Outcome:
        """Ask about one invoice; raises nothing for what is wrong over there.

        Args:
            key: all that is told of the invoice.
            within: seconds after which no answer is waited for.
        """

    def statistics(self) -> Mapping[str, int]:
        """Counts by outcome since the start, and whether the circuit breaker is open."""

    def close(self) -> None:
        """Let go of connections."""
