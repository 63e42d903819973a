"""What a picture shows, as the API sends it and the pages draw it."""

import base64
from typing import Any

from scanner import Reading, Symbol


def reading_view(reading: Reading) -> dict[str, Any]:
    """`symbols` that are sure, and `unconfirmed` ones with the reason why they are not."""
    return {
        "symbols": [symbol_view(symbol) for symbol in reading.symbols],
        "unconfirmed": [
            {**symbol_view(doubtful.symbol), "reason": doubtful.reason}
            for doubtful in reading.unconfirmed
        ],
        "width": reading.width,
        "height": reading.height,
        "ms": reading.ms,
    }


def symbol_view(symbol: Symbol) -> dict[str, Any]:
    return {
        "format": symbol.format,
        "text": symbol.text,
        "bytes": base64.b64encode(symbol.data).decode(),
        "symbology_identifier": symbol.symbology_identifier,
        "position": symbol.position,
        "confidence": symbol.confidence,
        "read_by": symbol.read_by,
    }
