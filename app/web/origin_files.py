"""The result of an inspection as a file: XLSX with every source, PDF to print and sign."""

import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import typst
import xlsxwriter

from app.i18n import N_, Translator
from app.web.origin_minutes import MINUTES
from app.web.origin_result import HEADINGS, ShelfRow, ShopResult
from app.wording.origin import EVIDENCE, CheckView
from scanner.drawing import FONT_FOLDER

_SHEETS = (N_("Goods"), N_("Checks"), N_("Sources"))
_CHECK_HEADINGS = (
    N_("Origin check"), N_("Answer"), N_("Product"), N_("What was seen"),
    N_("Risk of a false alarm"), N_("Before you conclude"),
)  # fmt: skip
_SOURCE_HEADINGS = (
    N_("Origin check"), N_("Product"), N_("Kind of source"), N_("Source"), N_("Day"),
)  # fmt: skip
_WIDTHS = ((36, 18), (30, 20, 36, 80, 18, 60), (36, 36, 22, 40, 14))
_EXACT = 10**15
_IN_MINUTES = (0, 2, 3, 4, 7, 8, 11)
"""Columns of HEADINGS that fit on paper."""
MOST_SOURCES = 300
"""Rows of the minutes' list of sources; the XLSX holds all of them."""
RECORDS_ONLY = N_("An answer is about records, never about whether goods are genuine.")


def as_xlsx(translate: Translator, result: ShopResult) -> bytes:
    """Three sheets: goods with their balances, checks with what was seen, and every source."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        tables = (
            (HEADINGS, [row.cells() for row in result.rows]),
            (_CHECK_HEADINGS, list(_checks(translate, result))),
            (_SOURCE_HEADINGS, list(_sources(translate, result))),
        )
        head = _facts(translate, result)
        for (headings, rows), name, widths in zip(tables, _SHEETS, _WIDTHS, strict=True):
            sheet = book.add_worksheet(translate.text(name)[:31])
            for number, fact in enumerate(head):
                sheet.write_string(number, 0, fact)
            top = len(head) + 1
            for column, heading in enumerate(headings):
                sheet.write_string(top, column, translate.text(heading), bold)
            for number, row in enumerate(rows, top + 1):
                for column, value in enumerate(row):
                    _write(sheet, number, column, value, wrapped)
            sheet.freeze_panes(top + 1, 0)
            for column in range(len(headings)):
                sheet.set_column(column, column, widths[min(column, len(widths) - 1)])
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, value: object, cell: Any) -> None:
    """Numbers that a spreadsheet keeps exact as numbers; all else as text, never a formula."""
    if isinstance(value, int | Decimal) and abs(Decimal(value)) < _EXACT:
        sheet.write_number(row, column, float(value), cell)
    elif value is not None and value != "":
        text = value.isoformat() if isinstance(value, (date, datetime)) else str(value)
        sheet.write_string(row, column, text, cell)


def _facts(translate: Translator, result: ShopResult) -> list[str]:
    """Who, when, by which rules: the lines on top of each file."""
    party = result.party
    return [
        party.name,
        translate.text(N_("Tax code {tax_code}"), tax_code=party.tax_code)
        + (f" · {party.address}" if party.address else ""),
        translate.text(N_("Records of {time}"), time=result.at)
        + " · "
        + translate.text(N_("Policy {version}"), version=result.policy_version),
        translate.text(RECORDS_ONLY),
    ]


def _checks(translate: Translator, result: ShopResult) -> Iterator[tuple[object, ...]]:
    for check in result.checks:
        seen = [(s.answer, result.goods_of(s), s.text) for s in check.observations]
        if check.part or not seen:
            seen.append((_answer(translate, check), "", check.part))
        for answer, goods, text in seen:
            yield check.name, answer, goods, text, check.risk, check.note


def _answer(translate: Translator, check: CheckView) -> str:
    nothing = not check.result.examined and not check.observations
    return translate.text(N_("Nothing on record to look at.")) if nothing else check.answer


def _sources(translate: Translator, result: ShopResult) -> Iterator[tuple[object, ...]]:
    for check in result.checks:
        for seen in check.observations:
            for piece in seen.observation.evidence:
                kind = translate.text(EVIDENCE[piece.kind])
                yield check.name, result.goods_of(seen), kind, piece.reference, piece.on


def as_pdf(translate: Translator, result: ShopResult) -> bytes:
    """Minutes on A4 with every source and room for signatures; text is data, never markup."""
    sources = list(_sources(translate, result))
    more = len(sources) - MOST_SOURCES
    given = {
        "language": translate.language,
        "title": translate.text(N_("Result of an inspection")),
        "facts": _facts(translate, result),
        "headings": [translate.text(HEADINGS[column]) for column in _IN_MINUTES],
        "rows": [_cells(translate, row) for row in result.rows],
        "no_rows": translate.text(N_("No document on record names a product of this shop")),
        "checks": [
            _told(result, check) for check in result.checks if check.observations or check.part
        ],
        "rest": list(_rest(translate, result)),
        "sources_title": translate.text(N_("Sources")),
        "source_headings": [translate.text(heading) for heading in _SOURCE_HEADINGS],
        "sources": [
            [str(translate.show(cell)) if cell else "–" for cell in row]
            for row in sources[:MOST_SOURCES]
        ],
        "more_sources": translate.count(
            "{n} more is in the XLSX.", "{n} more are in the XLSX.", more
        ) if more > 0 else "",
        "signatures": [
            translate.text(N_("The inspector")), translate.text(N_("For the shop")),
        ],
        "sign_here": translate.text(N_("(signature and full name)")),
    }  # fmt: skip
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER]
    )
    pdf = typst.Compiler(font_paths=fonts).compile(
        MINUTES, format="pdf", sys_inputs={"result": json.dumps(given)}
    )
    return pdf if isinstance(pdf, bytes) else b"".join(pdf or [])


def _cells(translate: Translator, row: ShelfRow) -> list[str]:
    """A row of the minutes: an unknown opening is a dash, and a count carries its day."""
    cells = row.cells()
    shown = ["–" if cells[n] is None else str(translate.show(cells[n])) for n in _IN_MINUTES]
    if row.at_count is not None and row.at_count.counted_on is not None:
        shown[5] += f" ({translate.date(row.at_count.counted_on)})"
    return shown


def _told(result: ShopResult, check: CheckView) -> dict[str, Any]:
    seen = [(result.goods_of(s), s.text) for s in check.observations]
    texts = [f"{goods}: {text}" if goods else text for goods, text in seen]
    return {
        "name": check.name,
        "answer": check.answer,
        "seen": [*texts, *([check.part] if check.part else [])],
        "note": check.note,
    }


def _rest(translate: Translator, result: ShopResult) -> Iterator[str]:
    """The checks without anything to tell, a line for those that agree and one for the others."""
    quiet = [check for check in result.checks if not check.observations and not check.part]
    agree = ", ".join(check.name for check in quiet if check.result.examined)
    nothing = ", ".join(check.name for check in quiet if not check.result.examined)
    if agree:
        yield translate.text(N_("Match: {checks}."), checks=agree)
    if nothing:
        yield translate.text(N_("Nothing on record to look at: {checks}."), checks=nothing)


def file_name(result: ShopResult, ending: str) -> str:
    return f"nguon-{result.party.tax_code}-{result.at:%Y%m%d}.{ending}"
