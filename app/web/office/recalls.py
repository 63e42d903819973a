"""Recalls: the list, opening one after seeing what it will reach, closing one by a decision."""

from collections.abc import Iterator, Sequence

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.forms import PAGE_SIZE, RefusedError, Text, input_of, refusal
from app.web.office import words
from app.web.office.base import RecordId, address, choices, may, number_of
from app.web.office.recall_opening import MADE_FROM, Notice, opening_form
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render, see_other
from app.web.routing import page_router
from traceability.actor import Actor
from traceability.events import recall_repository as events
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recall_schemas import RecallClosingIn
from traceability.registry import repository as registry

router = page_router()

PATH = "/office/recalls"
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
        made_from = MADE_FROM if new == MADE_FROM else ""
        typed = Notice(gtin=gtin, issuer_id=str(actor.party_id or ""), made_from=made_from)
        return opening_form(request, session, actor, typed)
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
        names=_names(session, shown),
        statuses=choices(translate, words.RECALL_STATUSES, translate.text(N_("All"))),
        status_words=words.RECALL_STATUSES,
        scope_words=words.RECALL_SCOPES,
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
        goods = _names(session, found)
        for each in recalls.describe(session, found):
            yield (
                each.notice_number, each.notice_date, each.issuer_name,
                goods.get(each.id) or translate.text(words.RECALL_SCOPES[each.scope]),
                each.gtin, each.lot, each.serial, each.reason, each.advice,
                translate.text(words.RECALL_STATUSES[each.status][0]), each.opened_at,
                each.closed_at, each.closing_decision,
            )  # fmt: skip


def _names(session: Session, rows: Sequence[Recall]) -> dict[int, str]:
    """The names of the products that recalls name themselves, by recall."""
    ids = {row.id or 0: row.product_id for row in rows if row.product_id is not None}
    goods = registry.products_by_id(session, set(ids.values()))
    return {number: goods[product_id].name for number, product_id in ids.items()}


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
        product_name=_names(session, [row]).get(recall_id),
        scope_words=words.RECALL_SCOPES,
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
