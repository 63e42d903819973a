"""Import and export of tables (XLSX, CSV), and the jobs that long imports become."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import File, Form, Response, UploadFile
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from app.api.answers import as_json, problems
from app.api.routing import api_router
from app.api.uploads import ONE_FILE
from app.deps import ApiActor, ServicesDep, SessionDep, TranslatorDep
from app.i18n import Translator
from app.wording.errors import sentence
from app.wording.tables import refused_files_view, table_result_view, table_template
from traceability import jobs
from traceability.actor import Actor
from traceability.db import Database
from traceability.errors import NotFoundError
from traceability.invoices.linking import link_registered
from traceability.registry import exporting, import_job
from traceability.registry.columns import COLUMNS, Table
from traceability.registry.importing import ImportMode, import_table

router = api_router("tables")

AT_ONCE_BYTES = 300_000
"""Files up to this size are worked on within the request; larger ones become a job."""


@router.post(
    "/imports/{kind}",
    responses={202: {"description": "Queued: ask the job"}, **problems(403, 413, 422)},
    dependencies=[ONE_FILE],
    summary="Import a table of products, lots or serials",
)
def import_rows(
    session: SessionDep,
    actor: ApiActor,
    translate: TranslatorDep,
    kind: Table,
    file: Annotated[UploadFile, File(description="XLSX, or CSV in UTF-8")],
    mode: Annotated[ImportMode, Form()] = ImportMode.ALL_OR_NOTHING,
    dry_run: Annotated[bool, Form()] = False,
) -> Response:
    """All rows are checked before any is written; faults come back by row and column."""
    data, name = file.file.read(), file.filename or ""
    if len(data) > AT_ONCE_BYTES:
        job = import_job.enqueue_import(
            session, actor, kind, data, name, mode=mode, dry_run=dry_run
        )
        return as_json(job_view(translate, job), 202, {"Location": f"/api/v1/jobs/{job.id}"})
    result = import_table(session, actor, kind, data, name, mode=mode, dry_run=dry_run)
    if kind is Table.PRODUCTS and result.imported:
        link_registered(session)
    return as_json(table_result_view(translate, result.as_json()))


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TableFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        return XLSX if self is TableFormat.XLSX else "text/csv; charset=utf-8"


@router.get(
    "/exports/{kind}",
    response_class=StreamingResponse,
    responses={200: {"content": {XLSX: {}, "text/csv": {}}}, **problems(422)},
    summary="Products, lots or serials as a table",
)
def export_rows(
    actor: ApiActor,
    parts: ServicesDep,
    kind: Table,
    format: TableFormat = TableFormat.XLSX,  # noqa: A002 -- the query parameter's name
) -> StreamingResponse:
    """The same columns as the import reads; sent while they are read."""
    pieces = export_pieces(parts.database, actor, kind, format)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.{format}"'}
    return StreamingResponse(pieces, headers=headers, media_type=format.media_type)


def export_pieces(
    database: Database, actor: Actor, kind: Table, file_format: TableFormat
) -> Iterator[bytes]:
    """A session of its own: the request's has ended when the pieces are taken."""
    write = exporting.export_xlsx if file_format is TableFormat.XLSX else exporting.export_csv
    with database.reading() as session:
        yield from write(session, actor, kind)


@router.get(
    "/templates/{kind}",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}},
    summary="An empty table, with a sheet that explains its headings",
)
def get_template(translate: TranslatorDep, kind: Table) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{kind}-template.xlsx"'}
    return Response(table_template(translate, COLUMNS[kind]), headers=headers, media_type=XLSX)


class JobOut(BaseModel):
    id: int
    kind: str
    status: str
    done: int
    total: int
    created_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None
    error: str | None
    detail: str | None = None
    """The error as a sentence."""


def job_view(translate: Translator, job: jobs.Job) -> JobOut:
    view = JobOut.model_validate(job, from_attributes=True)
    if job.error:
        view.detail = sentence(translate, job.error, job.result or {})
    elif job.result and "errors" in job.result:
        view.result = table_result_view(translate, job.result)
    elif job.result and "rejected" in job.result:
        view.result = refused_files_view(translate, job.result)
    return view


@router.get("/jobs/{job_id}", responses=problems(404), summary="How far a job is")
def get_job(session: SessionDep, actor: ApiActor, translate: TranslatorDep, job_id: int) -> JobOut:
    job = jobs.readable_job(session, actor, job_id)
    if job is None:
        raise NotFoundError("jobs.unknown", id=job_id)
    return job_view(translate, job)
