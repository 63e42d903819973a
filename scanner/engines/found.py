"""What one decoder says about one array of pixels, before anyone has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.reading import Position


@dataclass(frozen=True, slots=True)
class Found:
    """One read of one engine."""

    engine: str
    """``zxing``, ``zbar``, or ``profile`` where the bars alone were decoded."""

    format: str
    """Name of the symbology, see `Symbol.format`."""

    text: str
    """Decoded text; EAN and UPC digits as printed."""

    data: bytes
    """Decoded bytes."""

    symbology_identifier: str | None
    """As the engine has it, else derived from the format."""

    position: Position
    """Corners in pixels of the array that was read."""

    corrected: float | None = None
    """Share of the error correction left unused, 0 to 1; None for symbols without any."""

    @property
    def identity(self) -> tuple[str, str]:
        """Format and text: what two reads must share to be the same."""
        return self.format, self.text
