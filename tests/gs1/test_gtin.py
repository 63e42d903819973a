import pytest

from gs1 import Gs1Error, Gtin, GtinFormat


@pytest.mark.parametrize(
    ("text", "value", "format_", "prefix"),
    [
        ("9520123456788", "09520123456788", GtinFormat.GTIN_13, "952"),
        ("952 0123 45678 8", "09520123456788", GtinFormat.GTIN_13, "952"),
        ("952-0123-45678-8", "09520123456788", GtinFormat.GTIN_13, "952"),
        ("09520123456788", "09520123456788", GtinFormat.GTIN_13, "952"),
        ("19520123456785", "19520123456785", GtinFormat.GTIN_14, "952"),
        ("416000336108", "00416000336108", GtinFormat.GTIN_12, "041"),
        ("02345673", "00000002345673", GtinFormat.GTIN_8, "023"),
    ],
)
def test_any_printed_length_becomes_14_digits(text, value, format_, prefix):
    gtin = Gtin.parse(text)
    assert (gtin.value, gtin.format, gtin.prefix) == (value, format_, prefix)
    assert gtin.printed == value[14 - format_ :]
    assert str(gtin) == value


def test_the_printed_length_makes_no_other_number():
    assert Gtin.parse("416000336108") == Gtin.parse("00416000336108")


@pytest.mark.parametrize(
    ("text", "code", "span"),
    [
        ("", "gs1.empty", None),
        (" - ", "gs1.empty", None),
        ("9520123456789", "gs1.check-digit", (12, 13)),
        ("95201234567", "gs1.length", None),
        ("952012345678X", "gs1.charset", (12, 13)),
        ("９５２０１２３４５６７８８", "gs1.charset", (0, 1)),
        ("٩٥٢٠١٢٣٤٥٦٧٨٨", "gs1.charset", (0, 1)),
        ("1" * 65, "gs1.length", None),
    ],
)
def test_what_is_no_gtin_is_refused_with_the_place(text, code, span):
    with pytest.raises(Gs1Error) as refused:
        Gtin.parse(text)
    assert (refused.value.code, refused.value.span) == (code, span)


@pytest.mark.parametrize(
    "value", ["9520123456788", "09520123456789", "0952 0123456788", "０９５２０１２３４５６７８８"]
)
def test_the_type_cannot_hold_a_wrong_value(value):
    with pytest.raises(Gs1Error):
        Gtin(value)


def test_shorter_forms_only_where_no_digit_is_lost():
    gtin = Gtin.parse("02345673")
    assert gtin.as_gtin_8() == "02345673"
    assert gtin.as_gtin_12() == "000002345673"
    assert gtin.as_gtin_13() == "0000002345673"
    assert gtin.as_gtin_14() == "00000002345673"
    with pytest.raises(Gs1Error, match=r"gs1\.length"):
        Gtin.parse("9520123456788").as_gtin_12()


def test_packaging_levels_share_the_base_unit():
    base = Gtin.parse("9520123456788")
    case = base.with_indicator(1)
    assert case == Gtin("19520123456785")
    assert (case.indicator, case.check_digit) == (1, "5")
    assert case.base_unit() == base
    with pytest.raises(Gs1Error, match=r"gs1\.format"):
        base.with_indicator(0)


def test_gtins_sort_and_hash_by_value():
    a, b = Gtin.parse("02345673"), Gtin.parse("9520123456788")
    assert sorted({b, a, Gtin(a.value)}) == [a, b]
