"""Those who are measured: each decodes in a process of its own, one picture at a time.

A process of its own is needed: zbar ends the process on some symbols, the memory of each is its
own, and ours without zbar must never have loaded it.
"""

import io
import multiprocessing as mp
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

PYZBAR, ZXING, OURS, OURS_ALONE = "pyzbar", "zxing-cpp", "nguon", "nguon without zbar"
ALL = (PYZBAR, ZXING, OURS, OURS_ALONE)

_PATIENCE = 60.0
"""Seconds until a decoder that does not answer is ended."""


@dataclass(frozen=True)
class Read:
    format: str
    text: str
    data: bytes


@dataclass(frozen=True)
class Answer:
    reads: tuple[Read, ...]
    ms: float
    """From the bytes of the file to the reads."""
    unconfirmed: tuple[Read, ...] = ()
    failed: str = ""


Decoder = Callable[[bytes], tuple[Sequence[Read], Sequence[Read]]]


class Contestant:
    """One decoder in its process, which is started again when it dies."""

    def __init__(self, name: str, deadline: float) -> None:
        self.name = name
        self._deadline = deadline
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    @property
    def pid(self) -> int | None:
        """Of its process; None before the first picture and after `stop`."""
        return self._process.pid if self._process is not None else None

    def decode(self, picture: bytes) -> Answer:
        pipe = self._started()
        try:
            pipe.send_bytes(picture)
            if pipe.poll(_PATIENCE):
                answer: Answer = pipe.recv()
                return answer
        except (EOFError, ConnectionError):
            self.stop()
            return Answer((), 0.0, failed="crashed")
        self.stop()
        return Answer((), _PATIENCE * 1000, failed="hangs")

    def _started(self) -> Connection:
        if self._pipe is None:
            # Forking would hand over what this process has loaded.
            context = mp.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(
                target=_serve, args=(self.name, self._deadline, theirs), daemon=True
            )
            self._process.start()
            theirs.close()
        return self._pipe

    def stop(self) -> None:
        if self._pipe is not None and self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _serve(name: str, deadline: float, pipe: Connection) -> None:
    decode = _DECODERS[name](deadline)
    _answer(decode, _blank())  # the first picture pays for what is loaded late
    while True:
        try:
            picture = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send(_answer(decode, picture))


def _answer(decode: Decoder, picture: bytes) -> Answer:
    begun = time.perf_counter()
    try:
        reads, doubtful = decode(picture)
    except Exception as error:  # noqa: BLE001 - whatever a decoder raises is its answer
        return Answer((), _ms_since(begun), failed=type(error).__name__)
    return Answer(tuple(reads), _ms_since(begun), tuple(doubtful))


def _ms_since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000


def _blank() -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("L", (320, 240), 255).save(file, "PNG")
    return file.getvalue()


def _pyzbar(_: float) -> Decoder:
    from PIL import Image

    def decode(picture: bytes) -> tuple[Sequence[Read], Sequence[Read]]:
        from pyzbar import pyzbar  # fails where the system has no libzbar: that is the answer

        grey = Image.open(io.BytesIO(picture)).convert("L")
        found = pyzbar.decode(grey)
        return [Read(f.type, f.data.decode("utf-8", "replace"), f.data) for f in found], ()

    return decode


def _zxing(_: float) -> Decoder:
    import zxingcpp
    from PIL import Image

    def decode(picture: bytes) -> tuple[Sequence[Read], Sequence[Read]]:
        grey = Image.open(io.BytesIO(picture)).convert("L")
        found = zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
        return [Read(str(f.format), f.text, bytes(f.bytes)) for f in found], ()

    return decode


def _ours(deadline: float) -> Decoder:
    import scanner

    def decode(picture: bytes) -> tuple[Sequence[Read], Sequence[Read]]:
        reading = scanner.decode(picture, deadline)
        sure = [Read(s.format, s.text, s.data) for s in reading.symbols]
        doubtful = (doubt.symbol for doubt in reading.unconfirmed)
        return sure, [Read(s.format, s.text, s.data) for s in doubtful]

    return decode


def _ours_alone(deadline: float) -> Decoder:
    sys.modules["pyzbar"] = None  # type: ignore[assignment]  # importing it fails, as without zbar
    return _ours(deadline)


_DECODERS: dict[str, Callable[[float], Decoder]] = {
    PYZBAR: _pyzbar,
    ZXING: _zxing,
    OURS: _ours,
    OURS_ALONE: _ours_alone,
}
