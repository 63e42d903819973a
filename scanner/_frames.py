"""Messages between the service and a worker: four bytes of length, big-endian, then the message.

A picture goes in as it is; what comes back is JSON. It is not pickle: a decoder that hostile bytes
have taken over must not be able to make the service run anything.
"""

from __future__ import annotations

import json
import os
import selectors
import time
from typing import Any

from scanner.errors import ScannerError
from scanner.reading import Reading

HEAD = 4
MAX_ANSWER = 4 * 1024 * 1024
"""Bytes. A longer answer comes from a worker that is no longer itself."""


class BrokenFrameError(Exception):
    """The other side closed the pipe or sent what is no answer."""


class LateError(Exception):
    """The other side did not answer in time."""


def head(size: int) -> bytes:
    """Return the four bytes that announce a message of that many bytes."""
    return size.to_bytes(HEAD, "big")


def answer(result: Reading | ScannerError) -> bytes:
    """Return the message that carries a reading, or an error, back to the service."""
    if isinstance(result, Reading):
        return json.dumps({"reading": result.as_json()}).encode()
    return json.dumps({"error": result.code, "arguments": result.arguments}).encode()


def understand(message: bytes) -> Reading | ScannerError:
    """Return what `answer` was given.

    Raises:
        BrokenFrameError: the message is no answer.
    """
    try:
        values: dict[str, Any] = json.loads(message)
        if "error" in values:
            return ScannerError(values["error"], **values["arguments"])
        return Reading.from_json(values["reading"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BrokenFrameError("not an answer") from error


def exchange(to_worker: int, from_worker: int, message: bytes | None, until: float) -> bytes:
    """Send a message and return the answer, both within the time.

    Args:
        to_worker: a non-blocking pipe to write to.
        from_worker: a non-blocking pipe to read from.
        message: what to send; None only waits for an answer.
        until: `time.monotonic()` at which to give up.

    Raises:
        LateError: no whole answer in time.
        BrokenFrameError: the worker closed its pipe or announced too long an answer.
    """
    unsent = memoryview(head(len(message)) + message) if message is not None else memoryview(b"")
    received = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(from_worker, selectors.EVENT_READ)
        if unsent:
            ready.register(to_worker, selectors.EVENT_WRITE)
        while True:
            left = until - time.monotonic()
            events = ready.select(left) if left > 0 else []
            if not events:
                raise LateError
            for key, _ in events:
                if key.fd == to_worker:
                    unsent = _send(to_worker, unsent)
                    if not unsent:
                        ready.unregister(to_worker)
                else:
                    received += _receive(from_worker)
            whole = _whole(received)
            if whole is not None:
                return whole


def _send(pipe: int, unsent: memoryview) -> memoryview:
    try:
        return unsent[os.write(pipe, unsent[:65536]) :]
    except BrokenPipeError as error:
        raise BrokenFrameError("closed while sending") from error
    except BlockingIOError:  # another byte count than the selector promised
        return unsent


def _receive(pipe: int) -> bytes:
    part = os.read(pipe, 65536)
    if not part:
        raise BrokenFrameError("closed while waiting")
    return part


def _whole(received: bytearray) -> bytes | None:
    if len(received) < HEAD:
        return None
    size = int.from_bytes(received[:HEAD], "big")
    if size > MAX_ANSWER:
        raise BrokenFrameError(f"an answer of {size} bytes")
    return bytes(received[HEAD:]) if len(received) >= HEAD + size else None
