"""A circuit breaker: who has failed several times running is not asked for a while.

    closed ──`failures` in a row──▶ open ──`rest_s` later──▶ half-open ──success──▶ closed
                                     ▲                          │
                                     └─────────failure──────────┘

Half-open lets one call through to try. Without a breaker every scan would wait for the time-out of
a registry that is down, and a registry that struggles would be kept under by those who ask again.

>>> time = [0.0]
>>> breaker = CircuitBreaker(failures=2, rest_s=30, clock=lambda: time[0])
>>> for _ in range(2):
...     assert breaker.enter()
...     breaker.failed()
>>> breaker.state, breaker.enter()
(<State.OPEN: 'open'>, False)
>>> time[0] = 30.0
>>> breaker.enter(), breaker.enter()  # one call tries, the others wait for what it finds
(True, False)
>>> breaker.succeeded()
>>> breaker.state
<State.CLOSED: 'closed'>
"""

import threading
import time
from collections.abc import Callable
from enum import StrEnum


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class CircuitBreaker:
    """One for each process and registry; safe to share between threads.

    Args:
        failures: calls that must fail in a row before it opens.
        rest_s: seconds for which nobody is let through.
        clock: seconds that only go forward.
    """

    def __init__(
        self, failures: int = 5, rest_s: float = 30, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._failures, self._rest_s, self._clock = failures, rest_s, clock
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._until: float | None = None
        """When the rest ends; None while closed."""
        self._trying_until: float | None = None
        """A call that tries has this long to come back; then another one may."""

    @property
    def state(self) -> State:
        with self._lock:
            if self._until is None:
                return State.CLOSED
            return State.OPEN if self._clock() < self._until else State.HALF_OPEN

    def enter(self) -> bool:
        """Whether a call may be made now; it must end in `succeeded` or `failed`."""
        with self._lock:
            if self._until is None:
                return True
            at = self._clock()
            if at < self._until or (self._trying_until is not None and at < self._trying_until):
                return False
            self._trying_until = at + self._rest_s
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._in_a_row, self._until, self._trying_until = 0, None, None

    def failed(self, rest_s: float | None = None) -> None:
        """Count a failure; with `rest_s` open at once, for at least that long.

        A call that began before the breaker opened and fails after it adds nothing.
        """
        with self._lock:
            self._in_a_row += 1
            trying, self._trying_until = self._trying_until is not None, None
            if rest_s is not None:
                self._until = max(self._until or 0.0, self._clock() + rest_s)
            elif trying or (self._until is None and self._in_a_row >= self._failures):
                self._until = self._clock() + self._rest_s
