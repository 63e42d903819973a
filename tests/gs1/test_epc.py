import pytest

from gs1 import Gs1Error, parse_element_strings
from gs1.epc import build, parse

PAIRS = [
    ("urn:epc:id:sgtin:952000.0123456.A%2F7", "(01)09520001234569(21)A/7", 6),
    ("urn:epc:id:sgtin:952000.1123456.A:7.B", "(01)19520001234566(21)A:7.B", 6),
    ("urn:epc:class:lgtin:952000.0123456.L7", "(01)09520001234569(10)L7", 6),
    ("urn:epc:idpat:sgtin:952000.0123456.*", "(01)09520001234569", 6),
    ("urn:epc:id:sscc:952000.30000000001", "(00)395200000000000012", 6),
    ("urn:epc:id:sgln:952000.000000.0", "(414)9520000000004", 6),
    ("urn:epc:id:sgln:952000.000000.E1", "(414)9520000000004(254)E1", 6),
    ("urn:epc:id:pgln:952000.000000", "(417)9520000000004", 6),
    ("urn:epc:id:grai:952000.000000.7", "(8003)095200000000047", 6),
    ("urn:epc:id:gdti:952000.000000.7", "(253)95200000000047", 6),
    ("urn:epc:id:sgcn:952000.000000.7", "(255)95200000000047", 6),
    ("urn:epc:id:gsrn:952000.00000000001", "(8018)952000000000000019", 6),
    ("urn:epc:id:gsrnp:952000.00000000001", "(8017)952000000000000019", 6),
    ("urn:epc:id:gsin:952000.0000000001", "(402)95200000000000011", 6),
    ("urn:epc:id:giai:952000.A%261", "(8004)952000A&1", 6),
    ("urn:epc:id:ginc:952000.A1", "(401)952000A1", 6),
    ("urn:epc:id:cpi:952000.PQ7%2FZ.12", "(8010)952000PQ7/Z(8011)12", 6),
]


@pytest.mark.parametrize(("urn", "bracketed", "length"), PAIRS)
def test_a_urn_and_element_strings_say_the_same(urn, bracketed, length):
    elements = parse_element_strings(bracketed)
    assert parse(urn) == elements
    assert build(elements, length) == urn


PATTERNS = [
    ("urn:epc:idpat:grai:952000.000000.*", "(8003)09520000000004"),
    ("urn:epc:idpat:gdti:952000.000000.*", "(253)9520000000004"),
    ("urn:epc:idpat:sgcn:952000.000000.*", "(255)9520000000004"),
    ("urn:epc:idpat:cpi:952000.PQ7.*", "(8010)952000PQ7"),
    ("urn:epc:idpat:itip:952000.0123456.01.02.*", "(8006)095200012345690102"),
    ("urn:epc:id:itip:952000.0123456.01.02.S%2F1", "(8006)095200012345690102(21)S/1"),
    ("urn:epc:id:upui:952000.0123456.U1", "(01)09520001234569(235)U1"),
]


@pytest.mark.parametrize(("urn", "bracketed"), PATTERNS)
def test_patterns_of_a_class_and_pieces_of_an_item_are_read(urn, bracketed):
    assert parse(urn) == parse_element_strings(bracketed)


def test_the_published_list_tells_the_company_prefix_where_it_is_known():
    elements = parse_element_strings("(01)08934000000017(21)S")
    assert build(elements) == "urn:epc:id:sgtin:8934000.000001.S"


@pytest.mark.parametrize(
    "urn",
    [
        "",
        "urn:epc:id:sgtin",
        "urn:epc:id:sgtin:952000.0123456",
        "urn:epc:id:sgtin:952000.012345.A",
        "urn:epc:id:sgtin:.9520000123456.A",
        "urn:epc:id:sgtin:95200X.0123456.A",
        "urn:epc:id:sgtin:952000.0123456.",
        "urn:epc:idpat:sgtin:952000.0123456.A",
        "urn:epc:idpat:grai:952000.000000.7",
        "urn:epc:idpat:cpi:952000.PQ7.1",
        "urn:epc:id:itip:952000.0123456.01.02",
        "urn:epc:id:itip:952000.0123456.1.02.S",
        "urn:epc:id:itip:952000.012345.01.02.S",
        "urn:epc:id:itip:95200X.0123456.01.02.S",
        "urn:epc:id:sscc:952000.3000000001",
        "urn:epc:id:giai:952000",
        "urn:epc:id:giai:X52000.A",
        "urn:epc:id:cpi:952000.PQ7",
        "urn:epc:id:gid:952000.1.2",
        "https://id.gs1.org/01/09520123456788",
        "urn:" + "A" * 600,
    ],
)
def test_what_is_no_urn_of_a_gs1_key_is_refused(urn):
    with pytest.raises(Gs1Error):
        parse(urn)


@pytest.mark.parametrize(
    ("bracketed", "length", "code"),
    [
        ("(10)A", None, "gs1.link-no-key"),
        ("(8010)952000A", None, "gs1.link-no-key"),
        ("(01)08937000000018(21)S", None, "gs1.company-prefix"),
        ("(01)08934000000017(21)S", 3, "gs1.company-prefix"),
        ("(8004)9520A", None, "gs1.company-prefix"),
        ("(253)9520000000004", 6, "gs1.serial-required"),
    ],
)
def test_what_has_no_urn_is_refused(bracketed, length, code):
    with pytest.raises(Gs1Error) as refused:
        build(parse_element_strings(bracketed), length)
    assert refused.value.code == code
