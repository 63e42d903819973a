"""Dated lists that the tax authority and others keep: each as it came, with its source and day.

Two lists of the same kind stand beside each other: nothing is merged, overwritten or removed. A
file is checked cell by cell before anything is stored, and the check can be had alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, File, HTTPException, Request, Response, UploadFile

from app.deps import SessionDep, TranslatorDep, WebActor, current_translator
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, Text
from app.web.office.base import RecordId, address, choices, may, number_of
from app.web.office.spreadsheet import text_of_cell
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.wording.errors import sentence
from traceability.errors import Fault, InvalidError
from traceability.invoices import list_rows, lists
from traceability.invoices.list_models import ListKind
from traceability.registry import cells
from traceability.registry.columns import Cell

router = page_router()

PATH = "/office/lists"
KINDS: Mapping[str, str] = {
    ListKind.INACTIVE: N_("Tax codes not in business"),
    ListKind.VIOLATION_SIGNS: N_("Sellers with signs of violation"),
    ListKind.DECLARATIONS: N_("Customs declarations"),
    ListKind.PUMP_LOG: N_("Pump logs"),
    ListKind.PRICES: N_("Declared prices"),
}
COLUMN_WORDS: Mapping[str, str] = {
    "tax_code": N_("Tax code"),
    "valid_from": N_("From"),
    "valid_to": N_("To"),
    "document": N_("Document"),
    "number": N_("Number"),
    "registered_on": N_("Registered on"),
    "importer_tax_code": N_("Tax code of the importer"),
    "gtin": N_("GTIN"),
    "quantity": N_("Quantity"),
    "pump": N_("Pump"),
    "sold_at": N_("Sold at"),
    "litres": N_("Litres"),
    "unit_price": N_("Unit price"),
}
"""The columns of the files, in words: in a file they have their short English names."""
_PAGE_ROWS = 100


@router.get(PATH)
def list_lists(
    request: Request, session: SessionDep, actor: WebActor, kind: str = "", after: str = ""
) -> Response:
    """Every list on record, the newest day first."""
    translate = current_translator(request)
    chosen = ListKind(kind) if kind in list(ListKind) else None
    found, start = lists.lists(session, actor, chosen), number_of(after)
    shown = found[start : start + PAGE_SIZE]
    more = start + PAGE_SIZE if len(found) > start + PAGE_SIZE else 0
    return render(
        request, "office/lists.html", lists=shown, kinds=KINDS, chosen=chosen or "",
        options=choices(translate, KINDS, translate.text(N_("Every kind"))),
        may_bring=may(actor, f"POST {PATH}"),
        first=address(PATH, kind=chosen) if start else None,
        next=address(PATH, kind=chosen, after=more) if more else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said of a list, as it was typed."""

    kind: str = ListKind.INACTIVE
    source: str = ""
    dated_on: str = ""


def _statement(kind: Text = "", source: Text = "", dated_on: Text = "") -> Statement:
    return Statement(kind[:20], source[:400], dated_on[:20])


@router.get(f"{PATH}/new")
def new_list(request: Request, kind: str = ListKind.INACTIVE) -> Response:
    """The form; `kind` chooses which columns it explains."""
    return _form(request, Statement(kind if kind in list(ListKind) else ListKind.INACTIVE))


def _form(
    request: Request,
    typed: Statement,
    *,
    errors: Mapping[str, str] | None = None,
    faults: list[dict[str, Any]] | None = None,
    good: int | None = None,
) -> Response:
    translate = current_translator(request)
    known = typed if typed.kind in list(ListKind) else replace(typed, kind=ListKind.INACTIVE)
    columns = {
        kind: [(name, column.needed) for name, column in lists.COLUMNS[kind].items()]
        for kind in ListKind
    }
    return render(
        request, "office/list_new.html", status=422 if errors or faults else 200,
        typed=known, errors=errors or {}, faults=faults or [], good=good, kinds=KINDS,
        options=choices(translate, KINDS), columns=columns, words=COLUMN_WORDS,
        most=lists.MAX_FAULTS,
    )  # fmt: skip


@router.post(PATH)
def bring_list(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    typed: Annotated[Statement, Depends(_statement)],
    file: Annotated[UploadFile | None, File()] = None,
    dry_run: Text = "",
) -> Response:
    """Check the whole file, and take it in unless a check alone was asked for."""
    data, name = (file.file.read(), file.filename or "") if file else (b"", "")
    day, errors = _errors(translate, typed, data)
    if errors or day is None:
        return _form(request, typed, errors=errors)
    brought = lists.ListFile(ListKind(typed.kind), typed.source, day, name, data)
    try:
        if dry_run:
            return _form(request, typed, good=lists.check_list(session, actor, brought))
        found = lists.import_list(session, actor, brought)
    except InvalidError as error:
        session.rollback()
        return _refused(request, translate, typed, error)
    same = (found.source, found.dated_on) == (" ".join(typed.source.split()), day)
    return see_other(address(f"{PATH}/{found.id}", done=1 if same else 0, known=0 if same else 1))


def _errors(
    translate: Translator, typed: Statement, data: bytes
) -> tuple[date | None, dict[str, str]]:
    """The day that was typed, and what is wrong with the form."""
    day, errors = None, {}
    if typed.kind not in list(ListKind):
        errors["kind"] = translate.text(N_("Choose one of these."))
    if not typed.source.strip():
        errors["source"] = sentence(translate, "invoices.list-source", {"limit": 200})
    try:
        text = cells.read(Cell.DATE, typed.dated_on)
        day = date.fromisoformat(text) if text else None
    except (cells.CellError, ValueError):
        day = None
    if day is None:
        errors["dated_on"] = translate.text(N_("Say of which day the list speaks."))
    if not data:
        errors["file"] = translate.text(N_("Choose the file to import."))
    return day, errors


def _refused(
    request: Request, translate: Translator, typed: Statement, error: InvalidError
) -> Response:
    """Cells by row and column; all else beside its field."""
    of_cells = [fault for fault in error.faults if fault.field.partition(".")[0].isdecimal()]
    others = [fault for fault in error.faults if fault not in of_cells]
    errors: dict[str, str] = {}
    for fault in others:
        field, text = next(iter(field_errors(translate, [fault]).items()))
        errors[field] = f"{errors[field]} {text}" if field in errors else text
    return _form(request, typed, errors=errors, faults=[_cell(translate, f) for f in of_cells])


def _cell(translate: Translator, fault: Fault) -> dict[str, Any]:
    row, _, column = fault.field.partition(".")
    text = sentence(translate, fault.code, dict(fault.arguments))
    return {"row": int(row), "column": column, "text": text}


@router.get(f"{PATH}/template")
def template(kind: ListKind = ListKind.INACTIVE) -> Response:
    """An empty table with the headings of a kind."""
    head = ",".join(map(text_of_cell, lists.COLUMNS[kind]))
    headers = {"Content-Disposition": f'attachment; filename="nguon-{kind}.csv"'}
    # The mark by which spreadsheets recognise UTF-8.
    return Response(f"\ufeff{head}\r\n", headers=headers, media_type="text/csv; charset=utf-8")


@router.get(f"{PATH}/{{list_id}}")
def show_list(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    list_id: RecordId,
    after: str = "",
    done: bool = False,
    known: bool = False,
) -> Response:
    """One list, row by row as it came."""
    found = list_rows.one_list(session, actor, list_id)
    if found is None:
        raise HTTPException(404)
    start = number_of(after)
    page = list_rows.rows_of(session, found, start, _PAGE_ROWS)
    here = f"{PATH}/{list_id}"
    return render(
        request, "office/list.html", found=found, kinds=KINDS, page=page, words=COLUMN_WORDS,
        done=done, known=known, first=here if start else None,
        next=address(here, after=page.next_row) if page.next_row else None,
    )  # fmt: skip
