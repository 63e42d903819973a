"""An authority registers a certificate with a quantity for its holder: it counts at once."""

from typing import Annotated

from fastapi import File, Form, Request, Response, UploadFile
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.certificate_form import NewCertificate, faults_of_form
from app.web.forms import RefusedError
from app.web.office.base import MAX_FILTER
from app.web.office.certificates import PATH
from app.web.pages import render, see_other
from app.web.routing import page_router
from traceability.actor import Actor
from traceability.registry import certificates, repository

router = page_router()


@router.get(f"{PATH}/new")
def new_certificate(request: Request, holder: str = "") -> Response:
    """The form; `holder` is filled in where the visitor comes from the page of a party."""
    return _form(request, NewCertificate(holder=holder[:MAX_FILTER]))


def _form(
    request: Request, typed: NewCertificate, errors: dict[str, str] | None = None
) -> Response:
    return render(
        request, "office/certificate_new.html", status=422 if errors else 200, typed=typed,
        errors=errors or {},
    )  # fmt: skip


@router.post(PATH)
def register(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    typed: Annotated[NewCertificate, Form()],
    document: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Put it on record; what is wrong with the holder is told beside all other faults."""
    holder, missing = _holder(session, actor, translate, typed.holder)
    try:
        given = typed.as_input(document.file.read() if document else b"", party_id=holder)
        if not missing:
            exceeding = parts.settings.quota_exceeded
            row = certificates.register_certificate(session, actor, given, exceeding)
            return see_other(f"{PATH}/{row.id}?registered=1")
    except RefusedError as error:
        missing |= faults_of_form(session, translate, error)
    return _form(request, typed, missing)


def _holder(
    session: Session, actor: Actor, translate: Translator, text: str
) -> tuple[int | None, dict[str, str]]:
    """Id of the one organisation that the words mean, or what is wrong with them."""
    wanted = " ".join(text.split())[:MAX_FILTER]
    exact = repository.party_with_tax_code(session, wanted)
    found = [exact] if exact else repository.list_parties(session, actor, query=wanted, limit=2)
    if wanted and len(found) == 1:
        return found[0].id, {}
    if not wanted:
        problem = translate.text(N_("Say to whom it was issued."))
    elif found:
        problem = translate.text(N_("Several organisations fit this. Give the whole tax code."))
    else:
        problem = translate.text(N_("No organisation on record fits this."))
    return None, {"holder": problem}
