"""How often one caller may ask, in fixed windows.

Windows are kept in this process: a country-wide installation puts the limit of its proxy before
it. Kept here rather than by a library because every public look-up passes through it: a lock and
two dictionary accesses take about a microsecond, the library tried took forty and started threads.
"""

import time
from threading import Lock


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
        self._amount, self._seconds = amount, minutes * 60
        self._window = 0
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def hit(self, caller: str, cost: int = 1) -> None:
        """Count one request.

        Raises:
            TooManyRequestsError: the caller's window is used up.
        """
        self._count(caller, cost)

    def give_back(self, caller: str) -> None:
        """Take one `hit` back: what was counted beforehand turned out to be nothing to count."""
        self._count(caller, -1)

    def _count(self, caller: str, cost: int) -> None:
        now = time.monotonic()
        with self._lock:
            window = int(now // self._seconds)
            if window != self._window:
                # All windows end together, so that forgetting them is one step.
                self._window, self._counts = window, {}
            used = self._counts.get(caller, 0)
            refused = used + cost > self._amount
            if not refused:
                self._counts[caller] = max(used + cost, 0)
        if refused:
            raise TooManyRequestsError(max(1, int((window + 1) * self._seconds - now)))
