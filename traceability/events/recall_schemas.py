"""What comes in and goes out about recalls."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from traceability.registry.fields import CodeText, Id, Input, IsoDate, Line, Paragraph
from traceability.registry.schemas import LotText, SerialText

MOST_INPUTS = 100
MOST_SERIALS = 1_000


class RecalledIn(Input):
    """What is recalled: a product, a lot, a serial or several, or what was made from inputs."""

    gtin: CodeText | None = None
    lot: LotText | None = None
    serial: SerialText | None = None
    serials: Annotated[list[SerialText], Field(min_length=1, max_length=MOST_SERIALS)] | None = None
    """Several serials of the product."""
    inputs: (
        Annotated[
            list[Annotated[Line, Field(min_length=1, max_length=400)]],
            Field(min_length=1, max_length=MOST_INPUTS),
        ]
        | None
    ) = None
    """Keys of lots, serials or SSCCs; everything made from them is recalled with them. They stand
    alone, without a GTIN."""


class RecallIn(RecalledIn):
    """A recall, as its notice orders it."""

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
    scope: str
    """goods, serials or made-from."""
    gtin: str | None
    """None for a recall of what was made from inputs: see its goods."""
    lot: str | None
    serial: str | None
    notice_number: str
    notice_date: date
    issuer_name: str | None
    owner_name: str | None
    """The owner of the goods, where it has opened the recall itself."""
    reason: str
    advice: str
    status: str
    opened_at: datetime
    confirmed_at: datetime | None
    """When an authority confirmed an owner's recall for the goods of others, too."""
    closed_at: datetime | None
    closing_decision: str | None
    reached_at: datetime | None
    """When it was last worked out what it reaches."""
    truncated: bool
    """It reaches more than was followed."""
