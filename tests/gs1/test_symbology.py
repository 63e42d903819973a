import pytest

from gs1 import Gs1Error, parse_scan_data
from gs1.symbology import GS1_DATA, Symbology, build


@pytest.mark.parametrize("identifier", GS1_DATA)
def test_gs1_symbols_carry_element_strings(identifier):
    scan = parse_scan_data(identifier + "010952012345678810A\x1d21B")
    assert [element.ai for element in scan.elements] == ["01", "10", "21"]
    assert scan.symbology_identifier == identifier


def test_the_identifier_may_be_given_apart():
    assert parse_scan_data("9520123456788", "]E0").primary == "9520123456788"


@pytest.mark.parametrize(
    ("text", "elements"),
    [
        ("]E09520123456788", ["01"]),
        ("]E402345673", ["01"]),
        ("]E09520123456788|]e010A\x1d21B", ["01", "10", "21"]),
    ],
)
def test_ean_upc_symbols_carry_a_gtin_and_perhaps_a_composite_component(text, elements):
    assert [element.ai for element in parse_scan_data(text).elements] == elements


def test_plain_symbols_may_carry_a_digital_link():
    scan = parse_scan_data("]Q1https://example.com/01/09520123456788")
    assert scan.link.host == "example.com"
    assert scan.elements == scan.link.elements
    assert parse_scan_data("]d1hello").elements == ()
    assert parse_scan_data("]J0").text == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gs1.symbology-missing"),
        ("]Q", "gs1.symbology-missing"),
        ("0109520123456788", "gs1.symbology-missing"),
        ("]XX", "gs1.symbology-unknown"),
        ("]C1", "gs1.empty"),
        ("]C110A^21B", "gs1.charset"),
        ("]C1(10)A", "gs1.unknown-ai"),
        ("]E0952012345678", "gs1.symbology-data"),
        ("]E095201234567881", "gs1.symbology-data"),
        ("]E09520123456789", "gs1.check-digit"),
        ("]E0952 123456788", "gs1.length"),
        ("]Q1https://example.com/", "gs1.link-no-key"),
        ("]Q1" + "A" * 8192, "gs1.too-long"),
        ("]E09520123456788|]e037" + "12", "gs1.exclusive"),
    ],
)
def test_what_a_scanner_cannot_have_sent_is_refused(text, code):
    with pytest.raises(Gs1Error) as refused:
        parse_scan_data(text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("symbology", "message", "scan_data"),
    [
        (Symbology.QR, "HELLO", "]Q1HELLO"),
        (Symbology.QR, r"\^A", "]Q1^A"),
        (Symbology.DM, "^10A^21B", "]d210A\x1d21B"),
        (Symbology.DOT_CODE, "A|B", "]J0A|B"),
        (Symbology.GS1_128_CCA, "^10A^21B", "]C110A\x1d21B"),
        (Symbology.GS1_128_CCC, "^10A|^99B", "]e010A\x1d99B"),
        (Symbology.DATABAR_EXPANDED, "^11261231|^99B^98C", "]e01126123199B\x1d98C"),
        (Symbology.DATABAR_EXPANDED, "^10A^|^99B", "]e010A\x1d99B"),
        (Symbology.DATABAR_EXPANDED, "^10A", "]e010A"),
        (Symbology.DATABAR_OMNI, "09520123456788|^99B", "]e0010952012345678899B"),
        (Symbology.DATABAR_LIMITED, "^0109520123456788", "]e00109520123456788"),
        (Symbology.UPC_A, "416000336108", "]E00416000336108"),
        (Symbology.UPC_E, "001234000057|^99B", "]E00001234000057|]e099B"),
        (Symbology.EAN_13, "^0109520123456788", "]E09520123456788"),
        (Symbology.EAN_8, "^0100000002345673", "]E402345673"),
    ],
)
def test_each_symbology_sends_its_own_identifier(symbology, message, scan_data):
    assert build(message, symbology) == scan_data


@pytest.mark.parametrize(
    ("symbology", "message"),
    [
        (Symbology.GS1_128_CCA, "HELLO"),
        (Symbology.EAN_13, "952012345678"),
        (Symbology.EAN_13, "9520123456789"),
        (Symbology.EAN_13, "952 123456788"),
        (Symbology.DOT_CODE, "^10A|^99B"),
        (Symbology.EAN_13, "9520123456788|99B"),
        (Symbology.DATABAR_LIMITED, "20000000000004"),
        (Symbology.QR, "^10"),
        (Symbology.EAN_8, "^0109520123456788"),
        (Symbology.DATABAR_OMNI, "09520123456788|^"),
    ],
)
def test_what_a_symbology_cannot_hold_is_refused(symbology, message):
    with pytest.raises(Gs1Error):
        build(message, symbology)
