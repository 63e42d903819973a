"""How large a printed symbol has to be: X-dimension, height and quiet zones.

The X-dimension is the width of one module, the narrowest bar. What is allowed depends on where the
symbol is scanned: a till looks from near, a conveyor from afar. The figures are those of the GS1
General Specifications, section 5.12.3, symbol specification tables; quiet zones of EAN and UPC are
those of 5.2.3.4. A pair that is in no table is refused: there is no size it could rightly have.

>>> EAN_13.snap(0.33, dpi=300)
(0.33866666666666667, 4)
>>> EAN_13.snap(0.2, dpi=300)
Traceback (most recent call last):
scanner.errors.ScannerError: scanner.size-below-standard (x_dimension=0.2, limit=0.264, ...)
>>> dimensions(Symbology.GS1_DATA_MATRIX, Environment.DISTRIBUTION).minimum
0.743
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scanner.errors import ScannerError

MM_PER_INCH = 25.4


class Symbology(StrEnum):
    """What can be drawn."""

    EAN_13 = "ean-13"
    EAN_8 = "ean-8"
    UPC_A = "upc-a"
    ITF_14 = "itf-14"
    CODE_128 = "code-128"
    GS1_128 = "gs1-128"
    DATABAR_OMNI = "databar-omni"
    DATABAR_STACKED = "databar-stacked"
    DATABAR_STACKED_OMNI = "databar-stacked-omni"
    DATABAR_LIMITED = "databar-limited"
    DATABAR_EXPANDED = "databar-expanded"
    DATABAR_EXPANDED_STACKED = "databar-expanded-stacked"
    GS1_DATA_MATRIX = "gs1-data-matrix"
    QR_CODE = "qr-code"


class Environment(StrEnum):
    """Where a symbol is scanned (5.12.2: which table applies)."""

    RETAIL = "retail"
    """At the till."""

    DISTRIBUTION = "distribution"
    """In warehouses and on conveyors, and cartons that also pass a till."""

    HEALTHCARE = "healthcare"
    """Regulated healthcare items that no till scans."""


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

    modules_high: float = 0.0
    """Height of the bars in X-dimensions; 0 where `least_height` or the data decide alone."""

    least_height: float = 0.0
    """Height below which the bars never go, in millimetres."""

    clause: str = ""
    """Section of the GS1 General Specifications; empty where GS1 says nothing."""

    def bar_height(self, x_dimension: float) -> float:
        """Return the height of the bars, in millimetres."""
        return max(self.modules_high * x_dimension, self.least_height)

    def check(self, x_dimension: float) -> None:
        """Refuse an X-dimension outside the standard.

        Raises:
            ScannerError: `scanner.size-below-standard` or `scanner.size-above-standard`
                (x_dimension, limit, clause).
        """
        if not x_dimension >= self.minimum - 1e-9:  # "not" refuses NaN too
            raise ScannerError(
                "scanner.size-below-standard",
                x_dimension=x_dimension, limit=self.minimum, clause=self.clause,
            )  # fmt: skip
        if x_dimension > self.maximum + 1e-9:
            raise ScannerError(
                "scanner.size-above-standard",
                x_dimension=x_dimension, limit=self.maximum, clause=self.clause,
            )  # fmt: skip

    def snap(self, x_dimension: float, dpi: int) -> tuple[float, int]:
        """Return the X-dimension as a whole number of dots, within the standard, and that number.

        A module of 3.9 dots would be drawn four dots wide here and three there.

        Raises:
            ScannerError: as `check`, or `scanner.resolution` when no whole number of dots fits.
        """
        self.check(x_dimension)
        dot = MM_PER_INCH / dpi
        fitting = range(-int(-self.minimum // dot), int(self.maximum / dot + 1e-9) + 1)
        if not fitting:
            raise ScannerError("scanner.resolution", dpi=dpi)
        dots = min(fitting, key=lambda count: abs(count * dot - x_dimension))
        return dots * dot, dots

    def sizes(self, dpi: int) -> list[float]:
        """Return the X-dimensions to try, the one aimed at first, then smaller ones.

        Args:
            dpi: of the printer; each X-dimension is a whole number of its dots.

        Raises:
            ScannerError: `scanner.resolution`.
        """
        most = self.snap(self.nominal, dpi)[1]
        least = -int(-self.minimum * dpi / MM_PER_INCH // 1)
        return [dots * MM_PER_INCH / dpi for dots in range(most, min(least, most) - 1, -1)]


_RETAIL, _DISTRIBUTION = "5.12.3.1", "5.12.3.2"  # tables 1 and 2
_RETAIL_AND_DISTRIBUTION, _HEALTHCARE = "5.12.3.3", "5.12.3.6"  # tables 3 and 6

# 22.85 mm of bars at 0.330 mm, and in proportion (tables 1 and 2).
_EAN, _EAN_SMALL = 22.85 / 0.33, 18.23 / 0.33
EAN_13 = Dimensions(0.264, 0.330, 0.660, 11, 7, _EAN, clause=_RETAIL)
EAN_8 = Dimensions(0.264, 0.330, 0.660, 7, 7, _EAN_SMALL, clause=_RETAIL)
UPC_A = Dimensions(0.264, 0.330, 0.660, 9, 9, _EAN, clause=_RETAIL)
ITF_14 = Dimensions(0.495, 0.495, 1.016, 10, 10, least_height=31.75, clause=_DISTRIBUTION)
GS1_128 = Dimensions(0.495, 0.495, 1.016, 10, 10, least_height=31.75, clause=_DISTRIBUTION)
QR_CODE = Dimensions(0.396, 0.495, 0.990, 4, 4, clause=_RETAIL)
DATA_MATRIX = Dimensions(0.396, 0.495, 0.990, 1, 1, clause=_RETAIL)
CODE_128 = Dimensions(0.170, 0.330, 1.016, 10, 10, least_height=10.0)
"""Plain Code 128 is no GS1 symbol: the quiet zones are ISO/IEC 15417's, the rest is ours."""


def _databar(clause: str, sizes: tuple[float, float, float], modules_high: float) -> Dimensions:
    return Dimensions(*sizes, 1, 1, modules_high, clause=clause)


# GS1 DataBar needs no quiet zone (5.5.2.3); one module keeps neighbours from touching.
_NEAR, _FAR = (0.264, 0.330, 0.660), (0.495, 0.660, 0.660)
_HEIGHTS = {
    Symbology.DATABAR_OMNI: 46,
    Symbology.DATABAR_STACKED_OMNI: 69,
    Symbology.DATABAR_EXPANDED: 34,
    Symbology.DATABAR_EXPANDED_STACKED: 71,
}
_SMALL_HEIGHTS = {Symbology.DATABAR_STACKED: 13, Symbology.DATABAR_LIMITED: 10}
"""Not for tills: they are not read from every direction (5.5.1)."""

TABLES: Mapping[Environment, Mapping[Symbology, Dimensions]] = {
    Environment.RETAIL: {
        Symbology.EAN_13: EAN_13,
        Symbology.EAN_8: EAN_8,
        Symbology.UPC_A: UPC_A,
        **{each: _databar(_RETAIL, _NEAR, high) for each, high in _HEIGHTS.items()},
        Symbology.GS1_DATA_MATRIX: DATA_MATRIX,
        Symbology.QR_CODE: QR_CODE,
    },
    Environment.DISTRIBUTION: {
        Symbology.EAN_13: Dimensions(0.495, 0.660, 0.660, 11, 7, _EAN, clause=_DISTRIBUTION),
        Symbology.EAN_8: Dimensions(0.495, 0.660, 0.660, 7, 7, _EAN_SMALL, clause=_DISTRIBUTION),
        Symbology.UPC_A: Dimensions(0.495, 0.660, 0.660, 9, 9, _EAN, clause=_DISTRIBUTION),
        Symbology.ITF_14: ITF_14,
        Symbology.GS1_128: GS1_128,
        **{
            each: _databar(_RETAIL_AND_DISTRIBUTION, _FAR, high)
            for each, high in (_HEIGHTS | _SMALL_HEIGHTS).items()
        },
        # Cameras above a conveyor need 1.5 times the X-dimension of a linear symbol.
        Symbology.GS1_DATA_MATRIX: Dimensions(0.743, 0.743, 1.500, 1, 1, clause=_DISTRIBUTION),
        Symbology.QR_CODE: Dimensions(0.743, 0.743, 1.500, 4, 4, clause=_DISTRIBUTION),
    },
    Environment.HEALTHCARE: {
        Symbology.GS1_128: Dimensions(
            0.170, 0.495, 0.495, 10, 10, least_height=12.70, clause=_HEALTHCARE
        ),
        Symbology.GS1_DATA_MATRIX: Dimensions(0.254, 0.380, 0.495, 1, 1, clause=_HEALTHCARE),
    },
}
"""What each environment allows; Code 128 without GS1 data is in none of the tables."""


def dimensions(symbology: Symbology, environment: Environment) -> Dimensions:
    """Return what the standard asks of a symbology in an environment.

    Raises:
        ScannerError: `scanner.symbol-not-for-use` when the tables do not allow it there.
    """
    if symbology is Symbology.CODE_128:
        return CODE_128
    found = TABLES[environment].get(symbology)
    if found is None:
        raise ScannerError(
            "scanner.symbol-not-for-use",
            symbology=symbology.value, environment=environment.value, clause="5.12.3",
        )  # fmt: skip
    return found


def home(symbology: Symbology) -> Environment:
    """Return the environment a symbology is made for: the first whose table names it.

    >>> home(Symbology.ITF_14).value
    'distribution'
    """
    found = (each for each in Environment if symbology in TABLES[each])
    return next(found, Environment.DISTRIBUTION)
