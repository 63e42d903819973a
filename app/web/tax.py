"""The start page of the tax authority: what its API key feeds. It reads; the key writes."""

from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import Translator
from app.security import keys
from app.web import tax_repository
from app.web.forms import PAGE_SIZE
from app.web.office.base import number_of
from app.web.pages import render
from app.web.routing import page_router
from app.wording.errors import sentence
from traceability.actor import Actor
from traceability.clock import now
from traceability.jobs import Job
from traceability.registry import repository as registry

router = page_router()

_SHOWN = 10
"""Refused deliveries and contradictions that are listed."""
_FILES = 20
"""Refused files of one delivery."""


@router.get("/tax")
def start(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    before: str = "",
) -> Response:
    """Numbers, the invoices handed in last, what was not taken in, and the keys."""
    cursor = number_of(before)
    rows = tax_repository.received(session, actor, before_id=cursor, limit=PAGE_SIZE + 1)
    more = rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None
    own = registry.parties_by_id(session, [actor.party_id]) if actor.party_id else {}
    return render(
        request, "tax.html", party=own.get(actor.party_id or 0), invoices=rows[:PAGE_SIZE],
        counts=tax_repository.counts(session, actor), most=tax_repository.MOST_COUNTED,
        refused=_refused(session, actor, translate),
        conflicts=tax_repository.conflicts(session, actor, _SHOWN),
        keys=[key for key in keys.list_keys(session, actor) if key.role == actor.role], now=now(),
        host=parts.settings.public_url.rstrip("/"),
        first="/tax#received" if cursor else None,
        next=f"/tax?before={more}#received" if more else None,
    )  # fmt: skip


def _refused(session: Session, actor: Actor, translate: Translator) -> list[dict[str, Any]]:
    return [_delivery(translate, job) for job in tax_repository.refused(session, actor, _SHOWN)]


def _delivery(translate: Translator, job: Job) -> dict[str, Any]:
    result = job.result or {}
    files = [
        (each["file"], sentence(translate, each["code"], each["arguments"]))
        for each in result.get("rejected", ())[:_FILES]
    ]
    return {"at": job.created_at, "refused": result.get("refused", 0), "files": files}
