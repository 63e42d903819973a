"""Who sees which events, and how much of one. One table, read by every query and by its test.

    FULL      every event                                     authorities, in all of their remit
    PARTNER   own events, and those that name the own GLN     members: one step up and one down
    PUBLIC    every event of a key that was asked for,        everybody
              without quantities and trade partners

An event names the GLN of an organisation as source or destination, or as the place where it
happened. Who sold to whom further up or down the chain is nobody's business but the authorities'.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from traceability.actor import Actor, Role
from traceability.events.facts import PARTY
from traceability.events.models import Event, EventValue
from traceability.registry.models import Party

_EVENT: sa.Table = Event.__table__  # type: ignore[attr-defined]
_VALUE: sa.Table = EventValue.__table__  # type: ignore[attr-defined]
_PARTY: sa.Table = Party.__table__  # type: ignore[attr-defined]


class View(StrEnum):
    FULL = "full"
    PARTNER = "partner"
    PUBLIC = "public"


VIEWS: Mapping[Role, View] = {
    Role.ADMIN: View.FULL,
    Role.SUPERVISOR: View.FULL,
    Role.INSPECTOR: View.FULL,
    Role.AUDITOR: View.FULL,
    Role.PRODUCER: View.PARTNER,
    Role.SHOP: View.PARTNER,
    Role.TAX: View.PUBLIC,
    Role.ANONYMOUS: View.PUBLIC,
}

PUBLIC_FIELDS = (
    "type", "eventID", "eventTime", "eventTimeZoneOffset", "recordTime", "action", "bizStep",
    "disposition", "persistentDisposition", "readPoint", "bizLocation", "epcList", "parentID",
    "childEPCs", "inputEPCList", "outputEPCList", "certificationInfo",
)  # fmt: skip
"""All that the public sees of an event."""

PUBLIC_PARAMETERS = frozenset({
    "eventType", "EQ_action", "EQ_bizStep", "EQ_disposition", "GE_eventTime", "LT_eventTime",
    "EQ_eventID", "MATCH_epc", "MATCH_parentID", "MATCH_inputEPC", "MATCH_outputEPC",
    "MATCH_anyEPC", "MATCH_epcClass", "MATCH_anyEPCClass",
})  # fmt: skip
"""What the public may ask by: a hidden value could be guessed by asking for it."""

NEEDED_OF_PUBLIC = frozenset({"EQ_eventID", *(
    name for name in PUBLIC_PARAMETERS if name.startswith("MATCH_")
)})  # fmt: skip
"""One of these names what is in the asker's hand; nobody lists the trade of a country."""


def view_of(actor: Actor) -> View:
    return VIEWS[actor.role]


def readable(actor: Actor) -> sa.ColumnElement[bool]:
    """Whether the actor may see an event, asked of each of a few."""
    if view_of(actor) is not View.PARTNER:
        return sa.true()
    if actor.party_id is None:
        return sa.false()
    named = sa.exists().where(_VALUE.c.event == _EVENT.c.id, *_names(actor))
    return sa.or_(_EVENT.c.party_id == actor.party_id, named)


def ways(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """The same in parts that do not overlap, each with an index: to find a member's among all."""
    if view_of(actor) is not View.PARTNER or actor.party_id is None:
        return [readable(actor)]
    own = _EVENT.c.party_id == actor.party_id
    named = _EVENT.c.id.in_(sa.select(_VALUE.c.event).where(*_names(actor)))
    return [own, sa.and_(_EVENT.c.party_id.is_distinct_from(actor.party_id), named)]


def _names(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    gln = sa.select(_PARTY.c.gln).where(_PARTY.c.id == actor.party_id).scalar_subquery()
    return _VALUE.c.name == PARTY, _VALUE.c.value == gln


def projected(view: View, event: Mapping[str, Any]) -> dict[str, Any]:
    """As much of an event as a view shows."""
    if view is not View.PUBLIC:
        return dict(event)
    shown = {name: event[name] for name in PUBLIC_FIELDS if name in event}
    for place in ("readPoint", "bizLocation"):
        if place in shown:
            shown[place] = {"id": shown[place]["id"]}
    return shown
