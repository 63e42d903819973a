"""Photographs that strangers send, encoded anew: pixels only, no place, no camera, no surprises."""

import base64
import io
import threading

from PIL import Image, ImageOps

from scanner.errors import ScannerError
from scanner.image import DAMAGE, Picture, load, open_picture

SHOWN_SIDE = 900
"""Pixels of the longer side of a picture that is shown back."""
KEPT_SIDE = 1600
"""The same of one that is kept with a report: digits on a label stay readable."""

# The largest picture within bounds takes some 200 MB: two at once are never held.
_one_at_a_time = threading.Lock()


def as_jpeg(data: bytes) -> bytes:
    """The whole picture upright and no larger than needed, as JPEG.

    Raises:
        ScannerError: the bytes are no picture within bounds, or `scanner.truncated`.
    """
    return _encode(data, KEPT_SIDE, quality=80, whole=True)


def _encode(data: bytes, longest: int, *, quality: int, whole: bool) -> bytes:
    picture = open_picture(data)
    with _one_at_a_time:
        try:
            return _encoded(picture, data, longest, quality, whole)
        except DAMAGE as error:
            raise ScannerError("scanner.truncated", format=picture.format) from error


def _encoded(picture: Picture, data: bytes, longest: int, quality: int, whole: bool) -> bytes:
    file = io.BytesIO()
    with Image.open(io.BytesIO(data), formats=[picture.format]) as image:
        # A JPEG is decoded at a fraction of its size, the DCT does the averaging.
        image.draft("RGB", (longest, longest))
        if not load(image) and whole:
            raise ScannerError("scanner.truncated", format=picture.format)
        upright = ImageOps.exif_transpose(image)
        opaque = _on_white(upright) if picture.has_alpha else upright.convert("RGB")
        opaque.thumbnail((longest, longest))
        opaque.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")


def as_data_address(data: bytes) -> str:
    """A small copy inside the page itself, of a cut-off file the part that was received.

    What was sent to be read is not stored.
    """
    small = _encode(data, SHOWN_SIDE, quality=70, whole=False)
    return "data:image/jpeg;base64," + base64.b64encode(small).decode()
