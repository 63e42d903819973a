"""Draw the data model and list its tables, from the table classes themselves.

    python -m tools.make_data_model

writes docs/data-model.svg and the generated part of docs/data-model.md. Meanings of tables and
columns are the docstrings beside them; tests/test_docs.py fails when either file is out of date.
"""

import ast
import html
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.schema import METADATA

ROOT = Path(__file__).resolve().parents[1]
SVG, PAGE = ROOT / "docs" / "data-model.svg", ROOT / "docs" / "data-model.md"
BEGIN, END = "<!-- tables: begin (tools/make_data_model.py) -->", "<!-- tables: end -->"

GROUPS: Mapping[str, Sequence[Sequence[str]]] = {
    "Verification, enforcement": (("scan", "serial_activity", "report"),),
    "Goods": (("serial", "lot", "recall", "product_photo", "product_term"),),
    "Events": (
        ("event", "event_epc", "event_value", "master_data"),
        ("containment", "content_finding", "derivation", "membership"),
        (
            "recall_start",
            "recall_goods",
            "recall_holder",
            "recall_answer",
            "recall_webhook",
            "recall_notice",
        ),
        ("capture", "capture_part", "named_query", "subscription"),
        ("sscc_range", "issued_sscc"),
    ),
    "Registry": (
        ("product", "code_authorisation", "area"),
        ("quantity_certificate", "certificate_product"),
        ("party", "registration", "company_prefix", "party_term"),
    ),
    "E-invoices": (
        ("invoice", "invoice_source", "invoice_document", "invoice_relation", "outside_answer"),
        ("invoice_line", "item_alias", "invoice_signature", "trusted_certificate"),
        ("ledger_day", "stock_record", "origin_claim"),
        (
            "dated_list",
            "listed_tax_code",
            "customs_declaration",
            "pump_sale",
            "declared_price",
        ),
    ),
    "Identity and service": (
        (
            "user_account",
            "web_session",
            "api_key",
            "idempotency_record",
            "job",
            "job_input",
            "job_part",
            "audit_entry",
        ),
    ),
    "Resolver and transparency log": (("link", "log_entry", "log_tile", "log_checkpoint"),),
}
"""Where each table stands: groups from left to right, each of columns from left to right."""

WIDTH, GAP, GUTTER, MARGIN = 204, 22, 74, 24
"""Pixels: a box, between boxes of a column, between columns, around everything."""
ROW, HEAD, TOP = 15, 24, 56

STYLE = """<style>
text { font: 11px system-ui, sans-serif; fill: #1b2733 }
.t { font-weight: 700; fill: #fff }
.g { font-size: 15px; font-weight: 700; fill: #44546a }
.k { font-weight: 700 }
.n { fill: #7a8794 }
.l { fill: none; stroke: #5b7fa6; stroke-width: 1.2 }
.box { fill: #fff; stroke: #44546a }
.h { fill: #2b5c8a }
</style>"""

Box = tuple[float, float]


@dataclass(frozen=True)
class Link:
    """A foreign key: from a column to a table."""

    table: str
    column: str
    target: str


def links() -> list[Link]:
    return [
        Link(table.name, column.name, key.column.table.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
    ]


# The drawing


def places() -> dict[str, Box]:
    """The upper left corner of each table's box."""
    found: dict[str, Box] = {}
    x = float(MARGIN)
    for columns in GROUPS.values():
        for names in columns:
            y = float(TOP + MARGIN)
            for name in names:
                found[name] = (x, y)
                y += _height(METADATA.tables[name]) + GAP
            x += WIDTH + GUTTER
    return found


def _height(table: sa.Table) -> int:
    return HEAD + ROW * len(table.columns) + 8


def drawing() -> str:
    at = places()
    width = max(x for x, _ in at.values()) + WIDTH + MARGIN
    height = max(y + _height(METADATA.tables[name]) for name, (_, y) in at.items()) + MARGIN
    label = 'role="img" aria-label="Tables of the database and their foreign keys"'
    size = f"0 0 {width:g} {height:g}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" {label}>',
        STYLE,
        f'<rect width="{width:g}" height="{height:g}" fill="#f4f6f8"/>',
        *_group_titles(at),
        *(_line(link, at) for link in links()),
        *(_box(METADATA.tables[name], *place) for name, place in at.items()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _group_titles(at: Mapping[str, Box]) -> Iterator[str]:
    for title, columns in GROUPS.items():
        x = at[columns[0][0]][0]
        yield f'<text class="g" x="{x:g}" y="44">{html.escape(title)}</text>'


def _box(table: sa.Table, x: float, y: float) -> str:
    rows = [
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{_height(table)}" rx="4"/>',
        f'<rect class="h" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEAD}" rx="4"/>',
        f'<text class="t" x="{x + 8:g}" y="{y + 16:g}">{table.name}</text>',
    ]
    for number, column in enumerate(table.columns):
        line = y + HEAD + ROW * (number + 1)
        style = ' class="k"' if column.primary_key else ""
        mark = " ?" if column.nullable else ""
        rows.append(f'<text{style} x="{x + 8:g}" y="{line:g}">{column.name}{mark}</text>')
        rows.append(
            f'<text class="n" text-anchor="end" x="{x + WIDTH - 8:g}" y="{line:g}">'
            f"{type_of(column)}</text>"
        )
    return "".join(rows)


def _line(link: Link, at: Mapping[str, Box]) -> str:
    """A curve from the row of the column to the head of the table that it points to."""
    (x, y), (target_x, target_y) = at[link.table], at[link.target]
    number = [c.name for c in METADATA.tables[link.table].columns].index(link.column)
    start_y, end_y = y + HEAD + ROW * (number + 1) - 4, target_y + HEAD / 2
    to_the_right = target_x > x
    start_x = x + WIDTH if to_the_right or target_x == x else x
    end_x = target_x if to_the_right else target_x + WIDTH
    bend = 36 if to_the_right or target_x == x else -36
    arrive = -36 if to_the_right else 36
    return (
        f'<path class="l" d="M{start_x:g} {start_y:g}C{start_x + bend:g} {start_y:g} '
        f'{end_x + arrive:g} {end_y:g} {end_x:g} {end_y:g}"/>'
        f'<circle cx="{end_x:g}" cy="{end_y:g}" r="3" fill="#5b7fa6"/>'
    )


_TYPES = {
    "UtcDateTime": "time, UTC", "Quantity": "quantity", "Money": "money", "BigInteger": "integer",
    "Integer": "integer", "Date": "date", "Boolean": "yes/no", "JSON": "JSON", "Float": "number",
    "LargeBinary": "bytes",
}  # fmt: skip


def type_of(column: "sa.Column[object]") -> str:
    """The type in words, with the length of a text; ours by name, or by what they are stored as."""
    kind = column.type
    while isinstance(kind, sa.TypeDecorator) and type(kind).__name__ not in _TYPES:
        kind = kind.impl_instance
    if isinstance(kind, sa.String):
        return f"text {kind.length}" if kind.length else "text"
    return _TYPES[type(kind).__name__]


# The list


def table_list() -> str:
    return "\n".join(_section(name) for name in sorted(METADATA.tables))


def _section(name: str) -> str:
    model = _models()[name]
    table, notes = METADATA.tables[name], _notes(model)
    targets = {link.column: link.target for link in links() if link.table == name}
    lines = [f"### {name}\n", *([f"{notes['']}\n"] if notes[""] else [])]
    lines += ["| column | type | meaning |", "|---|---|---|"]
    for column in table.columns:
        facts = ["key"] if column.primary_key else []
        if target := targets.get(column.name):
            facts.append(f"→ [{target}](#{target})")
        facts += ["unique"] * bool(column.unique)
        kind = ", ".join([type_of(column) + ("?" if column.nullable else ""), *facts])
        lines.append(f"| `{column.name}` | {kind} | {notes.get(column.name, '')} |")
    together = sorted(
        ", ".join(f"`{column.name}`" for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, sa.UniqueConstraint) and len(constraint.columns) > 1
    )
    lines += [f"\nUnique together: {columns}." for columns in together]
    return "\n".join([*lines, ""])


def _models() -> dict[str, type[SQLModel]]:
    return {
        str(mapper.local_table.name): mapper.class_  # type: ignore[attr-defined]
        for mapper in SQLModel._sa_registry.mappers  # noqa: SLF001 - SQLModel offers no other way
    }


def _notes(model: type[SQLModel]) -> dict[str, str]:
    """The docstring of the class (under "") and those below its columns, each on one line."""
    node = _classes(sys.modules[model.__module__].__file__ or "")[model.__name__]
    found = {"": _one_line(ast.get_docstring(node) or "")}
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = _one_line(text)
    return found


@cache
def _classes(path: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(Path(path).read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def page(text: str) -> str:
    """The page with its generated part made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table_list()}\n{END}{after}"


if __name__ == "__main__":
    SVG.write_text(drawing(), "utf-8")
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
