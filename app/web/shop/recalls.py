"""Recalls that concern an organisation: what it holds of them, what it has found, and its own."""

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.web.forms import PAGE_SIZE, RefusedError, Text, input_of, refusal
from app.web.office import words
from app.web.office.recall_opening import MADE_FROM, Notice, described, opening_form
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop.base import RecordId
from traceability.actor import Actor
from traceability.errors import NotFoundError
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recalling import answers, listing, repository
from traceability.events.recalling.schemas import RecallAnswerIn
from traceability.registry.columns import Cell

router = page_router()

PATH = "/shop/recalls"
_MOST_GOODS = 50
_FIELDS = ("found", "returned", "destroyed", "unit", "note")


@router.get(PATH)
def list_recalls(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    before: int = 0,
    new: str = "",
    gtin: str = "",
) -> Response:
    """Those that concern the organisation, newest first; `new` is the form of one's own."""
    if new:
        typed = Notice(gtin=gtin, made_from=MADE_FROM if new == MADE_FROM else "")
        return opening_form(request, session, actor, typed)
    party_id = actor.party_id or 0
    rows = repository.recalls_held(
        session, party_id, before_id=before or None, limit=PAGE_SIZE + 1
    )  # fmt: skip
    shown = rows[:PAGE_SIZE]
    told = repository.newest_answers(session, [row.id or 0 for row in shown], party_id)
    return render(
        request,
        "shop/recalls.html",
        recalls=recalls.describe(session, shown),
        answered={number for number, _ in told},
        status_words=words.RECALL_STATUSES,
        scope_words=words.RECALL_SCOPES,
        first=PATH if before else None,
        next=f"{PATH}?before={shown[-1].id}" if len(rows) > PAGE_SIZE else None,
    )


@router.get(PATH + "/{recall_id}")
def show_recall(
    request: Request, session: SessionDep, actor: WebActor, recall_id: RecordId, done: str = ""
) -> Response:
    """What is recalled of what the organisation holds, and the form for what it has found."""
    return _page(request, session, actor, _concerning(session, actor, recall_id), done=done)


def _concerning(session: Session, actor: Actor, recall_id: int) -> Recall:
    """A recall that concerns the organisation, or that it has opened.

    Raises:
        NotFoundError: `events.recall-not-held` (recall_id), `events.recall-unknown`.
    """
    recall = recalls.get_recall(session, actor, recall_id)
    is_held = repository.holder(session, recall_id, actor.party_id or 0) is not None
    if not is_held and not recalls.conducts(actor, recall):
        raise NotFoundError("events.recall-not-held", recall_id=recall_id)
    return recall


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    row: Recall,
    done: str = "",
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    number, party_id = row.id or 0, actor.party_id or 0
    goods = repository.goods_known_to(session, actor, number, _MOST_GOODS + 1)
    told = repository.newest_answers(session, [number], party_id).get((number, party_id))
    is_own = recalls.conducts(actor, row)
    return render(
        request,
        "shop/recall.html",
        status=422 if errors else 200,
        **described(session, actor, row, conducts=is_own),
        goods=listing.describe(session, goods[:_MOST_GOODS]),
        more=len(goods) > _MOST_GOODS,
        answer=answers.answer_out(told) if told else None,
        is_held=repository.holder(session, number, party_id) is not None,
        is_own=is_own,
        typed=typed or dict.fromkeys(_FIELDS, ""),
        done=done,
        errors=errors or {},
    )


@router.post(PATH + "/{recall_id}")
def answer_recall(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    recall_id: RecordId,
    found: Text = "",
    returned: Text = "",
    destroyed: Text = "",
    unit: Text = "",
    note: Text = "",
) -> Response:
    """Tell what was found in all so far; nothing returned or destroyed may be left empty."""
    _concerning(session, actor, recall_id)
    typed = dict(zip(_FIELDS, (found, returned, destroyed, unit, note), strict=True))
    kinds = dict.fromkeys(("found", "returned", "destroyed"), Cell.QUANTITY)
    try:
        given = input_of(RecallAnswerIn, typed, kinds)
        answers.answer(session, actor, recall_id, given)
    except RefusedError as error:
        errors = refusal(session, translate, error, "found")
        recall = _concerning(session, actor, recall_id)
        return _page(request, session, actor, recall, typed=typed, errors=errors)
    return see_other(f"{PATH}/{recall_id}?done=answered")
