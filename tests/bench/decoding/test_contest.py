from collections.abc import Iterator

import pytest

from bench.decoding import tables, timing
from bench.decoding.contest import Contest, Outcome, Shown, percentile
from bench.decoding.contestants import ALL, OURS, PYZBAR, ZXING
from bench.decoding.scoring import Truth
from scanner.dimensions import Symbology
from scanner.render import render, render_ean13

LABEL = render_ean13("9520123456788", "png")
SHORT = render(Symbology.EAN_8, "95201238", "png")

SHOWN = (
    Shown("right", LABEL, Truth(("9520123456788",)), "EAN-13"),
    Shown("mislabelled", SHORT, Truth(("95201255",)), "EAN-8"),
)


@pytest.fixture(scope="module")
def outcome() -> Iterator[Outcome]:
    with Contest(deadline=1.5) as contest:
        yield contest.run(SHOWN)


def test_all_of_them_answer_for_every_picture(outcome: Outcome) -> None:
    assert set(outcome.tallies) == set(ALL)
    reading = (tally for name, tally in outcome.tallies.items() if name != PYZBAR)
    assert {(t.pictures, t.right, t.wrong) for t in reading} == {(2, 1, 1)}
    assert [rights[OURS] for rights in outcome.rights] == [True, False]


def test_each_kind_of_symbol_is_counted_apart(outcome: Outcome) -> None:
    right = {kind: tallies[ZXING].right for kind, tallies in outcome.by_kind.items()}
    assert right == {"EAN-13": 1, "EAN-8": 0}


def test_our_wrong_reads_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with Contest(1.5, (OURS,)) as contest:
        contest.run(SHOWN)
    assert capsys.readouterr().err == "wrong: mislabelled: nguon EAN-8 '95201238'\n"


def test_a_miss_is_told_with_those_who_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Shown("only zxing", LABEL, Truth(("9520123456788",)), "EAN-13")
    with Contest(0.0, (ZXING,)) as contest:
        contest.run([shown])
    assert capsys.readouterr().err == ""  # nobody missed what ours was not asked for


def test_the_ratio_is_to_the_fastest_that_read_it(outcome: Outcome) -> None:
    figures = timing.small([outcome])
    [median] = [figure for name, (figure, _) in figures.items() if "median of 1" in name]
    times = {name: tally.ms[0] for name, tally in outcome.tallies.items()}
    singles = [times[name] for name in (PYZBAR, ZXING) if outcome.rights[0][name]]
    assert median == pytest.approx(times[OURS] / min(singles), abs=0.001)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 3), (0.95, 4), (1.0, 4)])
def test_percentiles(share: float, value: float) -> None:
    assert percentile([4, 1, 3, 2], share) == value


def test_the_tables_say_what_met_its_target(
    outcome: Outcome, capsys: pytest.CaptureFixture[str]
) -> None:
    tables.show({"sets": {"ITF": outcome.as_dict()}, "traps": {"two halves": outcome.as_dict()}})
    shown = capsys.readouterr().out
    assert "32 / 0" in shown
    assert "no" in shown
    assert "two halves" in shown
