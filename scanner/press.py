"""Sheets made in a process of their own: `python -m scanner.press`, one PDF and it is gone.

Typesetting keeps hundreds of megabytes for documents to come, and holds the interpreter for
seconds. In a process that ends with its file, the memory goes back, the service stays quick, a
crash or hang in native code costs one file, and whoever dies first, nothing is left behind: the
process waits for nobody. Starting costs half a second, for some thousand labels.

A job goes in as JSON on standard input; a PDF, or an error as JSON, comes out on standard output.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from scanner.dimensions import Environment, Symbology
from scanner.errors import ScannerError
from scanner.item import Item
from scanner.layout import Plan
from scanner.papers import PAPERS, Paper

SECONDS = 180
"""After which a file is given up: about 20 times what the slowest takes."""

MEMORY = 2 * 1024**3
"""Bytes of address space; threads reserve much more of it than they use."""

_PDF = b"%PDF-"


def press(
    items: Sequence[Item], paper: Paper, plan: Plan, title: str = "", language: str = "vi"
) -> bytes:
    """Return what `scanner.sheet.sheet` returns, made in a process of its own.

    Raises:
        ScannerError: as `scanner.sheet.sheet`, `scanner.timeout` or `scanner.crashed`.
    """
    order = {
        "items": [_item_out(item) for item in items], "paper": paper.name,
        "plan": asdict(plan), "title": title, "language": language,
    }  # fmt: skip
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module
            command, input=json.dumps(order).encode(), stdout=subprocess.PIPE, timeout=SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ScannerError("scanner.timeout", seconds=SECONDS) from error
    if done.returncode:
        raise ScannerError("scanner.crashed", status=done.returncode)
    if not done.stdout.startswith(_PDF):
        raise _error_in(done.stdout)
    return done.stdout


def _error_in(answer: bytes) -> ScannerError:
    try:
        values: dict[str, Any] = json.loads(answer)
        return ScannerError(values["error"], **values["arguments"])
    except (ValueError, KeyError, TypeError):
        return ScannerError("scanner.crashed", size=len(answer))


def _item_out(item: Item) -> dict[str, Any]:
    return asdict(item) | {"expiry": item.expiry.isoformat() if item.expiry else None}


def _item_in(values: Mapping[str, Any]) -> Item:
    expiry = values["expiry"]
    notes = tuple(values["notes"])
    return Item(
        **{**values, "expiry": date.fromisoformat(expiry) if expiry else None, "notes": notes}
    )


def _plan_in(values: Mapping[str, Any]) -> Plan:
    environment = values["environment"]
    return Plan(
        **{
            **values,
            "symbologies": tuple(map(Symbology, values["symbologies"])),
            "environment": Environment(environment) if environment else None,
        }
    )


def main() -> None:
    """Make the one file that standard input asks for."""
    # Ctrl-C goes to the whole foreground group; whoever asked decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default action of the alarm kills, also inside native code.
    signal.alarm(SECONDS + 10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from scanner.sheet import sheet

    order = json.loads(sys.stdin.buffer.read())
    items = [_item_in(each) for each in order["items"]]
    plan, paper = _plan_in(order["plan"]), PAPERS[order["paper"]]
    try:
        answer = sheet(items, paper, plan, order["title"], order["language"])
    except ScannerError as error:
        answer = json.dumps({"error": error.code, "arguments": error.arguments}).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
