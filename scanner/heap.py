"""Memory that one picture gave up is kept for the next, instead of being asked for again.

Views, cuts and an engine's arrays live for milliseconds. The C library gives freed memory back to
the system beyond a small amount, and every page of it that is asked for again costs a fault: a
twentieth of the time of a small photograph. How much it keeps follows from the largest block that
was freed so far, so that one block, never touched, says it from the start. After the first
photograph of a phone it would be no less.

>>> keep_freed()
"""

import numpy as np

_BLOCK = 8 * 1024 * 1024
"""Bytes: glibc keeps twice as much."""


def keep_freed() -> None:
    """Let the C library keep what small pictures need."""
    np.empty(_BLOCK, np.uint8)
