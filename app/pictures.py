"""Photographs that strangers send, encoded anew: pixels only, no place, no camera, no surprises."""

import base64
import io
import struct
import threading
import zlib

from PIL import Image, ImageOps

from scanner.errors import ScannerError
from scanner.image import Picture, open_picture

SHOWN_SIDE = 900
"""Pixels of the longer side of a picture that is shown back."""
KEPT_SIDE = 1600
"""The same of one that is kept with a report: digits on a label stay readable."""

# What Pillow's decoders raise on bytes that are not what their header says.
_DAMAGE = (
    OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, OverflowError,
    RuntimeError, struct.error, zlib.error,
)  # fmt: skip

# The largest picture within bounds takes some 200 MB: two at once are never held.
_one_at_a_time = threading.Lock()


def as_jpeg(data: bytes, longest: int = KEPT_SIDE, quality: int = 80) -> bytes:
    """The picture upright and no larger than needed, as JPEG.

    Raises:
        ScannerError: the bytes are no picture within bounds.
    """
    picture = open_picture(data)
    with _one_at_a_time:
        try:
            return _encoded(picture, data, longest, quality)
        except _DAMAGE as error:
            raise ScannerError("scanner.truncated", format=picture.format) from error


def _encoded(picture: Picture, data: bytes, longest: int, quality: int) -> bytes:
    file = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=[picture.format]) as image:
        # A JPEG is decoded at a fraction of its size, the DCT does the averaging.
        image.draft("RGB", (longest, longest))
        upright = ImageOps.exif_transpose(image)
        opaque = _on_white(upright) if picture.has_alpha else upright.convert("RGB")
        opaque.thumbnail((longest, longest))
        opaque.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")


def as_data_address(data: bytes) -> str:
    """A small copy inside the page itself: what was sent to be read is not stored."""
    small = as_jpeg(data, SHOWN_SIDE, quality=70)
    return "data:image/jpeg;base64," + base64.b64encode(small).decode()
