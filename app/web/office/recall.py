"""One recall: what it reaches, whom it concerns, and what they have found."""

from collections.abc import Iterator

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.forms import RefusedError, refusal
from app.web.office import words
from app.web.office.base import RecordId, may
from app.web.office.recall_opening import described
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render, see_other
from app.web.routing import page_router
from traceability.actor import Actor
from traceability.clock import now
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recalling import answers, listing
from traceability.events.recalling.schemas import StandingOut

router = page_router()

PATH = "/office/recalls/{recall_id}"
_ANSWERS = (
    N_("Organisation"), N_("Kinds of goods"), N_("Last event"), N_("Found"), N_("Returned"),
    N_("Destroyed"), N_("Unit"), N_("Note"), N_("Answered"),
)  # fmt: skip
_GOODS = (
    N_("Product"), N_("GTIN"), N_("Lot"), N_("Serial number"), N_("How sure"),
    N_("Affected since"), N_("Recalled"), N_("Identifier"),
)  # fmt: skip


@router.get(PATH)
def show_recall(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    recall_id: RecordId,
    done: str = "",
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    """The page; `format=csv` is the table of answers as a file, `format=goods` the goods."""
    row = recalls.get_recall(session, actor, recall_id)
    if format == "csv":
        return as_csv(
            request, f"recall-{recall_id}", _ANSWERS, lambda own: _answers(own, actor, recall_id)
        )
    if format == "goods":
        return as_csv(
            request, f"recall-{recall_id}-goods", _GOODS,
            lambda own: _goods(own, actor, translate, recall_id),
        )  # fmt: skip
    return _page(request, session, actor, row, done=done)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    row: Recall,
    done: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    return render(
        request,
        "office/recall.html",
        status=422 if errors else 200,
        **described(session, actor, row, conducts=True),
        is_stale=row.stale_since is not None and row.stale_since <= now(),
        may_recall=may(actor, "POST /office/recalls"),
        done=done,
        errors=errors or {},
    )


def _answers(session: Session, actor: Actor, recall_id: int) -> Iterator[Row]:
    recall = recalls.get_recall(session, actor, recall_id)
    for each in answers.progress(session, actor, recall).parties:
        yield (each.name, each.goods, each.last_time, *_told(each))


def _told(standing: StandingOut) -> Row:
    told = standing.answer
    if told is None:
        return (None,) * 6
    return (told.found, told.returned, told.destroyed, told.unit, told.note, told.at)


def _goods(session: Session, actor: Actor, translate: Translator, recall_id: int) -> Iterator[Row]:
    recall = recalls.get_recall(session, actor, recall_id)
    told = pages(
        session,
        lambda after: listing.goods(session, actor, recall, after_id=after, limit=PAGE_ROWS),
        lambda row: row.id or 0,
    )
    yes, no = translate.text(N_("yes")), translate.text(N_("no"))
    for rows in told:
        for each in listing.describe(session, rows):
            yield (
                each.product_name, each.gtin, each.lot, each.serial,
                translate.text(words.CERTAINTIES[each.certainty][0]), each.since,
                yes if each.in_force else no, each.key,
            )  # fmt: skip


@router.post(PATH + "/reach")
def work_out_again(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    recall_id: RecordId,
) -> Response:
    """Take in what later events tell."""
    try:
        found = recalls.reaching_again(parts.database, actor, recall_id)
        added = recalls.work_out_again(session, actor, recall_id, found)
    except RefusedError as error:
        return _refused(request, session, actor, translate, recall_id, error)
    return see_other(f"/office/recalls/{recall_id}?done={'more' if added else 'same'}")


@router.post(PATH + "/confirmation")
def confirm_recall(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    recall_id: RecordId,
) -> Response:
    """Put an owner's recall in force for the goods of others, too."""
    try:
        recalls.confirm_recall(session, actor, recall_id)
    except RefusedError as error:
        return _refused(request, session, actor, translate, recall_id, error)
    return see_other(f"/office/recalls/{recall_id}?done=confirmed")


def _refused(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    recall_id: int,
    error: "RefusedError",  # type: ignore[valid-type]
) -> Response:
    errors = refusal(session, translate, error)
    return _page(
        request, session, actor, recalls.get_recall(session, actor, recall_id), errors=errors
    )
