"""Events as they go out: each under its own context, its keys spelt as they are asked for.

Contexts of different senders are never joined: one prefix may stand for two things.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape

import orjson

from gs1.errors import Gs1Error
from traceability.clock import now
from traceability.events.documents import CONTEXT
from traceability.events.faults import NotInXmlError
from traceability.events.identifiers import canonical
from traceability.events.namespaces import prefixes
from traceability.events.queries import Found
from traceability.events.visibility import View, projected
from traceability.events.vocabulary import XML_MDA
from traceability.events.xml_writing import CbvFormat, event_xml


class EpcFormat(StrEnum):
    """GS1-EPC-Format: the spelling of keys. EPC URNs are read, never written."""

    DIGITAL_LINK = "Always_GS1_Digital_Link"
    AS_SENT = "Never_Translates"


def query_document(found: Sequence[Found], spelling: EpcFormat, **told: str) -> dict[str, Any]:
    """An EPCISQueryDocument.

    Args:
        found: the events.
        spelling: of their keys.
        told: what else its results say: `queryName`, `subscriptionID`.
    """
    events = [shown(each, spelling) for each in found]
    return {
        "@context": [CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": now(),
        "epcisBody": {"queryResults": {**told, "resultsBody": {"eventList": events}}},
    }


def shown(found: Found, spelling: EpcFormat) -> dict[str, Any]:
    """An event as the asker sees it."""
    return _of_json(_seen(found, _whole(found), spelling))


def xml_document(found: Sequence[Found], spelling: EpcFormat, cbv: CbvFormat, name: str) -> bytes:
    """The same EPCISQueryDocument in XML: each event under its own namespaces.

    Args:
        found: the events.
        spelling: of their keys.
        cbv: the spelling of words of the vocabulary.
        name: of the query.

    Raises:
        NotInXmlError: XML has no place for what an event holds.
    """
    written = []
    for number, each in enumerate(found):
        event = _whole(each)
        names = prefixes(event.get("@context"))
        try:
            written.append(event_xml(_seen(each, event, spelling), names, cbv))
        except NotInXmlError as error:
            error.before = number
            raise
    return _XML_HEAD.format(now().isoformat(timespec="milliseconds"), escape(name)).encode() + (
        b"".join(written) + _XML_TAIL
    )


_XML_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<epcisq:EPCISQueryDocument xmlns:epcisq="urn:epcglobal:epcis-query:xsd:2"'
    ' schemaVersion="2.0" creationDate="{}"><EPCISBody><epcisq:QueryResults>'
    "<queryName>{}</queryName><resultsBody><EventList>"
)
_XML_TAIL = (
    b"</EventList></resultsBody></epcisq:QueryResults></EPCISBody></epcisq:EPCISQueryDocument>"
)


def _whole(found: Found) -> dict[str, Any]:
    event = {"eventID": found.event_id, **orjson.loads(found.body)}
    event["recordTime"] = found.record_time.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    return event


def _seen(found: Found, event: dict[str, Any], spelling: EpcFormat) -> dict[str, Any]:
    # The public is told what a key names: its spelling may be the address of a trade partner.
    if spelling is EpcFormat.DIGITAL_LINK or found.view is View.PUBLIC:
        event = translated(event)
    return projected(found.view, event, found.named)


def _of_json(event: dict[str, Any]) -> dict[str, Any]:
    """Master data under the namespace that XML has for them are those of GS1's own context."""
    context = [
        {name: value for name, value in entry.items() if (name, value) != ("cbvmda", XML_MDA)}
        if isinstance(entry, dict) else entry
        for entry in event.pop("@context", ())
    ]  # fmt: skip
    told = [entry for entry in context if entry]
    return {"@context": told, **event} if told else event


_KEYS = frozenset({
    "epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID", "epcClass", "id",
    "source", "destination", "bizTransaction", "deviceID", "deviceMetadata", "rawData",
    "transformationID",
})  # fmt: skip


def translated(value: Any, name: str = "") -> Any:
    """The same with every key of a standard field as its canonical Digital Link."""
    if isinstance(value, dict):
        return {
            key: each if ":" in key or key == "@context" else translated(each, key)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [translated(each, name) for each in value]
    if name in _KEYS and isinstance(value, str) and value.startswith(("urn:epc:", "http")):
        try:
            return canonical(value)
        except Gs1Error:
            return value
    return value
