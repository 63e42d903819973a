"""What the page of a trace shows: where goods are now, the picture, and the same as lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from app.i18n import N_, Translator
from app.web.codes import printed_gtin
from app.web.trace_layout import Way, columns
from app.web.trace_picture import Picture, PictureEdge, PictureNode, Shape
from app.wording.events import EDGES, brackets, gap_sentence, key_text, quantity_text
from traceability.actor import Actor
from traceability.clock import VIETNAM
from traceability.events import names
from traceability.events.identifiers import STEM, gtin_of
from traceability.events.tracing import repository
from traceability.events.tracing.keys import is_asset
from traceability.events.tracing.schemas import Certainty, Edge, Graph, Node, TraceOut

MOST_DRAWN = 60
"""Nodes of a picture: more are no picture any more."""
MOST_LISTED = 300
"""Rows of a list on one page."""


def trace_address(key: str, **how: str) -> str:
    given = {name: value for name, value in how.items() if value}
    return f"/trace?{urlencode({'key': key.removeprefix(f'{STEM}/'), **given})}"


def event_address(event_id: str) -> str:
    return f"/trace/event?{urlencode({'id': event_id})}"


@dataclass(frozen=True, slots=True)
class Thing:
    """A key with the names that people know."""

    key: str
    name: str
    """Of the product; else what kind of thing it is."""
    code: str
    printed: str
    address: str


class Things:
    """The names of everything that a page mentions, read together."""

    def __init__(
        self, session: Session, translate: Translator, keys: Iterable[str], places: Iterable[str]
    ) -> None:
        self._translate = translate
        self._goods = names.goods_names(session, keys)
        self._places = names.place_names(session, places)

    def thing(self, key: str) -> Thing:
        code = key_text(self._translate, key)
        return Thing(
            key, self._goods.get(key) or self._kind(key), code, brackets(key), trace_address(key)
        )  # fmt: skip

    def _kind(self, key: str) -> str:
        if key.startswith(f"{STEM}/00/"):
            return self._translate.text(N_("Logistic unit"))
        if is_asset(key):
            return self._translate.text(N_("Returnable container or asset"))
        if key.startswith(f"{STEM}/01/"):
            return self._translate.text(N_("GTIN {gtin}"), gtin=printed_gtin(gtin_of(key) or ""))
        return self._translate.text(N_("Something with a number of its own"))

    def text(self, key: str) -> str:
        found = self.thing(key)
        return f"{found.name}, {found.code}"

    def place(self, place: str) -> str:
        return self._places.get(place) or key_text(self._translate, place)


@dataclass(frozen=True, slots=True)
class NodeRow:
    thing: Thing
    side: str
    """asked, up or down."""
    possible: bool
    place: str
    seen: datetime | None
    event: str
    """Address of the event that told the place, or empty."""


@dataclass(frozen=True, slots=True)
class EdgeRow:
    source: Thing
    target: Thing
    word: str
    quantity: str
    time: datetime
    event: str


@dataclass(frozen=True, slots=True)
class BalanceRow:
    time: datetime
    event: str
    """An event of the process, of that time."""
    taken: str
    made: str
    unknown: int


@dataclass(frozen=True, slots=True)
class GapRow:
    text: str
    events: Sequence[str]
    """Addresses of the events that it rests on."""


@dataclass(frozen=True, slots=True)
class Now:
    place: str
    holder: str | None
    since: datetime
    told_at: datetime
    event: str
    reported_by: str | None
    containers: Sequence[Thing]


class TraceView:
    """A trace in the reader's language."""

    def __init__(
        self, session: Session, actor: Actor, translate: Translator, found: TraceOut
    ) -> None:
        self._session, self._actor, self._translate = session, actor, translate
        self.found = found
        self.graphs: dict[str, Graph] = {
            side: graph for side, graph in (("up", found.up), ("down", found.down)) if graph
        }
        self._nodes = _nodes(self.graphs.values())
        self._edges = _edges(self.graphs)
        seen = [node.last_seen for node in self._nodes.values() if node.last_seen]
        mentioned = {each for where in seen for each in where.containers}
        self.things = Things(
            session, translate, {*self._nodes, *mentioned}, {where.place for where in seen}
        )
        self.asked = self.things.thing(found.key)
        self.truncated = any(graph.truncated for graph in self.graphs.values())
        near = columns(found.key, [Way(edge.source, edge.target) for edge in self._edges])
        self._near = near or {found.key: 0}
        self.more_drawn = max(len(self._near) - MOST_DRAWN, 0)

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        nodes, edges = self._node_rows(), self._edge_rows()
        return {
            "asked": self.asked, "at": self.found.at, "now": self.now(),
            "truncated": self.truncated,
            "nodes": nodes[:MOST_LISTED], "more_nodes": max(len(nodes) - MOST_LISTED, 0),
            "edges": edges[:MOST_LISTED], "more_edges": max(len(edges) - MOST_LISTED, 0),
            "balances": self._balances(), "gaps": self._gaps(), "drawn": len(self._near),
            "more_drawn": self.more_drawn,
            "judged": min(
                (each.judged for each in self.graphs.values() if each.judged < len(each.nodes)),
                default=0,
            ),
        }  # fmt: skip

    def now(self) -> Now | None:
        last = self.found.last_seen
        if last is None:
            return None
        keys = (self.found.key, *last.containers)
        since = repository.arrived(self._session, self._actor, keys, last.place)
        return Now(
            place=self.things.place(last.place),
            holder=names.holders(self._session, [last.place]).get(last.place),
            since=since or last.time,
            told_at=last.time,
            event=event_address(last.event_id),
            reported_by=last.reported_by,
            containers=[self.things.thing(key) for key in last.containers],
        )

    def picture(self) -> Picture:
        drawn = set(list(self._near)[:MOST_DRAWN])
        count = len(self._near)
        return Picture(
            title=self._translate.text(
                N_("Trace of {name}"), name=self.things.text(self.asked.key)
            ),
            description=self._translate.count(
                "{n} thing, from the oldest on the left to the newest on the right.",
                "{n} things, from the oldest on the left to the newest on the right.", count,
            ),
            asked=self.asked.key,
            nodes=[self._drawn_node(key) for key in self._near if key in drawn],
            edges=[
                self._drawn_edge(edge) for edge in self._edges
                if edge.source in drawn and edge.target in drawn
            ],
        )  # fmt: skip

    def _drawn_node(self, key: str) -> PictureNode:
        thing, node = self.things.thing(key), self._nodes[key]
        place = self.things.place(node.last_seen.place) if node.last_seen else ""
        sure = self._translate.text(N_("possible") if _possible(node) else N_("certain"))
        told = [thing.name, thing.printed, sure, place]
        return PictureNode(
            key, _shape(key), thing.name, thing.code, place, ". ".join(filter(None, told)),
            thing.address, _possible(node),
        )  # fmt: skip

    def _drawn_edge(self, edge: "_Way") -> PictureEdge:
        word = self._translate.text(EDGES[edge.kind])
        title = self._translate.text(
            N_("{source} → {target}: {word}, {time}, event {event}"),
            source=self.things.text(edge.source), target=self.things.text(edge.target), word=word,
            time=edge.time, event=edge.event_id,
        )  # fmt: skip
        return PictureEdge(edge.source, edge.target, f"{word} {_short_day(edge.time)}", title,
                           event_address(edge.event_id))  # fmt: skip

    def _node_rows(self) -> list[NodeRow]:
        upward = {node.key for node in self.graphs["up"].nodes} if "up" in self.graphs else set()
        rows = []
        for key, node in self._nodes.items():
            if key == self.asked.key:
                continue
            last = node.last_seen
            rows.append(NodeRow(
                self.things.thing(key), "up" if key in upward else "down", _possible(node),
                self.things.place(last.place) if last else "", last.time if last else None,
                event_address(last.event_id) if last else "",
            ))  # fmt: skip
        return sorted(rows, key=lambda row: (row.side != "up", self._near[row.thing.key]))

    def _edge_rows(self) -> list[EdgeRow]:
        dated = sorted(self._edges, key=lambda edge: edge.time)
        return [
            EdgeRow(
                self.things.thing(edge.source), self.things.thing(edge.target),
                self._translate.text(EDGES[edge.kind]),
                quantity_text(self._translate, edge.quantity, edge.uom), edge.time,
                event_address(edge.event_id),
            )
            for edge in dated
        ]  # fmt: skip

    def _balances(self) -> list[BalanceRow]:
        found = {each.process: each for graph in self.graphs.values() for each in graph.processes}
        told = {
            edge.process: edge for graph in self.graphs.values() for edge in graph.edges
            if edge.process
        }  # fmt: skip
        return [
            BalanceRow(
                told[process].time, event_address(told[process].event_id),
                " + ".join(quantity_text(self._translate, each.taken, each.uom)
                           for each in balance.amounts if each.taken) or "–",
                " + ".join(quantity_text(self._translate, each.made, each.uom)
                           for each in balance.amounts if each.made) or "–",
                balance.unknown,
            )
            for process, balance in found.items()
        ]  # fmt: skip

    def _gaps(self) -> list[GapRow]:
        found = dict.fromkeys(
            (gap.kind, gap.key, gap.container, gap.time, tuple(gap.events))
            for graph in self.graphs.values() for gap in graph.gaps
        )  # fmt: skip
        return [
            GapRow(
                gap_sentence(self._translate, kind, self.things.text(key),
                             self.things.text(container) if container else None, time),
                [event_address(each) for each in events],
            )
            for kind, key, container, time, events in found
        ]  # fmt: skip


def _short_day(time: datetime) -> str:
    """The day in Vietnam, as short as a label needs it; the title has all of it."""
    local = time.astimezone(VIETNAM)
    return f"{local.day}/{local.month}/{local:%y}"


@dataclass(frozen=True, slots=True)
class _Way:
    """An edge, once for both directions."""

    source: str
    target: str
    kind: str
    time: datetime
    event_id: str
    quantity: Decimal | None
    uom: str | None

    @classmethod
    def of(cls, edge: Edge, side: str) -> "_Way":
        """Read in the direction in which goods go: upwards, a content went into its container."""
        kind = edge.kind
        if kind in ("container", "content"):
            kind = "packed" if (kind == "container") is (side == "down") else "held"
        return cls(edge.source, edge.target, kind, edge.time, edge.event_id, edge.quantity,
                   edge.uom)  # fmt: skip


def _edges(graphs: Mapping[str, Graph]) -> list[_Way]:
    """Every edge once."""
    found: dict[tuple[str, ...], _Way] = {}
    for side, graph in graphs.items():
        for edge in graph.edges:
            way = _Way.of(edge, side)
            found.setdefault((way.source, way.target, way.kind, way.event_id), way)
    return list(found.values())


def _nodes(graphs: Iterable[Graph]) -> Mapping[str, Node]:
    """Every node once; certain where one direction says so."""
    found: dict[str, Node] = {}
    for graph in graphs:
        for node in graph.nodes:
            if node.key not in found or _possible(found[node.key]):
                found[node.key] = node
    return found


def _possible(node: Node) -> bool:
    return node.certainty is Certainty.POSSIBLE


def _shape(key: str) -> Shape:
    if key.startswith(f"{STEM}/00/") or is_asset(key):
        return Shape.CARRIER
    return Shape.SERIAL if "/21/" in key else Shape.LOT
