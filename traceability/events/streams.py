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

from traceability.events.documents import MARK, MAX_DEPTH, Json, byte_of, unreadable
from traceability.events.faults import refusal

MAX_EVENT = 4_000_000
"""Bytes of one event, and of the frame around the events."""

# Nothing is given back (`*+`): a string of escapes alone would else take a hundred times its size.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:]', re.DOTALL)
_LISTS = (
    ("epcisBody", "eventList"),
    ("epcisBody", "queryResults", "resultsBody", "eventList"),
)
_BLANKS = b" \t\r\n"


class JsonStream:
    """The entries of the list of events of a JSON-LD document in pieces, whatever they are.

    Afterwards `frame` is all the rest of it; with the first entry, it is what stands before them:
    most often the context.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._buffer = b""
        self._at = 0
        self._passed = 0
        """Bytes of the document before the buffer."""
        self._frame: list[tuple[int, bytes]] = []
        """Parts of the frame, each with its place in the document."""
        self._frame_size = 0
        self._keys: list[str | None] = []
        """The last key of each object that is open, None for a list; never deeper than needed."""
        self._candidate: str | None = None
        self._list_depth = 0
        """Depth inside the list of events; 0 outside of it."""
        self._any = False
        self.frame: Json = {}

    def __iter__(self) -> Iterator[Any]:
        depth = 0
        for token, here in self._tokens():
            kind = token[:1]
            if self._list_depth:
                depth, entries = self._inside(kind, here, depth)
                yield from entries
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
        if depth > 0:
            raise refusal("events.json", position=self._passed + len(self._buffer))
        self._keep_frame(len(self._buffer))
        self.frame = self._framed(b"")

    def _inside(self, kind: bytes, here: int, depth: int) -> tuple[int, list[Any]]:
        """One token inside the list of events; an event that is open begins at `_at`."""
        if kind in b"{[":
            entries: list[Any] = []
            if depth == self._list_depth and kind == b"{":
                entries = self._between(here, b"{}")
                self._at = here
            return _deeper(depth), entries
        if kind not in b"}]":
            return depth, []
        depth -= 1
        if depth == self._list_depth and kind == b"}":
            event = self._parsed(self._at, here + 1)
            self._at = here + 1
            return depth, [event]
        if depth < self._list_depth:
            entries = self._between(here, b"")
            self._at = here
            self._list_depth = 0
            self._keys.pop()
            return depth, entries
        return depth, []

    def _between(self, here: int, follows: bytes) -> list[Any]:
        """What stands between two events: a comma most often, and any entries that are no object.

        It is read between empty objects in place of its neighbours.
        """
        if self._any and follows and self._buffer[self._at : here].strip(_BLANKS) == b",":
            return []
        before = b"{}" if self._any else b""
        found: list[Any] = self._parsed(self._at, here, b"[" + before, follows + b"]")
        entries = found[bool(before) : len(found) - bool(follows)]
        if not self._any and (entries or follows):
            self.frame = self._framed(b"]" + b"}" * (self._list_depth - 1))
            self._any = True
        return entries

    def _parsed(self, start: int, end: int, before: bytes = b"", after: bytes = b"") -> Any:
        """A part of the buffer as JSON, in between what makes it whole."""
        data = before + self._buffer[start:end] + after
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError as error:
            at = min(max(byte_of(error, data) - len(before), 0), end - start)
            raise unreadable(error, self._passed + start + at) from error

    def _framed(self, closing: bytes) -> Json:
        """The frame so far, closed."""
        data = b"".join(part for _, part in self._frame)
        text = data.removeprefix(MARK)
        try:
            found = orjson.loads(text + closing)
        except orjson.JSONDecodeError as error:
            at = byte_of(error, text + closing) + len(data) - len(text)
            raise unreadable(error, self._place(at)) from error
        if not isinstance(found, dict):
            raise refusal("events.json-object")
        return found

    def _place(self, at: int) -> int:
        """Where in the document a byte of the frame stands."""
        for start, part in self._frame:
            if at < len(part):
                return start + at
            at -= len(part)
        return self._passed + self._at

    def _tokens(self) -> Iterator[tuple[bytes, int]]:
        """Structure and strings, with their places in the buffer as it is at that moment."""
        scanned = 0
        for piece in self._pieces:
            # What was consumed is dropped: the events behind us, the frame that was kept.
            if not self._list_depth:
                self._keep_frame(scanned)
            dropped = self._at
            self._buffer = self._buffer[dropped:] + piece
            self._passed += dropped
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
            raise refusal("events.json", position=self._passed + len(self._buffer))

    def _keep_frame(self, end: int) -> None:
        part = self._buffer[self._at : end]
        self._frame_size += len(part)
        if self._frame_size > MAX_EVENT:
            raise refusal("events.too-large", maximum=MAX_EVENT)
        self._frame.append((self._passed + self._at, part))
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
