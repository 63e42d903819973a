"""What came of an upload: progress while it is worked on, then its result, at one address.

Small files are worked on within the request, large ones by the worker; both are jobs, so that the
result has a page that can be reloaded, kept and sent on.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from sqlmodel import Session
from starlette.responses import StreamingResponse

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import Translator
from app.labels.delivery import KEPT_DAYS, delivery
from app.labels.sheets import KIND as LABELS
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import words
from app.web.shop.base import RecordId, printable
from app.wording.errors import sentence
from app.wording.refused import refused_csv
from app.wording.tables import refused_files_view, table_result_view
from traceability import jobs
from traceability.actor import Actor
from traceability.errors import NotFoundError
from traceability.invoices.importing import KIND as INVOICES
from traceability.invoices.importing import refused_files
from traceability.jobs import Job, JobStatus
from traceability.registry.columns import COLUMNS, Table
from traceability.registry.import_job import KIND as TABLE

router = page_router()

REFRESH_S = 3
"""Seconds after which a page without script asks again."""
MOST_SHOWN = 200
"""Faults and files that one page lists."""


_TEMPLATES = {
    INVOICES: "shop/job_invoices.html",
    TABLE: "shop/job_table.html",
    LABELS: "shop/job_labels.html",
}


def keep_result(
    session: Session, actor: Actor, kind: str, file_name: str, result: Mapping[str, Any]
) -> Job:
    """A job that is done already, so that its result can be looked at."""
    payload = {"file_name": printable(file_name)[:200]}
    return jobs.record_done(session, kind, payload, result, party_id=actor.party_id)


@router.get("/shop/jobs/{job_id}")
def job_page(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    job_id: RecordId,
) -> Response:
    job = jobs.readable_job(session, actor, job_id)
    if job is None or job.kind not in _TEMPLATES:
        raise NotFoundError("jobs.unknown", id=job_id)
    waiting = job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
    word, level = words.JOB_STATUSES[job.status]
    return render(
        request,
        _TEMPLATES[job.kind],
        job=job,
        file_name=job.payload.get("file_name", ""),
        waiting=waiting,
        refresh=REFRESH_S,
        status_word=translate.text(word),
        status_level=level,
        percent=min(100, job.done * 100 // job.total) if job.total else 0,
        failure=sentence(translate, job.error, {}) if job.error else "",
        most=MOST_SHOWN,
        kept=jobs.has_parts(session, job_id),
        days=KEPT_DAYS,
        table_words=words.TABLES,
        result=_result(translate, job) if not waiting and job.result else None,
    )


@router.post("/shop/jobs/{job_id}/cancel")
def cancel_job(session: SessionDep, actor: WebActor, job_id: RecordId) -> Response:
    """Stop it, and drop what it has made."""
    if jobs.cancel(session, actor, job_id) is None:
        raise NotFoundError("jobs.unknown", id=job_id)
    return see_other(f"/shop/jobs/{job_id}")


@router.get("/shop/jobs/{job_id}/refused")
def refused(
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    job_id: RecordId,
) -> Response:
    """Every file that an import of invoices refused, as CSV."""
    job = jobs.readable_job(session, actor, job_id)
    if job is None or job.kind != INVOICES:
        raise NotFoundError("jobs.unknown", id=job_id)
    headers = {
        "Content-Disposition": f'attachment; filename="nguon-refused-{job_id}.csv"',
        "Cache-Control": "no-store",
    }
    pieces = refused_csv(translate, refused_files(parts.database, job_id))
    return StreamingResponse(pieces, headers=headers, media_type="text/csv; charset=utf-8")


@router.get("/shop/jobs/{job_id}/file")
def job_file(
    session: SessionDep, parts: ServicesDep, actor: WebActor, job_id: RecordId
) -> Response:
    """What the job has made, as a download."""
    job = jobs.readable_job(session, actor, job_id)
    if job is None:
        raise NotFoundError("jobs.unknown", id=job_id)
    found = delivery(session, parts.database, job)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(found.pieces, headers=headers, media_type=found.media_type)


def _result(translate: Translator, job: Job) -> dict[str, Any]:
    found = dict(job.result or {})
    if job.kind == LABELS:
        return found
    if job.kind == TABLE:
        view = table_result_view(translate, found)
        titles = _titles(Table(found["kind"]), translate.language)
        for fault in view["errors"]:
            fault["title"] = titles.get(fault["column"], fault["column"])
        return view
    return {"invoices": [], "repeats": [], **refused_files_view(translate, found)}


def _titles(table: Table, language: str) -> dict[str, str]:
    """The headings of the template, by the names of the columns."""
    return {each.name: each.en if language == "en" else each.vi for each in COLUMNS[table]}
