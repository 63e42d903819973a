"""Reading what was sent, by its media type."""

from fastapi import Request

from app.epcis.headers import JSON_TYPES, XML
from app.problems import MediaTypeError
from traceability.events.documents import Document, read_json
from traceability.events.xml_reading import read_xml


def media_type(request: Request) -> str:
    """`json` or `xml`.

    Raises:
        MediaTypeError: 415 for another media type, or something compressed.
    """
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise MediaTypeError("events.content-encoding", {"Accept-Encoding": "identity"})
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent in JSON_TYPES:
        return "json"
    if sent in XML:
        return "xml"
    raise MediaTypeError("events.content-type")


def read(kind: str, data: bytes) -> Document:
    """The document.

    Raises:
        EventsInvalidError: what is wrong with it.
    """
    return read_json(data) if kind == "json" else read_xml(data)
