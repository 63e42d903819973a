"""Names that people know for what events name by a key: places, holders, goods.

A place is called by the registry where it knows its GLN, else as the master data call it that were
captured with the events.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from traceability.events.identifiers import gln_of, gtin_of
from traceability.events.models import MasterData
from traceability.events.vocabulary import MDA, XML_MDA
from traceability.registry import repository as registry
from traceability.registry.models import Party

_MASTER: sa.Table = MasterData.__table__  # type: ignore[attr-defined]
_PARTY: sa.Table = Party.__table__  # type: ignore[attr-defined]
_NAMES = ("name", "siteName")
_MDA = ("cbvmda:", MDA, f"{XML_MDA}#", "https://ref.gs1.org/cbv/mda/")
"""As JSON, XML and XML 1.2 write them, and on the web."""


def holders(session: Session, places: Iterable[str]) -> dict[str, str]:
    """Of each place, the registered party that has its GLN."""
    glns = {place: gln for place in places if (gln := gln_of(place))}
    found: dict[str, str] = {}
    for part in registry.chunks(sorted(set(glns.values()))):
        rows = session.connection().execute(
            sa.select(_PARTY.c.gln, _PARTY.c.name).where(_PARTY.c.gln.in_(part))
        )
        found.update((row.gln, row.name) for row in rows)
    return {place: found[gln] for place, gln in glns.items() if gln in found}


def place_names(session: Session, places: Iterable[str]) -> dict[str, str]:
    """The names of those places that have one."""
    wanted = sorted(set(places))
    told = attributes(session, wanted)
    found = {
        place: told[place][name]
        for place in told
        for name in reversed(_NAMES)
        if told[place].get(name)
    }
    return {**found, **holders(session, wanted)}


def attributes(session: Session, elements: Iterable[str]) -> dict[str, dict[str, str]]:
    """What master data say of each element, by bare names: name, latitude, longitude."""
    found: dict[str, dict[str, str]] = {}
    for part in registry.chunks(list(elements)):
        rows = session.connection().execute(
            sa.select(_MASTER.c.id, _MASTER.c.attributes).where(_MASTER.c.id.in_(part))
        )
        for row in rows:
            found.setdefault(row.id, {}).update(bare_attributes(row.attributes))
    return found


def bare_attributes(told: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Attributes of a vocabulary element by the bare words of CBV: name, latitude, longitude."""
    found = {}
    for each in told:
        name, value = str(each.get("id", "")), each.get("attribute")
        for prefix in _MDA:
            name = name.removeprefix(prefix)
        if isinstance(value, str | int | float):
            found[name] = str(value)
    return found


def goods_names(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """The names of registered products, by the keys that carry their GTINs."""
    gtins = {key: gtin for key in keys if (gtin := gtin_of(key))}
    known = registry.products_with_gtins(session, set(gtins.values()))
    return {key: known[gtin].name for key, gtin in gtins.items() if gtin in known}
