"""A short story of goods as events: grown, processed, packed, shipped, received."""

from typing import Any

from sqlmodel import Session

from tests.app.client import OPERATOR
from tests.traceability.events.makers import an_event, read
from traceability.actor import Actor
from traceability.db import Database
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy

STEM = "https://id.gs1.org"
LEAVES = f"{STEM}/01/09520001234569/10/L7"
TEA = f"{STEM}/01/09521234500018/10/L1"
PACK = f"{STEM}/01/09521234500018/21/SN1"
BOX = f"{STEM}/00/395200000000000012"
FARM, SHOP = f"{STEM}/414/9520000000011", f"{STEM}/414/9520000000028"
DRYING = "urn:vd:drying"


def on(day: int, **fields: Any) -> dict[str, Any]:
    time = f"2026-11-{day:02}T08:00:00+07:00"
    return an_event(eventTime=time, **{"epcList": None, **fields})


def some(key: str, quantity: float) -> dict[str, Any]:
    return {"epcClass": key, "quantity": quantity, "uom": "KGM"}


STORY = (
    on(2, action="ADD", bizStep="creating_class_instance", quantityList=[some(LEAVES, 50)],
       bizLocation={"id": FARM}),
    on(3, type="TransformationEvent", action=None, eventID=DRYING, bizStep="commissioning",
       inputQuantityList=[some(LEAVES, 50)], outputQuantityList=[some(TEA, 10)],
       outputEPCList=[PACK], ilmd={"cbvmda:lotNumber": "L1"}, bizLocation={"id": FARM}),
    on(4, type="AggregationEvent", action="ADD", bizStep="packing", parentID=BOX,
       childEPCs=[PACK]),
    on(5, bizStep="shipping", epcList=[BOX], readPoint={"id": FARM}),
    on(6, bizStep="receiving", epcList=[BOX], bizLocation={"id": SHOP}),
)  # fmt: skip


def tell(database: Database, *events: dict[str, Any], actor: Actor = OPERATOR) -> None:
    with database.writing() as session:
        told(session, *(events or STORY), actor=actor)


def told(session: Session, *events: dict[str, Any], actor: Actor = OPERATOR) -> None:
    capture(session, actor, read(*events), Behaviour.ROLLBACK, Policy())
