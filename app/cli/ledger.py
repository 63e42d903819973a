"""nguon ledger rebuild, nguon ledger check, nguon list import."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.shared import HERE, OPERATOR, Data, console, database_of, terminal
from app.i18n import N_
from app.wording.origin import ANSWERS, NAMES, observation_text
from traceability.invoices import ledger
from traceability.invoices.checks.service import check_shop
from traceability.invoices.list_models import ListKind
from traceability.invoices.lists import ListFile, import_list

ledger_group = typer.Typer(help="The ledger of goods.", no_args_is_help=True)
list_group = typer.Typer(help="Dated lists that others keep.", no_args_is_help=True)
_SHOWN = 5


@ledger_group.command()
def rebuild(data: Data = HERE) -> None:
    """Make every sum of the ledger anew from the invoices on record."""
    database, start = database_of(data), time.monotonic()
    with database.writing() as session:
        sums = ledger.rebuild(session)
    database.dispose()
    console.print(
        terminal().text(
            N_("{sums} daily sums in {seconds} s"),
            sums=sums, seconds=round(time.monotonic() - start, 1),
        )
    )  # fmt: skip


@ledger_group.command()
def check(party: Annotated[int, typer.Argument(help="Id of the shop.")], data: Data = HERE) -> None:
    """Run every origin check on a shop."""
    translate, database = terminal(), database_of(data)
    with database.reading() as session:
        report = check_shop(session, OPERATOR, party)
    database.dispose()
    for result in report.results:
        name, answer = (
            translate.text(NAMES[result.check]),
            translate.text(ANSWERS[result.answer][0]),
        )
        console.print(f"[bold]{name}[/]: {answer} ({result.examined})")
        for seen in result.observations[:_SHOWN]:
            console.print(f"  {observation_text(translate, seen)}")


@list_group.command("import")
def bring_in(
    kind: Annotated[ListKind, typer.Argument()],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX.")],
    source: Annotated[str, typer.Option(help="Who keeps it, with the number of the notice.")],
    dated_on: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The day of which it speaks.")
    ],
    data: Data = HERE,
) -> None:
    """Bring in a list of tax codes, declarations, pump sales or prices."""
    database = database_of(data)
    with database.writing() as session:
        brought = ListFile(kind, source, dated_on.date(), file.name, file.read_bytes())
        found = import_list(session, OPERATOR, brought)
        text = terminal().text(
            N_("List {id}: {rows} rows of {day}"), id=found.id, rows=found.rows, day=found.dated_on
        )
    database.dispose()
    console.print(text)
