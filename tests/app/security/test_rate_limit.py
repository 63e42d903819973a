"""How often one caller may ask."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.security import rate_limit
from app.security.rate_limit import RateLimit, TooManyRequestsError


class Clock:
    def __init__(self) -> None:
        self.now = 600.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(rate_limit, "time", clock)
    return clock


def test_one_more_than_allowed_is_refused_until_the_window_ends(clock: Clock) -> None:
    limit = RateLimit(2)
    limit.hit("a")
    limit.hit("a")
    clock.now += 20
    with pytest.raises(TooManyRequestsError) as refused:
        limit.hit("a")
    assert refused.value.retry_after == 40
    clock.now += 40
    limit.hit("a")


def test_callers_are_counted_apart(clock: Clock) -> None:
    limit = RateLimit(1)
    limit.hit("a")
    limit.hit("b")


def test_what_costs_more_than_is_left_is_refused_and_not_counted(clock: Clock) -> None:
    limit = RateLimit(12)
    limit.hit("a", cost=10)
    with pytest.raises(TooManyRequestsError):
        limit.hit("a", cost=10)
    limit.hit("a", cost=2)


def test_what_is_given_back_was_not_counted(clock: Clock) -> None:
    limit = RateLimit(1)
    for _ in range(5):
        limit.hit("a")
        limit.give_back("a")
    limit.hit("a")
    with pytest.raises(TooManyRequestsError):
        limit.hit("a")


def test_a_longer_window_is_that_long(clock: Clock) -> None:
    limit = RateLimit(1, minutes=15)
    clock.now = 900.0
    limit.hit("a")
    clock.now += 899
    with pytest.raises(TooManyRequestsError) as refused:
        limit.hit("a")
    assert refused.value.retry_after == 1


def test_threads_cannot_ask_more_often_together(clock: Clock) -> None:
    limit = RateLimit(100)

    def hit(_: int) -> bool:
        try:
            limit.hit("a")
        except TooManyRequestsError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(hit, range(400))) == 100
