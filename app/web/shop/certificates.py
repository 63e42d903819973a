"""Own certificates with a quantity: what is left of each, and handing a new one in."""

from typing import Annotated

from fastapi import File, Form, Request, Response, UploadFile
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.web.certificate_form import NewCertificate, faults_of_form
from app.web.forms import PAGE_SIZE, RefusedError
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop.base import After
from app.wording.certificates import STATUS_WORDS
from traceability.actor import Actor
from traceability.registry import certificate_repository, certificates
from traceability.verification import quotas

router = page_router()

PATH = "/shop/certificates"


@router.get(PATH)
def list_certificates(
    request: Request, session: SessionDep, actor: WebActor, before: After = 0, done: str = ""
) -> Response:
    return _page(request, session, actor, NewCertificate(), before=before, done=done == "1")


def _page(
    request: Request, session: Session, actor: Actor, typed: NewCertificate,
    *, errors: dict[str, str] | None = None, before: int = 0, done: bool = False,
) -> Response:  # fmt: skip
    rows = certificate_repository.list_certificates(
        session, actor, before_id=before or None, limit=PAGE_SIZE + 1
    )
    shown = rows[:PAGE_SIZE]
    return render(
        request, "shop/certificates.html", status=422 if errors else 200,
        certificates=quotas.describe(session, shown), status_words=STATUS_WORDS, typed=typed,
        errors=errors or {}, before=before, done=done,
        more=shown[-1].id if len(rows) > PAGE_SIZE else None,
    )  # fmt: skip


@router.post(PATH)
def hand_in(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    typed: Annotated[NewCertificate, Form()],
    document: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """It waits until an authority has seen the document."""
    try:
        given = typed.as_input(document.file.read() if document else b"")
        certificates.register_certificate(session, actor, given, parts.settings.quota_exceeded)
    except RefusedError as error:
        errors = faults_of_form(session, translate, error)
        return _page(request, session, actor, typed, errors=errors)
    return see_other(f"{PATH}?done=1")
