"""What keeps the codes of a photograph from being sure, in words."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import scanner
from app.i18n import translator
from app.wording.reading import reading_notes, reading_view
from app.wording.scanner_sentences import REASONS
from scanner import Reading, Symbol, Unconfirmed

CORNERS = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
EAN = Symbol("EAN-13", "9520123456788", b"9520123456788", "]E0", CORNERS, 0.9, ("zxing",), "12")


def reading(*symbols: Symbol, doubts: tuple[str, ...] = (), partial: bool = False) -> Reading:
    unconfirmed = tuple(Unconfirmed(EAN, reason) for reason in doubts)
    return Reading(symbols, unconfirmed, 100, 80, 1.0, {}, partial)


def test_every_reason_of_the_scanner_has_a_sentence() -> None:
    source = (Path(scanner.__file__).parent / "evidence.py").read_text()
    assert set(re.findall(r'^[A-Z_]+ = "([a-z]+-[a-z-]+)"$', source, re.MULTILINE)) == set(REASONS)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("reason", REASONS)
def test_a_doubtful_read_says_why_and_what_to_do(language: str, reason: str) -> None:
    view = reading_view(translator(language), reading(doubts=(reason,)))
    (doubtful,) = view["unconfirmed"]
    assert doubtful["reason"] == reason
    assert doubtful["detail"] == translator(language).text(REASONS[reason])
    assert (doubtful["detail"] == REASONS[reason]) is (language == "en")


def test_names_are_those_of_the_command_line() -> None:
    read = reading(EAN)
    assert set(read.as_json()) < set(reading_view(translator("en"), read))
    (symbol,) = reading_view(translator("en"), read)["symbols"]
    assert symbol == EAN.as_json()
    assert symbol["add_on"] == "12"


def test_a_reason_is_said_once_and_only_where_nothing_is_sure() -> None:
    twice = ("profile-unclear", "profile-unclear")
    assert reading_notes(translator("en"), reading(doubts=twice)) == [REASONS["profile-unclear"]]
    assert reading_notes(translator("en"), reading(EAN, doubts=twice)) == []


def test_a_picture_not_searched_to_its_end_says_so_where_nothing_is_sure() -> None:
    unsearched = replace(reading(), complete=False)
    (note,) = reading_notes(translator("en"), unsearched)
    assert "there may be a code in it" in note
    assert reading_view(translator("en"), unsearched)["notes"] == [note]
    assert reading_notes(translator("en"), replace(reading(EAN), complete=False)) == []


def test_a_picture_cut_off_says_that_only_a_part_was_searched() -> None:
    (note,) = reading_notes(translator("vi"), reading(EAN, partial=True))
    assert "chỉ phần nhận được" in note
    assert reading_view(translator("vi"), reading(EAN, partial=True))["notes"] == [note]
