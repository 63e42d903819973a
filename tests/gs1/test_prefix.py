import datetime as dt

import pytest

from gs1 import Gs1Error, Gtin, PrefixKind, check_digit, prefix


def number(payload):
    return payload + check_digit.compute(payload)


@pytest.mark.parametrize(
    ("payload", "kind", "range_", "organisation"),
    [
        ("952012345678", PrefixKind.DEMO, "952", "GS1 Global Office"),
        ("690123456789", PrefixKind.COMPANY, "690-699", "GS1 China"),
        ("001234567890", PrefixKind.COMPANY, "00001-019", "GS1 US"),
        ("000000012345", PrefixKind.RESTRICTED_COMPANY, "0", None),
        ("020012345678", PrefixKind.RESTRICTED_REGION, "020-029", None),
        ("212345678901", PrefixKind.RESTRICTED_REGION, "200-299", None),
        ("041234567890", PrefixKind.RESTRICTED_COMPANY, "040-049", None),
        ("051234567890", PrefixKind.RESERVED, "050-059", "GS1 US"),
        ("141234567890", PrefixKind.UNASSIGNED, "141", None),
        ("671234567890", PrefixKind.UNASSIGNED, "671", None),
        ("951234567890", PrefixKind.EPC_MANAGER, "951", "GS1 Global Office"),
        ("961234567890", PrefixKind.GTIN_8, "960-969", "GS1 Global Office"),
        ("977123456789", PrefixKind.ISSN, "977", "ISSN International Centre"),
        ("978123456789", PrefixKind.ISBN, "978-979", "International ISBN Agency"),
        ("979012345678", PrefixKind.ISMN, "9790", "International ISMN Agency"),
        ("980123456789", PrefixKind.REFUND, "980", None),
        ("981123456789", PrefixKind.COUPON, "981-983", None),
        ("991234567890", PrefixKind.COUPON, "99", None),
        ("984123456789", PrefixKind.UNASSIGNED, "984", None),
    ],
)
def test_every_range_has_its_meaning(payload, kind, range_, organisation):
    info = prefix.lookup(number(payload))
    assert (info.kind, info.range, info.organisation) == (kind, range_, organisation)
    assert info == prefix.lookup(Gtin.parse(number(payload)))


@pytest.mark.parametrize(
    ("start", "length"),
    [
        ("8931", 10), ("89320000", 9), ("89320001", 9), ("8932001", 7), ("89328", 12), ("8934", 7),
        ("8935", 8), ("89360", 9), ("89361", 9), ("89362", 9), ("89364", 10), ("89380", 9),
        ("89385", 10), ("89386", 10), ("89389", 10), ("8939", 12),
    ],
)  # fmt: skip
def test_the_16_company_ranges_under_893(start, length):
    info = prefix.lookup(number(start.ljust(12, "4")))
    assert (info.kind, info.company_prefix_length) == (PrefixKind.COMPANY, length)
    assert (info.prefix, info.organisation) == ("893", "GS1 Vietnam")


@pytest.mark.parametrize(
    "start",
    [
        "8930",
        "8933",
        "8937",
        "89329",
        "89363",
        "89365",
        "89369",
        "89381",
        "89384",
        "89387",
        "89388",
    ],
)
def test_numbers_between_the_company_ranges_under_893_were_not_seen_allocated(start):
    info = prefix.lookup(number(start.ljust(12, "4")))
    assert (info.kind, info.range) == (PrefixKind.UNALLOCATED, start)
    assert info.company_prefix_length is None
    assert not info.is_trade_item


@pytest.mark.parametrize(
    ("gtin", "kind", "organisation"),
    [
        ("02345673", PrefixKind.RESTRICTED_COMPANY, None),
        ("20000004", PrefixKind.RESTRICTED_COMPANY, None),
        ("89300007", PrefixKind.GTIN_8, "GS1 Vietnam"),
        ("96385074", PrefixKind.GTIN_8, "GS1 Global Office"),
        ("14000007", PrefixKind.UNASSIGNED, None),
        ("97700002", PrefixKind.UNASSIGNED, "ISSN International Centre"),
    ],
)
def test_a_gtin_8_has_prefixes_of_its_own(gtin, kind, organisation):
    for text in (gtin, gtin.zfill(14)):
        info = prefix.lookup(text)
        assert (info.kind, info.organisation) == (kind, organisation)


def test_goods_in_open_trade_carry_some_kinds_only():
    assert prefix.lookup("6901234567892").is_trade_item
    assert not prefix.lookup("9520123456788").is_trade_item


def test_the_lists_have_one_date():
    assert prefix.lookup("9520123456788").list_date == prefix.LIST_DATE > dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "code"), [("", "gs1.charset"), ("952X", "gs1.charset"), ("952", "gs1.length")]
)
def test_a_prefix_is_looked_up_for_numbers_only(text, code):
    with pytest.raises(Gs1Error) as refused:
        prefix.lookup(text)
    assert refused.value.code == code
