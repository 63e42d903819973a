"""Photographs that strangers send, encoded anew: pixels only, no place, no camera, no surprises."""

import base64
import io

from PIL import Image, ImageOps

from scanner.errors import ScannerError
from scanner.image import open_picture

SHOWN_SIDE = 900
"""Pixels of the longer side of a picture that is shown back."""
KEPT_SIDE = 1600
"""The same of one that is kept with a report: digits on a label stay readable."""


def as_jpeg(data: bytes, longest: int = KEPT_SIDE, quality: int = 80) -> bytes:
    """The picture upright and no larger than needed, as JPEG.

    Raises:
        ScannerError: the bytes are no picture within bounds.
    """
    picture = open_picture(data)
    try:
        with Image.open(io.BytesIO(data), formats=[picture.format]) as image:
            image.draft("RGB", (longest, longest))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((longest, longest))
            file = io.BytesIO()
            upright.convert("RGB").save(file, "JPEG", quality=quality, optimize=True)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ScannerError("scanner.truncated", format=picture.format) from error
    return file.getvalue()


def as_data_address(data: bytes) -> str:
    """A small copy inside the page itself: what was sent to be read is not stored."""
    small = as_jpeg(data, SHOWN_SIDE, quality=70)
    return "data:image/jpeg;base64," + base64.b64encode(small).decode()
