"""What one may choose about a label, and what of it fits together."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from scanner.dimensions import Environment, Symbology
from scanner.item import Item
from scanner.layout import Plan
from scanner.papers import PAPERS, Paper
from scanner.render import LEAST_DPI, MOST_DPI

MOST_LABELS = 100_000
"""Of one job."""

PaperName = StrEnum("PaperName", {name: name for name in PAPERS})  # type: ignore[misc]
"""The papers by name."""


class LabelKind(StrEnum):
    """Which symbols stand on a label."""

    LABEL = "label"
    """Name, linear symbol, QR code and text together."""
    BARCODE = "barcode"
    """The linear symbol: EAN-13, EAN-8, UPC-A or ITF-14 by the printed length of the GTIN."""
    QR = "qr"
    """A QR code with the GS1 Digital Link of this installation."""
    ITF_14 = "itf-14"
    CODE_128 = "code-128"
    GS1_128 = "gs1-128"
    GS1_DATA_MATRIX = "gs1-data-matrix"
    DATABAR_OMNI = "databar-omni"
    DATABAR_STACKED = "databar-stacked"
    DATABAR_STACKED_OMNI = "databar-stacked-omni"
    DATABAR_LIMITED = "databar-limited"
    DATABAR_EXPANDED = "databar-expanded"
    DATABAR_EXPANDED_STACKED = "databar-expanded-stacked"

    def symbologies(self, item: Item) -> tuple[Symbology, ...]:
        """The symbols of this kind for one item."""
        match self:
            case LabelKind.LABEL:
                return item.retail_symbology, Symbology.QR_CODE
            case LabelKind.BARCODE:
                return (item.retail_symbology,)
            case LabelKind.QR:
                return (Symbology.QR_CODE,)
            case _:
                return (Symbology(self.value),)


class LabelFormat(StrEnum):
    SVG = "svg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Mapping[LabelFormat, str] = {
    LabelFormat.SVG: "image/svg+xml",
    LabelFormat.PNG: "image/png",
}


class LabelChoice(BaseModel):
    """How labels look and what they are about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: LabelKind = LabelKind.LABEL
    paper: PaperName | None = None
    """None for a single picture of the size it needs."""
    scanned_at: Environment | None = None
    """Where it will be scanned; None for what the symbol is made for."""
    x_dimension: float | None = Field(default=None, ge=0.05, le=5)
    """Width of a module in millimetres; None for the size GS1 aims at, or the next that fits."""
    dpi: int = Field(default=300, ge=LEAST_DPI, le=MOST_DPI)
    """Of the printer."""
    language: Literal["vi", "en"] = "vi"
    """Of the words on it."""
    lot: str | None = Field(default=None, max_length=20)
    serial: str | None = Field(default=None, max_length=20)

    @property
    def sheet(self) -> Paper | None:
        return None if self.paper is None else PAPERS[self.paper.value]

    def plan(self, item: Item, paper: Paper) -> Plan:
        """The plan of the labels on a paper."""
        return Plan(
            self.kind.symbologies(item), paper.label_width, paper.label_height,
            self.scanned_at, self.x_dimension, self.dpi,
        )  # fmt: skip


class SheetOrder(LabelChoice):
    """A job: which labels, and how many."""

    paper: PaperName = PaperName("a4-3x8")
    serials: bool = False
    """A label for each serial number that is registered and not withdrawn, of the lot if named."""
    count: int | None = Field(default=None, ge=1, le=MOST_LABELS)
    """Copies of one label; with `serials` the most that are printed, None for all of them."""
