"""One event as people read it: the five dimensions of EPCIS in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session

from app.i18n import Translator
from app.web.trace_view import Thing, Things, event_address
from app.wording.events import ROLES, quantity_text, step_word
from traceability.actor import Actor
from traceability.errors import NotFoundError
from traceability.events import event_repository
from traceability.events.identifiers import canonical
from traceability.events.queries import Found
from traceability.events.rendering import EpcFormat, shown
from traceability.events.visibility import view_of

MOST_SHOWN = 200
"""Goods of one event on its page; a pallet may name thousands."""


@dataclass(frozen=True, slots=True)
class Named:
    """Goods of an event."""

    role: str
    thing: Thing
    quantity: str


@dataclass(frozen=True, slots=True)
class EventView:
    id: int
    event_id: str
    address: str
    word: str
    time: datetime
    recorded: datetime
    place: str
    came_from: str
    went_to: str
    documents: Sequence[str]
    goods: Sequence[Named]
    more: int
    """Goods that are not among them."""
    reported_by: str | None
    party_id: int | None
    in_error: datetime | None
    corrected_by: Sequence[str]
    """Addresses of the events that tell it right."""
    text: str
    """The event as a machine reads it."""


def event_view(session: Session, actor: Actor, translate: Translator, event_id: str) -> EventView:
    """An event that the actor may see.

    Raises:
        NotFoundError: `events.unknown` (event_id).
    """
    row = event_repository.readable_event(session, actor, event_id)
    if row is None:
        raise NotFoundError("events.unknown", event_id=event_id[:120])
    found = Found(row.id, row.body, row.record_time, row.event_id)
    body = shown(found, view_of(actor), EpcFormat.DIGITAL_LINK)
    keys = event_repository.keys_of(session, row.id)
    place = row.biz_location or row.read_point
    sides = [_parties(body, side) for side in ("source", "destination")]
    named = [each for each in (place, *sides[0], *sides[1]) if each]
    ordered = sorted(keys, key=lambda each: (_ORDER[each["role"]], each["key"]))
    things = Things(session, translate, [each["key"] for each in ordered[:MOST_SHOWN]], named)
    error = body.get("errorDeclaration") or {}
    return EventView(
        id=row.id,
        event_id=row.event_id,
        address=event_address(row.event_id),
        word=step_word(translate, row.biz_step, row.type),
        time=row.event_time,
        recorded=row.record_time,
        place=things.place(place) if place else "",
        came_from=", ".join(things.place(each) for each in sides[0]),
        went_to=", ".join(things.place(each) for each in sides[1]),
        documents=[str(each["bizTransaction"]).rpartition(":")[2]
                   for each in body.get("bizTransactionList") or ()],
        goods=[
            Named(
                translate.text(ROLES[each["role"]]), things.thing(each["key"]),
                quantity_text(translate, each["quantity"], each["uom"]),
            )
            for each in ordered[:MOST_SHOWN]
        ],
        more=max(len(ordered) - MOST_SHOWN, 0),
        reported_by=row.reported_by,
        party_id=row.party_id,
        in_error=row.error_time,
        corrected_by=[event_address(each) for each in error.get("correctiveEventIDs") or ()],
        text=orjson.dumps(body, option=orjson.OPT_INDENT_2).decode(),
    )  # fmt: skip


_ORDER = {"epc": 0, "parent": 1, "input": 2, "output": 3, "child": 4}


def _parties(body: Mapping[str, Any], side: str) -> list[str]:
    """Each party once: an owner and a place of one GLN are one name."""
    return list(dict.fromkeys(canonical(each[side]) for each in body.get(f"{side}List") or ()))
