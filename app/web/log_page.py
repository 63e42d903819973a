"""The transparency log for everybody: its newest checkpoint, and one record to be checked."""

from typing import Any

from fastapi import Request, Response

from app.api.v1.transparency import PUBLIC_KINDS, receipt_view, subject_of
from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_
from app.transparency import SOURCES
from app.web.pages import render
from app.web.routing import page_router
from app.wording.errors import sentence
from app.wording.verdict import level_word
from traceability.errors import NotFoundError
from traceability.transparency import log, receipts
from traceability.transparency.models import LeafKind
from traceability.verification.findings import Level

router = page_router()

KIND_WORDS = {
    LeafKind.RECALL: N_("Recall"),
    LeafKind.REGISTRATION: N_("Registration decision"),
    LeafKind.EVENT: N_("Traceability event"),
    LeafKind.INVOICE: N_("Invoice (digest)"),
    LeafKind.CASE: N_("Case"),
}


@router.get("/log")
def log_page(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    parts: ServicesDep,
    translate: TranslatorDep,
    kind: LeafKind = LeafKind.RECALL,
    number: str = "",
) -> Response:
    """A record's receipt is shown here and checked by the reader's own browser."""
    keys = parts.settings.log_keys
    newest = log.newest_checkpoint(session)
    kinds = [each for each in KIND_WORDS if each in PUBLIC_KINDS or actor.sees_everything]
    found: dict[str, Any] | None = None
    errors: dict[str, str] = {}
    if number and not number.isdecimal():
        errors["number"] = sentence(translate, "input.int-type", {})
    elif number and kind in kinds:
        try:
            subject = subject_of(kind, int(number))
            receipt = log.receipt(session, keys.origin, kind, subject)
            found = receipt_view(receipt)
            if actor.sees_everything:
                found |= receipts.opened(session, receipt.entry, SOURCES)
        except NotFoundError as error:
            errors["number"] = sentence(translate, error.code, error.arguments)
    return render(
        request,
        "consumer/log.html",
        status=404 if errors else 200,
        kinds={each: KIND_WORDS[each] for each in kinds},
        kind=kind,
        number=number[:20],
        errors=errors,
        checkpoint=log.note_of(keys.origin, newest) if newest else None,
        size=newest.size if newest else 0,
        signed_at=newest.at if newest else None,
        keys=[str(key) for key in keys.public],
        receipt=found,
        levels={level: level_word(translate, level) for level in Level},
    )
