import pytest

from gs1.errors import Gs1Error
from traceability.events.identifiers import (
    canonical,
    gln_of,
    gtin_of,
    lot_of_variant,
    lot_told,
    whole_link,
)

KEY = "https://id.gs1.org/01/09520001234569/21/A7"


@pytest.mark.parametrize(
    "spelling",
    [
        KEY,
        "http://shop.example/deep/01/09520001234569/21/A7?linkType=pip",
        "https://id.gs1.org/01/09520001234569/21/A7?17=271231",
        "urn:epc:id:sgtin:952000.0123456.A7",
        "https://id.gs1.org/01/09520001234569/10/L7/21/A7",
        "https://shop.example/01/09520001234569/22/2A/10/L7/21/A7?17=271231",
        "https://id.gs1.org/01/09520001234569/22/21/21/A7",
        "https://shop.example/01/09520001234569/22/2A/21/A7",
    ],
)
def test_every_spelling_of_a_key_has_one_name(spelling: str) -> None:
    assert canonical(spelling) == KEY


@pytest.mark.parametrize(
    "other",
    [
        "urn:uuid:831c0292-4de1-430a-8255-2aca821abaab",
        "https://shop.example/order/7",
        "https://shop.example/1999/01/news#21",
        "urn:epc:id:gid:95100000.12.400",
        # A wrong check digit of an asset: in many a published example.
        "https://id.gs1.org/8003/09520001234560A7",
    ],
)
def test_what_is_no_gs1_key_keeps_its_name(other: str) -> None:
    assert canonical(other) == other


@pytest.mark.parametrize(
    "wrong",
    [
        "https://id.gs1.org/01/09520001234560/21/A7",
        "https://shop.example/01/09520001234560/21/A7",
        "https://id.gs1.org/01/9520001234569/21/A7",
        "https://shop.example/414/9520000000005",
        "https://id.gs1.org/00/395200000000000013",
        "urn:epc:id:sgtin:952000.012345.A7",
        "urn:epc:id:unheard:952000.0123456.A7",
    ],
)
def test_what_claims_to_be_a_key_and_is_not_is_refused(wrong: str) -> None:
    with pytest.raises(Gs1Error):
        canonical(wrong)


GTIN = "https://id.gs1.org/01/09520001234569"


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        (f"{GTIN}/10/L7/21/A7", f"{GTIN}/10/L7"),
        ("http://shop.example/01/09520001234569/10/a%2Fb/21/A7", f"{GTIN}/10/a%2Fb"),
        (f"{GTIN}/22/2A/10/L7/21/A7", f"{GTIN}/22/2A/10/L7"),
        (f"{GTIN}/10/21/21/10", f"{GTIN}/10/21"),
        (f"{GTIN}/22/10/21/A7", None),
        (f"{GTIN}/21/10", None),
        (f"{GTIN}/10/L7", None),
        ("https://shop.example/10/L7/21/A7", None),
    ],
)
def test_the_identifier_of_a_unit_may_tell_its_lot(text: str, lot: str | None) -> None:
    assert lot_told(text) == lot


@pytest.mark.parametrize("of_class", [f"{GTIN}/22/2A", f"{GTIN}/22/21/10/L7", f"{GTIN}/10/21"])
def test_a_class_is_named_by_all_of_its_qualifiers(of_class: str) -> None:
    assert canonical(of_class) == of_class


@pytest.mark.parametrize(
    ("identifier", "lot"),
    [
        (f"{GTIN}/22/2A/10/L7", f"{GTIN}/10/L7"),
        (f"{GTIN}/22/10/10/a%2Fb", f"{GTIN}/10/a%2Fb"),
        (f"{GTIN}/10/L7", None),
        (f"{GTIN}/10/22/21/10", None),
        (f"{GTIN}/22/2A", None),
        ("https://id.gs1.org/00/395200000000000012", None),
        ("https://shop.example/01/09520001234569/22/2A/10/L7", None),
    ],
)
def test_the_lot_of_a_variant_is_of_the_lot(identifier: str, lot: str | None) -> None:
    assert lot_of_variant(identifier) == lot


def test_the_whole_link_has_the_lot_too() -> None:
    told = "/01/09520001234569/22/2A/10/L7/21/A7"
    assert whole_link(f"http://shop.example{told}?17=271231") == f"https://id.gs1.org{told}"
    assert whole_link("urn:epc:id:sgtin:952000.0123456.A7") == KEY


def test_glns_and_gtins_are_told_from_their_names() -> None:
    assert gln_of("https://id.gs1.org/414/9520000000004/254/5") == "9520000000004"
    assert gln_of("https://id.gs1.org/417/9520000000004") == "9520000000004"
    assert gln_of(KEY) is None
    assert gtin_of(KEY) == "09520001234569"
    assert gtin_of("https://id.gs1.org/00/395200000000000012") is None
