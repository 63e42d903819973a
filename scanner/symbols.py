"""The drawing of one symbol: its bars, its quiet zones, and the digits or HRI below it.

Which library draws what was settled by comparing module patterns and reading every drawing back:

- EAN-13, EAN-8, UPC-A, ITF-14: python-barcode, whose patterns are those of the standard.
- Code 128: zxing-cpp. python-barcode loses a leading ``99``: it takes the pair of digits for the
  code that changes the character set, which has the same number.
- GS1-128, GS1 DataMatrix, DataBar: zxing-cpp, see `scanner.engines.zxing_writer`.
- QR Code: qrcode for single drawings; in sheets zxing-cpp, which takes 0.15 ms for what takes
  qrcode 3.5 ms: of 100,000 labels that is a quarter of a minute instead of six.

>>> from scanner.dimensions import Environment, dimensions
>>> spec = dimensions(Symbology.DATABAR_OMNI, Environment.RETAIL)
>>> drawing = draw(Symbology.DATABAR_OMNI, "09520123456788", spec.nominal, spec)
>>> round(drawing.width, 2)
32.34
>>> [line.text for line in drawing.lines]
['(01) 09520123456788']
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

import barcode
import numpy as np
import qrcode
from qrcode.exceptions import DataOverflowError

from gs1 import ElementString, Gs1Error, as_element_string, check_digit, parse_element_strings
from scanner.dimensions import Dimensions, Symbology
from scanner.drawing import Bar, Block, Drawing, Line, check_text, filled, text_width
from scanner.ean import GUARDS
from scanner.engines.zxing_writer import Matrix, matrix
from scanner.errors import ScannerError

_GUARD_DROP = 5
"""Modules by which guard bars of EAN and UPC reach below the others (5.2.3.3)."""

_EM = 9.0
"""Size of the digits under EAN and UPC in modules: they are as wide as the seven of a digit."""

_ITF_UNITS = 2
"""python-barcode draws a narrow ITF bar two units wide, a wide one five: a ratio of 2.5."""

_BEARER = 2.0
"""Thickness of the bars above and below an ITF-14, in narrow bars (5.3.2.4)."""

HRI_EM = 2.4
"""Size of the human readable interpretation in millimetres."""

LEADING = 1.25
"""Line height in sizes of the font."""

_LENGTHS: Mapping[Symbology, tuple[int, str]] = {
    Symbology.EAN_13: (13, "EAN-13"),
    Symbology.EAN_8: (8, "EAN-8"),
    Symbology.UPC_A: (12, "UPC-A"),
    Symbology.ITF_14: (14, "ITF-14"),
    Symbology.DATABAR_OMNI: (14, "GS1 DataBar"),
    Symbology.DATABAR_STACKED: (14, "GS1 DataBar"),
    Symbology.DATABAR_STACKED_OMNI: (14, "GS1 DataBar"),
    Symbology.DATABAR_LIMITED: (14, "GS1 DataBar Limited"),
}
"""Digits of the symbologies that hold a GTIN and nothing else, and their name."""

ELEMENT_STRINGS = frozenset(
    {
        Symbology.GS1_128,
        Symbology.GS1_DATA_MATRIX,
        Symbology.DATABAR_EXPANDED,
        Symbology.DATABAR_EXPANDED_STACKED,
    }
)
"""Those whose content is element strings."""

GTIN_ONLY = frozenset(_LENGTHS)
"""Those that hold a GTIN and nothing else."""

_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no text has and no writer takes."""

_ELEMENT = re.compile(r"\[(\d{2,4})\]([!-Z^-z]+)")
# CSET 82 (7.11) has no square brackets, so they can part the elements without being escaped.


def draw(
    symbology: Symbology, content: str, x: float, spec: Dimensions, *, bulk: bool = False
) -> Drawing:
    """Return the drawing of a symbol with modules of `x` millimetres.

    Args:
        symbology: what to draw.
        content: as for `scanner.render.render`.
        x: X-dimension in millimetres.
        spec: quiet zones and heights.
        bulk: one of very many: the fast writer, and no text but the digits of EAN, UPC and ITF.

    Raises:
        ScannerError: `scanner.key`, `scanner.content`, `scanner.element-string` or
            `scanner.empty`.
    """
    maker = _MAKERS.get(symbology)
    if maker is not None:
        return maker(_digits(symbology, content), x, spec)
    if not content:
        raise ScannerError("scanner.empty")
    if _HALF.search(content):
        raise ScannerError("scanner.content", length=len(content))
    if symbology is Symbology.QR_CODE and not bulk:
        return _modules(_qr(content), x, spec)
    drawing = _modules(_matrix(symbology, content), x, spec)
    return drawing if bulk else _with_text(drawing, hri_of(symbology, content))


def hri_of(symbology: Symbology, content: str) -> tuple[str, ...]:
    """Return the human readable interpretation of what a symbol holds, one element a line (4.14).

    >>> hri_of(Symbology.GS1_128, "[01]09520123456788[10]L7")
    ('(01) 09520123456788', '(10) L7')
    """
    if symbology in ELEMENT_STRINGS:
        return tuple(f"({ai}) {value}" for ai, value in elements_of(content))
    if symbology in GTIN_ONLY:
        return () if symbology in _MAKERS else (f"(01) {content}",)
    return (content,) if symbology is Symbology.CODE_128 else ()


def elements_of(content: str) -> list[ElementString]:
    """Return the element strings of a content with AIs in square brackets.

    Raises:
        ScannerError: `scanner.content` where it is no such content, `scanner.element-string`
            (reason) where GS1 allows no such element strings, or none such together.
    """
    found = [ElementString(*each) for each in _ELEMENT.findall(content)]
    if not found or "".join(f"[{ai}]{value}" for ai, value in found) != content:
        raise ScannerError("scanner.content", length=len(content))
    if len(dict(found)) < len(found):
        raise ScannerError("scanner.element-string", reason="gs1.repeated")
    try:
        parse_element_strings(as_element_string(found))
    except Gs1Error as error:
        raise ScannerError("scanner.element-string", reason=error.code) from error
    return found


def printed_text(symbology: Symbology, content: str) -> str:
    r"""Return what a reader transmits after the symbology identifier, as `scanner.decode` gives it.

    >>> printed_text(Symbology.GS1_128, "[01]09520123456788[10]L7[21]5")
    '010952012345678810L7\x1d215'
    """
    if symbology in ELEMENT_STRINGS:
        return as_element_string(elements_of(content))
    if symbology in _LENGTHS and symbology not in _MAKERS:
        return f"01{content}"
    return content.zfill(13) if symbology is Symbology.UPC_A else content


def _ean13(gtin13: str, x: float, spec: Dimensions) -> Drawing:
    (bars,) = barcode.get("ean13", gtin13).build()
    digits = [(-9.5, gtin13[0]), *_under(gtin13[1:7], 3), *_under(gtin13[7:], 50)]
    return _retail(bars, GUARDS["EAN-13"], digits, spec, x)


def _ean8(gtin8: str, x: float, spec: Dimensions) -> Drawing:
    (bars,) = barcode.get("ean8", gtin8).build()
    digits = [*_under(gtin8[:4], 3), *_under(gtin8[4:], 36)]
    return _retail(bars, GUARDS["EAN-8"], digits, spec, x)


def _upc_a(gtin12: str, x: float, spec: Dimensions) -> Drawing:
    (bars,) = barcode.get("upca", gtin12).build()
    digits = [(-9.0, gtin12[0]), *_under(gtin12[1:6], 10), *_under(gtin12[6:11], 50),
              (97.0, gtin12[11])]  # fmt: skip
    # The first and the last digit of a UPC-A are as tall as its guards.
    return _retail(bars, (*range(10), *range(45, 50), *range(85, 95)), digits, spec, x)


def _itf14(gtin14: str, x: float, spec: Dimensions) -> Drawing:
    (bars,) = barcode.get("itf", gtin14).build()
    unit, quiet = x / _ITF_UNITS, spec.quiet_left * x
    high, thick = spec.bar_height(x) / unit, _BEARER * _ITF_UNITS
    side, em = quiet / unit, 6 * x
    wide = len(bars) + 2 * side
    frame = ((0.0, 0.0, wide, thick), (0.0, thick + high, wide, thick))
    inner = tuple((left + side, thick, w, high) for left, w in _runs(bars))
    height, width = (high + 2 * thick) * unit, wide * unit
    text = Line(width / 2, height + em, em, gtin14, "middle")
    return Drawing(width, height + 1.4 * em, (Block(0, 0, unit, (*inner, *frame)),), (text,))


_MAKERS: Mapping[Symbology, Callable[[str, float, Dimensions], Drawing]] = {
    Symbology.EAN_13: _ean13,
    Symbology.EAN_8: _ean8,
    Symbology.UPC_A: _upc_a,
    Symbology.ITF_14: _itf14,
}


def _retail(
    bars: str, tall: Collection[int], digits: list[tuple[float, str]], spec: Dimensions, x: float
) -> Drawing:
    """Draw an EAN or UPC: guard bars taller, digits at their modules from the first bar."""
    quiet, high, em = spec.quiet_left * x, spec.bar_height(x) / x, _EM * x
    width = (spec.quiet_left + len(bars) + spec.quiet_right) * x
    baseline = high * x + 0.8 * em + x / 2
    lines = tuple(
        Line(quiet + (at + 3.5) * x, baseline, em, digit, "middle") for at, digit in digits
    )
    # A bar is all guard or all digit: the two kinds never touch.
    shapes = tuple(
        (left, 0, w, high + (_GUARD_DROP if left in tall else 0)) for left, w in _runs(bars)
    )
    return Drawing(width, high * x + 0.9 * em + x, (Block(quiet, 0, x, shapes),), lines)


def _under(digits: str, first: int) -> list[tuple[float, str]]:
    return [(first + 7.0 * place, digit) for place, digit in enumerate(digits)]


def _runs(bars: str) -> list[tuple[int, int]]:
    """Return left end and width of each run of dark modules."""
    return [(found.start(), len(found[0])) for found in re.finditer("1+", bars)]


def _qr(text: str) -> Matrix:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:
        raise ScannerError("scanner.content", length=len(text)) from error
    return np.array(code.get_matrix(), bool)


def _matrix(symbology: Symbology, content: str) -> Matrix:
    if symbology in _LENGTHS:
        # Without its check digit: the writer adds it, and takes 14 digits for something else.
        text = _digits(symbology, content)[:-1]
    else:
        text = content
        if symbology in ELEMENT_STRINGS:
            elements_of(content)
    try:
        return matrix(symbology, text)
    except ValueError as error:
        raise ScannerError("scanner.content", length=len(content)) from error


def _modules(dark: Matrix, x: float, spec: Dimensions) -> Drawing:
    """Draw a matrix of modules; the one row of a linear symbol gets the height of its bars."""
    rows, columns = dark.shape
    left, right = spec.quiet_left * x, spec.quiet_right * x
    if (dark == dark[0]).all():
        high = max(spec.bar_height(x) / x, 1.0)
        padded = np.diff(np.concatenate(([0], dark[0].view(np.int8), [0])))
        starts, ends = np.flatnonzero(padded == 1).tolist(), np.flatnonzero(padded == -1).tolist()
        bars: tuple[Bar, ...] = tuple(
            (a, 0, b - a, high) for a, b in zip(starts, ends, strict=True)
        )
        return Drawing(left + columns * x + right, high * x, (Block(left, 0, x, bars),), ())
    # Only a matrix symbol has a quiet zone above and below as well.
    top = left if not spec.modules_high else 0.0
    block = Block(left, top, x, _rectangles(dark))
    return Drawing(left + columns * x + right, rows * x + 2 * top, (block,), ())


def _rectangles(dark: Matrix) -> tuple[Bar, ...]:
    """Return the dark runs of each row; runs that repeat below become one taller rectangle."""
    steps = np.diff(np.pad(dark, ((0, 1), (1, 1))).view(np.int8), axis=1)
    found: list[Bar] = []
    growing: dict[tuple[int, int], int] = {}
    for row, step in enumerate(steps):
        starts = np.flatnonzero(step == 1).tolist()
        here = dict.fromkeys(zip(starts, np.flatnonzero(step == -1).tolist(), strict=True), row)
        for run, top in growing.items():
            if run in here:
                here[run] = top
            else:
                found.append((run[0], top, run[1] - run[0], row - top))
        growing = here
    return tuple(found)


def _with_text(drawing: Drawing, elements: tuple[str, ...]) -> Drawing:
    """Put the human readable text below the bars, as many elements on a line as fit."""
    rows = filled(map(check_text, elements), drawing.width, HRI_EM)
    width = max([drawing.width, *(text_width(row, HRI_EM) for row in rows)])
    centred = drawing.moved((width - drawing.width) / 2, 0)
    lines = tuple(
        Line(width / 2, drawing.height + HRI_EM * (1 + LEADING * at), HRI_EM, row, "middle")
        for at, row in enumerate(rows)
    )
    below = HRI_EM * LEADING * len(rows) + (0.3 * HRI_EM if rows else 0)
    return Drawing(width, drawing.height + below, centred.blocks, lines)


def _digits(symbology: Symbology, digits: str) -> str:
    length, name = _LENGTHS[symbology]
    good = digits.isascii() and digits.isdigit() and len(digits) == length
    if not (good and check_digit.is_valid(digits)):
        raise ScannerError("scanner.key", key=digits[:40], format=name)
    return digits
