"""What happened to goods of the demonstration, from field and vat to the shops.

    ginseng   harvest ─▶ lot SAM2610 ─▶ eight roots in a box ─▶ distributor ─▶ shop ─▶ one is sold
    milk      base NL2606 ─────────────────▶ SB2607 ─▶ distributor ─▶ shop
              NL2606 and NL2607, mixed ─▶ SB2608 and SB2608B; SB2608B is shipped and never received

Everybody tells their own part, simple steps by the diary and the others as EPCIS events. So a
recall of what was made from NL2606 surely reaches SB2607, and the other two possibly.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.demo import goods
from app.demo.people import ORGANISATIONS, fictional_gln
from gs1 import check_digit
from traceability.actor import Actor, Role
from traceability.clock import VIETNAM, now
from traceability.errors import InvalidError
from traceability.events.capture import Behaviour, capture
from traceability.events.diary import read_entry
from traceability.events.documents import Document, ReadEvent
from traceability.events.identifiers import STEM
from traceability.events.policy import Policy
from traceability.registry.models import Party, PartyKind

FIELD = fictional_gln(90)
FRESH_LOT = "TUOI1010"
BOX = "39521101000000001"
BOX += check_digit.compute(BOX)
BOXED = tuple(f"VD{n:06d}" for n in range(1, 9))
SOLD = BOXED[4]
BASE_LOT, OTHER_BASE_LOT = "NL2606", "NL2607"
LOST_LOT = "SB2608B"
"""Shipped, and never received."""

_LAST = datetime(2026, 10, 25, 18, tzinfo=VIETNAM)
_FIELD_NAME = "Vườn sâm Ví Dụ, xã Măng Ri"
_GLNS = {each.key: each.gln for each in ORGANISATIONS if each.gln}


@dataclass(frozen=True, slots=True)
class _Told:
    teller: str
    """Key of the organisation."""
    event: ReadEvent


def tell_journeys(session: Session, known: dict[str, Party]) -> None:
    """Capture the events of everybody, each in the name of their organisation."""
    # Events are never in the future: on a clock that is behind, all of it happened earlier.
    shift = min(now() - _LAST, timedelta(0))
    told = [*_ginseng(shift), *_milk(shift)]
    for teller in dict.fromkeys(each.teller for each in told):
        party = known[teller]
        role = Role.PRODUCER if party.kind == PartyKind.PRODUCER else Role.SHOP
        document = Document(
            [each.event for each in told if each.teller == teller],
            [_FIELDS] if teller == "ginseng" else [],
        )
        actor = Actor(role, party.id, name="demo")
        capture(session, actor, document, Behaviour.ROLLBACK, Policy())


_FIELDS = {
    "type": "urn:epcglobal:epcis:vtype:BusinessLocation",
    "vocabularyElementList": [
        {
            "id": f"{STEM}/414/{FIELD}",
            "attributes": [{"id": "cbvmda:name", "attribute": _FIELD_NAME}],
        }
    ],
}


def _ginseng(shift: timedelta) -> Iterator[_Told]:
    def at(day: int, hour: int) -> str:
        return _text(datetime(2026, 10, day, hour, tzinfo=VIETNAM) + shift)

    fresh = {"gtin": goods.FRESH_ROOTS, "lot": FRESH_LOT, "quantity": "26,4", "unit": "kg"}
    lot = {"gtin": goods.GINSENG, "lot": "SAM2610", "quantity": "25", "unit": "kg"}
    roots = [_key(goods.GINSENG, f"21/{serial}") for serial in BOXED]
    of_lot = {"ilmd": {"cbvmda:lotNumber": "SAM2610"}}
    box = {"sscc": BOX}
    yield _entry("ginseng", "harvest", at(10, 7), fresh, place=FIELD)
    made_from = {f"from_{name}": text for name, text in fresh.items()}
    yield _entry("ginseng", "process", at(12, 8), {**made_from, **lot})
    yield _event("ginseng", at(12, 14), "ADD", "commissioning", epcList=roots, **of_lot)
    yield _boxed("ginseng", at(13, 8), "ADD", "packing", roots)
    yield _entry("ginseng", "ship", at(13, 15), box, to="distributor")
    yield _entry("distributor", "receive", at(14, 9), box, to="ginseng")
    yield _entry("distributor", "ship", at(15, 14), box, to="shop")
    yield _entry("shop", "receive", at(16, 9), box, to="distributor")
    yield _boxed("shop", at(16, 10), "DELETE", "unpacking", roots)
    yield _entry("shop", "sell", at(25, 10), {"gtin": goods.GINSENG, "serial": SOLD})


def _milk(shift: timedelta) -> Iterator[_Told]:
    def at(month: int, day: int) -> str:
        return _text(datetime(2026, month, day, 9, tzinfo=VIETNAM) + shift)

    for day, lot, much in ((20, BASE_LOT, "2500"), (25, OTHER_BASE_LOT, "2000")):
        made = {"gtin": goods.MILK_BASE, "lot": lot, "quantity": much, "unit": "kg"}
        yield _entry("milk", "harvest", at(6, day), made)
    base, other_base = (_key(goods.MILK_BASE, f"10/{lot}") for lot in (BASE_LOT, OTHER_BASE_LOT))
    yield _mixed("milk", at(7, 10), {base: 2050}, {_milk_lot("SB2607"): 2000})
    yield _mixed(
        "milk", at(8, 10), {base: 440, other_base: 2000},
        {_milk_lot("SB2608"): 2000, _milk_lot(LOST_LOT): 400},
    )  # fmt: skip
    recalled = {"gtin": goods.MILK, "lot": "SB2607", "quantity": "600"}
    yield _entry("milk", "ship", at(8, 19), recalled, to="distributor")
    yield _entry("distributor", "receive", at(8, 20), recalled, to="milk")
    part = {**recalled, "quantity": "120"}
    yield _entry("distributor", "ship", at(8, 24), part, to="shop")
    yield _entry("shop", "receive", at(8, 25), part, to="distributor")
    lost = {"gtin": goods.MILK, "lot": LOST_LOT, "quantity": "300"}
    yield _entry("milk", "ship", at(9, 5), lost, to="other-shop")


def _entry(
    teller: str,
    step: str,
    time: str,
    texts: dict[str, str],
    *,
    to: str | None = None,
    place: str | None = None,
) -> _Told:
    """A row of the diary; `to` is the other side of what is shipped or received."""
    partner = {"partner": _GLNS[to]} if to else {}
    given = {"step": step, "time": time, "place": place or _GLNS[teller], **partner, **texts}
    diary = read_entry(given, _GLNS[teller])
    if diary.faults.count:
        raise InvalidError.of("step", diary.faults.errors[0].code)
    return _Told(teller, diary.events[0])


def _event(teller: str, time: str, action: str | None, step: str, **fields: Any) -> _Told:
    place = {"id": f"{STEM}/414/{_GLNS[teller]}"}
    body = {
        "type": "ObjectEvent", "eventTime": time, "eventTimeZoneOffset": time[-6:],
        "bizStep": step, "readPoint": place, "bizLocation": place, **fields,
    }  # fmt: skip
    return _Told(teller, ReadEvent(body | ({"action": action} if action else {})))


def _boxed(teller: str, time: str, action: str, step: str, roots: list[str]) -> _Told:
    parts = {"type": "AggregationEvent", "parentID": f"{STEM}/00/{BOX}", "childEPCs": roots}
    return _event(teller, time, action, step, **parts)


def _mixed(teller: str, time: str, taken: dict[str, float], made: dict[str, float]) -> _Told:
    """A process by mass: kilograms of each lot that goes in and that comes out."""
    sides = {
        f"{side}QuantityList": [
            {"epcClass": key, "quantity": quantity, "uom": "KGM"}
            for key, quantity in amounts.items()
        ]
        for side, amounts in (("input", taken), ("output", made))
    }
    return _event(teller, time, None, "commissioning", type="TransformationEvent", **sides)


def _milk_lot(lot: str) -> str:
    return _key(goods.MILK, f"10/{lot}")


def _key(gtin: str, path: str) -> str:
    return f"{STEM}/01/{gtin.zfill(14)}/{path}"


def _text(time: datetime) -> str:
    return time.astimezone(VIETNAM).isoformat(timespec="seconds")
