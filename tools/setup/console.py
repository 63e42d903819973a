"""What a person sees while things are installed: one line a step, and never minutes of silence.

All of it goes to standard error: standard output belongs to the program that is started in the end.
"""

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

LINES_KEPT = 30
"""Lines of a command's output that are shown when it fails."""
PAUSE_S = 5.0
"""Seconds between two lines of progress where there is no terminal."""
WIDTH = 100
"""Characters of a progress line; longer output is cut."""


class StepError(Exception):
    """A command of the set-up ended with another status than 0."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def step(title: str, command: Sequence[str | Path]) -> None:
    """Run `command` under a line of title and show its latest line of output now and then.

    Raises:
        StepError: The command's status is not 0; its last lines have been printed.
    """
    say(f"- {title}")
    started = time.monotonic()
    output: deque[str] = deque(maxlen=LINES_KEPT)
    with subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        reader = threading.Thread(target=_collect, args=(process.stdout, output), daemon=True)
        reader.start()
        try:
            _show_progress(process, output, started)
        except KeyboardInterrupt:
            process.terminate()
            raise
        reader.join()
    if process.returncode:
        say("\n".join(f"  | {line}" for line in output))
        raise StepError(f"{title}: status {process.returncode}")


def _collect(lines: Iterable[str], output: deque[str]) -> None:
    output.extend(line.rstrip() for line in lines if line.strip())


def _show_progress(process: subprocess.Popen, output: deque[str], started: float) -> None:
    """Until the process ends: rewrite one line on a terminal, add a line every 5 s elsewhere."""
    terminal = sys.stderr.isatty()
    before, after, pause = ("\r\033[K", "", 0.3) if terminal else ("", "\n", PAUSE_S)
    while True:
        try:
            process.wait(timeout=pause)
            break
        except subprocess.TimeoutExpired:
            latest = output[-1] if output else "..."
            text = f"  {time.monotonic() - started:4.0f} s  {latest}"
            print(f"{before}{text[:WIDTH]}{after}", end="", file=sys.stderr, flush=True)
    if terminal:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
