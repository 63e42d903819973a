import doctest

import pytest

from bench.decoding import scoring
from bench.decoding.contestants import Answer, Read
from bench.decoding.scoring import Tally, Truth, same


def test_the_examples_run() -> None:
    assert doctest.testmod(scoring).failed == 0


@pytest.mark.parametrize(
    ("read", "expected", "symbology"),
    [
        ("0012345678905", "012345678905", "EAN-13"),
        ("]C1010952012345678810AB\x1d21C", "010952012345678810AB21C", "Code 128"),
        ("(01)09520123456788", "0109520123456788", "DataBar"),
        ("0109520123456788", "09520123456788", "DataBar"),
        ("01245714", "012100004574", "UPC-E"),
        ("WORDS", "WORDS\r\n", "QR Code"),
    ],
)
def test_spellings_of_the_same(read: str, expected: str, symbology: str) -> None:
    assert same(read, expected, symbology)


@pytest.mark.parametrize(
    ("read", "expected", "symbology"),
    [
        ("9520123456771", "9520123456788", "EAN-13"),
        ("12345670", "012345000070", "EAN-8"),
        ("words", "WORDS", "QR Code"),
        ("533080", "07654465533080", "ITF"),
        ("", "", "QR Code"),
    ],
)
def test_texts_that_differ(read: str, expected: str, symbology: str) -> None:
    assert same(read, expected, symbology) == (read == expected)


TRUTH = Truth(("9520123456788", "8801234567893"), also=("12",))


def reads(*texts: str, symbology: str = "EAN-13") -> tuple[Read, ...]:
    return tuple(Read(symbology, text, text.encode()) for text in texts)


def counted(truth: Truth, *answers: Answer) -> Tally:
    tally = Tally()
    for answer in answers:
        tally.add("a picture", truth, answer)
    return tally


def test_a_picture_is_right_with_one_of_its_symbols_and_every_symbol_is_counted() -> None:
    tally = counted(TRUTH, Answer(reads("9520123456788"), 5), Answer((), 7))
    assert (tally.pictures, tally.right, tally.wrong) == (2, 1, 0)
    assert (tally.symbols, tally.found) == (4, 1)
    assert tally.ms == [5, 7]


def test_a_picture_may_be_right_and_wrong() -> None:
    tally = counted(TRUTH, Answer(reads("9520123456788", "9520123456771"), 5))
    assert (tally.right, tally.wrong) == (1, 1)
    assert tally.wrong_reads == [("a picture", "EAN-13", "9520123456771")]


def test_an_add_on_is_neither() -> None:
    tally = counted(TRUTH, Answer(reads("12"), 5), Answer(reads("51299", symbology="EAN5"), 5))
    assert (tally.right, tally.wrong) == (0, 0)


def test_what_is_given_as_unconfirmed_is_neither_but_counted() -> None:
    tally = counted(TRUTH, Answer((), 5, unconfirmed=reads("9520123456788")))
    assert (tally.right, tally.wrong, tally.doubtful) == (0, 0, 1)


def test_where_there_is_nothing_every_read_is_wrong() -> None:
    assert counted(Truth(()), Answer(reads("9520123456788"), 5)).wrong == 1


def test_bytes_are_right_in_whatever_encoding_they_were_given() -> None:
    truth = Truth((), data=b"\xe9")
    tally = counted(truth, Answer((Read("Data Matrix", "é", b""),), 5))
    assert (tally.right, tally.found, tally.symbols) == (1, 1, 1)
