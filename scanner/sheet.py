"""Sheets of labels as PDF, and the proof that every symbol on them can be read.

typst sets the pages. It gets them as data: paths of bars made of numbers, and lines of text that
are placed as they are, so nothing on a label can become markup. It sees one font, that of a
package, and neither the system's nor the network's.

Proof is taken from the PDF itself: PDFium draws each page, each symbol is cut out where it must
be, and zxing-cpp has to read from it what was meant. That costs about 0.5 ms a symbol, so nothing
is taken on trust, however many there are.

>>> from scanner.dimensions import Symbology
>>> from scanner.item import Item
>>> from scanner.layout import Plan
>>> from scanner.papers import PAPERS
>>> item = Item("9520123456788", "https://example.com/01/09520123456788", "Cà phê")
>>> plan = plan_for(PAPERS["roll-50x30"], (Symbology.EAN_13,))
>>> sheet([item, item], PAPERS["roll-50x30"], plan)[:5]
b'%PDF-'
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
import typst

from scanner.dimensions import MM_PER_INCH, Environment, Symbology
from scanner.drawing import FONT_FOLDER, FONT_NAME, text_width
from scanner.engines.zxing_writer import read_back
from scanner.errors import ScannerError
from scanner.image import Grey
from scanner.item import Item
from scanner.layout import Label, Plan, lay_out
from scanner.papers import Paper

PROOF_DPI = 300
"""Resolution that pages are read back at, unless modules are too narrow for it."""

_DOTS_A_MODULE = 2.5
"""Dots that a module has at least when a page is read back."""

_POINTS_PER_INCH = 72
_LOCK = threading.Lock()
"""PDFium may be entered by one thread at a time."""

_TEMPLATE = f"""
#let given = json(bytes(sys.inputs.sheet))
#set document(title: given.title, date: none)
#set page(width: given.width * 1mm, height: given.height * 1mm, margin: 0pt)
#set text(
  font: "{FONT_NAME}", weight: "medium", fallback: false, lang: given.language,
  ligatures: false, hyphenate: false, top-edge: "baseline", bottom-edge: "baseline",
)
#for (at, page) in given.pages.enumerate() {{
  if at > 0 {{ pagebreak() }}
  place(top + left, image(
    bytes(page.bars), format: "svg", width: given.width * 1mm, height: given.height * 1mm,
  ))
  for (x, y, em, line) in page.lines {{
    place(top + left, dx: x * 1mm, dy: y * 1mm, box(width: auto, text(size: em * 1mm, line)))
  }}
}}
""".encode()


def plan_for(
    paper: Paper,
    symbologies: tuple[Symbology, ...],
    environment: Environment | None = None,
    x_dimension: float | None = None,
    dpi: int = 600,
) -> Plan:
    """Return the plan of labels on a paper."""
    size = paper.label_width, paper.label_height
    return Plan(symbologies, *size, environment, x_dimension, dpi)


def sheet(
    items: Sequence[Item], paper: Paper, plan: Plan, title: str = "", language: str = "vi"
) -> bytes:
    """Return a PDF of labels, one for each item, after every symbol was read back from it.

    Args:
        items: in the order of the places on the paper; at most some thousands.
        paper: what is printed on.
        plan: symbols and sizes, see `plan_for`.
        title: of the document.
        language: of its texts, a BCP 47 tag.

    Raises:
        ScannerError: as `scanner.layout.lay_out`, or `scanner.unreadable-label`.
    """
    labels = [lay_out(item, plan) for item in items]
    size = paper.labels_a_page
    pages = [labels[at : at + size] for at in range(0, len(labels), size)]
    pdf = _typeset(pages, paper, title, language)
    prove(pdf, pages, paper)
    return pdf


def prove(pdf: bytes, pages: Sequence[Sequence[Label]], paper: Paper) -> None:
    """Read every symbol of a PDF where it must be.

    Raises:
        ScannerError: `scanner.unreadable-label` (text, page) for the first one that is not there.
    """
    narrowest = min(mark.module for page in pages for label in page for mark in label.marks)
    dpi = max(PROOF_DPI, int(_DOTS_A_MODULE * MM_PER_INCH / narrowest) + 1)
    for number, (page, labels) in enumerate(zip(_rasterised(pdf, dpi), pages, strict=True), 1):
        for place, label in enumerate(labels):
            x, y = paper.corner(place)
            for mark in label.marks:
                cut = _cut(page, x + mark.x, y + mark.y, mark.width, mark.height, dpi)
                if mark.text.encode() not in read_back(cut, mark.symbology):
                    raise ScannerError(
                        "scanner.unreadable-label", text=mark.text[:200], page=number
                    )


def _typeset(pages: Sequence[Sequence[Label]], paper: Paper, title: str, language: str) -> bytes:
    given = {
        "title": title, "language": language, "width": paper.width, "height": paper.height,
        "pages": [_page(labels, paper) for labels in pages],
    }  # fmt: skip
    pdf = typst.Compiler(font_paths=_fonts()).compile(
        _TEMPLATE, format="pdf", sys_inputs={"sheet": json.dumps(given)}, pdf_tags=False
    )
    if not isinstance(pdf, bytes):
        raise ScannerError("scanner.content", length=len(pages))
    return pdf


def _page(labels: Sequence[Label], paper: Paper) -> dict[str, object]:
    bars, lines = [], []
    for place, label in enumerate(labels):
        x, y = paper.corner(place)
        bars.append(label.drawing.paths(x, y))
        for line in label.drawing.lines:
            left = x + line.x
            if line.anchor == "middle":
                left -= text_width(line.text, line.em) / 2
            lines.append([round(left, 3), round(y + line.y, 3), round(line.em, 3), line.text])
    view = f'viewBox="0 0 {paper.width:g} {paper.height:g}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {view}>{"".join(bars)}</svg>'
    return {"bars": svg, "lines": lines}


@cache
def _fonts() -> typst.Fonts:
    # The embedded fonts and the system's stay out: a sheet looks the same on every machine.
    folders = [Path(FONT_FOLDER)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _rasterised(pdf: bytes, dpi: int) -> Iterator[Grey]:
    """Yield the pages of a PDF as grey pictures."""
    with _LOCK:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        for number in range(count):
            with _LOCK:
                page = document[number]
                bitmap = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=True)
                grey = np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(
                    bitmap.height, bitmap.width
                )
                bitmap.close()
                page.close()
            yield grey
    finally:
        with _LOCK:
            document.close()


def _cut(page: Grey, x: float, y: float, width: float, height: float, dpi: int) -> Grey:
    scale = dpi / MM_PER_INCH
    left, top = max(0, round(x * scale)), max(0, round(y * scale))
    right, bottom = round((x + width) * scale), round((y + height) * scale)
    # A white edge: DataBar needs no quiet zone, but a reader of pictures wants some paper.
    return np.pad(page[top:bottom, left:right], 8, constant_values=255)
