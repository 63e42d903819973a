"""Many products, lots or serials at once: template, check, import, export."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import File, Request, Response, UploadFile
from sqlmodel import Session
from starlette.responses import StreamingResponse

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor, current_translator
from app.i18n import N_, Translator
from app.web.forms import RefusedError, Text, refusal
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.web.shop import repository, words
from app.web.shop.jobs import keep_result
from app.wording.errors import sentence
from app.wording.tables import table_template
from traceability.actor import Actor
from traceability.clock import today
from traceability.db import Database
from traceability.errors import ConflictError, InvalidError
from traceability.invoices.linking import link_registered
from traceability.jobs import Job
from traceability.registry import exporting
from traceability.registry.columns import COLUMNS, Table
from traceability.registry.import_job import KIND, enqueue_import
from traceability.registry.importing import ImportMode, import_table

router = page_router()

AT_ONCE_BYTES = 300_000
"""Files up to this size are worked on within the request; larger ones become a job."""

_MODES: Mapping[str, str] = {
    ImportMode.ALL_OR_NOTHING: N_("All rows or none: a single fault stops the import"),
    ImportMode.GOOD_ROWS: N_("The good rows: rows with faults are left out"),
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/shop/import")
def import_form(
    request: Request, session: SessionDep, actor: WebActor, kind: str = Table.PRODUCTS
) -> Response:
    return _page(request, session, actor, kind=kind, mode=ImportMode.ALL_OR_NOTHING, errors={})


def _page(request: Request, session: Session, actor: Actor, **context: Any) -> Response:
    translate = current_translator(request)
    return render(
        request, "shop/import.html", status=422 if context["errors"] else 200,
        tables=words.options(translate, words.TABLES), modes=words.options(translate, _MODES),
        statuses=words.JOB_STATUSES, jobs=repository.recent_jobs(session, actor, [KIND]),
        **context,
    )  # fmt: skip


@router.post("/shop/import")
def import_rows(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    file: Annotated[UploadFile | None, File()] = None,
    kind: Text = "",
    mode: Text = "",
    dry_run: Text = "",
) -> Response:
    """Check every row, and write them unless a check was asked for; the result has its page."""
    data, name = (file.file.read(), file.filename or "") if file else (b"", "")
    errors = _faults_of_form(translate, kind, mode, data)
    if errors:
        return _page(request, session, actor, kind=kind, mode=mode, errors=errors)
    try:
        job = _take_in(
            session, actor, Table(kind), data, name, mode=ImportMode(mode), dry_run=bool(dry_run)
        )
    except RefusedError as error:
        errors = {**refusal(session, translate, error, "file"), **_all_of_file(translate, error)}
        return _page(request, session, actor, kind=kind, mode=mode, errors=errors)
    return see_other(f"/shop/jobs/{job.id}")


def _faults_of_form(translate: Translator, kind: str, mode: str, data: bytes) -> dict[str, str]:
    choose, errors = translate.text(N_("Choose one of these.")), {}
    if kind not in list(Table):
        errors["kind"] = choose
    if mode not in list(ImportMode):
        errors["mode"] = choose
    if not data:
        errors["file"] = translate.text(N_("Choose the file to import."))
    return errors


def _all_of_file(translate: Translator, error: InvalidError | ConflictError) -> dict[str, str]:
    """Everything that is wrong with the file as a whole: each heading that is not known."""
    if not isinstance(error, InvalidError):
        return {}
    texts = [next(iter(field_errors(translate, [each]).values())) for each in error.faults]
    return {"file": " ".join(texts[:10])}


def _take_in(
    session: Session, actor: Actor, table: Table, data: bytes, name: str, *, mode: ImportMode,
    dry_run: bool,
) -> Job:  # fmt: skip
    if len(data) > AT_ONCE_BYTES:
        return enqueue_import(session, actor, table, data, name, mode=mode, dry_run=dry_run)
    result = import_table(session, actor, table, data, name, mode=mode, dry_run=dry_run)
    if table is Table.PRODUCTS and result.imported:
        link_registered(session)
    return keep_result(session, actor, KIND, name, result.as_json())


@router.get("/shop/templates/{kind}")
def template(translate: TranslatorDep, kind: Table) -> Response:
    """An empty table with the headings, and a sheet that explains them."""
    return Response(
        table_template(translate, COLUMNS[kind]), headers=_attachment(f"nguon-{kind}.xlsx"),
        media_type=_XLSX,
    )  # fmt: skip


@router.get("/shop/exports/{kind}")
def export(
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    kind: Table,
    format: str = "xlsx",  # noqa: A002 -- the query parameter's name
) -> Response:
    """What the organisation has on record, in the columns of the import."""
    if format not in ("xlsx", "csv"):
        text = sentence(translate, "web.format", {"value": format[:20]})
        return Response(text, 422, media_type="text/plain")
    headers = _attachment(f"nguon-{kind}-{today():%Y%m%d}.{format}")
    pieces = _pieces(parts.database, actor, kind, format)
    return StreamingResponse(
        pieces, headers=headers, media_type=_XLSX if format == "xlsx" else "text/csv; charset=utf-8"
    )


def _pieces(database: Database, actor: Actor, table: Table, file_format: str) -> Iterator[bytes]:
    """The file piece by piece; its session is its own, as the request's has ended by then."""
    filters = {"producer_id": actor.party_id} if table is Table.PRODUCTS else {}
    write = exporting.export_xlsx if file_format == "xlsx" else exporting.export_csv
    with database.reading() as session:
        yield from write(session, actor, table, **filters)


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
