"""Where goods came from and where they went, as people read it; and one event by itself.

What a visitor may see is decided where events are read: authorities see all of it, members the
ways that their own events and those that name them tell.
"""

from datetime import datetime
from typing import Any

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.event_view import event_view
from app.web.pages import field_errors, render
from app.web.routing import page_router
from app.web.trace_picture import draw
from app.web.trace_view import Things, TraceView
from traceability.actor import Actor
from traceability.clock import VIETNAM
from traceability.errors import InvalidError, NotFoundError
from traceability.events.identifiers import gtin_of
from traceability.events.tracing import repository
from traceability.events.tracing.schemas import Direction, TraceOut
from traceability.events.tracing.trace import key_of, trace

router = page_router()

PATH = "/trace"
_SUGGESTED = 50
"""Lots and serials of a product to choose from."""
_DIRECTIONS = {
    Direction.BOTH: N_("Both ways"),
    Direction.UP: N_("Where it came from"),
    Direction.DOWN: N_("Where it went"),
}


class Asked:
    """The question as it stands in the address."""

    def __init__(self, key: str = "", direction: str = Direction.BOTH, at: str = "") -> None:
        self.key, self.direction, self.at = key.strip(), direction, at.strip()

    def answer(self, session: Session, actor: Actor) -> TraceOut:
        """What the question finds.

        Raises:
            InvalidError: `trace.key`, `trace.direction`, `trace.moment`.
            NotFoundError: `trace.unknown`.
        """
        if self.direction not in list(Direction):
            raise InvalidError.of("direction", "trace.direction", value=self.direction[:40])
        return trace(session, actor, key_of(self.key), Direction(self.direction), self._moment())

    def _moment(self) -> datetime | None:
        """A time without zone is Vietnam's, as the form sends it."""
        if not self.at:
            return None
        try:
            found = datetime.fromisoformat(self.at)
            return (found if found.tzinfo else found.replace(tzinfo=VIETNAM)).astimezone(VIETNAM)
        except (ValueError, OverflowError) as error:
            raise InvalidError.of("at", "trace.moment", value=self.at[:40]) from error


@router.get(PATH)
def trace_page(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep,
    key: str = "", direction: str = Direction.BOTH, at: str = "",
) -> Response:  # fmt: skip
    """The form; with a key, its trace, or what there is to choose from instead."""
    asked = Asked(key, direction, at)
    if not asked.key and asked.direction in list(Direction):
        return _page(request, translate, asked)
    try:
        found = asked.answer(session, actor)
    except InvalidError as error:
        errors = field_errors(translate, error.faults)
        return _page(request, translate, asked, status=422, errors=errors)
    except NotFoundError:
        suggested = _suggested(session, actor, translate, key_of(asked.key))
        return _page(request, translate, asked, status=404, suggested=suggested, unknown=True)
    view = TraceView(session, actor, translate, found)
    return _page(request, translate, asked, trace=view.context(), picture=draw(view.picture()))


def _page(
    request: Request, translate: Translator, asked: Asked, *, status: int = 200, **context: Any
) -> Response:
    blank = {"errors": {}, "unknown": False, "suggested": [], "trace": None, "picture": None}
    return render(
        request, "trace/trace.html", status=status, typed=asked,
        directions=[(str(each), translate.text(word)) for each, word in _DIRECTIONS.items()],
        **{**blank, **context},
    )  # fmt: skip


def _suggested(session: Session, actor: Actor, translate: Translator, key: str) -> list[Any]:
    gtin = gtin_of(key)
    if gtin is None:
        return []
    found = repository.named_under(session, actor, gtin, _SUGGESTED)
    things = Things(session, translate, found, ())
    return [things.thing(each) for each in found]


@router.get(f"{PATH}/picture.svg")
def trace_picture(
    session: SessionDep, actor: WebActor, translate: TranslatorDep,
    key: str = "", direction: str = Direction.BOTH, at: str = "",
) -> Response:  # fmt: skip
    """The picture alone, to keep or to print."""
    found = Asked(key, direction, at).answer(session, actor)
    picture = draw(TraceView(session, actor, translate, found).picture(), element=False)
    return Response(
        str(picture), media_type="image/svg+xml",
        headers={"Cache-Control": "no-store", "Content-Language": translate.language},
    )  # fmt: skip


@router.get(f"{PATH}/event")
def event_page(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep,
    id: str = "", done: str = "",  # noqa: A002 -- its name in the address
) -> Response:  # fmt: skip
    """One event: what, when, where, why, by whom, and the event itself."""
    event = event_view(session, actor, translate, id)
    return render(request, "trace/event.html", event=event, done=done)
