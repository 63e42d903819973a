"""How long to wait before a question is asked again: full jitter, and what the server asked for.

Full jitter draws the pause evenly from zero up to a bound that doubles with each attempt, so that
many clients that failed together do not come back together.

>>> pause(1, draw=lambda low, high: high), pause(3, draw=lambda low, high: high)
(0.1, 0.4)
>>> pause(99, draw=lambda low, high: high)
1.0
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BASE_S = 0.1
CAP_S = 1.0
MAX_RETRY_AFTER_S = 300.0
"""A server that asks to be left alone for longer is asked again after five minutes."""

Draw = Callable[[float, float], float]


def pause(attempt: int, draw: Draw = random.uniform) -> float:
    """Seconds to wait after the `attempt`-th attempt (from 1) has failed."""
    return draw(0.0, min(CAP_S, BASE_S * 2 ** min(attempt - 1, 30)))


def retry_after(header: str | None, at: datetime) -> float | None:
    """Seconds of a Retry-After header (RFC 9110, 10.2.3), at most five minutes.

    None where there is none, or it is not understood.

    >>> at = datetime(2026, 11, 23, 8, 0, 0, tzinfo=UTC)
    >>> retry_after("20", at), retry_after("99999", at), retry_after("soon", at)
    (20.0, 300.0, None)
    >>> retry_after("Mon, 23 Nov 2026 08:00:10 GMT", at)
    10.0
    """
    text = (header or "").strip()[:40]
    if text.isascii() and text.isdigit():
        return min(float(text), MAX_RETRY_AFTER_S)
    try:
        asked = parsedate_to_datetime(text)
    except ValueError:
        return None
    if asked.tzinfo is None:
        asked = asked.replace(tzinfo=UTC)
    return min(max((asked - at).total_seconds(), 0.0), MAX_RETRY_AFTER_S)
