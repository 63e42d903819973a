"""From the bytes of a picture to the symbols in it, and from a key to a label.

>>> from scanner.render import render_ean13
>>> reading = decode(render_ean13("9520123456788", "png"))
>>> [(symbol.format, symbol.text) for symbol in reading.symbols]
[('EAN-13', '9520123456788')]

`decode` works in this process: for pictures one trusts, tests and the command line. A service
decodes what strangers send it through a `Supervisor`, whose worker processes may be killed.
"""

from scanner.errors import CODES, ScannerError
from scanner.reading import Reading, Symbol, Unconfirmed
from scanner.worker import Supervisor

__all__ = ["CODES", "Reading", "ScannerError", "Supervisor", "Symbol", "Unconfirmed", "decode"]


def decode(data: bytes, deadline: float = 1.5) -> Reading:
    """Return what the picture shows.

    Args:
        data: the bytes of a JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF or BMP.
        deadline: seconds after which no further attempt is begun.

    Raises:
        ScannerError: the bytes are no picture within bounds.
    """
    # Imported here: a service that only supervises workers needs no engines of its own.
    from scanner.pipeline import decode as decode_here

    return decode_here(data, deadline)
