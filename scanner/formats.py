r"""Which decoder a file goes to: its first bytes say so, nothing else is ever asked.

Neither PostScript nor SVG nor any other language runs, and a name or a media type that lies is not
even seen.

>>> sniff(b"\xff\xd8\xff\xe0"), sniff(b"%!PS-Adobe"), sniff(b"PK")
('JPEG', 'EPS', None)
"""

from __future__ import annotations

import importlib

from scanner import heif

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


def load_decoder(name: str) -> None:
    """Import the decoder of one of the accepted formats."""
    if name == "HEIF":
        heif.register()
    else:
        importlib.import_module(f"PIL.{_PLUGINS[name]}")
