"""Exact sums of quantities in SQL, without leaving 64 bits.

A quantity is kept as a whole number of millionths; the sum of a few large ones can leave 64 bits,
which SQLite answers by an error. So whole units and the millionths beside them are summed apart.
"""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from traceability.db import from_micro

MILLION = 1_000_000


def exact_sum(quantity: Any) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Sums of the whole units and of the millionths left over, of a column of quantities."""
    micro = sa.type_coerce(quantity, sa.BigInteger)
    return sa.func.sum(micro // MILLION), sa.func.sum(micro % MILLION)


def quantity_of(whole: Any, millionths: Any) -> Any:
    """The two sums together; of an empty set, nothing."""
    return from_micro(int(whole or 0) * MILLION + int(millionths or 0))


def micro_of(quantity: Decimal) -> int:
    """A quantity in millionths, as its column keeps it.

    >>> micro_of(Decimal("2.5"))
    2500000
    """
    return int((quantity * MILLION).to_integral_value())


def split(micro: int) -> tuple[int, int]:
    """Whole units and millionths, both with the sign of the quantity, as SQL divides.

    >>> split(2_500_000), split(-2_500_000)
    ((2, 500000), (-2, -500000))
    """
    whole, part = divmod(abs(micro), MILLION)
    return (whole, part) if micro >= 0 else (-whole, -part)
