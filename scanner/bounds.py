"""How much a picture may be, before anything looks at it."""

MAX_BYTES = 20 * 1024 * 1024
"""Size of the file. A phone's twelve megapixels are 3 to 8 MB as JPEG."""

MAX_PIXELS = 50_000_000
"""Width times height, by the header. Phones make 12, at most 50 megapixels in ordinary use."""

MIN_SIDE = 8
"""Pixels of the shorter side of a picture that may hold a matrix symbol (10 modules and more)."""

MIN_LINE = 64
"""Pixels of the longer side below which a strip lower than `MIN_SIDE` holds no linear symbol."""

MAX_FRAMES = 8
"""Frames of an animation or pages of a file that are looked at; later ones are not."""
