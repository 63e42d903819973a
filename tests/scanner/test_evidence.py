"""Which reads become symbols: the bars decide, then agreement, and short symbols need both."""

import pytest

from scanner.confirm import Judgement
from scanner.engines import Found
from scanner.evidence import Evidence
from scanner.likelihood import Explanation
from scanner.place import overlap
from scanner.reading import Position

HERE: Position = ((100, 100), (300, 100), (300, 180), (100, 180))
THIN: Position = ((100, 100), (300, 100), (300, 101), (100, 101))
ELSEWHERE: Position = ((600, 100), (800, 100), (800, 180), (600, 180))


def read(text: str, format_name: str = "EAN-13", engine: str = "zxing") -> Found:
    return Found(engine, format_name, text, text.encode(), None, HERE)


def told(evidence: Evidence) -> tuple[list[str], list[tuple[str, str]]]:
    return (
        [symbol.text for symbol in evidence.symbols()],
        [(doubtful.symbol.text, doubtful.reason) for doubtful in evidence.unconfirmed()],
    )


CONFIRMED, FAIR, OPEN, REFUTED = (
    Judgement("confirmed", 0.95), Judgement("confirmed", 0.83), Judgement("open", 0.6),
    Judgement("refuted", 0.7),
)  # fmt: skip


@pytest.mark.parametrize(
    ("format_name", "reads", "sure"),
    [
        ("EAN-13", [("zxing", "1/1", CONFIRMED)], True),
        ("EAN-13", [("zxing", "1/1", OPEN)], False),
        ("EAN-13", [("zxing", "1/1", OPEN), ("zxing", "1/1 sharp", OPEN)], False),
        ("EAN-13", [("zxing", "1/1", OPEN), ("zbar", "1/1", OPEN)], True),
        ("EAN-13", [("zxing", "1/1", REFUTED), ("zbar", "1/1", OPEN)], False),
        ("EAN-13", [("zxing", "1/1 sharp", FAIR), ("zxing", "1/1 sharp cut x1.4", FAIR)], False),
        ("EAN-13", [("zxing", "1/1 sharp", FAIR), ("zxing", "1/1", OPEN)], True),
        ("EAN-13", [("zxing", "1/1 sharp", CONFIRMED)], True),
        ("EAN-13", [("zxing", "1/1 sharp", CONFIRMED), ("zxing", "1/1 x2", REFUTED)], False),
        ("EAN-13", [("zxing", "1/1", CONFIRMED), ("zxing", "1/1 sharp", REFUTED)], True),
        ("EAN-8", [("zxing", "1/1", CONFIRMED)], True),
        ("EAN-8", [("zxing", "1/1 sharp", CONFIRMED)], False),
        ("EAN-8", [("zxing", "1/1 sharp", CONFIRMED), ("zxing", "1/1 x2", CONFIRMED)], True),
        ("EAN-8", [("zxing", "1/1", OPEN), ("zbar", "1/1", OPEN)], False),
        ("Code 39", [("zxing", "1/1", OPEN)], False),
        ("Code 39", [("zxing", "1/1", OPEN), ("zxing", "1/1 cut x1.4", OPEN)], True),
        ("Code 39", [("zxing", "1/1 sharp", OPEN), ("zxing", "1/1 sharp cut", OPEN)], False),
        ("Code 39", [("zxing", "1/1", OPEN), ("zxing", "1/1 cut sharp", OPEN)], False),
        ("Code 39", [("zxing", "1/1", OPEN), ("zxing", "1/1 straight", OPEN)], False),
        ("QR Code", [("zxing", "1/1", CONFIRMED)], True),
        ("Micro QR Code", [("zxing", "1/1", OPEN)], False),
        ("Micro QR Code", [("zxing", "1/1", OPEN), ("zxing", "1/1 cut x1.4", OPEN)], True),
        ("Micro QR Code", [("zxing", "1/1 sharp", OPEN), ("zxing", "1/1 sharp cut", OPEN)], False),
    ],
)
def test_what_makes_a_read_sure(format_name, reads, sure):
    evidence = Evidence()
    for engine, stage, judgement in reads:
        evidence.add(read("12345", format_name, engine), HERE, stage, judgement)
    assert (len(evidence.symbols()), len(evidence.unconfirmed())) == (int(sure), int(not sure))


@pytest.mark.parametrize("line", [THIN, ((100, 100), (300, 100), (280, 101), (130, 101))])
def test_a_line_without_height_in_a_changed_view_is_never_sure_by_agreement(line):
    evidence = Evidence()
    for stage in ("1/1 sharp", "1/1 sharp cut x1.4", "1/1 sharp cut x0.8"):
        evidence.add(read("12345", "Code 39"), line, stage, OPEN)
    assert evidence.symbols() == ()


def test_one_scan_line_of_an_itf_is_never_sure():
    """It may have come in through the upper edge: lines apart have to agree."""
    evidence = Evidence()
    for stage in ("1/1", "1/1 strip", "1/1 cut x1.4"):
        evidence.add(read("07654465533080", "ITF"), THIN, stage, OPEN)
    assert told(evidence) == ([], [("07654465533080", "second-read-missing")])
    evidence.add(read("07654465533080", "ITF"), HERE, "1/1 cut x0.8", OPEN)
    assert told(evidence)[0] == ["07654465533080"]


@pytest.mark.parametrize("part", ["076544655330", "4465533080", "54465533"])
def test_of_an_itf_in_one_place_the_longest_reading_stands(part):
    """Scan lines that come in through an edge read the first or last digits as if they were all."""
    evidence = Evidence()
    for stage in ("1/1", "1/1 strip", "1/1 cut x1.4"):
        evidence.add(read(part, "ITF"), HERE, stage, OPEN)
    assert [symbol.text for symbol in evidence.symbols()] == [part]
    for stage in ("1/1", "1/1 strip"):
        evidence.add(read("07654465533080", "ITF"), HERE, stage, OPEN)
    assert told(evidence)[0] == ["07654465533080"]


@pytest.mark.parametrize(
    ("digits", "height", "stage", "sure"),
    [
        ("07654465533080", 10, "1/1 region", True),
        ("5465533080", 10, "1/1 region", False),
        ("5465533080", 30, "1/1 region", True),
        ("681443", 30, "1/1 region", False),
        ("681443", 10, "1/1", True),
    ],
)
def test_a_changed_view_shows_an_itf_of_no_carton_only_tall_and_never_one_of_six_digits(
    digits, height, stage, sure
):
    across: Position = ((100, 100), (300, 100), (300, 100 + height), (100, 100 + height))
    evidence = Evidence()
    for change in ("", " cut x1.4", " cut x0.8"):
        evidence.add(read(digits, "ITF"), across, stage + change, OPEN)
    assert [symbol.text for symbol in evidence.symbols()] == [digits] * sure


@pytest.mark.parametrize(
    ("left", "reads", "sure"), [(100, 2, True), (300, 3, False), (300, 4, True)]
)
def test_rows_of_a_stacked_symbol_that_lie_askew_have_to_be_read_more_often(left, reads, sure):
    position: Position = ((100, 100), (300, 100), (left + 200, 180), (left, 180))
    evidence = Evidence()
    for stage in ("1/1", "1/1 cut x1.4", "1/1 cut x0.8", "1/1 cut turned 4")[:reads]:
        evidence.add(read("0195201234567884", "DataBar Stacked"), position, stage, OPEN)
    assert bool(evidence.symbols()) == sure


@pytest.mark.parametrize(("fit", "sure"), [(0.92, False), (0.95, True)])
def test_where_bars_were_seen_that_make_no_number_another_must_fit_better_than_well(fit, sure):
    broken = Explanation("6911851813753", fit=0.91, margin=0.02, excess=0.33)
    evidence = Evidence()
    evidence.add(read("0924051613753"), HERE, "1/1", Judgement("refuted", 0.83, broken))
    evidence.add(read("5917052813753"), HERE, "1/1", Judgement("confirmed", fit))
    assert bool(evidence.symbols()) == sure


def test_bars_that_fit_well_stand_whatever_else_was_read():
    evidence = Evidence()
    evidence.add(read("9520123456788"), HERE, "1/1", CONFIRMED)
    evidence.add(read("0181460126582"), HERE, "1/1 sharp", OPEN)
    assert told(evidence)[0] == ["9520123456788"]


def test_a_doubtful_read_is_not_told_where_something_sure_was_found():
    evidence = Evidence()
    evidence.add(read("9074932437075"), HERE, "1/1", REFUTED)
    assert told(evidence) == ([], [("9074932437075", "profile-disagrees")])
    evidence.add(read("0023942431015"), HERE, "1/1", CONFIRMED)
    assert told(evidence) == (["0023942431015"], [])


def test_of_two_linear_symbols_in_one_place_the_surer_is_told():
    evidence = Evidence()
    evidence.add(read("0023942431015"), HERE, "1/1", Judgement("confirmed", 0.8))
    evidence.add(read("9074932437075"), HERE, "1/1", Judgement("confirmed", 0.9))
    assert told(evidence)[0] == ["9074932437075"]


def test_the_same_number_in_two_places_is_two_symbols():
    evidence = Evidence()
    evidence.add(read("9520123456788"), HERE, "1/1", CONFIRMED)
    evidence.add(read("9520123456788"), ELSEWHERE, "1/1", CONFIRMED)
    assert [symbol.position for symbol in evidence.symbols()] == [HERE, ELSEWHERE]


def test_a_matrix_symbol_beside_a_linear_one_is_not_merged_with_it():
    evidence = Evidence()
    matrix = Found("zxing", "QR Code", "link", b"link", "]Q1", HERE, corrected=1.0)
    evidence.add(read("9520123456788"), HERE, "1/1", CONFIRMED)
    evidence.add(matrix, HERE, "1/1", Judgement("confirmed", 1.0))
    assert told(evidence)[0] == ["9520123456788", "link"]


def test_symbols_side_by_side_do_not_overlap():
    assert overlap(HERE, THIN)
    assert not overlap(HERE, ELSEWHERE)


def test_part_of_a_carton_is_no_taller_for_a_second_look_that_was_tilted():
    evidence = Evidence()
    part = read("79271834", "ITF")
    evidence.add(part, THIN, "1/4", OPEN)
    evidence.add(part, HERE, "1/4 cut turned 4", OPEN)
    assert told(evidence) == ([], [("79271834", "second-read-missing")])


def test_of_two_codes_in_one_place_the_one_read_in_clearly_more_ways_stands():
    evidence = Evidence()
    for stage in ("1/4", "1/4 cut x0.8"):
        evidence.add(read("%OT,:7", "Code 128"), HERE, stage, OPEN)
    for stage in ("1/2", "1/2 strip"):
        evidence.add(read("LOT2610", "Code 128"), HERE, stage, OPEN)
    assert told(evidence)[0] == []
    assert [text for text, _ in told(evidence)[1]] == ["%OT,:7", "LOT2610"]
    for stage in ("1/1", "1/1 strip"):
        evidence.add(read("LOT2610", "Code 128"), HERE, stage, OPEN)
    assert told(evidence) == (["LOT2610"], [])


def test_two_ean_that_both_fit_clearly_in_one_place_are_not_sure():
    evidence = Evidence()
    evidence.add(read("9520123456788"), HERE, "1/1", Judgement("confirmed", 0.93))
    evidence.add(read("9521101000016"), HERE, "1/1", Judgement("confirmed", 0.94))
    assert evidence.symbols() == ()


@pytest.mark.parametrize(("bottom", "sure"), [(110, False), (130, True)])
def test_what_zbar_alone_reads_along_one_thin_line_may_be_of_two_symbols(bottom, sure):
    line: Position = ((100, 100), (300, 100), (300, bottom), (100, bottom))
    evidence = Evidence()
    evidence.add(read("9520123456788", engine="zbar"), line, "1/1", CONFIRMED)
    assert bool(evidence.symbols()) == sure


@pytest.mark.parametrize(("end", "sure"), [(0.1, True), (0.25, False)])
def test_a_databar_in_the_negative_has_ground_as_light_as_its_spaces(end, sure):
    evidence = Evidence()
    for stage in ("1/1 negative", "1/1 negative strip", "1/1 region negative cut x0.8"):
        judgement = Judgement("open", 0.5, ends=(0.0, end))
        evidence.add(read("0199059458920259", "DataBar"), HERE, stage, judgement)
    assert (len(evidence.symbols()), len(evidence.unconfirmed())) == (int(sure), int(not sure))


def test_a_databar_in_the_dark_is_sure_unless_its_negative_says_another():
    dark = Judgement("open", 0.5, ends=(0.5, 0.6))
    evidence = Evidence()
    for stage, sure in (("1/1", False), ("1/1 strip", False), ("1/1 cut x0.8", True)):
        evidence.add(read("0109520123456788", "DataBar"), HERE, stage, dark)
        assert bool(evidence.symbols()) == sure
    evidence.add(read("0199059458920259", "DataBar"), HERE, "1/1 cut negative", OPEN)
    assert evidence.symbols() == ()


@pytest.mark.parametrize(("bars_end", "texts"), [(180, ["FIRST", "SECOND"]), (250, [])])
def test_codes_of_one_kind_close_together_are_two_unless_their_bars_run_on(bars_end, texts):
    first: Position = ((100, 100), (300, 100), (300, 180), (100, 180))
    below: Position = ((100, 190), (300, 190), (300, 200), (100, 200))
    bars: Position = ((100, 100), (300, 100), (300, bars_end), (100, bars_end))
    evidence = Evidence()
    for stage in ("1/1", "1/1 strip"):
        evidence.add(read("FIRST", "Code 39"), first, stage, OPEN, lambda: bars)
        evidence.add(read("SECOND", "Code 39"), below, stage, OPEN)
    assert told(evidence)[0] == texts


def test_a_read_of_the_same_pixels_is_examined_once():
    evidence, found = Evidence(), read("9520123456788")
    assert [evidence.is_new("1/1", found) for _ in range(2)] == [True, False]
    assert [evidence.is_new("1/1", found, HERE) for _ in range(2)] == [True, False]
    assert evidence.is_new("1/1", found, ELSEWHERE)
    assert evidence.is_new("1/1 negative", found)
    assert evidence.is_new("1/1", read("9520123456788", engine="zbar"))
