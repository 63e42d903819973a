"""The diary of an organisation: its own events, a filled diary, and taking a mistake back.

Nothing is ever deleted: who told something wrong declares that it was in error, and tells it right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import File, Request, Response, UploadFile
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.event_view import event_view
from app.web.forms import PAGE_SIZE, Text
from app.web.pages import field_errors, render, see_other
from app.web.routing import page_router
from app.web.shop.base import After
from app.web.trace_view import Things, event_address
from app.wording import diary as diary_words
from app.wording.errors import sentence
from app.wording.events import step_word
from traceability.actor import Actor
from traceability.errors import ConflictError, ForbiddenError, InvalidError
from traceability.events import capture, diary_capture, event_repository
from traceability.events.faults import EventsInvalidError

router = page_router()

PATH = "/shop/events"
_NAMED = 3
"""Goods of an event that the list names."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REASONS: Mapping[str, str] = {
    "did_not_occur": N_("It did not happen"),
    "incorrect_data": N_("It happened, and something in it is wrong"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An event in the list."""

    address: str
    word: str
    time: datetime
    goods: Sequence[str]
    more: int
    in_error: bool


@router.get(PATH)
def list_events(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep,
    before: After = 0, done: str = "",
) -> Response:  # fmt: skip
    """Own events, the newest first; `done` is how many a table brought."""
    found = event_repository.own_events(
        session, actor.party_id or 0, before_id=before or None, limit=PAGE_SIZE + 1
    )
    shown = found[:PAGE_SIZE]
    return render(
        request, "shop/events.html", rows=_rows(session, translate, shown),
        first=PATH if before else None, done=int(done) if done.isdecimal() else 0,
        next=f"{PATH}?before={shown[-1].id}" if len(found) > PAGE_SIZE else None,
    )  # fmt: skip


def _rows(session: Session, translate: Translator, events: Sequence[Any]) -> list[Row]:
    named = event_repository.keys_of(session, [event.id for event in events])
    keys = {number: [each["key"] for each in found] for number, found in named.items()}
    first = {key for found in keys.values() for key in found[:_NAMED]}
    things = Things(session, translate, first, ())
    return [
        Row(
            event_address(event.event_id), step_word(translate, event.biz_step, event.type),
            event.event_time, [things.text(key) for key in keys[event.id][:_NAMED]],
            max(len(keys[event.id]) - _NAMED, 0), event.in_error,
        )
        for event in events
    ]  # fmt: skip


@router.get(f"{PATH}/table")
def diary_form(request: Request) -> Response:
    return _diary_page(request, {}, None)


def _diary_page(request: Request, errors: dict[str, str], result: Any) -> Response:
    return render(
        request, "shop/event_table.html", status=422 if errors or result else 200, errors=errors,
        result=result,
    )  # fmt: skip


@router.post(f"{PATH}/table")
def send_diary(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Every row becomes an event, or none does; what is wrong is told by row and column."""
    data, name = (file.file.read(), file.filename or "") if file else (b"", "")
    if not data:
        return _diary_page(
            request, {"file": translate.text(N_("Choose the file to import."))}, None
        )
    try:
        result = diary_capture.capture_diary(
            session, actor, data, name, parts.settings.capture_policy
        )
    except InvalidError as error:
        session.rollback()
        texts = [next(iter(field_errors(translate, [each]).values())) for each in error.faults]
        return _diary_page(request, {"file": " ".join(texts[:10])}, None)
    if not result.errors:
        return see_other(f"{PATH}?done={result.captured}")
    session.rollback()
    return _diary_page(
        request, {}, diary_words.diary_result_view(translate, result.as_json())
    )  # fmt: skip


@router.get(f"{PATH}/template")
def diary_template(translate: TranslatorDep) -> Response:
    """An empty diary with the steps to choose from, and a sheet that explains it."""
    headers = {
        "Content-Disposition": 'attachment; filename="nhat-ky.xlsx"', "Cache-Control": "no-store",
    }  # fmt: skip
    return Response(diary_words.diary_template(translate), headers=headers, media_type=_XLSX)


@router.get(f"{PATH}/error")
def error_form(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep,
    id: str = "",  # noqa: A002 -- its name in the address
) -> Response:  # fmt: skip
    """What would be declared to be in error, and why."""
    return _error_page(request, session, actor, translate, id, {})


def _error_page(
    request: Request, session: Session, actor: Actor, translate: Translator, event_id: str,
    errors: dict[str, str],
) -> Response:  # fmt: skip
    event = event_view(session, actor, translate, event_id)
    if not actor.owns(event.party_id):
        raise ForbiddenError("events.not-yours")
    return render(
        request, "shop/event_error.html", status=422 if errors else 200, event=event,
        errors=errors, reasons=[(word, translate.text(text)) for word, text in REASONS.items()],
    )  # fmt: skip


@router.post(f"{PATH}/error")
def declare_error(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    id: Text = "",  # noqa: A002 -- its name on the form
    reason: Text = "",
) -> Response:
    """Declare an own event to be in error; it stays on record, and no longer counts."""
    if reason not in REASONS:
        choose = {"reason": translate.text(N_("Choose one of these."))}
        return _error_page(request, session, actor, translate, id, choose)
    event_view(session, actor, translate, id)
    try:
        capture.declare_in_error(session, actor, id, reason, parts.settings.capture_policy)
    except ConflictError:
        return see_other(f"{event_address(id)}&done=declared")
    except EventsInvalidError as error:
        session.rollback()
        text = " ".join(sentence(translate, each.code, each.arguments) for each in error.faults)
        return _error_page(request, session, actor, translate, id, {"reason": text})
    return see_other(f"{event_address(id)}&done=declared")
