"""The transparency log for everybody: its newest checkpoint, and one record to be checked."""

from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from app.api.v1.transparency import PUBLIC_KINDS, receipt_view, subject_of
from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_
from app.transparency import SOURCES
from app.web.log_facts import facts_of
from app.web.log_records import MOST_TEXT, Record, meant
from app.web.pages import render
from app.web.routing import page_router
from app.wording.errors import sentence
from app.wording.verdict import level_word
from traceability.actor import Actor
from traceability.errors import NotFoundError
from traceability.transparency import log, receipts
from traceability.transparency.models import LeafKind
from traceability.verification.findings import Level

router = page_router()

KIND_WORDS = {
    LeafKind.RECALL: N_("Recall"),
    LeafKind.REGISTRATION: N_("Registration decision"),
    LeafKind.CERTIFICATE: N_("Quantity certificate"),
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
    record: str = "",
    kind: str = "",
    number: str = "",
) -> Response:
    """A record's receipt is shown here and checked by the reader's own browser.

    `record` is what the reader has of it; `kind` and `number` are its row.
    """
    keys = parts.settings.log_keys
    newest = log.newest_checkpoint(session)
    asked = (record or (f"{kind}:{number}" if number else "")).strip()[:MOST_TEXT]
    records = [each for each in meant(session, actor, asked) if _may_see(actor, each)]
    found: dict[str, Any] | None = None
    errors: dict[str, str] = {}
    if asked and not records:
        errors["record"] = sentence(translate, "transparency.record-unknown", {"record": asked})
    elif len(records) == 1:
        try:
            found = _receipt(session, actor, keys.origin, *records[0])
        except NotFoundError as error:
            errors["record"] = sentence(translate, error.code, error.arguments)
    return render(
        request,
        "consumer/log.html",
        status=404 if errors else 200,
        record=asked,
        choices=[(subject_of(*each), KIND_WORDS[each[0]]) for each in records],
        errors=errors,
        checkpoint=log.note_of(keys.origin, newest) if newest else None,
        size=newest.size if newest else 0,
        signed_at=newest.at if newest else None,
        keys=[str(key) for key in keys.public],
        receipt=found,
        facts=facts_of(translate, found) if found else [],
        levels={level: level_word(translate, level) for level in Level},
    )


def _may_see(actor: Actor, record: Record) -> bool:
    return record[0] in PUBLIC_KINDS or actor.sees_everything


def _receipt(
    session: Session, actor: Actor, origin: str, kind: LeafKind, number: int
) -> dict[str, Any]:
    """The receipt of a record; who sees everything sees what it commits to.

    Raises:
        NotFoundError: `transparency.not-entered` (subject).
    """
    receipt = log.receipt(session, origin, kind, subject_of(kind, number))
    view = receipt_view(receipt)
    if actor.sees_everything:
        view |= receipts.opened(session, receipt.entry, SOURCES)
    return view
