"""What comes in and goes out about links."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from traceability.registry.fields import CodeText, Input, Line, Time
from traceability.registry.schemas import LotText, SerialText

LanguageTag = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$")]
_KINDS = "application|audio|font|haptics|image|message|model|multipart|text|video"
"""Top-level media types of the IANA registry."""
MediaType = Annotated[
    str, Field(pattern=rf"^(?:{_KINDS})/[A-Za-z0-9][A-Za-z0-9.+_-]{{0,80}}$", max_length=100)
]


class LinkIn(Input):
    """A link of a product; with a lot or a serial, of that alone."""

    gtin: CodeText
    lot: LotText | None = None
    serial: SerialText | None = None
    link_type: Annotated[str, Field(min_length=1, max_length=120)]
    """`pip`, `gs1:pip` or the whole address of the word."""
    href: Annotated[str, Field(min_length=1, max_length=2000)]
    title: Annotated[Line, Field(min_length=1, max_length=200)]
    language: LanguageTag | None = None
    media_type: MediaType | None = None
    context: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,60}$")] | None = None
    is_default: bool = False
    valid_from: Time | None = None
    valid_to: Time | None = None


class LinkOut(BaseModel):
    id: int
    anchor: str
    link_type: str
    href: str
    title: str
    language: str | None
    media_type: str | None
    context: str | None
    is_default: bool
    valid_from: datetime
    valid_to: datetime | None
    ended_at: datetime | None
