"""Every code that `gs1` can report has a sentence, in both languages."""

from collections.abc import Iterable, Mapping

import pytest

import gs1
from app.i18n import translator
from app.wording.gs1_sentences import HINTS, KINDS, PREFIXES, REPAIRS, SENTENCES
from app.wording.gs1_titles import title_of
from gs1.ai import ALL, find
from gs1.hints import CODES as HINT_CODES


@pytest.mark.parametrize(
    ("codes", "sentences"),
    [
        (gs1.CODES, SENTENCES),
        (gs1.REPAIRS, REPAIRS),
        (HINT_CODES, HINTS),
        (tuple(gs1.ReadingKind), KINDS),
        (tuple(gs1.PrefixKind), PREFIXES),
    ],
    ids=["errors", "repairs", "hints", "kinds", "prefixes"],
)
def test_every_code_has_a_sentence_in_both_languages(
    codes: Iterable[str], sentences: Mapping[str, str]
) -> None:
    for code in codes:
        english, vietnamese = (
            translator(language).text(sentences[code]) for language in ("en", "vi")
        )
        assert english
        assert vietnamese != english, code


COMMON = [
    "00",
    "01",
    "02",
    "10",
    "11",
    "13",
    "15",
    "16",
    "17",
    "21",
    "22",
    "37",
    "3103",
    "3922",
    "400",
    "410",
    "411",
    "412",
    "413",
    "414",
    "415",
    "416",
    "417",
    "421",
    "422",
    "7003",
    "8003",
    "8004",
    "8006",
    "8018",
    "8020",
]


@pytest.mark.parametrize("ai", COMMON)
def test_a_common_ai_has_a_title_in_both_languages(ai: str) -> None:
    english, vietnamese = (title_of(translator(language), ai) for language in ("en", "vi"))
    info = find(ai)
    assert info is not None
    assert len({english, vietnamese, info.title}) == 3


def test_every_other_ai_keeps_the_title_of_the_dictionary() -> None:
    for ai in ALL:
        info = find(ai)
        assert info is not None
        assert title_of(translator("vi"), ai) or not info.title


def test_an_ai_that_does_not_exist_has_no_title() -> None:
    assert title_of(translator("vi"), "89") == ""


def test_the_name_of_a_family_is_not_taken_for_another_ai_with_the_same_beginning() -> None:
    """392n is a price; 3920 to 3929 are meant, not whatever begins so."""
    assert title_of(translator("en"), "3929") == "Price"
    assert title_of(translator("en"), "4150") == ""
