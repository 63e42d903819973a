"""Of which lot an instance is, as far as one event tells it.

A serial alone does not say its lot, and a recall of a lot must reach its serials. It must reach
what is told with a variant of the product, too: the lot of a variant is of the lot.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from traceability.events.facts import texts_of
from traceability.events.identifiers import STEM, canonical, gtin_of, lot_of_variant, lot_told
from traceability.events.models import EpcRole
from traceability.events.namespaces import prefixes
from traceability.events.tracing.keys import is_lot, is_unit
from traceability.events.vocabulary import MDA, XML_MDA


def memberships(
    kind: str, action: str | None, epcs: Collection[Any], body: str
) -> set[tuple[str, str]]:
    """The instances of an event with their lots; lots with their variants, both ways.

    A lot is told by the identifier as it was sent, a label's address with lot and serial. Else by
    the lotNumber of ILMD where instances begin (an ObjectEvent of action ADD, a
    TransformationEvent's outputs); or by the one lot of the same product that is commissioned in
    the same event. Among the outputs of a process a lot beside serials is more goods, and says
    nothing of them.
    """
    found = set(_told_by_texts(body))
    told = {instance for instance, _ in found}
    role = _BEGINNING.get((kind, action))
    begun = [
        epc.key for epc in epcs
        if epc.role == role and not epc.by_class and is_unit(epc.key) and epc.key not in told
    ]  # fmt: skip
    if begun:
        found.update(_lots_of_begun(begun, role, epcs, _lot_number(body)))
    for key in [*(epc.key for epc in epcs), *(lot for _, lot in found)]:
        if lot := lot_of_variant(key):
            # Told both ways: what is in the one is in the other, and came from where it came from.
            found |= {(key, lot), (lot, key)}
    return found


def _lots_of_begun(
    begun: Iterable[str], role: EpcRole | None, epcs: Iterable[Any], number: str | None
) -> Iterator[tuple[str, str]]:
    classes = [epc.key for epc in epcs if epc.by_class and epc.role == role == EpcRole.EPC]
    for instance in begun:
        gtin = gtin_of(instance)
        lots = {key for key in classes if is_lot(key) and gtin_of(key) == gtin}
        if number is not None:
            lots = {f"{STEM}/01/{gtin}/10/{number}"}
        elif len(lots) > 1:  # of several variants perhaps, and of one lot all the same
            lots = {lot_of_variant(key) or key for key in lots}
        if gtin is not None and len(lots) == 1:
            yield instance, lots.pop()


_BEGINNING: Mapping[tuple[str, str | None], EpcRole] = {
    ("ObjectEvent", "ADD"): EpcRole.EPC,
    ("TransformationEvent", None): EpcRole.OUTPUT,
}


def _told_by_texts(body: str) -> Iterator[tuple[str, str]]:
    if "/10/" not in body:
        return  # of most events, and no reason to read their text again
    for text, _ in texts_of(orjson.loads(body)):
        if lot := lot_told(text):
            yield canonical(text), lot


def _lot_number(body: str) -> str | None:
    """The lotNumber of the instance and lot master data (CBV 2.0 section 9.2.3)."""
    if "lotNumber" not in body:
        return None
    event = orjson.loads(body)
    spaces = prefixes(event.get("@context", ()))
    for name, value in (event.get("ilmd") or {}).items():
        prefix, _, local = name.rpartition(":")
        if local == "lotNumber" and spaces.get(prefix, f"{prefix}:") in (MDA, XML_MDA):
            value = value.get("#text") if isinstance(value, dict) else value
            if isinstance(value, str | int) and 0 < len(str(value)) <= 20:
                return quote(str(value), safe="")
    return None
