"""The GS1 headers: what this service speaks, and what a client asks it to speak."""

import re
from collections.abc import Mapping

from fastapi import Request
from starlette.exceptions import HTTPException

from app.settings import Settings
from traceability.events.rendering import EpcFormat

EPCIS_VERSION = CBV_VERSION = "2.0.0"
_MINIMUM = {"gs1-epcis": "1.2.0", "gs1-cbv": "1.2.0"}


def announced(settings: Settings) -> Mapping[str, str]:
    """What the service says of itself."""
    return {
        "GS1-EPCIS-Version": EPCIS_VERSION,
        "GS1-EPCIS-Min": _MINIMUM["gs1-epcis"],
        "GS1-EPCIS-Max": EPCIS_VERSION,
        "GS1-CBV-Version": CBV_VERSION,
        "GS1-CBV-Min": _MINIMUM["gs1-cbv"],
        "GS1-CBV-Max": CBV_VERSION,
        "GS1-EPC-Format": f"{EpcFormat.DIGITAL_LINK}, {EpcFormat.AS_SENT}",
        "GS1-EPCIS-Capture-File-Size-Limit": str(settings.max_capture_bytes),
        "GS1-Capture-Error-Behaviour": "rollback, proceed",
        "GS1-Vendor-Version": "nguon/1",
    }


def spoken() -> Mapping[str, str]:
    """What stands on every answer."""
    return {"GS1-EPCIS-Version": EPCIS_VERSION, "GS1-CBV-Version": CBV_VERSION}


def epc_format(request: Request) -> EpcFormat:
    """The spelling a client asks for; canonical Digital Links by default.

    Raises:
        HTTPException: 406 for EPC URNs, or for a version that is not spoken.
    """
    check_version(request)
    asked = request.headers.get("gs1-epc-format", EpcFormat.DIGITAL_LINK)
    if asked == "No_Preference":
        return EpcFormat.DIGITAL_LINK
    if asked not in list(EpcFormat):
        raise HTTPException(406)
    return EpcFormat(asked)


def check_version(request: Request) -> None:
    """Refuse a client that needs a version or a form of answers which is not spoken.

    Raises:
        HTTPException: 406.
    """
    if request.method == "GET" and not _accepted(request) & (_ANY | {JSON, JSON_LD}):
        raise HTTPException(406)
    for name in ("gs1-epcis", "gs1-cbv"):
        minimum = request.headers.get(f"{name}-min", "0")
        maximum = request.headers.get(f"{name}-max", "9")
        if _numbers(minimum) > (2, 0, 0) or _numbers(maximum) < (2, 0, 0):
            raise HTTPException(406)


JSON = "application/json"
JSON_LD = "application/ld+json"
_ANY = frozenset({"*/*", "application/*"})


def answer_type(request: Request) -> str:
    """The media type of an answer: JSON-LD by its own name for those who take no other."""
    only = _accepted(request) & (_ANY | {JSON, JSON_LD}) == {JSON_LD}
    return JSON_LD if only else JSON


def _accepted(request: Request) -> set[str]:
    """The media types that a client takes, whatever it likes best; every one without a header."""
    ranges = (each.partition(";") for each in request.headers.get("accept", "*/*").split(","))
    return {
        name.strip().lower() for name, _, weight in ranges if not _NOT_AT_ALL.search(weight)
    }  # fmt: skip


_NOT_AT_ALL = re.compile(r"\bq=0(?:\.0*)?\s*$")


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.strip().split(".")
    return tuple(int(part[:4]) for part in parts if part.isascii() and part.isdecimal())
