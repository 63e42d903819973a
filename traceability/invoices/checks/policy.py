"""Tolerances and windows of the origin checks.

The version goes with each answer, so that it can be computed again. Change a number, and the
version changes with it.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    version: str = "2026.2"
    quantity_tolerance: Decimal = Decimal("0.02")
    """Share of what was bought that may be missing: breakage, weighing, samples."""
    late_invoice: timedelta = timedelta(days=15)
    """An invoice may be issued this long after its goods: by ten-day statements, and posts."""
    in_transit: timedelta = timedelta(hours=72)
    """After an inspection began, papers for goods that were on their way may still come."""
    pack_sizes: tuple[int, ...] = (6, 10, 12, 20, 24, 30, 36, 40, 48, 50, 100)
    """What one unit is often mistaken for: a carton entered as a piece, or the other way."""
    pack_tolerance: float = 0.15
    """How near a ratio must be to a pack size to be taken for a mistaken unit."""
    price_z: float = 4.0
    """Robust z of the logarithm of a unit price from which it stands out."""
    price_least: int = 8
    """Prices of one product in one month without which none stands out."""
    price_spread: float = 0.05
    """Least spread of logarithms taken for normal: equal list prices make none."""
    circle_within: timedelta = timedelta(days=30)
    circle_longest: int = 6
    """Sales of one circle."""
    circle_tolerance: Decimal = Decimal("0.10")
    """Share by which quantities along a circle may differ."""
    number_slack: timedelta = timedelta(days=1)
    """A higher number may carry a date this much earlier: signed overnight."""
    petrol_sales: Decimal = Decimal("0.01")
    """Share of pump sales without an invoice, or of invoices without a sale, for lost data."""
    petrol_price: Decimal = Decimal("0.005")
    """Share by which a price may differ from the declared one: rounding."""
    listed: int = 50
    """Observations of one check that are told singly; the rest is counted."""


POLICY = CheckPolicy()
