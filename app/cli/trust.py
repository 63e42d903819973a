"""nguon trust list|check|load|recheck: whose signatures on invoices are trusted here."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

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
from app.i18n import N_
from app.wording.errors import sentence
from traceability.invoices.rechecking import Rechecked, recheck
from traceability.invoices.signatures import repository
from traceability.invoices.signatures.certificates import facts_of
from traceability.invoices.signatures.folder import load_folder, read_folder

group = typer.Typer(
    help="Whose signatures on invoices are trusted.", no_args_is_help=True, add_completion=False
)

Folder = Annotated[
    Path | None,
    typer.Argument(help="Folder of PEM files; without it the one of NGUON_TRUST_FOLDER."),
]


@group.command("list")
def list_trusted(data: Data = HERE) -> None:
    """Print the certificates that are trusted."""
    database, translate = database_of(data), terminal()
    with database.reading() as session:
        found = repository.trusted(session)
    for each in found:
        console.print(f"{each.subject}\n  {each.file_name}  SHA-256 {each.fingerprint}")
        console.print(f"  {translate.date(each.valid_from)} – {translate.date(each.valid_to)}")
    console.print(translate.text(N_("{n} certificates are trusted"), n=len(found)))
    database.dispose()


@group.command()
def check(folder: Folder = None, data: Data = HERE) -> None:
    """Look a folder of PEM files over, change nothing; the exit status is 1 for remarks."""
    entries, translate = read_folder(_folder(folder, data)), terminal()
    for entry in entries:
        name = facts_of(entry.certificate).subject if entry.certificate else ""
        console.print(f"{entry.file_name}: {name}".rstrip(": "))
        for remark in entry.remarks:
            console.print(f"  {sentence(translate, remark, {})}")
    count = sum(entry.certificate is not None for entry in entries)
    console.print(translate.text(N_("{n} certificates in the folder"), n=count))
    sys.exit(1 if any(entry.remarks for entry in entries) or not count else 0)


@group.command()
def load(folder: Folder = None, data: Data = HERE) -> None:
    """Make the trust store what a folder says; then run `nguon trust recheck`."""
    chosen = _folder(folder, data)
    database, translate = database_of(data), terminal()
    with database.writing() as session:
        loaded = load_folder(session, OPERATOR, chosen)
    for subject in loaded.added:
        console.print(f"+ {subject}")
    for subject in loaded.removed:
        console.print(f"- {subject}")
    text = translate.text(
        N_("{added} certificates added, {removed} removed, {kept} kept"),
        added=len(loaded.added), removed=len(loaded.removed), kept=loaded.kept,
    )  # fmt: skip
    console.print(text)
    database.dispose()


@group.command("recheck")
def check_again(data: Data = HERE) -> None:
    """Check the signatures of all invoices on record again, with the trust store of now."""
    database, translate = database_of(data), terminal()
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task("XML", total=None)

        def show(done: Rechecked) -> None:
            bar.update(task, completed=done.documents)

        done = recheck(database, show)
    text = translate.text(
        N_("{invoices} invoices checked again, {changed} signatures are judged otherwise"),
        invoices=done.invoices, changed=done.changed,
    )  # fmt: skip
    console.print(text)
    database.dispose()


def _folder(folder: Path | None, data: Path) -> Path:
    chosen = folder or settings_of(data).trust_folder
    if chosen is None:
        fail("trust.no-folder", {}, status=2)
    return chosen
