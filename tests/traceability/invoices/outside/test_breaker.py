"""When nobody is asked, and who is let through to try."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.traceability.invoices.outside.conftest import Time
from traceability.invoices.outside.breaker import CircuitBreaker, State


@pytest.fixture
def breaker(time: Time) -> CircuitBreaker:
    return CircuitBreaker(failures=3, rest_s=30, clock=time.clock)


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        assert breaker.enter()
        breaker.failed()


def test_it_opens_after_failures_in_a_row_alone(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.state is State.CLOSED
    fail(breaker, 1)
    assert breaker.state is State.OPEN
    assert not breaker.enter()


def test_of_many_that_come_when_the_rest_is_over_one_tries(
    breaker: CircuitBreaker, time: Time
) -> None:
    fail(breaker, 3)
    time.at += 30
    assert breaker.state is State.HALF_OPEN
    with ThreadPoolExecutor(8) as threads:
        let_in = list(threads.map(lambda _: breaker.enter(), range(32)))
    assert let_in.count(True) == 1


def test_a_try_that_fails_opens_it_again_at_once(breaker: CircuitBreaker, time: Time) -> None:
    fail(breaker, 3)
    time.at += 30
    fail(breaker, 1)
    assert breaker.state is State.OPEN
    time.at += 29
    assert not breaker.enter()


def test_a_try_that_never_comes_back_does_not_keep_it_shut(
    breaker: CircuitBreaker, time: Time
) -> None:
    fail(breaker, 3)
    time.at += 30
    assert breaker.enter()
    time.at += 30
    assert breaker.enter()


def test_calls_that_began_before_it_opened_do_not_make_the_rest_longer(
    breaker: CircuitBreaker, time: Time
) -> None:
    for _ in range(5):
        assert breaker.enter()
    for _ in range(3):
        breaker.failed()
    time.at += 20
    breaker.failed()
    breaker.failed()
    time.at += 10
    assert breaker.enter()


def test_a_rest_that_was_asked_for_begins_at_once_and_is_never_shortened(
    breaker: CircuitBreaker, time: Time
) -> None:
    breaker.failed(rest_s=100)
    breaker.failed(rest_s=5)
    time.at += 99
    assert not breaker.enter()
    time.at += 1
    assert breaker.enter()
