"""Opening a recall: the form, what it would reach, and the recall, for offices and owners alike.

A form is checked by doing it and taking it back: what the confirmation says is what will happen.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, WebActor, current_translator, services
from app.i18n import N_
from app.web.forms import RefusedError, Text, input_of, refusal
from app.web.office import repository, words
from app.web.pages import render, see_other
from app.web.routing import page_router
from traceability.actor import Actor
from traceability.clock import today
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recall_schemas import RecallIn
from traceability.events.recalling import answers
from traceability.registry import repository as registry
from traceability.registry.columns import Cell
from traceability.registry.models import Party, PartyKind
from traceability.verification.recalled_scans import with_scans

router = page_router()

_AGENCIES = 100
MADE_FROM = "made-from"
SHOWN = 20
"""Entries of each list of a reach on a page."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The form of a new recall, as it was typed."""

    gtin: str = ""
    lot: str = ""
    serial: str = ""
    """One serial number or several, apart by spaces, commas or lines."""
    inputs: str = ""
    """Keys, one a line, of a recall of what was made from them."""
    made_from: str = ""
    """Says which of the two forms it is."""
    notice_number: str = ""
    notice_date: str = ""
    issuer_id: str = ""
    reason: str = ""
    advice: str = ""

    def as_input(self) -> RecallIn:
        texts = asdict(self)
        serials = re.split(r"[\s,;]+", texts.pop("serial").strip())
        inputs = [line.strip() for line in texts.pop("inputs").splitlines() if line.strip()]
        values: dict[str, Any] = {}
        if texts.pop("made_from"):
            texts = {name: texts[name] for name in texts if name not in ("gtin", "lot")}
            values["inputs"] = inputs
        elif len(serials) > 1:
            values["serials"] = serials
        elif serials[0]:
            values["serial"] = serials[0]
        kinds = {"notice_date": Cell.DATE, "issuer_id": Cell.NUMBER}
        return input_of(RecallIn, texts, kinds, **values)


def _notice(
    gtin: Text = "",
    lot: Text = "",
    serial: Text = "",
    inputs: Text = "",
    made_from: Text = "",
    notice_number: Text = "",
    notice_date: Text = "",
    issuer_id: Text = "",
    reason: Text = "",
    advice: Text = "",
) -> Notice:
    return Notice(
        gtin, lot, serial, inputs, made_from, notice_number, notice_date, issuer_id, reason, advice
    )


NoticeForm = Annotated[Notice, Depends(_notice)]


@router.post("/office/recalls")
@router.post("/shop/recalls")
def open_recall(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    typed: NoticeForm,
    step: Text = "check",
) -> Response:
    """Check the form, show what it reaches, and open the recall once that was confirmed."""
    at = request.url.path
    if step == "change":
        return opening_form(request, session, actor, typed)
    database = services(request).database
    try:
        given = typed.as_input()
        found = recalls.reaching(database, actor, given)
        recall = recalls.open_recall(session, actor, given, found)
    except RefusedError as error:
        errors = refusal(session, current_translator(request), error, "notice_number")
        told = {_FIELDS.get(_stem(x), _stem(x)): text for x, text in errors.items()}
        return opening_form(request, session, actor, typed, told)
    if step == "open":
        return see_other(f"{at}/{recall.id}?done=opened")
    context = _named(session, recall)
    session.rollback()
    # Nobody waits for the writer while this is worked out.
    with database.reading() as reading:
        reach = with_scans(reading, recalls.foresee(reading, actor, given))
    return render(
        request, "office/recall_check.html", typed=typed, fields=asdict(typed), at=at, shown=SHOWN,
        reach=reach, **context,
    )  # fmt: skip


def opening_form(
    request: Request,
    session: Session,
    actor: Actor,
    typed: Notice,
    errors: Mapping[str, str] | None = None,
) -> Response:
    """The form, with what was typed; it belongs to the list at the address of the request."""
    nobody = [("", current_translator(request).text(N_("Not stated")))]
    agencies = [(str(each.id), each.name) for each in _issuers(session, actor)]
    return render(
        request,
        "office/recall_form.html",
        status=422 if errors else 200,
        typed=typed,
        errors=errors or {},
        at=request.url.path,
        issuers=nobody + agencies if actor.sees_everything else [],
        today=today(),
    )


def _issuers(session: Session, actor: Actor) -> list[Party]:
    """Agencies that exist today; an owner orders its recall itself."""
    if not actor.sees_everything:
        return []
    found = registry.list_parties(session, actor, kind=PartyKind.AGENCY, limit=_AGENCIES)
    return [each for each in found if each.valid_to is None or each.valid_to >= today()]


_FIELDS = {"serials": "serial"}


def _stem(field: str) -> str:
    """`inputs.3` is about the field `inputs`."""
    return field.partition(".")[0]


def described(session: Session, actor: Actor, recall: Recall, *, conducts: bool) -> dict[str, Any]:
    """What the page of a recall says; who conducts it sees what it reaches and who has answered."""
    return {
        "recall": recalls.describe(session, [recall])[0],
        "status_words": words.RECALL_STATUSES,
        "scope_words": words.RECALL_SCOPES,
        "shown": SHOWN,
        "progress": answers.progress(session, actor, recall) if conducts else None,
        "reach": with_scans(session, recalls.reach_of(session, actor, recall.id or 0))
        if conducts
        else None,
    }


def _named(session: Session, recall: Recall) -> dict[str, Any]:
    """What the recall says, free of the session, which is rolled back."""
    product = None
    if recall.product_id is not None:
        product = registry.products_by_id(session, [recall.product_id])[recall.product_id]
    return {
        "recall": recalls.describe(session, [recall])[0],
        "product_name": product.name if product else None,
        **_registered(session, recall),
    }


def _registered(session: Session, recall: Recall) -> dict[str, Any]:
    """What the register knows of the goods that a recall names itself."""
    number = recall.product_id
    lot = repository.lot_of(session, number, recall.lot) if number and recall.lot else None
    serials = 0
    if number is not None:
        serials = repository.serials_reached(session, number, lot=recall.lot, serial=recall.serial)
    return {
        "lot_known": lot is not None,
        "expiry_date": lot.expiry_date if lot else None,
        "serials": serials,
    }
