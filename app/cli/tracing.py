"""nguon trace: the tables of tracing."""

import typer

from app.cli.shared import HERE, Data, console, database_of, terminal
from app.i18n import N_
from traceability.events.tracing import upkeep

group = typer.Typer(help="Where goods came from and where they went.", no_args_is_help=True)


@group.callback()
def trace() -> None:
    """Where goods came from and where they went."""


@group.command()
def rebuild(data: Data = HERE) -> None:
    """Make the tables of tracing from the recorded events anew."""
    database = database_of(data)
    with database.writing() as session:
        events = upkeep.rebuild(session)
    database.dispose()
    console.print(terminal().text(N_("Read {count} events anew."), count=events))
