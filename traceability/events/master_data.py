"""Master data that came in EPCIS documents: kept as told, the newest for each element.

They describe places and goods for those who ask for events; the registry stays what counts.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from gs1.errors import Gs1Error
from traceability.actor import Actor
from traceability.clock import now
from traceability.events.identifiers import MAX_LENGTH, canonical
from traceability.events.models import MasterData

_TABLE: sa.Table = MasterData.__table__  # type: ignore[attr-defined]
_GENERATIONS = 10
"""How deep places are nested: a shelf in a room in a building on a site, and room to spare."""


def keep_master_data(
    session: Session, actor: Actor, vocabularies: Iterable[Mapping[str, Any]]
) -> None:
    """Keep what a document says of the elements of its vocabularies.

    What another organisation told of an element before stays: nobody overwrites another's data.
    """
    for vocabulary in vocabularies:
        kind = str(vocabulary["type"])[:MAX_LENGTH]
        for element in vocabulary.get("vocabularyElementList", ()):
            name = _name(element["id"])
            _keep(session, actor, (name, kind), attributes=element.get("attributes") or [])
            for child in element.get("children") or ():
                _keep(session, actor, (_name(child), kind), parent=name)


def _keep(session: Session, actor: Actor, place: tuple[str, str], **values: Any) -> None:
    row = session.get(MasterData, place)
    if row is None:
        row = MasterData(id=place[0], vocabulary=place[1], party_id=actor.party_id)
        session.add(row)
    elif not (actor.sees_everything or row.party_id == actor.party_id):
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = now()
    session.flush()


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
