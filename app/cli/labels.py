"""nguon labels: sheets of labels of a registered product, straight into a file."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.progress import Progress

from app.cli.shared import HERE, OPERATOR, Data, console, database_of, errors, settings_of, terminal
from app.i18n import N_
from app.labels import LabelKind
from app.labels.choices import PaperName, SheetOrder
from app.labels.delivery import delivery
from app.labels.sheets import enqueue_sheets, handle
from scanner.dimensions import Environment
from traceability import jobs
from traceability.errors import InvalidError
from traceability.jobs import Job
from traceability.registry import products
from traceability.registry.fields import faults_of

A4 = PaperName("a4-3x8")


def register(cli: typer.Typer) -> None:
    cli.command("labels")(print_labels)


def print_labels(
    gtin: Annotated[str, typer.Argument(help="Of a registered product.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the PDF goes, or a ZIP of many.")
    ] = Path("label-sheets.pdf"),
    kind: Annotated[LabelKind, typer.Option(help="Which symbols.")] = LabelKind.LABEL,
    paper: Annotated[PaperName, typer.Option(help="Sheets or roll.")] = A4,
    scanned_at: Annotated[
        Environment | None, typer.Option(help="Where the labels will be scanned.")
    ] = None,
    x_dimension: Annotated[
        float | None, typer.Option(help="Width of a module in millimetres.")
    ] = None,
    dpi: Annotated[int, typer.Option(help="Of the printer.", min=150, max=1200)] = 300,
    language: Annotated[str, typer.Option(help="vi or en: of the words on the labels.")] = "vi",
    lot: Annotated[str | None, typer.Option(help="A registered lot.")] = None,
    serials: Annotated[
        bool, typer.Option("--serials", help="A label for each registered serial.")
    ] = False,
    count: Annotated[int | None, typer.Option(help="How many labels.", min=1)] = None,
    data: Data = HERE,
) -> None:
    """Print labels of a registered product as PDF.

    Cancelled by Ctrl-C; what was made until then is dropped.
    """
    order = _order(
        kind=kind, paper=paper, scanned_at=scanned_at, x_dimension=x_dimension, dpi=dpi,
        language=language, lot=lot, serials=serials, count=count,
    )  # fmt: skip
    database = database_of(data)
    with database.writing() as session:
        product = products.product_of_gtin(session, OPERATOR, gtin)
        job = enqueue_sheets(session, settings_of(data), OPERATOR, product, order)
        task = jobs.start(database, job)
    with Progress(console=errors, transient=True) as bar:
        shown = bar.add_task(task.payload["file_name"], total=task.payload["total"])
        try:
            jobs.run(task, partial(handle, tell=lambda done: bar.update(shown, completed=done)))
        except KeyboardInterrupt:
            with database.writing() as session:
                jobs.cancel(session, OPERATOR, task.job_id)
            raise
    with database.reading() as session:
        done = session.get_one(Job, task.job_id)
        made = delivery(session, database, done)
    _write(output, made.pieces)
    text = N_("{file}: {n} labels on {pages} pages")
    facts = done.result or {}
    console.print(terminal().text(text, file=output.name, n=facts["labels"], pages=facts["pages"]))
    database.dispose()


def _order(**options: Any) -> SheetOrder:
    try:
        return SheetOrder.model_validate(options)
    except ValidationError as error:
        raise InvalidError(faults_of(error)) from error


def _write(output: Path, pieces: Iterable[bytes]) -> None:
    with output.open("wb") as file:
        for piece in pieces:
            file.write(piece)
