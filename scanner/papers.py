"""Papers that labels are printed on: sheets with die-cut labels, and rolls with one label a page.

>>> PAPERS["a4-3x8"].labels_a_page
24
>>> PAPERS["a4-3x8"].corner(4)
(70.0, 37.5)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABELS_A_FILE = 1_000
"""About so many labels are one PDF: a few seconds of work, a stack a printer takes at once."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A page of equal labels in rows and columns; millimetres."""

    name: str
    """Stable identity, as in addresses and requests."""

    width: float
    height: float
    columns: int
    rows: int
    label_width: float
    label_height: float
    left: float = 0.0
    """Margin before the first column."""

    top: float = 0.0
    """Margin above the first row."""

    gap_across: float = 0.0
    """Between two columns."""

    gap_down: float = 0.0
    """Between two rows."""

    @property
    def labels_a_page(self) -> int:
        """Places of a page."""
        return self.columns * self.rows

    @property
    def labels_a_file(self) -> int:
        """Whole pages of about `LABELS_A_FILE` labels."""
        return max(1, LABELS_A_FILE // self.labels_a_page) * self.labels_a_page

    def corner(self, place: int) -> tuple[float, float]:
        """Return the top left corner of a label: places run along the rows from 0."""
        row, column = divmod(place, self.columns)
        return (
            self.left + column * (self.label_width + self.gap_across),
            self.top + row * (self.label_height + self.gap_down),
        )


def _roll(width: float, height: float) -> Paper:
    return Paper(f"roll-{width:g}x{height:g}", width, height, 1, 1, width, height)


PAPERS: Mapping[str, Paper] = {
    paper.name: paper
    for paper in (
        Paper("a4-2x7", 210, 297, 2, 7, 99.1, 38.1, 4.65, 15.15, 2.5),
        Paper("a4-2x4", 210, 297, 2, 4, 105.0, 74.0, 0.0, 0.5),
        Paper("a4-3x7", 210, 297, 3, 7, 63.5, 38.1, 7.21, 15.15, 2.54),
        Paper("a4-3x8", 210, 297, 3, 8, 70.0, 37.0, 0.0, 0.5),
        Paper("a4-4x10", 210, 297, 4, 10, 52.5, 29.7),
        Paper("a4-5x13", 210, 297, 5, 13, 38.1, 21.2, 4.75, 10.7, 2.5),
        Paper("a5-2x4", 148, 210, 2, 4, 74.0, 52.5),
        _roll(40, 30),
        _roll(50, 30),
        _roll(70, 50),
        _roll(100, 50),
        _roll(100, 150),
        _roll(150, 100),
    )
}
"""By name. Sizes of sheets are those that makers of label sheets share."""
