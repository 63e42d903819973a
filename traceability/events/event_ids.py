"""The one name of an event: a UUID is the same in capitals (RFC 9562, section 4).

>>> event_id("URN:UUID:5D3F2A10-7C3B-4E55-9A41-0C5B8E1D2F30")
'urn:uuid:5d3f2a10-7c3b-4e55-9a41-0c5b8e1d2f30'
>>> event_id("urn:vd:Shipment-7")
'urn:vd:Shipment-7'
"""

import re

_BARE = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_UUID = re.compile(f"urn:uuid:{_BARE.pattern}", re.ASCII | re.IGNORECASE)


def event_id(text: str) -> str:
    """An eventID as it is kept and compared."""
    return text.lower() if _UUID.fullmatch(text) else text


def with_scheme(text: str) -> str:
    """An eventID of XML: a bare UUID, which its schema takes for a URI, is that URN.

    >>> with_scheme("5d3f2a10-7c3b-4e55-9a41-0c5b8e1d2f30")
    'urn:uuid:5d3f2a10-7c3b-4e55-9a41-0c5b8e1d2f30'
    """
    return f"urn:uuid:{text}" if _BARE.fullmatch(text) else text
