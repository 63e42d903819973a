"""Recalls: the list, opening one after seeing what it will reach, closing one by a decision.

A form is checked by doing it and taking it back: what the confirmation says is what will happen.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, RefusedError, Text, input_of, refusal
from app.web.office import repository, words
from app.web.office.base import RecordId, address, choices, may, number_of
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render, see_other
from app.web.routing import page_router
from traceability.actor import Actor
from traceability.clock import today
from traceability.events import recalls
from traceability.events import repository as events
from traceability.events.models import Recall
from traceability.events.schemas import RecallClosingIn, RecallIn
from traceability.registry import repository as registry
from traceability.registry.columns import Cell
from traceability.registry.models import Party, PartyKind

router = page_router()

PATH = "/office/recalls"
_AGENCIES = 100
_HEADINGS = (
    N_("Notice"), N_("Date of the notice"), N_("Ordered by"), N_("Product"), N_("GTIN"), N_("Lot"),
    N_("Serial number"), N_("Reason"), N_("Advice to holders"), N_("State"), N_("Opened"),
    N_("Closed"), N_("Decision that closes it"),
)  # fmt: skip


@router.get(PATH)
def list_recalls(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    status: str = "",
    before: str = "",
    new: str = "",
    gtin: str = "",
    closing: str = "",
    done: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """The list, with `format=csv` as a file; `new` and `closing` (an id) are the forms."""
    if new and may(actor, f"POST {PATH}"):
        issuer = str(actor.party_id or "")
        return _form(request, session, actor, translate, Notice(gtin=gtin, issuer_id=issuer))
    if closing and may(actor, f"POST {PATH}"):
        return _closing_form(request, session, actor, number_of(closing))
    chosen = status if status in words.RECALL_STATUSES else ""
    if format == "csv":
        return as_csv(
            request, "recalls", _HEADINGS, lambda own: _rows(own, actor, translate, chosen)
        )
    rows = events.list_recalls(
        session, actor, status=chosen or None, before_id=number_of(before) or None,
        limit=PAGE_SIZE + 1,
    )  # fmt: skip
    shown = rows[:PAGE_SIZE]
    more = shown[-1].id if len(rows) > PAGE_SIZE else None
    return render(
        request,
        "office/recalls.html",
        recalls=recalls.describe(session, shown),
        products=registry.products_by_id(session, {row.product_id for row in shown}),
        product_ids={row.id: row.product_id for row in shown},
        statuses=choices(translate, words.RECALL_STATUSES, translate.text(N_("All"))),
        status_words=words.RECALL_STATUSES,
        chosen=chosen,
        first=address(PATH, status=chosen) if before else None,
        next=address(PATH, status=chosen, before=more) if more else None,
        table=address(PATH, status=chosen, format="csv"),
        may_recall=may(actor, f"POST {PATH}"),
        done=events.recall(session, actor, number_of(done)) if done else None,
    )


def _rows(session: Session, actor: Actor, translate: Translator, status: str) -> Iterator[Row]:
    def page(before: int) -> Sequence[Recall]:
        return events.list_recalls(
            session, actor, status=status or None, before_id=before or None, limit=PAGE_ROWS
        )

    for found in pages(session, page, lambda recall: recall.id or 0):
        goods = registry.products_by_id(session, {row.product_id for row in found})
        for row, each in zip(found, recalls.describe(session, found), strict=True):
            yield (
                each.notice_number, each.notice_date, each.issuer_name, goods[row.product_id].name,
                each.gtin, each.lot, each.serial, each.reason, each.advice,
                translate.text(words.RECALL_STATUSES[each.status][0]), each.opened_at,
                each.closed_at, each.closing_decision,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """The form of a new recall, as it was typed."""

    gtin: str = ""
    lot: str = ""
    serial: str = ""
    notice_number: str = ""
    notice_date: str = ""
    issuer_id: str = ""
    reason: str = ""
    advice: str = ""

    def as_input(self) -> RecallIn:
        return input_of(
            RecallIn, asdict(self), {"notice_date": Cell.DATE, "issuer_id": Cell.NUMBER}
        )


def _notice(
    gtin: Text = "",
    lot: Text = "",
    serial: Text = "",
    notice_number: Text = "",
    notice_date: Text = "",
    issuer_id: Text = "",
    reason: Text = "",
    advice: Text = "",
) -> Notice:
    return Notice(gtin, lot, serial, notice_number, notice_date, issuer_id, reason, advice)


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    typed: Notice,
    errors: dict[str, str] | None = None,
) -> Response:
    nobody = [("", translate.text(N_("Not stated")))]
    agencies = [(str(each.id), each.name) for each in _issuers(session, actor)]
    return render(
        request,
        "office/recall_form.html",
        status=422 if errors else 200,
        typed=typed,
        errors=errors or {},
        issuers=nobody + agencies,
        today=today(),
    )


def _issuers(session: Session, actor: Actor) -> list[Party]:
    """Agencies that exist today: who may have ordered a recall."""
    found = registry.list_parties(session, actor, kind=PartyKind.AGENCY, limit=_AGENCIES)
    return [each for each in found if each.valid_to is None or each.valid_to >= today()]


@router.post(PATH)
def open_recall(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    typed: Annotated[Notice, Depends(_notice)],
    step: Text = "check",
) -> Response:
    """Check the form, show what it reaches, and open the recall once that was confirmed."""
    if step == "change":
        return _form(request, session, actor, translate, typed)
    try:
        recall = recalls.open_recall(session, actor, typed.as_input())
    except RefusedError as error:
        errors = refusal(session, translate, error, "notice_number")
        return _form(request, session, actor, translate, typed, errors)
    if step == "open":
        return see_other(address(PATH, done=recall.id))
    context = _reach(session, recall)
    session.rollback()
    return render(request, "office/recall_check.html", typed=typed, fields=asdict(typed), **context)


def _reach(session: Session, recall: Recall) -> dict[str, Any]:
    """What the recall says and whom it reaches, free of the session, which is rolled back."""
    product = registry.products_by_id(session, [recall.product_id])[recall.product_id]
    lot = repository.lot_of(session, recall.product_id, recall.lot) if recall.lot else None
    serials = repository.serials_reached(
        session, recall.product_id, lot=recall.lot, serial=recall.serial
    )
    return {
        "recall": recalls.describe(session, [recall])[0],
        "product_name": product.name,
        "lot_known": lot is not None,
        "expiry_date": lot.expiry_date if lot else None,
        "serials": serials,
    }


def _closing_form(
    request: Request,
    session: Session,
    actor: Actor,
    recall_id: int,
    typed: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    row = recalls.get_recall(session, actor, recall_id)
    return render(
        request,
        "office/recall_closing.html",
        status=422 if errors else 200,
        recall=recalls.describe(session, [row])[0],
        product_name=registry.products_by_id(session, [row.product_id])[row.product_id].name,
        typed=typed,
        errors=errors or {},
    )


@router.post(PATH + "/{recall_id}/closing")
def close_recall(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    recall_id: RecordId,
    closing_decision: Text = "",
) -> Response:
    """Close a recall by a decision, which is named; one that is closed stays as it is."""
    try:
        closing = input_of(RecallClosingIn, {"closing_decision": closing_decision})
        recalls.close_recall(session, actor, recall_id, closing)
    except RefusedError as error:
        errors = refusal(session, translate, error, "closing_decision")
        return _closing_form(request, session, actor, recall_id, closing_decision, errors)
    return see_other(address(PATH, done=recall_id))
