"""Small events and documents, plainly fictional."""

import json
from typing import Any

from traceability.events.documents import CONTEXT, Document, ReadEvent, read_json

KEY = "https://id.gs1.org/01/09520001234569/21/A{}"
SSCC = "https://id.gs1.org/00/395200000000000012"
LOT = "https://id.gs1.org/01/09520001234569/10/L7"
PLACE = "https://id.gs1.org/414/9520000000004"
PARTY = "https://id.gs1.org/417/9520000000004"


def an_event(**fields: Any) -> dict[str, Any]:
    """An observation of one serial; a field given as None is left out."""
    event = {
        "type": "ObjectEvent", "action": "OBSERVE", "eventTime": "2026-11-20T08:00:00+07:00",
        "eventTimeZoneOffset": "+07:00", "epcList": [KEY.format(1)], **fields,
    }  # fmt: skip
    return {name: value for name, value in event.items() if value is not None}


def a_document(*events: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "@context": [CONTEXT, {"vd": "https://vidu.example/"}], "type": "EPCISDocument",
        "schemaVersion": "2.0", "creationDate": "2026-11-20T09:00:00Z",
        "epcisBody": {"eventList": list(events)}, **fields,
    }  # fmt: skip


def written(*events: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps(a_document(*events, **fields)).encode()


def read(*events: dict[str, Any], **fields: Any) -> Document:
    return read_json(written(*events, **fields))


def read_one(**fields: Any) -> ReadEvent:
    return read(an_event(**fields)).events[0]
