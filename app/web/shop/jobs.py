"""What came of an upload: progress while it is worked on, then its result, at one address.

Small files are worked on within the request, large ones by the worker; both are jobs, so that the
result has a page that can be reloaded, kept and sent on.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import Translator
from app.web.forms import page_router
from app.web.pages import render
from app.web.shop import words
from app.web.shop.base import RecordId, printable
from app.wording.errors import sentence
from app.wording.tables import table_result_view
from traceability import jobs
from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import NotFoundError
from traceability.invoices.importing import KIND as INVOICES
from traceability.jobs import Job, JobStatus
from traceability.registry.columns import COLUMNS, Table
from traceability.registry.import_job import KIND as TABLE

router = page_router()

REFRESH_S = 3
"""Seconds after which a page without script asks again."""
MOST_SHOWN = 200
"""Faults and files that one page lists."""


def keep_result(
    session: Session, actor: Actor, kind: str, file_name: str, result: Mapping[str, Any]
) -> Job:
    """A job that is done already, so that its result can be looked at."""
    payload = {"file_name": printable(file_name)[:200]}
    job = jobs.enqueue(session, kind, payload, party_id=actor.party_id)
    job.status, job.finished_at, job.result = JobStatus.DONE, now(), dict(result)
    job.done = job.total = 1
    session.flush()
    return job


@router.get("/shop/jobs/{job_id}")
def job_page(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    job_id: RecordId,
) -> Response:
    job = jobs.readable_job(session, actor, job_id)
    if job is None or job.kind not in (INVOICES, TABLE):
        raise NotFoundError("jobs.unknown", id=job_id)
    waiting = job.status in (JobStatus.QUEUED, JobStatus.RUNNING)
    word, level = words.JOB_STATUSES[job.status]
    return render(
        request,
        "shop/job_table.html" if job.kind == TABLE else "shop/job_invoices.html",
        job=job,
        file_name=job.payload.get("file_name", ""),
        waiting=waiting,
        refresh=REFRESH_S,
        status_word=translate.text(word),
        status_level=level,
        percent=min(100, job.done * 100 // job.total) if job.total else 0,
        failure=sentence(translate, job.error, {}) if job.error else "",
        most=MOST_SHOWN,
        table_words=words.TABLES,
        result=_result(translate, job) if job.status == JobStatus.DONE else None,
    )


def _result(translate: Translator, job: Job) -> dict[str, Any]:
    found = dict(job.result or {})
    if job.kind == TABLE:
        view = table_result_view(translate, found)
        titles = _titles(Table(found["kind"]), translate.language)
        for fault in view["errors"]:
            fault["title"] = titles.get(fault["column"], fault["column"])
        return view
    rejected = [
        {"file": each["file"], "detail": sentence(translate, each["code"], each["arguments"])}
        for each in found.get("rejected", ())
    ]
    return {"invoices": [], "repeats": [], **found, "rejected": rejected}


def _titles(table: Table, language: str) -> dict[str, str]:
    """The headings of the template, by the names of the columns."""
    return {each.name: each.en if language == "en" else each.vi for each in COLUMNS[table]}
