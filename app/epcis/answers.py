"""Events as an EPCISQueryDocument: each under its own context, spelt as the client asked.

Contexts of different senders are never joined: one prefix may stand for two things.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from starlette.responses import Response

from app.api.answers import as_json
from app.epcis.headers import EpcFormat
from gs1.errors import Gs1Error
from traceability.clock import now
from traceability.events.documents import CONTEXT
from traceability.events.identifiers import canonical
from traceability.events.queries import Found
from traceability.events.visibility import View, projected


def query_document(
    found: Sequence[Found], view: View, spelling: EpcFormat, *, name: str, headers: dict[str, str]
) -> Response:
    """An EPCISQueryDocument with the events of one page."""
    body = {
        "@context": [CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": now(),
        "epcisBody": {
            "queryResults": {
                "queryName": name,
                "resultsBody": {"eventList": [shown(each, view, spelling) for each in found]},
            }
        },
    }
    return as_json(body, headers={**headers, "GS1-EPC-Format": spelling})


def single(found: Found, view: View, spelling: EpcFormat) -> Response:
    """One event, with GS1's context beside its own."""
    event = shown(found, view, spelling)
    event["@context"] = [CONTEXT, *event.get("@context", [])]
    return as_json(event, headers={"GS1-EPC-Format": spelling})


def shown(found: Found, view: View, spelling: EpcFormat) -> dict[str, Any]:
    """An event as the asker sees it."""
    event = {**orjson.loads(found.body), "eventID": found.event_id}
    event["recordTime"] = found.record_time.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    event = projected(view, event)
    return translated(event) if spelling is EpcFormat.DIGITAL_LINK else event


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
