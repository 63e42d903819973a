"""What a recall reaches, and how far it has come, as it goes out; what a holder tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from traceability.events.tracing.schemas import Balance, Certainty, Edge
from traceability.registry.fields import Id, Input, Line, Paragraph, PositiveQuantity


@dataclass(slots=True)
class GoodsOut:
    """Goods that a recall reaches; no model, since thousands are made at once, of what is known."""

    key: str
    gtin: str | None
    """None for what is no trade item, such as a pallet that was named itself."""
    product_name: str | None
    """None where the register does not know the product."""
    lot: str | None
    serial: str | None
    certainty: Certainty
    since: datetime | None
    """From when on they are affected, as worked out along `paths`: since the last packing or
    process on the way to them, of a serial since its lot is. None for their whole life."""
    in_force: bool
    """Verdicts say RECALLED, or will when the recall is opened."""


class HolderOut(BaseModel):
    """A party that holds goods of a recall by its events or places, or owns them."""

    party_id: int
    name: str
    goods: int
    last_time: datetime | None


class PlaceOut(BaseModel):
    """Where affected goods were last."""

    place: str
    """bizLocation, else readPoint."""
    party_name: str | None
    """Whose GLN the place has."""
    goods: int
    last_time: datetime


class Amount(BaseModel):
    """The mass balance of what is recalled, in one unit."""

    uom: str | None
    """Unit (UN/ECE Rec. 20); None for pieces."""
    begun: Decimal
    """Made or put on record."""
    used: Decimal
    """Taken into further processes."""
    ended: Decimal
    """Recorded as destroyed or otherwise at an end."""
    left: Decimal
    """begun - used - ended: what may still be somewhere."""


class Scanned(BaseModel):
    """How much of it consumers have looked up already."""

    serials: int
    """Issued serials among the goods."""
    scanned: int
    """Those of them that a consumer has scanned."""
    share: Decimal | None
    """scanned / serials, of four decimals; None without serials."""
    last_at: datetime | None


class ReachOut(BaseModel):
    """What a recall reaches. Lists are cut to their first entries, the numbers are of the whole."""

    inputs: Sequence[str]
    """The keys that it begins with."""
    certain: int
    possible: int
    """By mixing; recalled like the certain ones."""
    lots: int
    serials: int
    in_force: int
    """Goods that verdicts call recalled: the others need an authority's confirmation, or have no
    registered product."""
    goods: Sequence[GoodsOut]
    carriers: Sequence[str]
    """What such goods are or were in: pallets, crates. They are not recalled."""
    amounts: Sequence[Amount]
    unknown: int
    """Lots of which no event says a quantity, and serials."""
    processes: Sequence[Balance]
    places: Sequence[PlaceOut]
    holders: Sequence[HolderOut]
    last_time: datetime | None
    """The newest event of any of the goods."""
    scanned: Scanned | None = None
    steps: int
    paths: Sequence[Edge]
    """The evidence: every step names its event, with the time of that event."""
    truncated: bool
    """There is more than was followed; the numbers are then of what was."""


class RecallAnswerIn(Input):
    """What a holder has found, in all so far."""

    found: PositiveQuantity
    returned: PositiveQuantity = Decimal(0)
    destroyed: PositiveQuantity = Decimal(0)
    unit: Annotated[Line, Field(max_length=40)] = ""
    """Empty for pieces."""
    note: Annotated[Paragraph, Field(max_length=1000)] = ""
    party_id: Id | None = None
    """Of whom an authority says this; missing, the own party."""


class AnswerOut(BaseModel):
    id: int
    found: Decimal
    returned: Decimal
    destroyed: Decimal
    unit: str
    note: str
    at: datetime


class StandingOut(BaseModel):
    """How far one party is."""

    party_id: int
    name: str
    goods: int
    last_time: datetime | None
    answer: AnswerOut | None
    """Its newest; None where it has told nothing."""


class SumOut(BaseModel):
    """What all parties have found, in one unit."""

    unit: str
    found: Decimal
    returned: Decimal
    destroyed: Decimal


class ProgressOut(BaseModel):
    reached: int
    """Parties."""
    answered: int
    sums: Sequence[SumOut]
    parties: Sequence[StandingOut]
    """Authorities see all of them, a member its own."""


class WebhookIn(Input):
    dest: Annotated[str, Field(min_length=1, max_length=2000)]
    """Where notices are posted to; not an address of a private network."""
    token: Annotated[str, Field(min_length=16, max_length=200)] | None = None
    """Signs every message (GS1-Signature); missing, one is made."""


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given-up"


class DeliveryOut(BaseModel):
    """A message to a webhook."""

    kind: str
    """opened, extended, closed or test."""
    recall_id: int | None
    state: str
    """waiting, delivered or given-up."""
    failures: int
    """Attempts that failed."""
    error: str | None
    """Of the newest attempt: `private`, `name`, `status 500`, or what went wrong on the way."""
    next_at: datetime | None
    """No attempt before this time."""
    sent_at: datetime | None


class WebhookOut(BaseModel):
    id: str
    dest: str
    created_at: datetime
    last: DeliveryOut | None = None
    """The newest message to it."""
    token: str | None = None
    """Shown once, when it is made."""
