"""nguon gs1: what a code says, for people."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from app.cli.shared import HERE, Data, console, database_of, settings_of, terminal
from app.i18n import N_, Translator
from app.wording.gs1_place import visible
from app.wording.gs1_view import Registered, gs1_view
from traceability.db import Database
from traceability.registry import repository as registry

MOST_HINTS = 5
"""A wrong check digit has a suggestion for every place; those in the register come first."""


def register(cli: typer.Typer) -> None:
    cli.command("gs1")(explain)


def explain(
    code: Annotated[str, typer.Argument(help="GTIN, element strings, scan data or a link.")],
    symbology_identifier: Annotated[
        str | None, typer.Option("--symbology-identifier", help="]C1 and the like.")
    ] = None,
    data: Data = HERE,
) -> None:
    """Print what a code says: each part in words, who licensed the number, what is wrong.

    The exit status is 1 for a code that is not well formed.
    """
    translate = terminal()
    view = gs1_view(translate, code, symbology_identifier, _registered(data))
    _print_outcome(translate, view)
    for repair in view["repairs"]:
        console.print(Text(visible(repair["text"]), style="yellow"))
    if view["elements"]:
        console.print(_parts(translate, view["elements"]))
    console.print(_facts(translate, view))
    _print_hints(translate, view["hints"])
    sys.exit(0 if view["ok"] else 1)


def _registered(data: Path) -> Registered | None:
    """How to ask the installation's register; None where there is no database, and none is made."""
    asked = Database(settings_of(data).database_address)
    if asked.is_sqlite and not Path(str(asked.url.database)).is_file():
        return None

    def registered(gtins: Collection[str]) -> Collection[str]:
        database = database_of(data)
        with database.reading() as session:
            known = registry.products_with_gtins(session, gtins).keys()
        database.dispose()
        return known

    return registered


def _print_outcome(translate: Translator, view: dict[str, Any]) -> None:
    for error in view["errors"]:
        console.print(Text.assemble((error["code"], "bold red"), " ", error["text"]))
        console.print(_marked(view["text"], error["place"], "bold reverse red"))
    if view["ok"]:
        text = translate.text(N_("The code is well formed: {kind}."), kind=view["kind_text"])
        console.print(Text(text, style="bold green"))
    if view["assumed"]:
        text = N_("It could be read in another way; it was taken for {kind}.")
        console.print(translate.text(text, kind=view["assumed_text"]))


def _marked(text: str, span: tuple[int, int] | None, style: str) -> Text:
    # One sign stands for one control character, so that places stay the same.
    shown = Text(f"  {visible(text)}")
    if span is not None:
        shown.stylize(style, span[0] + 2, span[1] + 2)
    return shown


def _parts(translate: Translator, elements: list[dict[str, Any]]) -> Table:
    table = Table(header_style="bold")
    for heading in ("AI", N_("Part"), N_("Value"), N_("In words")):
        table.add_column(translate.text(heading), overflow="fold")
    for element in elements:
        name = Text(element["name"])
        if element["title"] not in element["name"]:
            name.append(f"  {element['title']}", style="dim")
        table.add_row(
            Text(element["ai"], style="cyan"),
            name,
            Text(visible(element["value"]), style="bold"),
            Text(element["words"] or ""),
        )
    return table


def _facts(translate: Translator, view: dict[str, Any]) -> Table:
    """Names and values without a frame."""
    forms, prefix = view["element_string"], view["prefix"] or {}
    facts = (
        (N_("With brackets"), forms["bracketed"]),
        (N_("As in a barcode"), forms["unbracketed"]),
        (N_("As a link"), view["digital_link"]),
        (N_("As printed beside a barcode"), "\n".join(view["hri_with_titles"])),
        (N_("Not a part of the code"), "&".join(view["other_query"])),
        (N_("Who licensed the number"), prefix.get("text")),
        (N_("Company prefix"), prefix.get("company_prefix")),
        (N_("Date of the lists"), translate.date(prefix["list_date"]) if prefix else None),
    )
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts:
        if value:
            lines = "\n".join(visible(line) for line in value.split("\n"))
            table.add_row(Text(translate.text(name), style="dim"), Text(lines))
    return table


def _print_hints(translate: Translator, hints: list[dict[str, Any]]) -> None:
    if not hints:
        return
    console.print(Text(translate.text(N_("Was another code meant?")), style="bold"))
    for hint in hints[:MOST_HINTS]:
        line = _marked(hint["suggestion"], hint["span"], "bold yellow")
        line.append(f"  {hint['text']}", style="dim")
        if hint["registered"]:
            line.append(f"  {translate.text(N_('In the product register'))}", style="green")
        console.print(line)
    more = len(hints) - MOST_HINTS
    if more > 0:
        console.print(Text(f"  {translate.count('{n} more', '{n} more', more)}", style="dim"))
