"""Own certificates with a quantity: what is left of each, and handing a new one in."""

import hashlib
from typing import Annotated, Any

from fastapi import File, Form, Request, Response, UploadFile
from pydantic import BaseModel
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.web.forms import PAGE_SIZE, RefusedError, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop.base import After
from app.wording.certificates import STATUS_WORDS
from traceability.actor import Actor
from traceability.registry import certificate_repository, certificates
from traceability.registry.certificate_schemas import CertificateIn
from traceability.registry.columns import Cell
from traceability.verification import quotas

router = page_router()

PATH = "/shop/certificates"
_KINDS = {
    "quantity": Cell.QUANTITY,
    "per_serial": Cell.QUANTITY,
    "valid_from": Cell.DATE,
    "valid_to": Cell.DATE,
}


class NewCertificate(BaseModel):
    """The form as typed; GTINs one a line."""

    number: str = ""
    issuer: str = ""
    gtins: str = ""
    quantity: str = ""
    unit: str = ""
    per_serial: str = ""
    area: str = ""
    valid_from: str = ""
    valid_to: str = ""

    def as_input(self, document: bytes) -> CertificateIn:
        """The document is not kept: its digest says later whether a file is the same."""
        values: dict[str, Any] = {"gtins": self.gtins.split()}
        if document:
            values["document_digest"] = hashlib.sha256(document).hexdigest()
        return input_of(CertificateIn, self.model_dump(exclude={"gtins"}), _KINDS, **values)


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
        errors = refusal(session, translate, error, "number")
        of_lines = [text for name, text in errors.items() if name.startswith("gtins.")]
        if of_lines:
            errors.setdefault("gtins", of_lines[0])
        return _page(request, session, actor, typed, errors=errors)
    return see_other(f"{PATH}?done=1")
