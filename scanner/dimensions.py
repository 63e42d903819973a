"""How large a printed symbol has to be: X-dimension, height and quiet zones.

The X-dimension is the width of one module, the narrowest bar. The figures are those of the GS1
General Specifications, section 5.12.3, symbol specification tables 1 (retail point of sale) and 2
(trade items that are only scanned in distribution), and 5.2.3.4 for the quiet zones of EAN and UPC.

>>> EAN_13.snap(0.33, dpi=300)
(0.33866666666666667, 4)
>>> EAN_13.snap(0.2, dpi=300)
Traceback (most recent call last):
scanner.errors.ScannerError: scanner.size-below-standard (x_dimension=0.2, limit=0.264)
"""

from __future__ import annotations

from dataclasses import dataclass

from scanner.errors import ScannerError

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What the standard asks of one symbology; millimetres unless said otherwise."""

    minimum: float
    """Smallest X-dimension."""

    nominal: float
    """X-dimension the standard aims at."""

    maximum: float
    """Largest X-dimension."""

    quiet_left: int
    """Modules that stay white on the left; on every side for a matrix symbol."""

    quiet_right: int
    """Modules that stay white on the right."""

    height: float = 0.0
    """Height of the bars at the nominal X-dimension; 0 for a matrix symbol."""

    def bar_height(self, x_dimension: float) -> float:
        """Return the height of the bars: it grows and shrinks with the X-dimension."""
        return self.height * x_dimension / self.nominal

    def check(self, x_dimension: float) -> None:
        """Refuse an X-dimension outside the standard.

        Raises:
            ScannerError: `scanner.size-below-standard` or `scanner.size-above-standard`.
        """
        if x_dimension < self.minimum - 1e-9:
            raise ScannerError(
                "scanner.size-below-standard", x_dimension=x_dimension, limit=self.minimum
            )
        if x_dimension > self.maximum + 1e-9:
            raise ScannerError(
                "scanner.size-above-standard", x_dimension=x_dimension, limit=self.maximum
            )

    def snap(self, x_dimension: float, dpi: int) -> tuple[float, int]:
        """Return the X-dimension as a whole number of dots, within the standard, and that number.

        A module of 3.9 dots would be drawn four dots wide here and three there.

        Raises:
            ScannerError: as `check`, or `scanner.resolution` when no whole number of dots fits.
        """
        self.check(x_dimension)
        dot = MM_PER_INCH / dpi
        fitting = range(-int(-self.minimum // dot), int(self.maximum / dot) + 1)
        if not fitting:
            raise ScannerError("scanner.resolution", dpi=dpi)
        dots = min(fitting, key=lambda count: abs(count * dot - x_dimension))
        return dots * dot, dots


EAN_13 = Dimensions(0.264, 0.330, 0.660, 11, 7, 22.85)
EAN_8 = Dimensions(0.264, 0.330, 0.660, 7, 7, 18.23)
UPC_A = Dimensions(0.264, 0.330, 0.660, 9, 9, 22.85)
ITF_14 = Dimensions(0.495, 0.495, 1.016, 10, 10, 31.75)
QR_CODE = Dimensions(0.396, 0.495, 0.990, 4, 4)
