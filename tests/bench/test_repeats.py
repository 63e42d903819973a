"""The simulated population, small: what the thresholds do to honest people and to copied codes."""

from dataclasses import replace

import pytest

from bench import repeats
from bench.repeats_people import USUAL, Population
from traceability.verification.policy import POLICY

UNITS, CODES, SEED = 3000, 300, 7


@pytest.fixture(scope="module")
def measured() -> dict[int, repeats.Measured]:
    policies = [replace(POLICY, repeat_devices=each) for each in (4, 5, 6)]
    found = repeats.measure(USUAL, UNITS, CODES, [SEED], policies)
    return {p.repeat_devices: each for p, each in zip(policies, found, strict=True)}


def test_by_the_fifth_copy_nearly_every_copied_code_is_found(
    measured: dict[int, repeats.Measured],
) -> None:
    assert measured[POLICY.repeat_devices].detected.percent >= 93


def test_few_honest_looks_are_told_to_take_care(measured: dict[int, repeats.Measured]) -> None:
    assert measured[POLICY.repeat_devices].alarms.percent <= 0.25


def test_one_device_fewer_warns_honest_people_and_one_more_misses_copies(
    measured: dict[int, repeats.Measured],
) -> None:
    assert measured[4].alarms.percent > 2 * measured[5].alarms.percent
    assert measured[6].detected.percent < 80


def test_the_service_says_the_same_as_the_simulation() -> None:
    looks, wrong = repeats.differing(replace(USUAL, located=0.9, again=0.5), SEED, 16)
    assert looks > 30
    assert wrong == 0


def test_a_seed_makes_the_same_people_again() -> None:
    first, second = (Population(USUAL, 3) for _ in range(2))
    assert [first.honest() for _ in range(20)] == [second.honest() for _ in range(20)]
    assert first.cloned(5) == second.cloned(5)


def test_browsers_that_keep_nothing_show_new_marks_and_applications_none() -> None:
    nothing_kept = replace(USUAL, keeping=0.0, reloaded=1.0, located=0.0)
    looks = Population(nothing_kept, SEED).honest().looks
    assert len({look.phone for look in looks}) == len(looks) >= 2
    applications = Population(replace(nothing_kept, located=1.0), SEED).honest().looks
    assert {look.phone for look in applications} == {None}


def test_the_interval_of_false_alarms_is_wider_where_they_come_together() -> None:
    together = [(10, 10), *[(0, 1)] * 990]
    apart = [*[(1, 1)] * 10, *[(0, 1)] * 990]
    spread = [each.high - each.low for each in map(repeats.share_of_looks, (together, apart))]
    assert spread[0] > 2 * spread[1]
