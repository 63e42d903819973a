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

LARGE = 20_000_000
"""Pixels above which a decoder's memory counts: such a picture is the first frame alone, and of
half its size where it has several bytes a pixel."""

DETAIL_SIDE = 2400
"""Pixels of the longer side up to which places are located and whole views retried."""

MAX_PIXELS_OF = {"WEBP": 15_000_000, "AVIF": 28_000_000}
"""Formats whose decoders hold several copies of the picture, 15 and 8 bytes a pixel: what fits into
the 300 MB of a worker. No phone takes larger ones in these formats."""

MAX_ANIMATED = 12_000_000
"""Pixels of an animated WebP or GIF, whose decoder holds the frame, the one before and the canvas.
A larger WebP is refused; of a larger GIF the first frame is looked at."""

MAX_PROGRESSIVE = 80_000_000
"""Samples (pixels times colours) of a progressive JPEG, which is held in memory as a whole, two
bytes a sample, before the first pixel is seen."""
