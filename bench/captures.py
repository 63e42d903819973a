"""Documents and single events as a sender makes them: goods begin, goods are packed."""

import itertools
from typing import Any

import orjson

from bench import load
from bench.supply import GLNS, JAM, STEM, sscc

EVENTS, EPCS = 100, 10
"""Events of a document, and keys of an event."""
_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"


class Sender:
    """Makes requests, each with events that nobody has told before."""

    def __init__(self, secret: str) -> None:
        self._headers = (
            f"Authorization: Bearer {secret}\r\nContent-Type: application/json\r\n"
            "GS1-Capture-Error-Behaviour: rollback\r\n"
        )
        self._numbers = itertools.count()

    def document(self, _: int = 0) -> bytes:
        body = {
            "@context": [_CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0",
            "creationDate": "2026-11-20T09:00:00Z",
            "epcisBody": {"eventList": [self._event() for _ in range(EVENTS)]},
        }  # fmt: skip
        return load.request("POST", "/epcis/v2/capture", orjson.dumps(body), self._headers)

    def single(self, _: int = 0) -> bytes:
        body = {"@context": [_CONTEXT], **self._event()}
        return load.request("POST", "/epcis/v2/events", orjson.dumps(body), self._headers)

    def _event(self) -> dict[str, Any]:
        """By turns ten jars that begin and ten that are packed."""
        number = next(self._numbers)
        pair, packed = divmod(number, 2)
        jars = [f"{STEM}/01/{JAM}/21/N{pair:09}{each}" for each in range(EPCS)]
        place = {"id": f"{STEM}/414/{GLNS[1]}"}
        common = {
            "eventTime": f"2026-11-20T0{8 + packed}:00:00+07:00", "eventTimeZoneOffset": "+07:00",
            "action": "ADD", "readPoint": place, "bizLocation": place,
        }  # fmt: skip
        if packed:
            return {"type": "AggregationEvent", "bizStep": "packing", **common,
                    "parentID": sscc(5 * 10**9 + pair), "childEPCs": jars}  # fmt: skip
        return {"type": "ObjectEvent", "bizStep": "commissioning", **common, "epcList": jars,
                "ilmd": {"cbvmda:lotNumber": f"N{pair // 50}"}}  # fmt: skip
