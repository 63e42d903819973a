"""How often one caller may ask.

Windows are kept in this process: a country-wide installation puts the limit of its proxy before
it. Counting costs a dictionary access, so the look-up path can afford it.
"""

import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


class TooManyRequestsError(Exception):
    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.code = "web.too-many-requests"
        self.retry_after = retry_after
        """Seconds until the window ends."""
        self.arguments = {"seconds": retry_after}


class RateLimit:
    """At most `amount` in `minutes` for each caller."""

    def __init__(self, amount: int, minutes: int = 1) -> None:
        self._item: RateLimitItem = RateLimitItemPerMinute(amount, minutes)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def hit(self, caller: str, cost: int = 1) -> None:
        """Count one request.

        Raises:
            TooManyRequestsError: the caller's window is used up.
        """
        if not self._limiter.hit(self._item, caller, cost=cost):
            raise TooManyRequestsError(self._seconds_left(caller))

    def check(self, caller: str) -> None:
        """Raise as `hit` would, without counting."""
        if not self._limiter.test(self._item, caller):
            raise TooManyRequestsError(self._seconds_left(caller))

    def _seconds_left(self, caller: str) -> int:
        reset_at = self._limiter.get_window_stats(self._item, caller).reset_time
        return max(1, int(reset_at - time.time()))
