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
from traceability.events.documents import ReadEvent
from traceability.events.facts import facts_of
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
    event_id: str
    address: str
    word: str
    time: datetime
    place: str
    came_from: str
    went_to: str
    documents: Sequence[str]
    goods: Sequence[Named]
    more: int
    """Goods that are not among them."""
    in_error: datetime | None
    corrected_by: Sequence[str]
    """Addresses of the events that tell it right."""
    text: str
    """The event as a machine reads it."""
    recorded: datetime | None = None
    """None for one that is not on record yet."""
    reported_by: str | None = None
    party_id: int | None = None


def event_view(session: Session, actor: Actor, translate: Translator, event_id: str) -> EventView:
    """An event that the actor may see.

    Raises:
        NotFoundError: `events.unknown` (event_id).
    """
    row = event_repository.readable_event(session, actor, event_id)
    if row is None:
        raise NotFoundError("events.unknown", event_id=event_id[:120])
    found = Found(row.id, row.body, row.record_time, row.event_id, view_of(actor))
    body = shown(found, EpcFormat.DIGITAL_LINK)
    keys = event_repository.keys_of(session, [row.id])[row.id]
    return _view(
        session, translate, row, body, keys,
        recorded=row.record_time, reported_by=row.reported_by, party_id=row.party_id,
    )  # fmt: skip


def event_of_body(session: Session, translate: Translator, read: ReadEvent) -> EventView:
    """An event that is not on record yet, and has passed every check."""
    facts = facts_of(read)
    return _view(session, translate, facts, read.body, [epc._asdict() for epc in facts.epcs])


def _view(
    session: Session, translate: Translator, row: Any, body: Mapping[str, Any],
    keys: Sequence[Mapping[str, Any]], **recorded: Any,
) -> EventView:  # fmt: skip
    """The view of a row or of facts, which have the same names."""
    ordered = sorted(keys, key=lambda each: (_ORDER[each["role"]], each["key"]))
    place = row.biz_location or row.read_point
    sides = [_parties(body, side) for side in ("source", "destination")]
    named = [each for each in (place, *sides[0], *sides[1]) if each]
    things = Things(session, translate, [each["key"] for each in ordered[:MOST_SHOWN]], named)
    error = body.get("errorDeclaration") or {}
    documents = body.get("bizTransactionList") or ()
    return EventView(
        event_id=row.event_id,
        address=event_address(row.event_id),
        word=step_word(translate, row.biz_step, row.type),
        time=row.event_time,
        place=things.place(place) if place else "",
        came_from=", ".join(things.place(each) for each in sides[0]),
        went_to=", ".join(things.place(each) for each in sides[1]),
        documents=[str(each["bizTransaction"]).rpartition(":")[2] for each in documents],
        goods=[
            Named(
                translate.text(ROLES[each["role"]]), things.thing(each["key"]),
                quantity_text(translate, each["quantity"], each["uom"]),
            )
            for each in ordered[:MOST_SHOWN]
        ],
        more=max(len(ordered) - MOST_SHOWN, 0),
        in_error=row.error_time,
        corrected_by=[event_address(each) for each in error.get("correctiveEventIDs") or ()],
        text=orjson.dumps(body, option=orjson.OPT_INDENT_2).decode(),
        **recorded,
    )  # fmt: skip


_ORDER = {"epc": 0, "parent": 1, "input": 2, "output": 3, "child": 4}


def _parties(body: Mapping[str, Any], side: str) -> list[str]:
    """Each party once: an owner and a place of one GLN are one name."""
    return list(dict.fromkeys(canonical(each[side]) for each in body.get(f"{side}List") or ()))
