"""Pictures made for the tests: symbols we render ourselves, saved in every form there is."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image

from scanner.dimensions import Symbology
from scanner.render import render, render_ean13

GTIN = "9520123456788"
LINK = "https://example.com/01/09520123456788"


def opened(drawing: bytes) -> Image.Image:
    """A rendered symbol as grey pixels."""
    return Image.open(io.BytesIO(drawing)).convert("L")


def ean13() -> Image.Image:
    """An EAN-13 as grey pixels, four pixels a module."""
    return opened(render_ean13(GTIN, "png"))


def qr() -> Image.Image:
    return opened(render(Symbology.QR_CODE, LINK, "png"))


def on_paper(
    symbol: Image.Image, size: tuple[int, int] = (1200, 900), at: tuple[int, int] = (200, 200)
) -> Image.Image:
    """The symbol on a larger light sheet."""
    sheet = Image.new("L", size, 230)
    sheet.paste(symbol, at)
    return sheet


def saved(image: Image.Image, name: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def photo(**options: Any) -> bytes:
    """A JPEG of an EAN-13 on a sheet."""
    return saved(on_paper(ean13()), "JPEG", quality=85, **options)


def noise(width: int, height: int, seed: int = 1) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    return saved(Image.fromarray(pixels), "PNG", compress_level=1)


def png_that_claims(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG whose header claims a size, whatever pixels follow."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(pixels, 9))
        + chunk(b"IEND", b"")
    )


def bomb(width: int = 13000, height: int = 13000) -> bytes:
    """A real bilevel PNG of 169 megapixels in about 20 kB."""
    return png_that_claims(width, height, bytes((width + 7) // 8 + 1) * height)
