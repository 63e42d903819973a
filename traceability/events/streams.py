"""Big documents, event by event: never more than one event and the document's frame in memory.

>>> pieces = [b'{"type": "EPCISDocument", "epcisBody": {"eventList": [{"a": "}"}, {"b"', b': 2}]}}']
>>> stream = JsonStream(iter(pieces))
>>> [event for event in stream], stream.frame
([{'a': '}'}, {'b': 2}], {'type': 'EPCISDocument', 'epcisBody': {'eventList': []}})
"""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from traceability.events.documents import Json, load
from traceability.events.faults import refusal

MAX_EVENT = 4_000_000
"""Bytes of one event, and of the frame around the events."""
MAX_DEPTH = 64

# Nothing is given back (`*+`): a string of escapes alone would else take a hundred times its size.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:]', re.DOTALL)
_LISTS = (
    ("epcisBody", "eventList"),
    ("epcisBody", "queryResults", "resultsBody", "eventList"),
)
_BLANKS = b" \t\r\n"


class JsonStream:
    """The events of a JSON-LD document in pieces; afterwards `frame` is all the rest of it.

    With the first event, it is what stands before them: most often the context.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._buffer = b""
        self._at = 0
        self._frame: list[bytes] = []
        self._frame_size = 0
        self._keys: list[str | None] = []
        """The last key of each object that is open, None for a list; never deeper than needed."""
        self._candidate: str | None = None
        self._list_depth = 0
        """Depth inside the list of events; 0 outside of it."""
        self._any = False
        self.frame: Json = {}

    def __iter__(self) -> Iterator[Json]:
        depth = 0
        for token, here in self._tokens():
            kind = token[:1]
            if self._list_depth:
                depth, event = self._inside(kind, here, depth)
                if event is not None:
                    yield event
                continue
            if kind == b'"':
                self._candidate = _text(token) if depth <= len(_LISTS[1]) else None
            elif kind == b":":
                if self._keys:
                    self._keys[-1] = self._candidate
            elif kind in b"{[":
                if kind == b"[" and tuple(self._keys) in _LISTS:
                    self._list_depth = depth + 1
                    self._keep_frame(here + 1)
                depth = _deeper(depth)
                self._keys.append(None)
            else:
                depth -= 1
                if self._keys:
                    self._keys.pop()
        self._keep_frame(len(self._buffer))
        self.frame = load(b"".join(self._frame))

    def _inside(self, kind: bytes, here: int, depth: int) -> tuple[int, Json | None]:
        """One token inside the list of events; an event that is open begins at `_at`."""
        if kind in b"{[":
            if depth == self._list_depth:
                self._only_between(here, b"," if self._any else b"")
                if not self._any:
                    closing = b"]" + b"}" * (self._list_depth - 1)
                    self.frame = load(b"".join(self._frame) + closing)
                self._at, self._any = here, True
            return _deeper(depth), None
        if kind not in b"}]":
            return depth, None
        depth -= 1
        if depth == self._list_depth and kind == b"}":
            event = _parsed(self._buffer[self._at : here + 1])
            self._at = here + 1
            return depth, event
        if depth < self._list_depth:
            self._only_between(here, b"")
            self._at = here
            self._list_depth = 0
            self._keys.pop()
        return depth, None

    def _only_between(self, here: int, expected: bytes) -> None:
        """Between two events there is a comma and white space, and nothing else."""
        if self._buffer[self._at : here].strip(_BLANKS) != expected:
            raise refusal("events.type", "/epcisBody/eventList")

    def _tokens(self) -> Iterator[tuple[bytes, int]]:
        """Structure and strings, with their places in the buffer as it is at that moment."""
        scanned = 0
        for piece in self._pieces:
            # What was consumed is dropped: the events behind us, the frame that was kept.
            if not self._list_depth:
                self._keep_frame(scanned)
            dropped = self._at
            self._buffer = self._buffer[dropped:] + piece
            self._at, scanned = 0, scanned - dropped
            if len(self._buffer) > MAX_EVENT + len(piece):
                raise refusal("events.too-large", maximum=MAX_EVENT)
            while (match := _TOKEN.search(self._buffer, scanned)) is not None:
                opened = self._buffer.find(b'"', scanned, match.start())
                if opened >= 0:
                    break
                scanned = match.end()
                yield match.group(), match.start()
            unfinished = self._buffer.find(b'"', scanned)
            scanned = unfinished if unfinished >= 0 else len(self._buffer)
        if scanned < len(self._buffer):
            raise refusal("events.json", position=0)

    def _keep_frame(self, end: int) -> None:
        part = self._buffer[self._at : end]
        self._frame_size += len(part)
        if self._frame_size > MAX_EVENT:
            raise refusal("events.too-large", maximum=MAX_EVENT)
        self._frame.append(part)
        self._at = end


def _deeper(depth: int) -> int:
    if depth >= MAX_DEPTH:
        raise refusal("events.depth", maximum=MAX_DEPTH)
    return depth + 1


def _text(token: bytes) -> str | None:
    try:
        found: Any = orjson.loads(token)
    except orjson.JSONDecodeError:
        return None
    return str(found)


def _parsed(raw: bytes) -> Json:
    try:
        found: Json = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise refusal("events.json", position=error.pos) from error
    return found
