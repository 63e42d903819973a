"""Reads pictures named on the command line.

    python -m scanner FILE...            one symbol a line: file, format, text
    python -m scanner --jsonl FILE...    one JSON object a file

The exit status is 0 when every file could be read, else 1. A file that could not be has an `error`
in its object, and no symbols.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scanner import Reading, ScannerError, decode


def main(arguments: list[str] | None = None) -> int:
    """Read each file and print what it shows; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scanner", description="Read the barcodes of pictures."
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a file")
    parser.add_argument("--deadline", type=float, default=1.5, metavar="SECONDS")
    options = parser.parse_args(arguments)
    failed = False
    for file in options.files:
        try:
            reading = decode(Path(file).read_bytes(), options.deadline)
        except Exception as error:  # noqa: BLE001 -- one file at fault costs its own line only
            failed = True
            print(json.dumps(_failure(file, error)) if options.jsonl else f"{file}: {error}")
            continue
        if options.jsonl:
            # Escaped: a symbol may hold characters that readers of lines take for the end of one.
            print(json.dumps({"file": file, **reading.as_json()}), flush=True)
        else:
            print(_plain(file, reading), flush=True)
    return int(failed)


def _failure(file: str, error: Exception) -> dict[str, Any]:
    match error:
        case ScannerError():
            code = error.code
        case OSError():
            code = "scanner.no-file"
        case MemoryError():
            code = "scanner.memory"
        case _:
            code = "scanner.crashed"
    return {"file": file, "symbols": [], "unconfirmed": [], "error": code, "detail": str(error)}


def _plain(file: str, reading: Reading) -> str:
    lines = [f"{file}: {symbol.format} {symbol.text!r}" for symbol in reading.symbols]
    lines += [
        f"{file}: unconfirmed ({doubtful.reason}) {doubtful.symbol.format} {doubtful.symbol.text!r}"
        for doubtful in reading.unconfirmed
    ]
    return "\n".join(lines) or f"{file}: nothing read"


if __name__ == "__main__":
    sys.exit(main())
