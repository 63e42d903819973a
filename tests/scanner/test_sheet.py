"""Sheets: every label is where the paper has one, reads as it should, and stays what it is."""

import io
from datetime import date

import numpy as np
import pypdfium2
import pytest
from PIL import Image

import scanner
from scanner import ScannerError
from scanner.dimensions import Environment, Symbology
from scanner.item import Item
from scanner.layout import PADDING, Plan, lay_out, wrap
from scanner.papers import PAPERS
from scanner.press import press
from scanner.sheet import plan_for, prove, sheet

GTIN = "9520123456788"


def items(count: int, name: str = "Cà phê Đắk Hà") -> list[Item]:
    return [
        Item(GTIN, f"https://example.com/01/0{GTIN}/21/S{n}", name, "L7", f"S{n}", date(2027, 1, 2))
        for n in range(count)
    ]


def pages(pdf: bytes, dpi: int = 300) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    found = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
    document.close()
    return found


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    found = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return found


def texts(picture: Image.Image) -> set[str]:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return {symbol.text for symbol in scanner.decode(file.getvalue(), 10).symbols}


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_each_label_of_a_paper_reads_at_its_place(paper):
    some = items(min(paper.labels_a_page + 1, 30))
    plan = plan_for(paper, (Symbology.GS1_DATA_MATRIX,))
    printed = pages(sheet(some, paper, plan))
    assert len(printed) == -(-len(some) // paper.labels_a_page)
    scale = printed[0].width / paper.width
    for at, item in list(enumerate(some))[::7]:
        page, place = divmod(at, paper.labels_a_page)
        x, y = paper.corner(place)
        box = (x, y, x + paper.label_width, y + paper.label_height)
        label = printed[page].crop(tuple(round(side * scale) for side in box))
        assert texts(label) == {f"010{GTIN}1727010210L7\x1d21{item.serial}"}


def test_a_page_is_as_large_as_its_paper():
    (page,) = pages(
        sheet(items(1), PAPERS["a5-2x4"], plan_for(PAPERS["a5-2x4"], (Symbology.QR_CODE,)))
    )
    assert page.width / 300 * 25.4 == pytest.approx(148, abs=0.2)
    assert page.height / 300 * 25.4 == pytest.approx(210, abs=0.2)


@pytest.mark.parametrize("symbology", Symbology)
def test_every_symbology_can_be_printed_on_a_large_label(symbology):
    gtin = {Symbology.EAN_8: "95200002", Symbology.UPC_A: "012345678905"}.get(symbology, GTIN)
    item = Item(gtin, f"https://example.com/01/{gtin.zfill(14)}", "Demo", "L7", "1")
    paper = PAPERS["roll-150x100"]
    if symbology is Symbology.GS1_128:
        item = Item(gtin, item.digital_link, "Demo", lot="L7")
    if symbology is Symbology.DATABAR_EXPANDED:
        item = Item(gtin, item.digital_link, "Demo")
    assert sheet([item], paper, plan_for(paper, (symbology,))).startswith(b"%PDF-")


def test_two_symbols_stand_side_by_side_or_stacked():
    both = (Symbology.EAN_13, Symbology.QR_CODE)
    wide = lay_out(items(1)[0], Plan(both, 70, 37))
    narrow = lay_out(items(1)[0], Plan(both, 50, 80))
    assert wide.marks[0].y == wide.marks[1].y
    assert narrow.marks[0].x == narrow.marks[1].x


HOSTILE = [
    '#panic("x") #import "a" *b* _c_ $x$ `y` = h',
    "</svg><script>alert(1)</script>&amp;<![CDATA[",
    '"; DROP TABLE x; -- \\u{41} \\ \\n {{7*7}} {% x %}',
    ']) #eval("1") [',
]


@pytest.mark.parametrize("name", HOSTILE)
def test_text_on_a_label_is_text_and_nothing_else(name):
    paper = PAPERS["roll-100x150"]
    pdf = sheet(items(1, name), paper, plan_for(paper, (Symbology.QR_CODE,)))
    shown = "".join(text_of(pdf).split())
    assert "".join(name.split())[:12] in shown
    assert b"/JavaScript" not in pdf
    assert b"/URI" not in pdf


@pytest.mark.parametrize(
    "name", ["\u202egnp.exe", "a\u2066b", "tab\x07", "\x00", "שלום", "漢字", "\ufeff"]
)
def test_a_character_that_turns_hides_or_has_no_letter_is_refused(name):
    paper = PAPERS["roll-100x150"]
    with pytest.raises(ScannerError, match=r"scanner\.content"):
        sheet(items(1, name), paper, plan_for(paper, (Symbology.QR_CODE,)))


@pytest.mark.parametrize("name", ["Ơ" * 300, "Một " * 75, "W" * 40])
@pytest.mark.parametrize("paper", ["a4-5x13", "a4-4x10", "roll-100x150"])
def test_a_long_name_stays_on_its_label(name, paper):
    size = PAPERS[paper]
    made = lay_out(items(1, name)[0], plan_for(size, (Symbology.GS1_DATA_MATRIX,)))
    picture = Image.open(io.BytesIO(made.drawing.as_png(300)))
    dark = np.asarray(picture) < 128
    edge = round(PADDING * 0.5 / 25.4 * 300)
    assert not dark[:edge].any()
    assert not dark[-edge:].any()
    assert not dark[:, :edge].any()
    assert not dark[:, -edge:].any()


def test_the_text_of_what_a_symbol_holds_is_never_left_out():
    made = lay_out(items(1)[0], plan_for(PAPERS["a4-5x13"], (Symbology.GS1_DATA_MATRIX,)))
    written = " ".join(line.text for line in made.drawing.lines)
    assert all(part in written for part in (f"(01) 0{GTIN}", "(17) 270102", "(10) L7", "(21) S0"))


def test_a_symbol_is_made_smaller_before_it_is_refused_but_never_below_the_standard():
    large = lay_out(items(1)[0], Plan((Symbology.QR_CODE,), 100, 50)).marks[0]
    small = lay_out(items(1)[0], Plan((Symbology.QR_CODE,), 38.1, 24)).marks[0]
    assert small.module < large.module
    assert small.module >= 0.396
    with pytest.raises(ScannerError) as caught:
        lay_out(items(1)[0], Plan((Symbology.QR_CODE,), 38.1, 12))
    assert caught.value.code == "scanner.label-too-small"
    assert caught.value.arguments["clause"] == "5.12.3.1"


def test_a_module_is_a_whole_number_of_dots_of_the_printer():
    for dpi in (203, 300, 600):
        mark = lay_out(items(1)[0], Plan((Symbology.QR_CODE,), 70, 37, dpi=dpi)).marks[0]
        assert mark.module * dpi / 25.4 == pytest.approx(round(mark.module * dpi / 25.4))


def test_a_warehouse_asks_for_a_larger_symbol_than_a_till():
    plans = [Plan((Symbology.GS1_DATA_MATRIX,), 100, 50, each)
             for each in (Environment.RETAIL, Environment.DISTRIBUTION)]  # fmt: skip
    till, warehouse = (lay_out(items(1)[0], plan).marks[0] for plan in plans)
    assert till.module < 0.743 <= warehouse.module


def test_a_page_whose_symbols_say_something_else_is_not_handed_out():
    paper = PAPERS["a4-3x8"]
    plan = plan_for(paper, (Symbology.QR_CODE,))
    pdf = sheet(items(2), paper, plan)
    meant = [lay_out(item, plan) for item in items(2)]
    prove(pdf, [meant], paper)
    with pytest.raises(ScannerError) as caught:
        prove(pdf, [list(reversed(meant))], paper)
    assert caught.value.code == "scanner.unreadable-label"
    assert caught.value.arguments["page"] == 1


def test_a_symbol_that_is_not_where_it_must_be_is_found_out():
    paper = PAPERS["a4-3x8"]
    plan = plan_for(paper, (Symbology.QR_CODE,))
    pdf = sheet(items(1), paper, plan)
    with pytest.raises(ScannerError, match=r"scanner\.unreadable-label"):
        prove(pdf, [[lay_out(item, plan) for item in items(2)]], paper)


def test_a_process_of_its_own_makes_the_same_sheet():
    paper = PAPERS["roll-50x30"]
    plan = plan_for(paper, (Symbology.GS1_DATA_MATRIX,), Environment.RETAIL, 0.5, 300)
    assert press(items(2), paper, plan, "t") == sheet(items(2), paper, plan, "t")


def test_what_is_wrong_in_the_other_process_is_wrong_here():
    paper = PAPERS["roll-40x30"]
    with pytest.raises(ScannerError) as caught:
        press(items(1), paper, plan_for(paper, (Symbology.EAN_13, Symbology.QR_CODE)))
    assert caught.value.code == "scanner.label-too-small"
    assert caught.value.arguments["width"] == 40


def test_a_process_that_dies_or_hangs_costs_one_file(monkeypatch):
    paper = PAPERS["roll-50x30"]
    plan = plan_for(paper, (Symbology.QR_CODE,))
    monkeypatch.setattr("scanner.press.SECONDS", 0.01)
    with pytest.raises(ScannerError, match=r"scanner\.timeout"):
        press(items(1), paper, plan)
    monkeypatch.setattr("scanner.press.SECONDS", 60)
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ScannerError, match=r"scanner\.crashed"):
        press(items(1), paper, plan)


def test_a_text_is_broken_at_spaces_and_cut():
    assert wrap("", 10, 3.0, 2) == []
    assert wrap("a b", 100, 3.0, 2) == ["a b"]
    assert wrap("Wwwwwwwwwwwwwwwww", 10, 3.0, 2)[0].endswith("…")
