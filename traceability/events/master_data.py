"""Master data that came in EPCIS documents: kept as told, the newest for each element.

They describe places and goods for those who ask for events; the registry stays what counts.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from gs1.errors import Gs1Error
from traceability.actor import Actor
from traceability.clock import now
from traceability.events.faults import refusal
from traceability.events.identifiers import MAX_LENGTH, canonical
from traceability.events.models import MasterData
from traceability.registry.repository import chunks

MAX_ELEMENTS = 20_000
"""Elements of all vocabularies of a document, and those that are told to be inside of them."""
_TABLE: sa.Table = MasterData.__table__  # type: ignore[attr-defined]
_GENERATIONS = 10
"""How deep places are nested: a shelf in a room in a building on a site, and room to spare."""


def check_amount(vocabularies: Iterable[Mapping[str, Any]]) -> None:
    """Refuse more master data than are kept in one transaction.

    Raises:
        EventsInvalidError: `events.too-many` (maximum).
    """
    listed = (vocabulary.get("vocabularyElementList", ()) for vocabulary in vocabularies)
    if sum(1 + len(each.get("children") or ()) for part in listed for each in part) > MAX_ELEMENTS:
        place = "/epcisHeader/epcisMasterData/vocabularyList"
        raise refusal("events.too-many", place, maximum=MAX_ELEMENTS)


def keep_master_data(
    session: Session, actor: Actor, vocabularies: Iterable[Mapping[str, Any]]
) -> None:
    """Keep what a document says of the elements of its vocabularies.

    What another organisation told of an element before stays: nobody overwrites another's data.
    """
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for vocabulary in vocabularies:
        kind = str(vocabulary["type"])[:MAX_LENGTH]
        for element in vocabulary.get("vocabularyElementList", ()):
            name = _name(element["id"])
            told.setdefault((name, kind), {})["attributes"] = element.get("attributes") or []
            for child in element.get("children") or ():
                told.setdefault((_name(child), kind), {})["parent"] = name
    known = _known(session, told)
    for place, values in told.items():
        row = known.get(place)
        if row is None:
            row = MasterData(id=place[0], vocabulary=place[1], party_id=actor.party_id)
            session.add(row)
        elif not (actor.sees_everything or row.party_id == actor.party_id):
            continue
        for field, value in values.items():
            setattr(row, field, value)
        row.changed_at = now()
    session.flush()


def _known(
    session: Session, places: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], MasterData]:
    """The rows of elements of which something was told before."""
    found = {}
    for part in chunks(sorted({name for name, _ in places})):
        rows = session.exec(select(MasterData).where(_TABLE.c.id.in_(part)))
        found.update({(row.id, row.vocabulary): row for row in rows})
    return found


def _name(text: str) -> str:
    try:
        return canonical(text)[:MAX_LENGTH]
    except Gs1Error:
        return text[:MAX_LENGTH]


def with_descendants(session: Session, names: Iterable[str]) -> set[str]:
    """The elements and everything that master data place inside them."""
    found = set(names)
    edge = found
    for _ in range(_GENERATIONS):
        rows = session.connection().execute(
            sa.select(_TABLE.c.id).where(_TABLE.c.parent.in_(sorted(edge)))
        )
        edge = set(rows.scalars()) - found
        if not edge:
            break
        found |= edge
    return found
