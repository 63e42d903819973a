"""Made-up supply chains of one shape, as rows of the tables of events and of tracing.

    raw lot ──▶ jam lot 0                          one process, nothing mixed
    raw lot, sugar ──▶ jam lots 1, 2 and 3         one process, mixed
    jam lot ──▶ 460 jars ──▶ 39 cases ──▶ pallet ──▶ truck, which many chains use one after another

Down from a raw lot there are `NODES` keys: the lots, the jars, what they are packed in, and the
truck. A chain is `EDGES` rows of containment, derivation and membership.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bench.dataset import gtin
from gs1 import check_digit

STEM = "https://id.gs1.org"
LOTS, JARS, CASE = 4, 460, 12
CASES = -(-JARS // CASE)
TRUCKS = 5
COMMISSIONED = 92
"""Jars that one event tells the beginning of."""
NODES = 1 + LOTS * (1 + JARS + CASES + 1) + 1
EDGES = 2 + 5 + LOTS * (JARS + JARS + CASES + 1)
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
RAW, SUGAR, JAM = gtin(0), gtin(1), gtin(2)
_FARM, _FACTORY, _SHOP = "8938000000008", "8938000000015", "8938000000022"
GLNS = (_FARM, _FACTORY, _SHOP)

Row = tuple[Any, ...]
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "event": ("id", "event_id", "hash", "type", "action", "event_time", "record_time", "biz_step",
              "disposition", "read_point", "biz_location", "in_error", "body"),
    "event_epc": ("key", "time", "event", "role", "by_class", "quantity", "uom"),
    "event_value": ("name", "value", "event"),
    "containment": ("child", "since", "parent", "bond", "by_class", "until", "event"),
    "derivation": ("key", "time", "event", "role", "by_class", "process", "quantity", "uom"),
    "membership": ("instance", "lot", "event"),
}  # fmt: skip


def raw_lot(chain: int) -> str:
    return f"{STEM}/01/{RAW}/10/R{chain:06}"


def jam_lot(chain: int, lot: int) -> str:
    return f"{STEM}/01/{JAM}/10/J{chain:06}{lot}"


def jar(chain: int, lot: int, number: int) -> str:
    return f"{STEM}/01/{JAM}/21/{chain:06}{lot}{number:04}"


def sscc(number: int) -> str:
    body = f"0893{number:013}"
    return f"{STEM}/00/{body}{check_digit.compute(body)}"


def truck(chain: int) -> str:
    return f"{STEM}/8004/8938000000T{chain % TRUCKS}"


class Chain:
    """The rows of one chain; events are numbered on from `first`."""

    def __init__(self, chain: int, first: int) -> None:
        self.chain, self.event = chain, first
        self.start = FIRST + timedelta(hours=chain * 2)
        self.rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        self._make()

    def _make(self) -> None:
        chain = self.chain
        sugar = f"{STEM}/01/{SUGAR}/10/S{chain % 100:03}"
        raw = raw_lot(chain)
        self._transform(1, [raw], [jam_lot(chain, 0)])
        self._transform(1, [raw, sugar], [jam_lot(chain, lot) for lot in range(1, LOTS)])
        pallets = [sscc(2 * 10**9 + chain * LOTS + lot) for lot in range(LOTS)]
        for lot, pallet in enumerate(pallets):
            jars = [jar(chain, lot, number) for number in range(JARS)]
            self._begin(lot, jars)
            cases = [sscc((chain * LOTS + lot) * CASES + number) for number in range(CASES)]
            for number, case in enumerate(cases):
                inside = jars[number * CASE : (number + 1) * CASE]
                self._pack(3, case, inside)
                self._see(4, inside, "inspecting", _FACTORY)
            self._pack(5, pallet, cases)
        self._pack(6, truck(chain), pallets, until=7)
        self._see(8, pallets, "receiving", _SHOP)

    def _time(self, step: int) -> datetime:
        return self.start + timedelta(minutes=step * 10)

    def _tell(
        self, kind: str, step: int, action: str | None, biz_step: str, gln: str, **fields: Any
    ) -> int:
        number, time, place = self.event, self._time(step), f"{STEM}/414/{gln}"
        self.event += 1
        body = {
            "type": kind, "eventTime": time.isoformat(), "eventTimeZoneOffset": "+07:00",
            "action": action, "bizStep": biz_step, "readPoint": {"id": place},
            "bizLocation": {"id": place}, **fields,
        }  # fmt: skip
        text = orjson.dumps({name: value for name, value in body.items() if value is not None})
        self.rows["event"].append((
            number, f"ni:///sha-256;{number:064x}?ver=CBV2.0", f"{number:064x}", kind, action, time,
            time, biz_step, None, place, place, False, text.decode(),
        ))  # fmt: skip
        self.rows["event_value"].append(("party", gln, number))
        return number

    def _name(self, keys: list[str], step: int, event: int, role: str, *, lot: bool) -> None:
        amount = (100_000_000, "KGM") if lot else (None, None)
        time = self._time(step)
        self.rows["event_epc"] += [(key, time, event, role, lot, *amount) for key in keys]

    def _transform(self, step: int, inputs: list[str], outputs: list[str]) -> None:
        event = self._tell(
            "TransformationEvent", step, None, "commissioning", _FACTORY,
            inputQuantityList=_amounts(inputs), outputQuantityList=_amounts(outputs),
        )  # fmt: skip
        process = self.rows["event"][-1][1]
        for role, keys in (("input", inputs), ("output", outputs)):
            self._name(keys, step, event, role, lot=True)
            self.rows["derivation"] += [
                (key, self._time(step), event, role, True, process, 100_000_000, "KGM")
                for key in keys
            ]

    def _begin(self, lot: int, jars: list[str]) -> None:
        name = jam_lot(self.chain, lot)
        for start in range(0, JARS, COMMISSIONED):
            some = jars[start : start + COMMISSIONED]
            event = self._tell(
                "ObjectEvent", 2, "ADD", "commissioning", _FACTORY, epcList=some,
                ilmd={"cbvmda:lotNumber": name.rpartition("/")[2]},
            )  # fmt: skip
            self._name(some, 2, event, "epc", lot=False)
            self.rows["membership"] += [(each, name, event) for each in some]

    def _pack(self, step: int, parent: str, inside: list[str], until: int | None = None) -> None:
        kind, since = "AggregationEvent", self._time(step)
        event = self._tell(
            kind, step, "ADD", "packing", _FACTORY, parentID=parent, childEPCs=inside
        )
        self._name([parent], step, event, "parent", lot=False)
        self._name(inside, step, event, "child", lot=False)
        end = None if until is None else self._time(until)
        self.rows["containment"] += [
            (each, since, parent, "aggregation", False, end, event) for each in inside
        ]
        if until is not None:
            emptied = self._tell(kind, until, "DELETE", "unpacking", _SHOP, parentID=parent)
            self._name([parent], until, emptied, "parent", lot=False)

    def _see(self, step: int, keys: list[str], biz_step: str, gln: str) -> None:
        event = self._tell("ObjectEvent", step, "OBSERVE", biz_step, gln, epcList=keys)
        self._name(keys, step, event, "epc", lot=False)


def _amounts(lots: list[str]) -> list[dict[str, Any]]:
    return [{"epcClass": lot, "quantity": 100, "uom": "KGM"} for lot in lots]


def chains(count: int) -> Iterator[Chain]:
    event = 1
    for number in range(count):
        chain = Chain(number, event)
        event = chain.event
        yield chain
