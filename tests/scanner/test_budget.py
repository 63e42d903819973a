"""Nothing begins that would not end in time."""

from types import SimpleNamespace

import pytest

from scanner import budget
from scanner.budget import Budget


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(budget, "time", SimpleNamespace(perf_counter=lambda: now.seconds))
    return now


def test_a_search_that_would_end_late_is_not_affordable(clock):
    spending = Budget(1.5)
    assert spending.affords("zxing", 1_000_000)
    clock.seconds += 1.38
    assert not spending.affords("zxing", 1_000_000)


def test_the_slowest_search_foretells_the_next(clock):
    spending = Budget(1.5)
    spending.record("zbar", pixels=500_000, seconds=0.5)
    spending.record("zbar", pixels=500_000, seconds=0.01)
    assert not spending.affords("zbar", 2_000_000)
    assert spending.affords("zxing", 2_000_000)


def test_a_search_of_few_pixels_says_nothing_of_the_pace(clock):
    spending = Budget(1.5)
    spending.record("zxing", pixels=100, seconds=0.1)
    assert spending.affords("zxing", 1_000_000)


def test_the_time_is_over_before_the_deadline(clock):
    spending = Budget(1.5)
    clock.seconds += 1.45
    assert spending.is_spent


def test_time_is_counted_by_stage(clock):
    spending = Budget(1.5)
    for _ in range(2):
        with spending.timed("open"):
            clock.seconds += 0.25
    assert spending.stages == pytest.approx({"open": 500})
    assert spending.ms == pytest.approx(500)
