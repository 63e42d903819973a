"""The GS1 headers: what this service speaks, and what a client asks it to speak."""

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
    """Refuse a client that needs a version of the standards which is not spoken.

    Raises:
        HTTPException: 406.
    """
    for name in ("gs1-epcis", "gs1-cbv"):
        minimum = request.headers.get(f"{name}-min", "0")
        maximum = request.headers.get(f"{name}-max", "9")
        if _numbers(minimum) > (2, 0, 0) or _numbers(maximum) < (2, 0, 0):
            raise HTTPException(406)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.strip().split(".")
    return tuple(int(part[:4]) for part in parts if part.isascii() and part.isdecimal())
