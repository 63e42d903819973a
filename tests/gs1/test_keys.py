import dataclasses

import pytest

from gs1 import Gs1Error, Gtin
from gs1 import keys as k

GOOD = [
    (k.Grai, "09520000000004ABC"),
    (k.Giai, "9520000ABC"),
    (k.GsrnProvider, "395200000000000012"),
    (k.GsrnRecipient, "395200000000000012"),
    (k.Gdti, "9520000000004ABC"),
    (k.Gcn, "952000000000412"),
    (k.Ginc, "9520000ABC"),
    (k.Gsin, "95200000000000011"),
    (k.Cpid, "9520000PQ7/Z43"),
    (k.Gmn, "1987654Ad4X4bL5ttr2310c2K"),
    (k.Itip, "095201234567880102"),
]


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_a_key_is_written_with_the_ai_of_its_class(kind, text):
    key = kind.parse(f" {text}\n")
    assert str(key) == key.value == text
    assert key.as_element_string() == (kind.ai, text)
    assert key.as_digital_link("https://a").startswith(f"https://a/{kind.ai}/")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (k.Grai, "09520000000003"),
        (k.Grai, "19520000000004"),
        (k.Giai, "ABC"),
        (k.GsrnProvider, "395200000000000011"),
        (k.Gcn, "9520000000004A"),
        (k.Gmn, "1987654Ad4X4bL5ttr2310cXK"),
        (k.Itip, "095201234567880201"),
        (k.Cpid, ""),
    ],
)
def test_the_type_cannot_hold_a_wrong_value(kind, text):
    with pytest.raises(Gs1Error):
        kind(text)


def test_keys_of_kinds_tell_the_serial_apart():
    assert (k.Grai("09520000000004ABC").asset_type, k.Grai("09520000000004").serial) == (
        "9520000000004",
        None,
    )
    assert (k.Gdti("9520000000004A").document_type, k.Gdti("9520000000004A").serial) == (
        "9520000000004",
        "A",
    )
    assert (k.Gcn("95200000000041").coupon, k.Gcn("95200000000041").serial) == (
        "9520000000004",
        "1",
    )


def test_a_piece_knows_the_whole_item():
    piece = k.Itip("095201234567880102")
    assert (piece.gtin, piece.piece, piece.total) == (Gtin("09520123456788"), 1, 2)


def test_keys_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        k.Giai("9520000ABC").value = "X"
