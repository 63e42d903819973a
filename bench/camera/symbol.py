"""Symbols as modules, dark and light, with the text that a reader has to give.

>>> import random
>>> symbol = draw("EAN-13", random.Random(1))
>>> len(symbol.text), symbol.modules.shape[1]
(13, 95)
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import BarcodeFormat

from gs1 import check_digit

Modules = NDArray[np.bool_]

LINK = "https://id.gs1.org/01/{gtin}/10/{lot}/21/{serial}"


@dataclass(frozen=True)
class Symbol:
    kind: str
    text: str
    """What is right: GS1 element strings without brackets and separators."""
    modules: Modules
    """Rows by columns, true where dark, without quiet zones."""
    printed: str
    """What stands under the bars; empty for matrix symbols."""
    also: tuple[str, ...] = ()
    """Texts that are in the picture too: an add-on, alone and with its symbol."""

    @property
    def is_linear(self) -> bool:
        return bool(self.printed)


def draw(kind: str, chance: random.Random) -> Symbol:
    """A symbol of the kind with a text of its own."""
    return _KINDS[kind](chance)


def gtin(chance: random.Random, length: int = 14) -> str:
    payload = "".join(chance.choice("0123456789") for _ in range(length - 1))
    return payload + check_digit.compute(payload)


def _letters(chance: random.Random, length: int) -> str:
    return "".join(chance.choice("ABCDEFGHJKLMNPRSTUVWXYZ0123456789") for _ in range(length))


def _linear(kind: str, text: str, content: str, chance: random.Random, **options: Any) -> Symbol:
    row = _written(content, _FORMATS[kind], **options)[0]
    height = chance.randint(28, 70)
    printed = content.replace("[", "(").replace("]", ")")
    return Symbol(kind, text, np.repeat(row[None], height, axis=0), printed)


def _matrix(kind: str, text: str, content: str, **options: Any) -> Symbol:
    return Symbol(kind, text, _written(content, _FORMATS[kind], **options), "")


def _written(content: str, symbology: BarcodeFormat, **options: Any) -> Modules:
    image = zxingcpp.create_barcode(content, symbology, **options).to_image(
        scale=1, add_quiet_zones=False, add_hrt=False
    )
    dark = np.asarray(image) < 128
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    return dark[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _digits(kind: str, length: int) -> Callable[[random.Random], Symbol]:
    def make(chance: random.Random) -> Symbol:
        text = gtin(chance, length)
        return _linear(kind, text, text, chance)

    return make


def _upc_e(chance: random.Random) -> Symbol:
    # The last digit 5 to 9 stands for itself, so that the number is valid whatever the others are.
    short = "0" + "".join(chance.choice("0123456789") for _ in range(4))
    short += chance.choice("123456789") + chance.choice("56789")
    full = short[:6] + "0000" + short[6]
    full += check_digit.compute(full)
    return _linear("UPC-E", full, short + full[-1], chance)


def _add_on(chance: random.Random) -> Symbol:
    text = gtin(chance, 13)
    extra = "".join(chance.choice("0123456789") for _ in range(chance.choice((2, 5))))
    symbol = _linear("EAN-13 with add-on", text, f"{text}+{extra}", chance)
    return replace(symbol, also=(extra, text + extra))


def _gs1_128(chance: random.Random) -> Symbol:
    key, lot = gtin(chance), _letters(chance, 6)
    return _linear("GS1-128", f"01{key}10{lot}", f"[01]{key}[10]{lot}", chance, gs1=True)


def _code_128(chance: random.Random) -> Symbol:
    text = _letters(chance, chance.randint(6, 14))
    return _linear("Code 128", text, text, chance)


def _code_39(chance: random.Random) -> Symbol:
    text = _letters(chance, chance.randint(5, 10))
    return _linear("Code 39", text, text, chance)


def _databar(chance: random.Random) -> Symbol:
    text = gtin(chance)
    return _linear("DataBar", text, text, chance)


def _qr(chance: random.Random) -> Symbol:
    text = LINK.format(gtin=gtin(chance), lot=_letters(chance, 6), serial=_letters(chance, 9))
    return _matrix("QR Code", text, text)


def _data_matrix(chance: random.Random) -> Symbol:
    key, lot, serial = gtin(chance), _letters(chance, 6), _letters(chance, 9)
    content = f"[01]{key}[17]271231[10]{lot}[21]{serial}"
    text = f"01{key}1727123110{lot}21{serial}"
    return _matrix("Data Matrix", text, content, gs1=True, forceSquare=True)


_FORMATS = {
    "EAN-13": BarcodeFormat.EAN13,
    "EAN-8": BarcodeFormat.EAN8,
    "UPC-A": BarcodeFormat.UPCA,
    "UPC-E": BarcodeFormat.UPCE,
    "EAN-13 with add-on": BarcodeFormat.EAN13,
    "ITF-14": BarcodeFormat.ITF,
    "Code 128": BarcodeFormat.Code128,
    "GS1-128": BarcodeFormat.Code128,
    "Code 39": BarcodeFormat.Code39,
    "DataBar": BarcodeFormat.DataBar,
    "QR Code": BarcodeFormat.QRCode,
    "Data Matrix": BarcodeFormat.DataMatrix,
}

_KINDS: dict[str, Callable[[random.Random], Symbol]] = {
    "EAN-13": _digits("EAN-13", 13),
    "EAN-8": _digits("EAN-8", 8),
    "UPC-A": _digits("UPC-A", 12),
    "UPC-E": _upc_e,
    "EAN-13 with add-on": _add_on,
    "ITF-14": _digits("ITF-14", 14),
    "Code 128": _code_128,
    "GS1-128": _gs1_128,
    "Code 39": _code_39,
    "DataBar": _databar,
    "QR Code": _qr,
    "Data Matrix": _data_matrix,
}

KINDS = tuple(_KINDS)
MAIN = ("EAN-13", "EAN-8", "UPC-A", "ITF-14", "GS1-128", "QR Code", "Data Matrix")
"""What the sweeps are made of."""
