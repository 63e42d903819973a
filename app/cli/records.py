"""nguon import products|lots|serials|invoices, nguon verify."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from app.cli.invoice_import import import_invoices
from app.cli.shared import (
    HERE,
    OPERATOR,
    Data,
    console,
    database_of,
    errors,
    fail,
    settings_of,
    terminal,
)
from app.i18n import N_, Translator
from app.wording.presentation import record_view, verdict_view
from app.wording.tables import table_result_view
from traceability.db import Database
from traceability.invoices.linking import link_registered
from traceability.registry.columns import Table
from traceability.registry.importing import ImportMode, import_table
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
    cli.command("import")(import_rows)


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
        service.public_verdict(database.look_up, database.look_up_all, text, context, identifier)
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
        console.print(
            f"  [{COLOUR_OF_LEVEL[finding['level']]}]{finding['code']}[/] {finding['text']}"
        )


def import_rows(
    kind: Annotated[str, typer.Argument(help="products, lots, serials or invoices")],
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, help="Tables; of invoices XML files, ZIPs and folders."),
    ],
    good_rows: Annotated[
        bool, typer.Option("--good-rows", help="Write the good rows of a table with bad ones.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check a table, write nothing.")
    ] = False,
    refused_list: Annotated[
        Path | None,
        typer.Option("--refused", help="Write the refused files of ZIPs and folders as CSV."),
    ] = None,
    data: Data = HERE,
) -> None:
    """Import tables (XLSX, CSV) or e-invoices (XML, ZIP, folders of them).

    The exit status is 1 when something was refused. An import of a ZIP or folder that was killed
    goes on where it stopped when the same command is given again.
    """
    database = database_of(data)
    if kind == "invoices":
        refused = import_invoices(database, files, refused_list)
    elif kind in set(Table) and any(file.is_dir() for file in files):
        fail("registry.file-type", {"file_name": str(files[0])[:100]}, status=2)
    elif kind in set(Table):
        mode = ImportMode.GOOD_ROWS if good_rows else ImportMode.ALL_OR_NOTHING
        refused = sum(
            _import_table(database, Table(kind), file, mode, dry_run=dry_run) for file in files
        )
    else:
        choices = ", ".join([*Table, "invoices"])
        fail("web.field-choice", {"choices": choices}, status=2)
    database.dispose()
    sys.exit(1 if refused else 0)


def _import_table(
    database: Database, kind: Table, file: Path, mode: ImportMode, *, dry_run: bool
) -> int:
    translate = terminal()
    with Progress(console=errors, transient=True) as bar, database.writing() as session:
        task = bar.add_task(file.name, total=None)
        result = import_table(
            session, OPERATOR, kind, file.read_bytes(), file.name, mode=mode, dry_run=dry_run,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
        if kind is Table.PRODUCTS and result.imported:
            link_registered(session)
    for fault in table_result_view(translate, result.as_json())["errors"]:
        errors.print(f"{file.name}:{fault['row']}:{fault['column']} {fault['detail']}")
    text = translate.text(
        N_("{file}: {rows} rows, {imported} imported, {faults} faults"),
        file=file.name, rows=result.rows, imported=result.imported, faults=result.error_count,
    )  # fmt: skip
    console.print(text)
    return result.error_count
