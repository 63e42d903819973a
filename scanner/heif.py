"""HEIC, the format of iPhones, decoded past Pillow: 48 megapixels are to fit into a worker.

libheif hands out three or four bytes a pixel. Pillow would copy them into a picture of its own with
four; here they are made grey where they lie, a strip of rows at a time.

>>> import io, pillow_heif
>>> file = io.BytesIO()
>>> _ = pillow_heif.from_pillow(Image.new("RGB", (640, 480), "white")).save(file)
>>> grey_of(file.getvalue(), 0, 255, 2).size
(320, 240)
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from scanner.flatten import ROWS, flatten


def register() -> None:
    """Let Pillow read the headers of HEIC files."""
    # Imported here: 30 MB of decoders that most workers never need.
    import pillow_heif

    if "HEIF" not in Image.OPEN:
        # One thread each: the number of workers says how many cores are used.
        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, decode_threads=1)


def grey_of(data: bytes, frame: int, paper: int, reduction: int) -> Image.Image:
    """Return one picture of the file as 8-bit grey; see `scanner.flatten.flatten`."""
    import pillow_heif

    pixels = np.asarray(pillow_heif.open_heif(data)[frame])
    height, width = pixels.shape[:2]
    grey = Image.new("L", (-(-width // reduction), -(-height // reduction)))
    for top in range(0, height, ROWS):
        strip = Image.fromarray(pixels[top : top + ROWS])
        grey.paste(flatten(strip, paper, reduction), (0, top // reduction))
    return grey
