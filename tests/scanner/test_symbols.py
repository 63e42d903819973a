"""Every symbology: its modules are those of the standard, and say what was meant."""

import io
import itertools
import random

import barcode
import numpy as np
import pytest
import zxingcpp
from PIL import Image

import scanner
from scanner import ScannerError
from scanner.dimensions import TABLES, Environment, Symbology, dimensions, home
from scanner.engines.zxing_writer import matrix
from scanner.render import render
from scanner.symbols import ELEMENT_STRINGS, elements_of, printed_text

GTIN = "09520123456788"
ELEMENTS = f"[01]{GTIN}[17]271231[10]L-7/a(b)[21]x_1;2"
CONTENT = {
    Symbology.EAN_13: "9520123456788",
    Symbology.EAN_8: "95200002",
    Symbology.UPC_A: "012345678905",
    Symbology.ITF_14: "19520123456785",
    Symbology.CODE_128: "99Ab 12~",
    Symbology.GS1_128: ELEMENTS,
    Symbology.DATABAR_EXPANDED: ELEMENTS,
    Symbology.DATABAR_EXPANDED_STACKED: ELEMENTS,
    Symbology.GS1_DATA_MATRIX: ELEMENTS,
    Symbology.QR_CODE: f"https://example.com/01/{GTIN}/10/L-7",
}
IDENTIFIERS = {
    Symbology.EAN_13: "]E0", Symbology.EAN_8: "]E4", Symbology.UPC_A: "]E0",
    Symbology.ITF_14: "]I1", Symbology.CODE_128: "]C0", Symbology.GS1_128: "]C1",
    Symbology.GS1_DATA_MATRIX: "]d2", Symbology.QR_CODE: "]Q1",
}  # fmt: skip


def content(symbology: Symbology) -> str:
    return CONTENT.get(symbology, GTIN)


def random_digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("symbology", Symbology)
def test_every_symbology_says_its_content_with_the_right_identifier(symbology, dpi):
    (read,) = scanner.decode(render(symbology, content(symbology), "png", dpi), 10).symbols
    assert read.text == printed_text(symbology, content(symbology))
    assert read.symbology_identifier == IDENTIFIERS.get(symbology, "]e0")


def test_element_strings_are_parted_by_fnc1_where_their_length_is_not_known():
    assert printed_text(Symbology.GS1_128, ELEMENTS) == (f"01{GTIN}1727123110L-7/a(b)\x1d21x_1;2")


@pytest.mark.parametrize(
    ("name", "length", "format_"),
    [("ean13", 12, zxingcpp.BarcodeFormat.EAN13), ("ean8", 7, zxingcpp.BarcodeFormat.EAN8),
     ("upca", 11, zxingcpp.BarcodeFormat.UPCA), ("itf", 14, zxingcpp.BarcodeFormat.ITF)],
)  # fmt: skip
def test_two_independent_writers_draw_the_same_bars(name, length, format_):
    dice = random.Random(7)
    for _ in range(50):
        made = barcode.get(name, random_digits(dice, length))
        (ours,) = made.build()
        code = zxingcpp.create_barcode(made.get_fullcode(), format_)
        row = np.asarray(code.to_image(scale=1, add_quiet_zones=False))[0] == 0
        theirs = "".join("1" if dark else "0" for dark in row)
        assert widths(ours, name) == widths(theirs, name)


def widths(bars: str, name: str) -> list[int]:
    """Widths of bars and spaces; of an ITF, whose ratio is free, whether they are wide."""
    runs = [len(list(run)) for _, run in itertools.groupby(bars)]
    return [run > 2 * min(runs) for run in runs] if name == "itf" else runs


def test_the_guards_of_an_ean_13_are_where_the_standard_puts_them():
    (bars,) = barcode.get("ean13", CONTENT[Symbology.EAN_13]).build()
    assert (len(bars), bars[:3], bars[45:50], bars[92:]) == (95, "101", "01010", "101")


def test_python_barcode_loses_a_leading_99_which_is_why_code_128_is_not_its_work():
    (bars,) = barcode.get("code128", "9962").build()
    assert len(bars) < matrix(Symbology.CODE_128, "9962").shape[1]


def test_code_128_holds_any_mixture_of_digits_and_signs():
    dice = random.Random(3)
    signs = [chr(code) for code in range(33, 127)]
    for _ in range(40):
        text = "99" + "".join(dice.choices(signs + list("0123456789") * 12, k=dice.randint(1, 18)))
        (read,) = scanner.decode(render(Symbology.CODE_128, text, "png"), 10).symbols
        assert read.text == text


def test_a_gs1_data_matrix_is_square():
    for size in range(1, 21):
        rows, columns = matrix(Symbology.GS1_DATA_MATRIX, f"[01]{GTIN}[21]{'A' * size}").shape
        assert rows == columns


def test_the_finder_pattern_of_a_data_matrix_is_an_l_and_a_clock_track():
    dark = matrix(Symbology.GS1_DATA_MATRIX, ELEMENTS)
    assert dark[:, 0].all()
    assert dark[-1].all()
    assert dark[0].tolist() == [column % 2 == 0 for column in range(dark.shape[1])]


@pytest.mark.parametrize("environment", Environment)
def test_a_symbol_smaller_than_its_table_allows_is_refused_with_the_clause(environment):
    for symbology, spec in TABLES[environment].items():
        with pytest.raises(ScannerError) as caught:
            render(symbology, content(symbology), x_dimension=spec.minimum - 0.01,
                   environment=environment)  # fmt: skip
        assert caught.value.code == "scanner.size-below-standard"
        assert caught.value.arguments["clause"] == spec.clause
        assert spec.clause.startswith("5.12.3.")


@pytest.mark.parametrize("environment", Environment)
def test_every_symbol_of_a_table_can_be_drawn_in_the_smallest_size_it_allows(environment):
    for symbology, spec in TABLES[environment].items():
        made = render(symbology, content(symbology), "svg", 300, spec.minimum, environment)
        assert made.startswith(b"<svg ")


@pytest.mark.parametrize(
    ("symbology", "environment"),
    [(Symbology.ITF_14, Environment.RETAIL), (Symbology.GS1_128, Environment.RETAIL),
     (Symbology.DATABAR_LIMITED, Environment.RETAIL), (Symbology.EAN_13, Environment.HEALTHCARE)],
)  # fmt: skip
def test_a_symbol_is_refused_where_no_table_names_it(symbology, environment):
    with pytest.raises(ScannerError, match=r"scanner\.symbol-not-for-use"):
        render(symbology, content(symbology), environment=environment)


def test_a_symbology_is_at_home_where_its_first_table_is():
    assert home(Symbology.EAN_13) is Environment.RETAIL
    assert home(Symbology.GS1_128) is Environment.DISTRIBUTION
    assert home(Symbology.CODE_128) is Environment.DISTRIBUTION


@pytest.mark.parametrize(
    "symbology", [Symbology.GS1_128, Symbology.ITF_14, Symbology.QR_CODE, Symbology.EAN_8]
)
def test_the_quiet_zone_is_as_wide_as_the_table_says(symbology):
    spec = dimensions(symbology, home(symbology))
    picture = Image.open(io.BytesIO(render(symbology, content(symbology), "png", 600)))
    dark = np.asarray(picture.convert("L")) < 128
    _, dots = spec.snap(spec.nominal, 600)
    # The bars alone: bearer bars and text reach into the quiet zone.
    rows = dark[int(dark.shape[0] * 0.4)]
    first, last = np.flatnonzero(rows)[[0, -1]]
    if symbology is Symbology.GS1_128:
        centred = (picture.width - (last - first + 1)) / 2
        assert centred >= spec.quiet_left * dots - 1
    else:
        assert first >= spec.quiet_left * dots
        assert picture.width - 1 - last >= spec.quiet_right * dots - 1


def test_bars_are_as_high_as_the_standard_asks():
    picture = Image.open(io.BytesIO(render(Symbology.GS1_128, ELEMENTS, "png", 300)))
    dark = np.asarray(picture.convert("L")) < 128
    column = dark[:, np.flatnonzero(dark[10])[0]]
    assert column.sum() / 300 * 25.4 >= 31.75 - 0.1


@pytest.mark.parametrize(
    "given", ["", "01", "[01]", "[01]x[", "[1]x", "[01]a b", "[10]\x1d", "[10]é"]
)
def test_what_is_no_element_strings_is_refused(given):
    with pytest.raises(ScannerError, match=r"scanner\.content"):
        elements_of(given)


@pytest.mark.parametrize("symbology", sorted(ELEMENT_STRINGS))
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[01]09520123456789", "gs1.check-digit"),
        ("[00]395200000000000013", "gs1.check-digit"),
        ("[17]271340", "gs1.date"),
        ("[01]09520123456788[01]19520123456785", "gs1.repeated"),
        ("[01]09520123456788[01]09520123456788", "gs1.repeated"),
        ("[01]09520123456788[02]19520123456785", "gs1.exclusive"),
    ],
)
def test_what_gs1_does_not_allow_is_not_drawn_and_the_fault_is_named(symbology, content, reason):
    with pytest.raises(ScannerError) as caught:
        render(symbology, content)
    assert (caught.value.code, caught.value.arguments) == (
        "scanner.element-string", {"reason": reason},
    )  # fmt: skip


@pytest.mark.parametrize("symbology", [Symbology.QR_CODE, Symbology.CODE_128, Symbology.EAN_13])
def test_a_symbol_of_nothing_is_refused(symbology):
    with pytest.raises(ScannerError) as caught:
        render(symbology, "")
    assert caught.value.code == ("scanner.key" if symbology == "ean-13" else "scanner.empty")


@pytest.mark.parametrize("symbology", [Symbology.QR_CODE, Symbology.CODE_128])
def test_half_a_character_is_refused(symbology):
    with pytest.raises(ScannerError, match=r"scanner\.content"):
        render(symbology, "\ud800")


def test_databar_limited_refuses_what_it_cannot_hold():
    with pytest.raises(ScannerError, match=r"scanner\.content"):
        render(Symbology.DATABAR_LIMITED, "29520123456782")


@pytest.mark.parametrize("dpi", [0, 30, 149, 1201, 100_000])
def test_a_resolution_that_no_printer_has_is_refused(dpi):
    with pytest.raises(ScannerError, match=r"scanner\.resolution"):
        render(Symbology.QR_CODE, "x", "png", dpi)
