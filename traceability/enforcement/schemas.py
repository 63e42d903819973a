"""What comes in: a report from the public, and the authority's decision on it."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError

from traceability.enforcement.models import ReportReason, ReportStatus
from traceability.errors import Fault, InvalidError
from traceability.registry.fields import Input, Line, Paragraph

PHOTO_MEDIA_TYPE = "image/jpeg"
MAX_PHOTO_BYTES = 2 * 1024 * 1024


class ReportIn(Input):
    """A report. The place and a way to get in touch are given by choice."""

    reason: Annotated[ReportReason, Field(strict=False)]
    code: Annotated[Paragraph, Field(max_length=4000)] = ""
    """The code that it is about, as read or typed."""
    text: Annotated[Paragraph, Field(max_length=4000)] = ""
    area_code: Annotated[str | None, Field(max_length=10)] = None
    place: Annotated[Line | None, Field(max_length=300)] = None
    contact: Annotated[Line | None, Field(max_length=200)] = None
    photo: Annotated[bytes | None, Field(max_length=MAX_PHOTO_BYTES)] = None
    """A JPEG that was decoded and encoded anew: pixels only."""
    nonce: Annotated[str, Field(max_length=64)] = ""
    """Made for one form: what is sent twice is kept once."""

    @classmethod
    def of_form(cls, typed: Mapping[str, str], photo: bytes | None = None) -> "ReportIn":
        """The report of a filled-in form; blank fields are left out.

        Raises:
            InvalidError: `enforcement.reason-needed`, `enforcement.report-empty`, `web.field-…`.
        """
        given: dict[str, Any] = {name: value for name, value in typed.items() if value.strip()}
        try:
            report = cls.model_validate({**given, "photo": photo})
        except ValidationError as error:
            raise InvalidError([_fault(each) for each in error.errors()]) from error
        if report.reason is ReportReason.OTHER and not report.text:
            raise InvalidError.of("text", "enforcement.report-empty")
        return report

    @property
    def digest(self) -> str:
        """SHA-256 of everything that was sent, the nonce included."""
        content = self.model_dump(mode="json", exclude={"photo"})
        parts = [repr(sorted(content.items())).encode(), self.photo or b""]
        return hashlib.sha256(b"\n".join(parts)).hexdigest()


class ReportDecision(Input):
    """What the authority does about a report."""

    status: Annotated[ReportStatus, Field(strict=False)]
    answer: Annotated[Paragraph | None, Field(max_length=2000)] = None
    """Shown to whoever has the tracking code."""


def _fault(error: Any) -> Fault:
    name = str(error["loc"][0]) if error["loc"] else ""
    limit = (error.get("ctx") or {}).get("max_length")
    if name == "reason":
        return Fault(name, "web.field-missing")
    if limit is not None:
        return Fault(name, "web.field-too-long", {"limit": limit})
    return Fault(name, "web.field-invalid")
