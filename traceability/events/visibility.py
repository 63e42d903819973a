"""Who sees which events, and how much of one. One table, read by every query and by its test.

    FULL      every event                                     authorities, in all of their remit
    PARTNER   own events, and those that name the own GLN     members: one step up and one down
    PUBLIC    every event of a whole key that was asked for,  everybody, members of what is not
              of its goods these alone, without quantities,   theirs
              trade partners and places

An event names the GLN of an organisation as source or destination, or as the place where it
happened. Who sold to whom further up or down the chain is nobody's business but the authorities'.
The list of what else was in the box is a quantity, too, and its serials are in nobody's hand.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa

from traceability.actor import Actor, Role
from traceability.errors import Fault
from traceability.events.facts import PARTY
from traceability.events.identifiers import STEM
from traceability.events.models import Event, EventValue
from traceability.events.query_parameters import Pattern, Query
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
    "disposition", "persistentDisposition", "certificationInfo",
)  # fmt: skip
"""All that the public sees of an event whoever asks for it."""

PUBLIC_ERROR = ("declarationTime", "reason")
"""Of an event that was declared to be wrong."""

PUBLIC_KEYS = ("epcList", "parentID", "childEPCs", "inputEPCList", "outputEPCList")
"""And where it sees the keys it has named."""

PUBLIC_CLASSES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
"""The same for classes: named, without how much of them."""

PUBLIC_PARAMETERS = frozenset({
    "eventType", "EQ_action", "EQ_bizStep", "EQ_disposition", "GE_eventTime", "LT_eventTime",
    "EQ_eventID", "MATCH_epc", "MATCH_parentID", "MATCH_inputEPC", "MATCH_outputEPC",
    "MATCH_anyEPC", "MATCH_epcClass", "MATCH_anyEPCClass",
})  # fmt: skip
"""What the public may ask by, and sees: a hidden value could be guessed by asking for it."""

NEEDED_OF_PUBLIC = frozenset({"EQ_eventID", *(
    name for name in PUBLIC_PARAMETERS if name.startswith("MATCH_")
)})  # fmt: skip
"""One of these names what is in the asker's hand; nobody lists the trade of a country."""


def view_of(actor: Actor) -> View:
    return VIEWS[actor.role]


class Named(NamedTuple):
    """What a question names."""

    keys: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


NOTHING = Named()


def named_by(query: Query) -> Named:
    """The whole keys of a question, canonical."""
    found: dict[bool, set[str]] = {False: set(), True: set()}
    for term in query.terms:
        if term.name.startswith(_MATCH):
            whole = (each for each in term.values if not isinstance(each, Pattern))
            found[term.name.endswith("Class")].update(whole)
    return Named(frozenset(found[False]), frozenset(found[True]))


_MATCH = "MATCH_"


def beyond_public(query: Query) -> Fault | None:
    """Why the public may not ask this; None for a question that everybody may ask.

    One parameter names what is in the asker's hand; another would test what is not shown of the
    same event. How a key was spelt may tell whose web address it was.
    """
    names = [term.name for term in query.terms]
    hidden = sorted({*names} - PUBLIC_PARAMETERS)
    if hidden:
        return Fault(hidden[0], "events.public-parameter", {"name": hidden[0]})
    matched = [term for term in query.terms if term.name.startswith(_MATCH)]
    if len(matched) > 1:
        return Fault(matched[1].name, "events.public-one-key")
    if not all(_is_whole(value) for term in matched for value in term.values):
        return Fault(matched[0].name, "events.public-needs-key")
    if query.literal or not NEEDED_OF_PUBLIC & {*names}:
        return Fault("", "events.public-needs-key")
    return None


def _is_whole(key: str | Pattern) -> bool:
    """Whether a key names goods that somebody may hold: a serial, a lot, a box."""
    return isinstance(key, str) and not _KIND.fullmatch(key)


_KIND = re.compile(
    rf"{re.escape(STEM)}/(?:(?:01|8006|8010)/[^/]+(?:/22/[^/]+)?|8003/[0-9]{{14}})", re.ASCII
)
"""A product, a kind of parts or of assets: all that somebody ever made of it."""


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


def projected(view: View, event: Mapping[str, Any], named: Named) -> dict[str, Any]:
    """As much of an event, its keys canonical, as a view shows to who named some of its goods."""
    if view is not View.PUBLIC:
        return dict(event)
    shown = {name: event[name] for name in PUBLIC_FIELDS if name in event}
    for name in PUBLIC_KEYS:
        told = event.get(name) or ()
        keys = _among(named.keys, [told] if isinstance(told, str) else told)
        if keys:
            shown[name] = keys[0] if name == "parentID" else keys
    for name in PUBLIC_CLASSES:
        classes = _among(named.classes, [each["epcClass"] for each in event.get(name) or ()])
        if classes:
            shown[name] = [{"epcClass": each} for each in classes]
    if wrong := event.get("errorDeclaration"):
        shown["errorDeclaration"] = {name: wrong[name] for name in PUBLIC_ERROR if name in wrong}
    return shown


def _among(named: frozenset[str], told: Sequence[str]) -> list[str]:
    """Those that were named, each once: how often it was told is a quantity."""
    return [key for key in dict.fromkeys(told) if key in named]
