"""nguon import products|lots|serials|invoices, nguon verify."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from app.cli.shared import HERE, OPERATOR, Data, console, database_of, errors, settings_of, terminal
from app.i18n import N_, Translator
from app.wording.errors import sentence
from app.wording.presentation import record_view, verdict_view
from traceability.db import Database
from traceability.verification import service
from traceability.verification.case import Context
from traceability.verification.findings import Level
from traceability.verification.verdict import Audience, Verdict

EXIT_OF_LEVEL = {Level.OK: 0, Level.INFO: 3, Level.INSPECTOR: 4, Level.CARE: 4, Level.STOP: 5}
"""1 is an error and 2 a wrong call, as everywhere."""

COLOUR_OF_LEVEL = {
    Level.OK: "green", Level.INFO: "blue", Level.INSPECTOR: "magenta", Level.CARE: "yellow",
    Level.STOP: "red",
}  # fmt: skip


def register(cli: typer.Typer) -> None:
    cli.command()(verify)


def verify(
    code: Annotated[str, typer.Argument(help="A code, or the file of a picture.")],
    data: Data = HERE,
) -> None:
    """Print the verdict on a code or a picture; the exit status tells its level.

    0 the data match, 3 for information, 4 take care, 5 stop.
    """
    database = database_of(data)
    context = Context(official_hosts=settings_of(data).hosts)
    verdicts = [
        service.public_verdict(database.look_up, text, context, identifier)
        for text, identifier in _codes(code)
    ]
    for verdict in verdicts:
        _print_verdict(terminal(), verdict)
    database.dispose()
    sys.exit(max(EXIT_OF_LEVEL[verdict.level] for verdict in verdicts))


def _codes(code: str) -> list[tuple[str, str | None]]:
    path = Path(code)
    if len(code) > 255 or not path.is_file():
        return [(code, None)]
    from scanner import decode

    symbols = decode(path.read_bytes()).symbols
    # A picture without a readable symbol gets the verdict on an empty code.
    return [(s.text, s.symbology_identifier) for s in symbols] or [("", None)]


def _print_verdict(translate: Translator, verdict: Verdict) -> None:
    view = verdict_view(translate, verdict, Audience.CONSUMER)
    record = record_view(verdict)
    colour = COLOUR_OF_LEVEL[view["level"]]
    console.print(f"[bold {colour}]{view['title']}[/]")
    if record["product"]:
        console.print(f"{record['product']['name']} · {record['producer']['name']}")
    for finding in view["findings"]:
        console.print(f"  [{COLOUR_OF_LEVEL[finding['level']]}]{finding['code']}[/] {finding['text']}")
