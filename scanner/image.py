"""Opens a picture within bounds: bytes, pixels, formats, before a single pixel is decoded.

The first bytes choose the one decoder that sees the data, so that neither PostScript nor SVG nor
any other language ever runs. The header gives the size; only then pixels are decoded, grey and
upright, and for a large JPEG at a fraction of the size where that is asked for (the DCT averages).

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

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from scanner import heif
from scanner.bounds import (
    LARGE,
    MAX_ANIMATED,
    MAX_BYTES,
    MAX_FRAMES,
    MAX_PIXELS,
    MAX_PIXELS_OF,
    MAX_PROGRESSIVE,
    MIN_LINE,
    MIN_SIDE,
)
from scanner.errors import ScannerError
from scanner.flatten import flatten, has_alpha
from scanner.formats import ACCEPTED, load_decoder, sniff

Grey = NDArray[np.uint8]
"""Rows by columns, 0 black to 255 white."""

DAMAGE = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError,
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
"""What undoes each EXIF orientation."""

_SWAPPING = {Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE,
             Image.Transpose.ROTATE_90}  # fmt: skip
"""Those that exchange width and height."""

_TURNED_ALREADY = {"TIFF"}
"""Formats that Pillow sets upright as it decodes them, and gives the size of so."""

_ONE_BYTE = ({"1", "L", "P"}, {"1", "L", "RGB", "YCbCr"})
"""Modes that are decoded to one byte a pixel: by most decoders, and by that of JPEG, which can
leave colour out."""

_READ_ON = {"JPEG", "PNG", "WEBP"}
"""Formats whose pixels may be decoded by what has read the header: counting the frames of others
moves through the file."""


class Picture:
    """A picture whose header was found to be within bounds; pixels are decoded when asked for."""

    is_partial: bool = False
    """Whether pixels that were asked for are missing: the file is cut off or damaged, and what was
    given ends where its pixels do. Known once pixels were decoded."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read the header; see `open_picture` for what is raised."""
        self._data = data
        self.format = name
        self._whole: Image.Image | Grey | None = None
        self._whole_is: tuple[int, int] = (0, 255)
        self._opened: Image.Image | None = None
        with self._errors_told():
            image = self._from_start()
            _check_size(image, name)
            # The base method: that of PNG would decode all pixels to find a late EXIF chunk.
            orientation = int(Image.Image.getexif(image).get(_ORIENTATION, 1))
            self._upright = None if name in _TURNED_ALREADY else _UPRIGHT.get(orientation)
            self.has_alpha = has_alpha(image)
            self.width, self.height = self._upright_size(image)
            self._sizes = {0: (self.width, self.height)}
            area = self.width * self.height
            is_large = area > LARGE
            # The further frames of a JPEG are thumbnails and gain maps, not pictures.
            single = name == "JPEG" or is_large or (name == "GIF" and area > MAX_ANIMATED)
            self.frames = 1 if single else min(getattr(image, "n_frames", 1), MAX_FRAMES)
            self.finest = 2 if is_large and image.mode not in _ONE_BYTE[name == "JPEG"] else 1
            """The least `reduction` at which pixels are given: 2 for a large picture whose decoder
            takes more than a byte a pixel."""
            # To undo a JPEG's compression takes most of the time at any size: the whole is decoded
            # once, and sizes follow from it, unless memory counts.
            self._is_scaled = name == "JPEG" and is_large
            if name in _READ_ON:
                self._opened = image

    def _upright_size(self, image: Image.Image) -> tuple[int, int]:
        width, height = image.size
        return (height, width) if self._upright in _SWAPPING else (width, height)

    def size_of(self, frame: int) -> tuple[int, int]:
        """Return width and height of a frame or page whose pixels were asked for, upright."""
        return self._sizes[frame]

    @contextmanager
    def _open(self) -> Iterator[Image.Image]:
        """Give the picture as its header left it, the first time without reading that again."""
        with self._errors_told():
            image, self._opened = self._opened or self._from_start(), None
            with image:
                yield image

    def _from_start(self) -> Image.Image:
        return Image.open(io.BytesIO(self._data), formats=[self.format])

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Odd metadata (bad EXIF, wrong chunk) is no reason to refuse the pixels.
            warnings.simplefilter("ignore", UserWarning)
            try:
                yield
            except ScannerError:
                raise
            except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
                raise ScannerError("scanner.too-many-pixels", limit=MAX_PIXELS) from error
            except UnidentifiedImageError as error:
                raise ScannerError("scanner.not-an-image") from error
            except MemoryError as error:
                raise ScannerError("scanner.memory") from error
            except DAMAGE as error:
                raise ScannerError("scanner.truncated", format=self.format) from error

    def grey(self, reduction: int = 1, frame: int = 0, *, paper: int = 255) -> Grey:
        """Return the upright picture, grey, each side divided by `reduction`.

        Args:
            reduction: `finest` or more of 1, 2, 4 and 8; averages that many pixels each way.
            frame: of an animation or a file of several pages, from 0.
            paper: grey value put behind transparent parts.

        Raises:
            ScannerError: `scanner.truncated` where no pixel of the frame could be decoded; where
                some could, `is_partial` tells.
        """
        if self._is_scaled and reduction > 1 and self._whole is None:
            return np.asarray(self._decoded(frame, paper, reduction))
        if self._whole is None or self._whole_is != (frame, paper):
            self._whole = None  # given up before the new one is made
            self._whole = self._decoded(frame, paper, self.finest)
            self._whole_is = (frame, paper)
        whole = self._whole
        if reduction != self.finest:
            image = whole if isinstance(whole, Image.Image) else Image.fromarray(whole)
            return np.asarray(image.reduce(reduction // self.finest))
        if isinstance(whole, Image.Image):
            # A copy: what is left of the decoder's pixels is given up for it.
            self._whole = whole = np.asarray(whole)
        return whole

    def _decoded(self, frame: int, paper: int, reduction: int) -> Image.Image:
        with self._open() as image:
            if frame:
                image.seek(frame)
                _check_size(image, self.format, LARGE)
                self._sizes[frame] = self._upright_size(image)
            if self.format == "JPEG":
                image.draft("L", (image.width // reduction, image.height // reduction))
                self._load(image)
                grey = flatten(image, paper)
            elif self.format == "HEIF":
                grey = heif.grey_of(self._data, frame, paper, reduction)
            else:
                self._load(image)
                grey = flatten(image, paper, reduction)
        return grey if self._upright is None else grey.transpose(self._upright)

    def _load(self, image: Image.Image) -> None:
        self.is_partial = not load(image) or self.is_partial


def load(image: Image.Image) -> bool:
    """Decode the pixels, of a file that is cut off as many as there are; return whether all are.

    Raises:
        OSError: or another error of Pillow's, where no pixel could be decoded.
    """
    try:
        image.load()
    except DAMAGE:
        # What came before the cut is in the picture. Without tiles, Pillow's word for parts still
        # to be decoded, it takes the rest for blank.
        image.tile = []  # type: ignore[attr-defined]
        with suppress(*DAMAGE):
            image.load()
            if image.format in _TURNED_ALREADY:
                image.load_end()  # type: ignore[attr-defined]  # turns it; the damage came before
        if _is_blank(image):
            raise
        return False
    return True


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
    load_decoder(name)
    return Picture(data, name)


def _check_size(image: Image.Image, name: str, most: int = MAX_PIXELS) -> None:
    width, height = image.size
    limit = min(most, MAX_PIXELS_OF.get(name, MAX_PIXELS))
    if name == "WEBP" and getattr(image, "n_frames", 1) > 1:
        limit = MAX_ANIMATED
    if image.info.get("progressive"):
        limit = min(limit, int(MAX_PROGRESSIVE / _samples(image)))
    if width * height > limit:
        raise ScannerError("scanner.too-many-pixels", width=width, height=height, limit=limit)
    shorter, longer = sorted(image.size)
    if shorter < 1 or (shorter < MIN_SIDE and longer < MIN_LINE):
        raise ScannerError("scanner.too-small", width=width, height=height, limit=MIN_SIDE)


def _samples(image: Image.Image) -> float:
    """Return the samples a pixel of a JPEG: 3 in full colour, 1.5 as cameras store it."""
    shares = [across * down for _, across, down, _ in image.layer]  # type: ignore[attr-defined]
    return float(sum(shares) / max(shares))


def _is_blank(image: Image.Image) -> bool:
    extremes = image.getextrema()
    bands = extremes if isinstance(extremes[0], tuple) else (extremes,)
    return all(low == high for low, high in bands)
