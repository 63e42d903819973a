"""Which reads become symbols: the bars decide, then agreement, and short symbols need both."""

import pytest

from scanner.confirm import Judgement
from scanner.engines import Found
from scanner.evidence import Evidence, overlap
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


CONFIRMED, OPEN, REFUTED = (
    Judgement("confirmed", 0.95), Judgement("open", 0.6), Judgement("refuted", 0.7),
)  # fmt: skip


@pytest.mark.parametrize(
    ("format_name", "reads", "sure"),
    [
        ("EAN-13", [("zxing", "1/1", CONFIRMED)], True),
        ("EAN-13", [("zxing", "1/1", OPEN)], False),
        ("EAN-13", [("zxing", "1/1", OPEN), ("zxing", "1/1 sharp", OPEN)], False),
        ("EAN-13", [("zxing", "1/1", OPEN), ("zbar", "1/1", OPEN)], True),
        ("EAN-13", [("zxing", "1/1", REFUTED), ("zbar", "1/1", OPEN)], False),
        ("EAN-8", [("zxing", "1/1", CONFIRMED)], True),
        ("EAN-8", [("zxing", "1/1 sharp", CONFIRMED)], False),
        ("EAN-8", [("zxing", "1/1 sharp", CONFIRMED), ("zxing", "1/1 x2", CONFIRMED)], True),
        ("EAN-8", [("zxing", "1/1", OPEN), ("zbar", "1/1", OPEN)], False),
        ("Code 39", [("zxing", "1/1", OPEN)], False),
        ("Code 39", [("zxing", "1/1", OPEN), ("zxing", "1/1 cut x1.4", OPEN)], True),
        ("Code 39", [("zxing", "1/1 sharp", OPEN), ("zxing", "1/1 sharp cut", OPEN)], False),
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


def test_a_line_without_height_in_a_changed_view_is_never_sure_by_agreement():
    evidence = Evidence()
    for stage in ("1/1 sharp", "1/1 sharp cut x1.4", "1/1 sharp cut x0.8"):
        evidence.add(read("12345", "Code 39"), THIN, stage, OPEN)
    assert evidence.symbols() == ()


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
