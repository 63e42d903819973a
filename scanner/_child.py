"""The worker process: `python -m scanner._child DEADLINE MEMORY_BYTES SECONDS`.

It reads pictures from standard input and writes what they show to standard output, framed as in
`scanner._frames`, until its input ends: when the service stops or dies, the pipe closes and the
worker goes. Three limits hold even if nobody is left to kill it: address space, processor time and
time by the clock, each picture anew.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import traceback
from typing import BinaryIO

from scanner._frames import HEAD, answer, head
from scanner.bounds import MAX_BYTES
from scanner.errors import ScannerError
from scanner.pipeline import decode
from scanner.reading import Reading

READY = b"ready"
"""The first message of a worker, sent when its engines are loaded."""


def main() -> None:
    """Serve pictures until the input ends."""
    deadline, memory, seconds = float(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    pictures, answers = _pipes()
    # Ctrl-C goes to the whole foreground group; the service decides when its workers stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default action kills, also inside native code, which a handler in Python would not.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(answers, READY)
    while (data := _next(pictures)) is not None:
        _limit_time(seconds)
        # Encoded at once: an error keeps its traceback, and with it the pixels, alive.
        message = answer(_decode(data, deadline))
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, message)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes; anything a library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _next(pictures: BinaryIO) -> bytes | None:
    announced = pictures.read(HEAD)
    size = int.from_bytes(announced, "big")
    if len(announced) < HEAD or size > MAX_BYTES:
        return None
    data = pictures.read(size)
    return data if len(data) == size else None


def _limit_time(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + seconds) + 1, hard))


def _decode(data: bytes, deadline: float) -> Reading | ScannerError:
    try:
        return decode(data, deadline)
    except ScannerError as error:
        return error
    except MemoryError:
        return ScannerError("scanner.memory")
    except Exception:  # noqa: BLE001 -- whatever a library fails with, the worker lives on
        traceback.print_exc()
        return ScannerError("scanner.crashed")


def _send(answers: BinaryIO, message: bytes) -> None:
    answers.write(head(len(message)) + message)
    answers.flush()


if __name__ == "__main__":
    main()
