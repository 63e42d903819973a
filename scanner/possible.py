"""Whether a read can be a symbol at all: parts of others, and clutter, have the bars of some.

>>> corners = ((60.0, 5.0), (345.0, 5.0), (345.0, 55.0), (60.0, 55.0))
>>> system_1 = Found("zxing", "UPC-E", "0152012300004", b"", "]E0", corners)
>>> is_possible(system_1, np.full((60, 405), 255, np.uint8))
False
"""

from __future__ import annotations

import numpy as np

from scanner.engines.found import Found
from scanner.image import Grey
from scanner.kinds import CARTON_DIGITS, DATABAR_MODULES, SHORT, itf_modules
from scanner.likelihood import STRUCTURES
from scanner.quiet import ends, runs_on
from scanner.reading import Position

_THIN = 0.1
"""Height of a short symbol, as a share of its length, below which it may be a part of another that
the lines cross askew."""

_DARK_END = 0.7
"""Darkness of the darker end of a slanted stacked DataBar from which it lies in the dark. In
photographs none has over 0.41."""

_SLANTED = 0.5
"""Cosine of the angle between the sides from which a stacked symbol is slanted."""


def is_possible(found: Found, grey: Grey) -> bool:
    """Return whether the read can be a symbol of the GS1 system at all.

    A UPC-E holds numbers of system 0 only (General Specifications, section 5.2.2.4). One of system
    1 has the very bars of the left half of an EAN-13 and its middle guard, and that is what it is.

    A DataBar with light and dark exchanged has, from its other end, the structure of a DataBar; one
    in 79 passes its checksum. A stacked one that was pieced together across it lies dark at an end.

    Start and stop of an ITF are found inside others, too, where blur hides what is between bars, or
    lines come in through the upper edge. What was read there has bars beside it, or farther down.
    So has an EAN-8 that lines make of the middle of an EAN-13.
    """
    if found.format == "ITF" and (found.engine == "zbar" or len(found.text) != CARTON_DIGITS):
        return not runs_on(grey, found.position, itf_modules(len(found.text)))
    is_thin = found.format in SHORT and not has_height(found.position, _THIN)
    if is_thin and runs_on(grey, found.position, STRUCTURES[found.format].length):
        return False
    if found.format == "DataBar Stacked" and is_slanted(found.position):
        return max(ends(grey, found.position, DATABAR_MODULES[found.format])) <= _DARK_END
    return found.format != "UPC-E" or found.text.startswith("00")


def is_slanted(position: Position) -> bool:
    """Return whether neighbouring sides of an outline meet at 60 degrees or less."""
    a, b, _, d = (np.asarray(corner) for corner in position)
    along, down = b - a, d - a
    reach = float(np.hypot(*along) * np.hypot(*down))
    return abs(float(along @ down)) > _SLANTED * reach


def has_height(position: Position, least: float) -> bool:
    """Return whether lines as far apart were read: askew ones across another symbol are not."""
    a, b, _, d = (np.asarray(corner) for corner in position)
    return float(np.hypot(*(d - a))) >= least * float(np.hypot(*(b - a)))
