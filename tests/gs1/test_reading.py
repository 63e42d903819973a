import datetime as dt
from decimal import Decimal

import pytest

from gs1 import ElementString, Gln, Gs1Error, Gtin, Keys, Reading, ReadingKind, Sscc, read

GTIN = "09520123456788"
URI = f"https://example.com/01/{GTIN}"


@pytest.mark.parametrize(
    ("text", "kind", "assumed"),
    [
        ("9520123456788", ReadingKind.GTIN, ReadingKind.GTIN),
        (" 952 0123 45678 8\n", ReadingKind.GTIN, ReadingKind.GTIN),
        ("952-0123-45678-8", ReadingKind.GTIN, ReadingKind.GTIN),
        ("395200000000000012", ReadingKind.SSCC, ReadingKind.SSCC),
        ("00395200000000000012", ReadingKind.ELEMENT_STRINGS, ReadingKind.ELEMENT_STRINGS),
        (f"01{GTIN}10A\x1d21B", ReadingKind.ELEMENT_STRINGS, ReadingKind.ELEMENT_STRINGS),
        (f"^01{GTIN}", ReadingKind.ELEMENT_STRINGS, None),
        (f"\x1d01{GTIN}", ReadingKind.ELEMENT_STRINGS, None),
        (f"(01){GTIN}", ReadingKind.ELEMENT_STRINGS, None),
        (URI, ReadingKind.DIGITAL_LINK, None),
        (f"]C101{GTIN}", ReadingKind.SCAN_DATA, None),
        ("]E09520123456788", ReadingKind.SCAN_DATA, None),
        (f"]Q1{URI}", ReadingKind.SCAN_DATA, None),
    ],
)
def test_a_code_is_recognised_and_doubt_is_told(text, kind, assumed):
    reading = read(text)
    assert (reading.kind, reading.assumed) == (kind, assumed)
    assert reading.elements[0].ai in ("01", "00")


def test_a_separate_symbology_identifier_leaves_no_doubt():
    reading = read("9520123456788", "]E0")
    assert (reading.kind, reading.symbology_identifier) == (ReadingKind.SCAN_DATA, "]E0")
    assert reading.assumed is None


def test_a_digital_link_keeps_host_stem_and_other_parameters():
    reading = read(f"]Q1{URI}/?linkType=pip")
    assert (reading.host, reading.stem) == ("example.com", "https://example.com")
    assert reading.other_query == ("linkType=pip",)
    assert [repair.code for repair in reading.repairs] == ["gs1.repaired-trailing-slash"]
    with pytest.raises(Gs1Error):
        read(f"{URI}/", lenient=False)


def test_a_reading_is_written_in_every_form():
    reading = read(f"(01){GTIN}(17)271231(10)A(21)B")
    assert reading.as_bracketed() == f"(01){GTIN}(17)271231(10)A(21)B"
    assert reading.as_element_string() == f"01{GTIN}1727123110A\x1d21B"
    assert reading.as_digital_link() == f"https://id.gs1.org/01/{GTIN}/10/A/21/B?17=271231"
    assert reading.hri()[1] == "(17) 271231"
    assert reading.hri(titles=True)[2] == "BATCH/LOT (10) A"


def test_the_keys_are_values():
    text = (
        f"(01){GTIN}(10)L(21)S(11)260101(13)260102(15)270101(16)270102(17)270103"
        "(3103)000195(3152)000250(30)12(422)704(414)9520000000004"
    )
    assert read(text).keys == Keys(
        gtin=Gtin(GTIN),
        lot="L",
        serial="S",
        gln=Gln("9520000000004"),
        production_date=dt.date(2026, 1, 1),
        packaging_date=dt.date(2026, 1, 2),
        best_before=dt.date(2027, 1, 1),
        sell_by=dt.date(2027, 1, 2),
        expiry=dt.date(2027, 1, 3),
        net_weight_kg=Decimal("0.195"),
        net_volume_l=Decimal("2.50"),
        count=12,
        country_of_origin="704",
    )


def test_a_logistic_unit_has_an_sscc_and_its_content():
    keys = read(f"(00)395200000000000012(02){GTIN}(37)12").keys
    assert keys == Keys(sscc=Sscc("395200000000000012"), content_gtin=Gtin(GTIN), count=12)


def test_the_time_of_expiry_gives_a_date_too():
    assert read(f"(01){GTIN}(7003)2712311200").keys.expiry == dt.date(2027, 12, 31)


def test_a_code_that_says_nothing_has_no_keys():
    assert Reading("", ReadingKind.SCAN_DATA, ()).keys == Keys()
    assert read("(3103)000195").keys.net_weight_kg == Decimal("0.195")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gs1.empty"),
        ("   ", "gs1.empty"),
        ("9520123456789", "gs1.check-digit"),
        ("９５２０１２３４５６７８８", "gs1.charset"),
        ("1" * 9000, "gs1.too-long"),
        ("hello", "gs1.unknown-ai"),
        ("]Q1hello", "gs1.not-understood"),
        ("]Q1", "gs1.not-understood"),
        ("]C012345", "gs1.not-understood"),
        ("]C0(10)", "gs1.length"),
        ("http:", "gs1.link-scheme"),
        ("\ud800", "gs1.unknown-ai"),
        ("\x00", "gs1.unknown-ai"),
    ],
)
def test_what_is_no_code_is_refused(text, code):
    with pytest.raises(Gs1Error) as refused:
        read(text)
    assert refused.value.code == code


@pytest.mark.parametrize("digits", ["1", "12345", "1012345", "952 0123 4567", "952012345678812"])
def test_digits_too_few_for_a_message_are_a_gtin_of_the_wrong_length(digits):
    with pytest.raises(Gs1Error) as refused:
        read(digits)
    assert refused.value.code == "gs1.length"
    assert refused.value.arguments["found"] == len(digits.replace(" ", ""))


def test_digits_enough_for_a_message_are_read_as_one():
    assert read("1012345678901234").elements == (ElementString("10", "12345678901234"),)


def test_the_elements_of_a_reading_are_element_strings():
    assert read("9520123456788").elements == (ElementString("01", GTIN),)


@pytest.mark.parametrize(
    ("text", "assumed"),
    [
        ("9520123456788", ReadingKind.GTIN),
        (f"(01){GTIN}", ReadingKind.ELEMENT_STRINGS),
        (URI, None),
    ],
)
@pytest.mark.parametrize("identifier", ["]Q1", "]d1", "]J0", "]C0", "]A0"])
def test_a_symbol_that_may_hold_any_text_is_read_like_typed_text(text, assumed, identifier):
    for reading in (read(text, identifier), read(identifier + text)):
        assert reading.elements[0].value == GTIN
        assert (reading.kind, reading.assumed) == (ReadingKind.SCAN_DATA, assumed)
        assert reading.symbology_identifier == identifier


def test_an_itf_14_symbol_carries_a_gtin():
    assert read("]I119520123456785").keys.gtin == Gtin("19520123456785")


@pytest.mark.parametrize(
    ("text", "gtin", "repair"),
    [
        ("416000336108", "00416000336108", "gs1.repaired-zeros"),
        ("04252614", "00042100005264", "gs1.repaired-upc-e"),
    ],
)
def test_a_upc_symbol_that_was_sent_short_is_filled_up(text, gtin, repair):
    reading = read(text, "]E0")
    assert reading.keys.gtin == Gtin(gtin)
    assert [one.code for one in reading.repairs] == [repair]
    with pytest.raises(Gs1Error, match=r"gs1\.symbology-data"):
        read(text, "]E0", lenient=False)


def test_a_wrong_code_in_a_plain_symbol_keeps_its_own_error():
    with pytest.raises(Gs1Error, match=r"gs1\.check-digit"):
        read("]Q19520123456789")
