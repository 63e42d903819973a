"""Columns of the diary: the table in which a cooperative without software tells what it did.

A heading is recognised whatever its case, diacritics and blanks, in Vietnamese and in English.

>>> find_step("Thu hoạch"), find_step("packing"), find_step("dance") is None
(<Step.HARVEST: 'harvest'>, <Step.PACK: 'pack'>, True)
>>> find_column("Số  LÔ").name
'lot'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from traceability.folding import fold


class Step(StrEnum):
    """What was done."""

    HARVEST = "harvest"
    PROCESS = "process"
    PACK = "pack"
    SHIP = "ship"
    RECEIVE = "receive"
    SELL = "sell"


STEPS: dict[Step, tuple[str, ...]] = {
    Step.HARVEST: ("thu hoạch", "harvesting", "làm ra", "sản xuất"),
    Step.PROCESS: ("chế biến", "processing", "sơ chế"),
    Step.PACK: ("đóng gói", "packing", "đóng thùng"),
    Step.SHIP: ("xuất hàng", "shipping", "giao hàng", "xuất kho"),
    Step.RECEIVE: ("nhận hàng", "receiving", "nhập hàng", "nhập kho"),
    Step.SELL: ("bán", "selling", "bán lẻ"),
}
"""The words for each step; the first is that of the Vietnamese template."""

UNITS = {
    "kg": "KGM", "kilogram": "KGM", "g": "GRM", "gam": "GRM", "tan": "TNE", "tonne": "TNE",
    "l": "LTR", "lit": "LTR", "litre": "LTR", "ml": "MLT", "m": "MTR", "met": "MTR",
}  # fmt: skip
"""Units of measure and their codes (UN/ECE Rec. 20)."""
PIECES = frozenset({
    "", "cai", "chiec", "goi", "hop", "chai", "thung", "qua", "cay", "con", "bao", "tui", "piece",
})  # fmt: skip
"""Units that count pieces, which EPCIS leaves without a code."""


@dataclass(frozen=True, slots=True)
class DiaryColumn:
    name: str
    vi: str
    en: str
    also: tuple[str, ...] = ()


COLUMNS = (
    DiaryColumn("step", "Việc", "Step", ("công việc", "công đoạn")),
    DiaryColumn("time", "Thời gian", "Time", ("ngày giờ", "ngày")),
    DiaryColumn("gtin", "Mã GTIN", "GTIN", ("mã vạch", "mã sản phẩm")),
    DiaryColumn("lot", "Số lô", "Lot", ("lô", "mã lô")),
    DiaryColumn("serial", "Số sê-ri", "Serial", ("sê-ri", "serial number")),
    DiaryColumn("quantity", "Số lượng", "Quantity", ("khối lượng",)),
    DiaryColumn("unit", "Đơn vị", "Unit", ("đơn vị tính", "đvt")),
    DiaryColumn("from_gtin", "GTIN nguyên liệu", "Input GTIN", ("mã nguyên liệu",)),
    DiaryColumn("from_lot", "Lô nguyên liệu", "Input lot"),
    DiaryColumn("from_quantity", "Lượng nguyên liệu", "Input quantity"),
    DiaryColumn("from_unit", "Đơn vị nguyên liệu", "Input unit"),
    DiaryColumn("sscc", "Mã thùng (SSCC)", "SSCC", ("sscc", "mã thùng", "mã kiện")),
    DiaryColumn("place", "Mã địa điểm (GLN)", "Place GLN", ("địa điểm", "gln địa điểm")),
    DiaryColumn("partner", "Mã đối tác (GLN)", "Partner GLN", ("đối tác", "gln đối tác")),
    DiaryColumn("document", "Chứng từ", "Document", ("số chứng từ", "hóa đơn", "số hóa đơn")),
)
CODES = frozenset({"gtin", "lot", "serial", "from_gtin", "from_lot", "sscc", "place", "partner"})
QUANTITIES = frozenset({"quantity", "from_quantity"})

NEEDED: dict[Step, tuple[str, ...]] = {
    Step.HARVEST: ("gtin", "lot"),
    Step.PROCESS: ("gtin", "lot", "from_gtin", "from_lot"),
    Step.PACK: ("sscc", "gtin"),
    Step.SHIP: ("partner",),
    Step.RECEIVE: ("partner",),
    Step.SELL: (),
}
"""What each step must say, beside when."""
GOODS_OR_BOX = frozenset({Step.SHIP, Step.RECEIVE, Step.SELL})
"""Steps that name the goods by a GTIN or, all that is inside a box, by its SSCC."""
_ANY = ("quantity", "unit", "place", "document")
ALSO: dict[Step, tuple[str, ...]] = {
    Step.HARVEST: ("serial", *_ANY),
    Step.PROCESS: ("from_quantity", "from_unit", *_ANY),
    Step.PACK: ("lot", "serial", *_ANY),
    Step.SHIP: ("lot", "serial", *_ANY),
    Step.RECEIVE: ("lot", "serial", *_ANY),
    Step.SELL: ("lot", "serial", *_ANY),
}
"""What each step may say further."""

_GOODS = {"gtin": "9520000000103", "lot": "VD-2026-01", "quantity": "120,5", "unit": "kg"}
_MADE = {"gtin": "9520000000110", "lot": "VD-2026-02", "quantity": "40", "unit": "kg"}
_BOX = {"sscc": "395200000000009992", "partner": "9520000000011", "document": "PX-0001"}
EXAMPLES: dict[Step, dict[str, str]] = {
    Step.HARVEST: {"time": "20/11/2026 08:00", **_GOODS, "place": "9520000000004"},
    Step.PROCESS: {
        "time": "20/11/2026 10:00", **_MADE, "from_gtin": _GOODS["gtin"],
        "from_lot": _GOODS["lot"], "from_quantity": "120,5", "from_unit": "kg",
    },
    Step.PACK: {"time": "20/11/2026 14:30", **_MADE, "sscc": _BOX["sscc"]},
    Step.SHIP: {"time": "21/11/2026 07:00", **_BOX},
    Step.RECEIVE: {"time": "21/11/2026 15:00", **_BOX},
    Step.SELL: {"time": "22/11/2026 09:15", **_MADE, "quantity": "0,5"},
}  # fmt: skip
"""A row of each step, all of it made up: GTINs, GLN and SSCC of the range for examples."""


def is_example(cells: Mapping[str, object]) -> bool:
    """Whether a row names the goods or the box of an example, which nobody has.

    >>> is_example({"gtin": "09520000000103", "lot": "VD-2026-01"}), is_example({"lot": "L7"})
    (True, False)
    """
    gtin, lot = str(cells.get("gtin", "")).lstrip("0"), cells.get("lot")
    goods = any((gtin, lot) == (each["gtin"], each["lot"]) for each in (_GOODS, _MADE))
    return goods or cells.get("sscc") == _BOX["sscc"]


def _key(text: str) -> str:
    return " ".join(fold(text).replace("(", " ").replace(")", " ").split())


_BY_HEADING = {
    _key(heading): column
    for column in COLUMNS
    for heading in (column.name, column.vi, column.en, *column.also)
}
_BY_WORD = {_key(word): step for step, words in STEPS.items() for word in (step.value, *words)}


def find_column(heading: str) -> DiaryColumn | None:
    """The column that a heading names, or None."""
    return _BY_HEADING.get(_key(heading[:200]))


def find_step(word: str) -> Step | None:
    """The step that a word names, or None."""
    return _BY_WORD.get(_key(word[:100]))


def unit_code(unit: str) -> str | None:
    """The code of a unit; empty for pieces, None for one that is not known.

    >>> unit_code("Kg"), unit_code("gói"), unit_code("sào")
    ('KGM', '', None)
    """
    key = _key(unit)
    return "" if key in PIECES else UNITS.get(key)
