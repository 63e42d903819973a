"""What comes in and goes out about recalls."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from traceability.registry.fields import CodeText, Id, Input, IsoDate, Line, Paragraph
from traceability.registry.schemas import LotText, SerialText


class RecallIn(Input):
    """A recall of a product, of one of its lots, or of one serial."""

    gtin: CodeText
    lot: LotText | None = None
    serial: SerialText | None = None
    notice_number: Annotated[Line, Field(min_length=1, max_length=100)]
    notice_date: IsoDate
    issuer_id: Id | None = None
    """The party that orders it; missing, the actor's own."""
    reason: Annotated[Paragraph, Field(min_length=1, max_length=1000)]
    advice: Annotated[Paragraph, Field(min_length=1, max_length=1000)]
    """What the holder of the goods should do."""


class RecallClosingIn(Input):
    closing_decision: Annotated[Line, Field(min_length=1, max_length=200)]


class RecallOut(BaseModel):
    id: int
    gtin: str
    lot: str | None
    serial: str | None
    notice_number: str
    notice_date: date
    issuer_name: str | None
    reason: str
    advice: str
    status: str
    opened_at: datetime
    closed_at: datetime | None
    closing_decision: str | None
