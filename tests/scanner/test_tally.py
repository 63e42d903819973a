"""What operators see of the workers: a bounded number of names, whatever a worker sends."""

import pytest

from scanner.reading import Reading, Symbol
from scanner.tally import Tally, stage_kind

CORNERS = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def reading(*read_by: str, **stages: float) -> Reading:
    symbol = Symbol("EAN-13", "9520123456788", b"", "]E0", CORNERS, 1.0, read_by)
    return Reading((symbol,), (), 100, 80, 5.0, stages)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("open", "open"),
        ("add-on", "add-on"),
        ("cut", "cut"),
        ("1/8", "whole"),
        ("1/2 turned 45", "whole changed"),
        ("1/1 region", "region"),
        ("1/1 region averaged sharp", "region changed"),
        ("frame-3:1/1", "frame"),
        ("1/3", "other"),
        ("", "other"),
        ("1/1 " + "x" * 100, "other"),
    ],
)
def test_a_stage_is_counted_under_one_of_few_names(name, kind):
    assert stage_kind(name) == kind


def test_time_is_summed_by_stage_in_seconds():
    tally = Tally()
    tally.add(reading(**{"1/4": 30.0, "1/2": 20.0}))
    tally.add(reading(**{"1/1": 450.0, "open": 100.0}))
    assert tally.seconds_by_stage() == pytest.approx({"whole": 0.5, "open": 0.1})


def test_a_symbol_counts_for_every_engine_that_read_it():
    tally = Tally()
    tally.add(reading("zxing", "zbar", "stage:1/4"))
    tally.add(reading("zxing", "stage:1/1 region"))
    tally.add(reading("an engine that there is not", "stage:1/4"))
    assert tally.reads() == {
        ("zxing", "whole"): 1, ("zbar", "whole"): 1, ("zxing", "region"): 1,
    }  # fmt: skip
