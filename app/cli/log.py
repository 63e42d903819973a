"""nguon log verify | keys | rotate | export: the transparency log, offline.

A receipt is checked with a file of public keys alone, on any machine, without the database.
"""

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, select

from app.cli.shared import HERE, Data, console, database_of, fail, settings_of, terminal
from app.i18n import N_
from traceability.transparency import log, receipts, tiles
from traceability.transparency.checking import check
from traceability.transparency.keys import rotate as rotate_keys
from traceability.transparency.models import LogTile
from traceability.transparency.note import Checkpoint, Note, NoteError, PublicKey
from traceability.transparency.receipts import Holds, ReceiptError

group = typer.Typer(help="The transparency log.", no_args_is_help=True)


@group.command()
def verify(
    checkpoints: Annotated[
        list[Path] | None,
        typer.Argument(help="Checkpoints that were kept elsewhere.", exists=True, dir_okay=False),
    ] = None,
    receipt: Annotated[
        Path | None,
        typer.Option(help="A receipt to check, without the database.", exists=True, dir_okay=False),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            help="File of the log's public keys, one a line.", exists=True, dir_okay=False
        ),
    ] = None,
    data: Data = HERE,
) -> None:
    """Compare records, entries, tree, checkpoints and signatures; exit status 1 at a fault."""
    if receipt is not None:
        _verify_receipt(receipt, key)
        return
    from app.transparency import SOURCES

    database, keys = database_of(data), settings_of(data).log_keys
    notes = [Note.parse(path.read_text()) for path in checkpoints or ()]
    for note in notes:
        if not note.times(keys.public):
            fail("transparency.note", {"why": "unknown-key"})
    kept = [Checkpoint.of_text(note.text) for note in notes]
    kept += [keys.newest] if keys.newest else []
    found = 0
    with database.reading() as session:
        for fault in check(session, keys.origin, keys.public, SOURCES, kept):
            found += 1
            typer.echo(f"{fault.kind}\t{fault.where}")
        newest = log.newest_checkpoint(session)
    if found:
        fail("transparency.faults", {"count": found})
    size = newest.size if newest else 0
    console.print(terminal().text(N_("The log of {size} entries holds."), size=size))


def _verify_receipt(file: Path, key: Path | None) -> None:
    if key is None:
        fail("transparency.key-needed", {}, status=2)
    try:
        keys = [PublicKey.parse(line) for line in key.read_text().split()]
    except (NoteError, UnicodeDecodeError):
        keys = []
    if not keys:
        fail("transparency.key-file", {"file": key.name})
    try:
        with file.open("rb") as opened:
            holds = receipts.verify(receipts.read(opened.read(receipts.MAX_BYTES + 1)), keys)
    except ReceiptError as error:
        fail(error.code, error.arguments)
    _tell(holds)


def _tell(holds: Holds) -> None:
    """What a receipt proves, for a person and for a script: a word, a tab, what it is about."""
    if holds.statement is not None:
        findings = ", ".join(str(each["code"]) for each in holds.statement["findings"])
        about = f"{holds.statement['level']}\t{findings}\t{holds.statement['code']}"
        typer.echo(f"verdict\t{about}\t{holds.statement['at']}")
    for subject in holds.proved:
        typer.echo(f"proved\t{subject}")
    for subject in holds.waiting:
        typer.echo(f"waiting\t{subject}")
    for public, seen in holds.signed.items():
        typer.echo(f"signed\t{public.name}" + (f"\t{seen.isoformat()}" if seen else ""))
    console.print(terminal().text(N_("The receipt holds.")))


@group.command("keys")
def show_keys(data: Data = HERE) -> None:
    """Print the log's public keys, the one in use last."""
    for key in settings_of(data).log_keys.public:
        console.print(str(key), soft_wrap=True)


@group.command()
def rotate(data: Data = HERE) -> None:
    """Make a new key, sign the newest checkpoint with it too, and delete the old private one."""
    database, settings = database_of(data), settings_of(data)
    keys = rotate_keys(settings.data / "log-keys", settings.log_keys)
    with database.writing() as session:
        newest = log.newest_checkpoint(session)
        if newest is not None:
            text = Checkpoint(keys.origin, newest.size, newest.root).text
            newest.signatures += keys.signing.line(text)
    console.print(str(keys.signing.public), soft_wrap=True)


@group.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to write the files.", file_okay=False)],
    data: Data = HERE,
) -> None:
    """Write checkpoint and tiles as static files, as C2SP's tlog-tiles names them."""
    database, keys = database_of(data), settings_of(data).log_keys
    with database.reading() as session:
        newest = log.newest_checkpoint(session)
        if newest is None:
            fail("transparency.empty", {})
        rows = session.exec(
            select(LogTile).order_by(col(LogTile.level), col(LogTile.number)),
            execution_options={"yield_per": 100},
        )
        for tile in rows:
            width = len(tile.hashes) // tiles.HASH_SIZE
            _write(folder / tiles.path(tile.level, tile.number, width), tile.hashes)
        # Last: whoever reads the checkpoint finds the tiles that it stands for.
        _write(folder / "checkpoint", log.note_of(keys.origin, newest).encode())
    console.print(terminal().text(N_("Wrote {size} entries."), size=newest.size))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.rename(path)
