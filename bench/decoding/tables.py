"""The result in tables for people."""

from typing import Any

from rich.console import Console
from rich.table import Table

from bench.decoding.contestants import ALL, OURS
from bench.decoding.memory import LIMIT_MB
from bench.decoding.photographs import SETS


def show(result: dict[str, Any]) -> None:
    console = Console()
    for section, table in _SECTIONS.items():
        if section in result:
            console.print(table(result[section]))


def _cell(figures: dict[str, Any], *, by_symbol: bool = False) -> str:
    right = figures["found"] if by_symbol else figures["right"]
    return f"{right} / {figures['wrong']}"


def _sets(rows: dict[str, Any]) -> Table:
    table = Table("photographs, right / wrong", "number", *ALL, "target", "met")
    for each in SETS:
        if each.name in rows:
            row = rows[each.name]
            ours = row[OURS]
            number = ours["symbols"] if each.by_symbol else ours["pictures"]
            right = ours["found"] if each.by_symbol else ours["right"]
            met = right >= (each.right or 0) and ours["wrong"] <= each.wrong
            cells = [_cell(row[name], by_symbol=each.by_symbol) for name in ALL]
            target = f"{'-' if each.right is None else each.right} / {each.wrong}"
            table.add_row(each.name, str(number), *cells, target, _verdict(met))
    return table


def _everyday(rows: dict[str, Any]) -> Table:
    table = Table("12 megapixels, simulated, right / wrong", "number", *ALL)
    for name, row in rows.items():
        number = str(row[OURS]["pictures"])
        table.add_row(name, number, *(_cell(row[contestant]) for contestant in ALL))
    return table


def _kinds(kinds: dict[str, Any]) -> Table:
    names = next(iter(kinds.values()))["rates"]
    table = Table(
        "one kind at a time, share right over all strengths", "strengths", *names, "wrong"
    )
    for name, kind in kinds.items():
        means = [f"{sum(rates) / len(rates):.0%}" for rates in kind["rates"].values()]
        strengths = f"{kind['strengths'][0]:g} to {kind['strengths'][-1]:g} {kind['unit']}"
        table.add_row(name, strengths, *means, " / ".join(map(str, kind["wrong"].values())))
    return table


def _traps(rows: dict[str, Any]) -> Table:
    table = Table("made to mislead, symbols found / pictures with a wrong read", "of", *ALL)
    for name, row in rows.items():
        number = f"{row[OURS]['symbols']} / {row[OURS]['pictures']}"
        table.add_row(name, number, *(_cell(row[who], by_symbol=True) for who in ALL))
    return table


def _time(figures: dict[str, Any]) -> Table:
    table = Table("time", "figure", "target", "met")
    for name, (figure, target) in figures.items():
        table.add_row(name, f"{figure:g}", f"{target:g}", _verdict(figure <= target))
    return table


def _memory(rows: dict[str, Any]) -> Table:
    table = Table("50 megapixels", "file, MB", "worker at its peak, MB", "target", "met")
    table.add_column("read", overflow="fold")
    for name, row in rows.items():
        met = _verdict(row["mb"] < LIMIT_MB)
        read = row["came_of_it"]
        table.add_row(name, str(row["file_mb"]), str(row["mb"]), f"< {LIMIT_MB}", met, read)
    return table


def _verdict(met: bool) -> str:
    return "[green]yes[/]" if met else "[red]no[/]"


_SECTIONS = {
    "sets": _sets,
    "everyday": _everyday,
    "kinds": _kinds,
    "traps": _traps,
    "time": _time,
    "memory": _memory,
}
