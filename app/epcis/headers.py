"""The GS1 headers: what this service speaks, and what a client asks it to speak."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from fastapi import Request
from starlette.exceptions import HTTPException

from app.settings import Settings
from traceability.actor import Actor
from traceability.events.rendering import EpcFormat
from traceability.events.visibility import View, view_of
from traceability.events.xml_writing import CbvFormat

VERSION = "2.0.0"
"""Of EPCIS and of CBV alike."""
_MINIMUM = "1.2.0"


def announced(settings: Settings) -> Mapping[str, str]:
    """What the service says of itself."""
    return {
        "GS1-EPCIS-Version": VERSION,
        "GS1-EPCIS-Min": _MINIMUM,
        "GS1-EPCIS-Max": VERSION,
        "GS1-CBV-Version": VERSION,
        "GS1-CBV-Min": _MINIMUM,
        "GS1-CBV-Max": VERSION,
        "GS1-EPC-Format": f"{EpcFormat.DIGITAL_LINK}, {EpcFormat.AS_SENT}",
        "GS1-CBV-XML-Format": f"{CbvFormat.WEB}, {CbvFormat.URN}",
        "GS1-EPCIS-Capture-File-Size-Limit": str(settings.max_capture_bytes),
        "GS1-Capture-Error-Behaviour": "rollback, proceed",
        "GS1-Vendor-Version": "nguon/1",
    }


def warned(warnings: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """What an event that was captured by itself is warned of; nothing where there is nothing.

    The answer's body is the event's own by EPCIS 2.0, so it is told by a header: a List of Tokens
    with a String each (RFC 9651), as many as fit. Who does not know it passes over it.

    >>> warned([("events.product-unknown", "09520001234569")])
    {'Capture-Warnings': 'events.product-unknown;value="09520001234569"'}
    """
    items: list[str] = []
    room = _MOST_WARNED
    for code, value in warnings:
        item = f'{code};value="{_NOT_IN_STRINGS.sub("", value)}"'
        room -= len(item) + 2
        if room < 0:
            break
        items.append(item)
    return {"Capture-Warnings": ", ".join(items)} if items else {}


_MOST_WARNED = 4_000
"""Characters: servers on the way refuse headers of more than 8 kB."""
_NOT_IN_STRINGS = re.compile(r"[^ !#-\[\]-~]")


def spoken() -> Mapping[str, str]:
    """What stands on every answer."""
    return {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION}


class Form(NamedTuple):
    """How a client wants events."""

    media_type: str
    spelling: EpcFormat
    cbv: CbvFormat
    """Of XML alone: JSON has the bare words."""

    @property
    def headers(self) -> dict[str, str]:
        told = {"GS1-EPC-Format": str(self.spelling), "Vary": _VARY}
        return {**told, "GS1-CBV-XML-Format": self.cbv} if self.media_type in XML else told


_VARY = "Accept, GS1-EPC-Format, GS1-CBV-XML-Format"


def form_of(request: Request, actor: Actor) -> Form:
    """The form a client asks for; JSON with canonical Digital Links by default.

    Raises:
        HTTPException: 406 for EPC URNs, or for a form that is not spoken; of the public
            also for keys as they were sent: the address in one may be that of a trade partner.
    """
    check_form(request, (*JSON_TYPES, *XML))
    media_type = _best(request, (*JSON_TYPES, *XML)) or JSON
    spelling = _asked(request, "gs1-epc-format", EpcFormat.DIGITAL_LINK)
    if spelling is EpcFormat.AS_SENT and view_of(actor) is View.PUBLIC:
        raise HTTPException(406)
    cbv = CbvFormat.WEB
    if media_type in XML:
        cbv = _asked(request, "gs1-cbv-xml-format", cbv)
    return Form(media_type, spelling, cbv)


S = TypeVar("S", EpcFormat, CbvFormat)


def _asked(request: Request, name: str, usual: S) -> S:
    asked = request.headers.get(name, usual)
    if asked == "No_Preference":
        return usual
    try:
        return type(usual)(asked)
    except ValueError as error:
        raise HTTPException(406) from error


JSON = "application/json"
JSON_TYPES = (JSON, "application/ld+json")
XML = ("application/xml", "text/xml")


def check_form(request: Request, offered: Sequence[str] = JSON_TYPES) -> None:
    """Refuse a client that takes no form of the answers that are offered.

    Raises:
        HTTPException: 406.
    """
    if _best(request, offered) is None:
        raise HTTPException(406)


def check_version(request: Request) -> None:
    """Refuse a client that needs a version which is not spoken.

    Raises:
        HTTPException: 406.
    """
    for name in ("gs1-epcis", "gs1-cbv"):
        minimum = request.headers.get(f"{name}-min", "0")
        maximum = request.headers.get(f"{name}-max", "9")
        if not _numbers(minimum) <= _numbers(VERSION) <= _numbers(maximum):
            raise HTTPException(406)


def answer_type(request: Request) -> str:
    """The media type of an answer in JSON: JSON-LD by its own name for those who like it best."""
    return _best(request, JSON_TYPES) or JSON


def _best(request: Request, offered: Sequence[str]) -> str | None:
    """The media type that a client likes best, of equals the first offered; None for no one."""
    weights = _weights(request.headers.get("accept", "*/*"))

    def weight(media_type: str) -> float:
        # The most precise range decides (RFC 9110, 12.5.1).
        ranges = (media_type, media_type.partition("/")[0] + "/*", "*/*")
        return next((weights[each] for each in ranges if each in weights), 0.0)

    best = max(offered, key=weight)
    return best if weight(best) > 0 else None


def _weights(accept: str) -> dict[str, float]:
    """Media ranges of an Accept header, each with its weight.

    >>> _weights("application/xml, */*;q=0.1")
    {'application/xml': 1.0, '*/*': 0.1}
    """
    found = {}
    for part in accept.split(",")[:50]:
        name, _, parameters = part.partition(";")
        told = _WEIGHT.search(parameters)
        found[name.strip().lower()] = float(told[1]) if told else 1.0
    return found


_WEIGHT = re.compile(r"\bq=([01](?:\.[0-9]{0,3})?)\s*$", re.ASCII)


def _numbers(version: str) -> list[int]:
    """A version to be compared: zeros at its end say nothing.

    >>> _numbers("2.0.0") == _numbers("2") < _numbers("2.0.1")
    True
    """
    parts = version.strip().split(".")
    found = [int(part[:4]) for part in parts if part.isascii() and part.isdecimal()]
    while found and found[-1] == 0:
        found.pop()
    return found
