"""Supervised worker processes: a picture that crashes a decoder costs one answer, not the service.

Native decoders meet bytes from strangers. They run in processes of their own, each with limits on
memory and time, each killed and replaced when it does not answer.

>>> from scanner.render import render_ean13
>>> with Supervisor() as supervisor:
...     reading = supervisor.decode(render_ean13("9520123456788", "png"))
...     supervisor.ready
True
>>> reading.symbols[0].text
'9520123456788'
>>> supervisor.decode(b"")
Traceback (most recent call last):
scanner.errors.ScannerError: scanner.stopped
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from scanner._frames import BrokenFrameError, LateError, exchange, understand
from scanner.bounds import MAX_BYTES
from scanner.errors import ScannerError
from scanner.reading import Reading
from scanner.tally import Tally

START_SECONDS = 30.0
"""A worker that has not loaded its engines by then is given up; a busy small machine needs 2."""

GRACE_SECONDS = 2.5
"""Beyond the deadline, for what cannot be interrupted: opening the file, and the last attempt."""

ORPHAN_SECONDS = 2.0
"""A worker ends itself this much later, should there be no service left to kill it."""

STOP_SECONDS = 1.0
"""An idle worker ends at once when its input closes; after this time it is killed."""


class Supervisor:
    """A fixed number of worker processes behind a bounded queue. Safe to use from many threads."""

    def __init__(
        self,
        workers: int = 1,
        deadline: float = 1.5,
        memory_bytes: int = 1024 * 1024 * 1024,
        queue: int | None = None,
    ) -> None:
        """Keep the settings; `start` makes the processes.

        Args:
            workers: processes, each busy with one picture at a time.
            deadline: seconds after which a worker begins no further attempt at a picture; it is
                killed `GRACE_SECONDS` later.
            memory_bytes: address space of a worker (RLIMIT_AS).
            queue: callers that may wait for a worker; four for each worker where not given.
        """
        self._patience = deadline + GRACE_SECONDS
        self._places = 4 * workers if queue is None else queue
        arguments = (str(deadline), str(memory_bytes), str(self._patience + ORPHAN_SECONDS))
        self._workers = [_Worker(arguments) for _ in range(workers)]
        self._idle: list[_Worker] = []
        self._waiting = 0
        self._running = False
        self._changed = threading.Condition()
        self._counts: Counter[str] = Counter()
        self._tally = Tally()
        self._seconds = 0.0

    def start(self) -> None:
        """Start the workers and return at once; they load their engines side by side."""
        with self._changed:
            if self._running:
                return
            for worker in self._workers:
                worker.spawn()
            self._idle = list(self._workers)
            self._running = True

    def stop(self) -> None:
        """Let pictures in work finish within their time, then end every process."""
        with self._changed:
            if not self._running:
                return
            self._running = False
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: len(self._idle) == len(self._workers), timeout=self._patience + STOP_SECONDS
            )
            idle, self._idle = self._idle, []
        for worker in self._workers:
            # One still at work wakes the thread that waits for it, which then cleans up.
            worker.close_input() if worker in idle else worker.interrupt()
        for worker in idle:
            worker.end()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def decode(self, data: bytes) -> Reading:
        """Return what the picture shows, from a worker; blocks while one is found and works.

        Raises:
            ScannerError: `scanner.busy` when the queue is full or no worker came free in time,
                `scanner.timeout` and `scanner.crashed` when the worker had to be replaced,
                `scanner.stopped`, or whatever `scanner.decode` raises for the picture.
        """
        if len(data) > MAX_BYTES:
            self._count("scanner.too-large")
            raise ScannerError("scanner.too-large", size=len(data), limit=MAX_BYTES)
        worker = self._take()
        begun = time.monotonic()
        try:
            result = self._ask(worker, data)
        finally:
            self._give_back(worker, time.monotonic() - begun)
        if isinstance(result, ScannerError):
            self._count(result.code)
            raise result
        self._count("read" if result.symbols else "nothing_read")
        with self._changed:
            self._tally.add(result)
        return result

    @property
    def ready(self) -> bool:
        """Whether pictures are taken: started, and at least one worker has its engines loaded."""
        with self._changed:
            if not self._running:
                return False
            busy = len(self._idle) < len(self._workers)
            return busy or any(worker.is_ready() for worker in self._idle)

    def statistics(self) -> Mapping[str, float]:
        """Return counts since the start, by name, and the queue as it is now.

        ``read`` and ``nothing_read`` count pictures, ``kills`` and ``restarts`` processes; pictures
        refused or lost stand under the code of their error, ``scanner.`` cut off and dashes as
        underscores; ``decoding_seconds`` is the time workers were taken.
        """
        with self._changed:
            names = ("read", "nothing_read", "kills", "restarts", "timeout", "crashed", "busy")
            return {
                **dict.fromkeys(names, 0.0),
                **{name: float(count) for name, count in self._counts.items()},
                "waiting": float(self._waiting),
                "working": float(len(self._workers) - len(self._idle)) if self._running else 0.0,
                "workers": float(len(self._workers)),
                "decoding_seconds": round(self._seconds, 3),
            }

    def seconds_by_stage(self) -> Mapping[str, float]:
        """Return the seconds that workers spent since the start, by kind of stage."""
        with self._changed:
            return self._tally.seconds_by_stage()

    def reads(self) -> Mapping[tuple[str, str], int]:
        """Return how many symbols were read since the start, by engine and kind of stage."""
        with self._changed:
            return self._tally.reads()

    def _take(self) -> _Worker:
        with self._changed:
            if self._running and not self._idle and self._waiting >= self._places:
                self._counts["busy"] += 1
                raise ScannerError("scanner.busy", waiting=self._waiting)
            self._waiting += 1
            try:
                self._changed.wait_for(
                    lambda: bool(self._idle) or not self._running, timeout=self._patience
                )
            finally:
                self._waiting -= 1
            if not self._running:
                raise ScannerError("scanner.stopped")
            if not self._idle:
                self._counts["busy"] += 1
                raise ScannerError("scanner.busy", waiting=self._waiting)
            return self._idle.pop()

    def _give_back(self, worker: _Worker, seconds: float) -> None:
        with self._changed:
            self._seconds += seconds
            self._idle.append(worker)
            self._changed.notify_all()

    def _ask(self, worker: _Worker, data: bytes) -> Reading | ScannerError:
        if not worker.alive:  # it died while idle: nobody's picture is lost
            self._replace(worker)
        try:
            worker.await_ready()
            return worker.ask(data, self._patience)
        except LateError:
            self._count("kills")
            self._replace(worker)
            return ScannerError("scanner.timeout", seconds=self._patience)
        except BrokenFrameError:
            self._replace(worker)
            return ScannerError("scanner.crashed")

    def _replace(self, worker: _Worker) -> None:
        worker.kill()
        with self._changed:
            if self._running:
                worker.spawn()
                self._counts["restarts"] += 1

    def _count(self, what: str) -> None:
        with self._changed:
            self._counts[what.removeprefix("scanner.").replace("-", "_")] += 1


class _Worker:
    """One place for a process; the process in it may be replaced. Used by one thread at a time."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def spawn(self) -> None:
        self._ready = False
        # The processes hold no state to share and take a path, never code, from the service. No
        # PR_SET_PDEATHSIG: it fires when the *thread* that started the process ends.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-m", "scanner._child", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=_environment(),
            cwd="/",
        )
        for pipe in self._pipes():
            os.set_blocking(pipe, False)

    def is_ready(self) -> bool:
        """Return whether the engines are loaded, without waiting."""
        if not self._ready:
            try:
                self._await_ready(0.001)
            except (LateError, BrokenFrameError):
                return False
        return self.alive

    def await_ready(self) -> None:
        if not self._ready:
            self._await_ready(START_SECONDS)

    def _await_ready(self, seconds: float) -> None:
        exchange(*self._pipes(), None, time.monotonic() + seconds)
        self._ready = True

    def ask(self, data: bytes, seconds: float) -> Reading | ScannerError:
        return understand(exchange(*self._pipes(), data, time.monotonic() + seconds))

    def close_input(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def end(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self.kill()

    def interrupt(self) -> None:
        if self._process is not None:
            self._process.kill()

    def kill(self) -> None:
        if self._process is not None:
            with self._process as process:  # closes both pipes and reaps it
                process.kill()

    def _pipes(self) -> tuple[int, int]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise BrokenFrameError("no process")
        return process.stdin.fileno(), process.stdout.fileno()


_INHERITED = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


def _environment() -> dict[str, str]:
    """Return what a worker needs to start, and none of the service's secrets."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        # The number of workers says how many cores are used, not numpy.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
