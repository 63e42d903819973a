"""Opens a picture within bounds: bytes, pixels, formats, before a single pixel is decoded.

The first bytes choose the one decoder that sees the data, so that neither PostScript nor SVG nor
any other language ever runs. The header gives the size; only then pixels are decoded, grey and
upright, and for a JPEG at a fraction of the size where that is asked for (the DCT averages).

>>> from PIL import Image
>>> import io
>>> file = io.BytesIO()
>>> Image.new("L", (640, 480), 255).save(file, "JPEG")
>>> picture = open_picture(file.getvalue())
>>> picture.format, picture.width, picture.height
('JPEG', 640, 480)
>>> picture.grey(reduction=4).shape
(120, 160)
>>> open_picture(b"no picture at all")
Traceback (most recent call last):
scanner.errors.ScannerError: scanner.not-an-image
"""

from __future__ import annotations

import importlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from scanner.bounds import MAX_BYTES, MAX_FRAMES, MAX_PIXELS, MIN_LINE, MIN_SIDE
from scanner.errors import ScannerError

Grey = NDArray[np.uint8]
"""Rows by columns, 0 black to 255 white."""

# Each decoder's module is imported when first needed, and only that one: Pillow's own search
# would import all of its fifty formats into every worker.
_PLUGINS = {
    "JPEG": "JpegImagePlugin",
    "PNG": "PngImagePlugin",
    "WEBP": "WebPImagePlugin",
    "GIF": "GifImagePlugin",
    "TIFF": "TiffImagePlugin",
    "BMP": "BmpImagePlugin",
    "AVIF": "AvifImagePlugin",
}
ACCEPTED = (*_PLUGINS, "HEIF")
"""Formats that are opened, by Pillow's names."""

_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF", "PDF"),
    (b"8BPS", "PSD"),
    (b"\0\0\x01\0", "ICO"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL", "JPEG XL"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"heif"}
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError,
           OverflowError, RuntimeError, struct.error, zlib.error)  # fmt: skip
"""What Pillow's decoders raise on bytes that are not what their header says."""

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each EXIF orientation; from 5 on, width and height change places."""

_TRANSPARENT = {"RGBA", "LA", "PA", "RGBa", "La"}


def sniff(data: bytes) -> str | None:
    """Return the name of the format by its first bytes, also of formats that are not accepted."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        brands = {data[8:12], *(data[i : i + 4] for i in range(16, min(len(data), 64), 4))}
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        return "HEIF" if brands & _HEIF_BRANDS else "MP4"
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "SVG" if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) else None


class Picture:
    """A picture whose header was found to be within bounds; pixels are decoded when asked for."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read the header; see `open_picture` for what is raised."""
        self._data = data
        self.format = name
        self._full: Image.Image | None = None
        self._full_frame = 0
        with self._open() as image:
            _check_size(image)
            # The base method: that of PNG would decode all pixels to find a late EXIF chunk.
            orientation = int(Image.Image.getexif(image).get(_ORIENTATION, 1))
            self._upright = _UPRIGHT.get(orientation)
            # The further frames of a JPEG are thumbnails and gain maps, not pictures.
            self.frames = 1 if name == "JPEG" else min(getattr(image, "n_frames", 1), MAX_FRAMES)
            self.has_alpha = image.mode in _TRANSPARENT or "transparency" in image.info
            self.width, self.height = image.size
        if orientation in {5, 6, 7, 8}:
            self.width, self.height = self.height, self.width

    @contextmanager
    def _open(self) -> Iterator[Image.Image]:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Odd metadata (bad EXIF, wrong chunk) is no reason to refuse the pixels.
            warnings.filterwarnings("ignore", category=UserWarning)
            try:
                with Image.open(io.BytesIO(self._data), formats=[self.format]) as image:
                    yield image
            except ScannerError:
                raise
            except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
                raise ScannerError("scanner.too-many-pixels", limit=MAX_PIXELS) from error
            except UnidentifiedImageError as error:
                raise ScannerError("scanner.not-an-image") from error
            except MemoryError as error:
                raise ScannerError("scanner.memory") from error
            except _DAMAGE as error:
                raise ScannerError("scanner.truncated", format=self.format) from error

    def grey(self, reduction: int = 1, frame: int = 0, *, paper: int = 255) -> Grey:
        """Return the upright picture, grey, each side divided by `reduction`.

        Args:
            reduction: 1, 2, 4 or 8; averages `reduction` by `reduction` pixels.
            frame: of an animation or a file of several pages, from 0.
            paper: grey value put behind transparent parts.

        Raises:
            ScannerError: `scanner.truncated` where the pixels are cut off or damaged.
        """
        if self.format == "JPEG" and reduction > 1 and self._full is None:
            with self._open() as image:
                image.draft("L", (image.width // reduction, image.height // reduction))
                image.load()
                return _as_array(self._turn(_flatten(image, paper)))
        full = self._load_full(frame, paper)
        return _as_array(full if reduction == 1 else full.reduce(reduction))

    def _load_full(self, frame: int, paper: int) -> Image.Image:
        if self._full is None or self._full_frame != frame or paper != 255:
            with self._open() as image:
                if frame:
                    image.seek(frame)
                    _check_size(image)
                if self.format == "JPEG":
                    image.draft("L", None)
                image.load()
                self._full = self._turn(_flatten(image, paper))
                self._full_frame = frame if paper == 255 else -1
        return self._full

    def _turn(self, image: Image.Image) -> Image.Image:
        return image if self._upright is None else image.transpose(self._upright)


def open_picture(data: bytes) -> Picture:
    """Return the picture, its header read and its size found acceptable.

    Raises:
        ScannerError: `scanner.too-large`, `scanner.not-an-image`, `scanner.format`,
            `scanner.too-many-pixels`, `scanner.too-small` or `scanner.truncated`.
    """
    if len(data) > MAX_BYTES:
        raise ScannerError("scanner.too-large", size=len(data), limit=MAX_BYTES)
    name = sniff(data)
    if name is None:
        raise ScannerError("scanner.not-an-image")
    if name not in ACCEPTED:
        raise ScannerError("scanner.format", format=name)
    if name == "HEIF":
        _register_heif()
    else:
        importlib.import_module(f"PIL.{_PLUGINS[name]}")
    return Picture(data, name)


def _register_heif() -> None:
    # Imported here: 30 MB of decoders that most workers never need.
    import pillow_heif

    if "HEIF" not in Image.OPEN:
        # One thread each: the number of workers says how many cores are used.
        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, decode_threads=1)


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ScannerError("scanner.too-many-pixels", width=width, height=height, limit=MAX_PIXELS)
    shorter, longer = sorted(image.size)
    if shorter < 1 or (shorter < MIN_SIDE and longer < MIN_LINE):
        raise ScannerError("scanner.too-small", width=width, height=height, limit=MIN_SIDE)


def _flatten(image: Image.Image, paper: int) -> Image.Image:
    """Return 8-bit grey with transparent parts on paper."""
    if image.mode in _TRANSPARENT or "transparency" in image.info:
        if image.mode not in {"RGBA", "LA"}:
            image = image.convert("RGBA")
        ground = Image.new("L", image.size, paper)
        ground.paste(image.convert("L"), mask=image.getchannel("A"))
        return ground
    if image.mode.startswith(("I", "F")):
        return _stretch(image)
    if image.mode in {"RGB", "L", "1", "P", "YCbCr"}:
        return image.convert("L")
    return image.convert("RGB").convert("L")


def _stretch(image: Image.Image) -> Image.Image:
    """Return deep pixels (16 bits and more, or floats) as 8-bit grey, darkest 0, brightest 255."""
    deep = np.asarray(image)
    if deep.dtype == np.uint16:
        low, high = int(deep.min()), int(deep.max())
        levels = np.clip((np.arange(65536) - low) * (255 / max(high - low, 1)), 0, 255)
        return Image.fromarray(levels.astype(np.uint8)[deep])
    deep = np.nan_to_num(deep.astype(np.float32), posinf=0, neginf=0)
    deep -= deep.min()
    deep *= 255 / max(float(deep.max()), 1e-6)
    return Image.fromarray(deep.astype(np.uint8))


def _as_array(image: Image.Image) -> Grey:
    array: NDArray[Any] = np.asarray(image)
    return np.ascontiguousarray(array, dtype=np.uint8)
