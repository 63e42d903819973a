import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gs1 import Gs1Error, parse_digital_link
from gs1.ai import TABLE
from gs1.compression import _parts, compress, decompress, is_compressed

GTIN = "https://example.com/01/09520123456788"
PUBLISHED = [
    ("ARHKVAdpQg", "/01/09780345418913"),
    ("AREjalurbiAUO-cgohCz45Z67b8A", "/01/09421902960055/10/2010005828/21/xyz1234"),
    ("ABeRcNWtKMPA", "/00/106141412345678908"),
    ("QUCO_anbfA", "/414/0614141123452"),
    ("JAaasHt_dNNt4ADESMALumsUfMAm34", "/8003/09421012301014f9804dbf?240=qwe390023"),
    ("AQEd-1O2-GIGAD6A", "/01/00614141123452?3103=000500"),
    ("AQnYUc1gmiCNV4JGYgYAF6ckaEPg", "/01/05412345000013/10/ABC123?3103=000189&3923=2172"),
    ("AQnO2IRCICDKWcnpqQtCQiJABemo", "/01/05392000229648/10/LOT01/21/SERIAL01"),
]


@pytest.mark.parametrize(("word", "path"), PUBLISHED)
def test_published_examples_agree_both_ways(word, path):
    assert decompress(f"https://id.gs1.org/{word}") == f"https://id.gs1.org{path}"
    assert compress(f"https://id.gs1.org{path}", combined=False) == f"https://id.gs1.org/{word}"


def test_parameters_inside_the_word_and_beside_it_are_kept():
    word = "AQnYUc1gmiERBhQ0ytiyZuAGOLc1TXgpNWCv1"
    uri = "https://a/01/05412345000013/10/ABC%26%2B123?7003=1903061658&k1=v1"
    assert decompress(f"https://a/{word}") == uri
    assert decompress(f"https://a/{word}?linkType=pip#x") == f"{uri}&linkType=pip"
    assert compress(GTIN + "?linkType=pip").endswith("?linkType=pip")
    assert decompress(compress(GTIN + "?linkType=pip")) == GTIN + "?linkType=pip"


@pytest.mark.parametrize(
    "uri",
    [
        GTIN,
        GTIN + "/10/A/21/B?17=271231",
        GTIN + "/10/deadbeef",
        GTIN + "/10/DEADBEEF/21/a_b-c",
        GTIN + "/22/%22/10/0012",
        GTIN + "?3102=000123&37=".removesuffix("&37="),
        GTIN + "?3922=12345",
        "https://a/8010/9520PQ7%2FZ/8011/12",
        "https://a/8004/9520A?01=09520123456788&17=271231",
        "https://a/255/9520000000004",
        "https://a/255/95200000000041?3900=5",
        "https://a/253/9520000000004",
        "https://a/417/9520000000004/7040/1ABC",
        "https://a/01/09520123456788?423=704",
        "https://a/01/09520123456788?423=704156",
        "https://a/01/09520123456788?7007=270101270102&8008=27010112",
        "https://a/00/106141412345678908?4330=001250-",
    ],
)
def test_what_was_compressed_is_decompressed_to_the_same(uri):
    for combined in (True, False):
        word = compress(uri, combined=combined)
        assert parse_digital_link(decompress(word)).elements == parse_digital_link(uri).elements
        assert len(word) < len(uri)


def test_a_frequent_combination_is_one_byte():
    uri = GTIN + "/10/A/21/B?17=271231"
    assert len(compress(uri)) < len(compress(uri, combined=False))


@pytest.mark.parametrize(
    ("ai", "parts"),
    [
        ("01", [("N", 14, False)]),
        ("10", [("X", 20, True)]),
        ("253", [("N", 13, False), ("X", 17, True)]),
        ("423", [("N", 3, False), ("N", 12, True)]),
        ("7040", [("N", 1, False), ("X", 3, False)]),
        ("7230", [("X", 30, True)]),
        ("8001", [("N", 14, False)]),
    ],
)
def test_neighbouring_components_of_a_kind_are_one(ai, parts):
    assert _parts(TABLE[ai]) == parts


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://a",
        "https://a/",
        GTIN,
        "https://a/pricing",
        "https://a/AA",
        "https://a/AR",
        "https://a/ARHKVAdpQ",
        "https://a/A______________",
        "https://a/FAAA",
        "https://a/6AAA",
        "https://a/EPgAAAA",
        "https://a/4AAAAAAAAAAA",
        "https://a/-AAA",
        "https://a/EAAAAAAAAAAAA",
        "https://a/ELAAAAAAAAAAA",
        "https://a/-Ch4KTVgr9",
    ],
)
def test_another_word_is_no_compressed_link(uri):
    assert not is_compressed(uri)
    with pytest.raises(Gs1Error):
        decompress(uri)


def test_a_compressed_link_is_known_by_decompressing_it():
    assert is_compressed("https://id.gs1.org/ARHKVAdpQg")


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", max_size=60))
def test_no_word_breaks_the_reader(word):
    with contextlib.suppress(Gs1Error):
        assert parse_digital_link(decompress(f"https://a/{word}"))
