"""Events: one in, and those out that match."""

from dataclasses import replace
from urllib.parse import quote

from fastapi import Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.api.answers import problems
from app.api.context import count_public
from app.deps import ApiActor, ServicesDep
from app.epcis import bodies, paging
from app.epcis.answers import FORMS, query_document, single
from app.epcis.headers import form_of, warned
from app.epcis.routing import ROOT, epcis_router, in_session, once_more
from app.problems import NotInXmlPageError
from traceability.actor import Actor
from traceability.errors import NotFoundError
from traceability.events import capture, queries
from traceability.events.capture import CapturedEvent
from traceability.events.documents import ReadEvent, read_event
from traceability.events.event_ids import event_id as compared
from traceability.events.faults import NotInXmlError, refusal
from traceability.events.queries import Page
from traceability.events.query_parameters import Query, Term, read_query
from traceability.events.rendering import EpcFormat

router = epcis_router()


@router.post("/events", status_code=201, responses=problems(409, 415), summary="Capture an event")
async def post_event(request: Request, parts: ServicesDep, actor: ApiActor) -> Response:
    """One event, JSON-LD or XML. The Location header names it.

    What a capture of a document would warn of stands in the header Capture-Warnings.
    """
    kind = bodies.media_type(request)
    data = await request.body()
    policy = parts.settings.capture_policy

    def work(session: Session) -> CapturedEvent:
        return capture.capture_event(session, actor, _event(kind, data), policy)

    captured = await once_more(request, work)
    location = f"{ROOT}/events/{quote(captured.event_id, safe='')}"
    return Response(None, 201, {"Location": location, **warned(captured.warnings)})


def _event(kind: str, data: bytes) -> ReadEvent:
    if kind == "json":
        return read_event(data)
    document = bodies.read(kind, data)
    if len(document.events) != 1:
        raise refusal("events.one-event", count=len(document.events))
    event = document.events[0]
    return replace(event, faults=(*document.faults, *event.faults))


@router.get("/events", responses={**FORMS, **problems(413)}, summary="Events that match a query")
async def get_events(request: Request, actor: ApiActor) -> Response:
    """The parameters are those of EPCIS 2.0 section 8.2.7.1, such as EQ_bizStep or MATCH_epc."""
    return await answer(request, actor, {}, name="events")


@router.get("/events/{event_id:path}", responses={**FORMS, **problems(404)}, summary="An event")
async def get_event(request: Request, actor: ApiActor, event_id: str) -> Response:
    count_public(request, actor)
    form = form_of(request, actor)
    query = Query((Term("EQ_eventID", (compared(event_id),)),))
    found = await in_session(request, lambda s: queries.find(s, actor, query, size=1))
    if not found.events:
        raise NotFoundError("events.unknown", event_id=event_id[:120])
    return single(found.events[0], form)


async def answer(
    request: Request, actor: Actor, fixed: dict[str, list[str]], *, name: str
) -> Response:
    """A page of the events that match the address's parameters and the fixed ones.

    Raises:
        QueryInvalidError: what is wrong with the parameters.
        NotInXmlPageError: XML is asked for, and has no place for the first event.
    """
    count_public(request, actor)
    form = form_of(request, actor)
    given, size, token = paging.split(request.query_params.multi_items())
    # Who wants nothing translated means the spelling that was sent, in the question too.
    query = replace(_joined(read_query(given), fixed), literal=form.spelling is EpcFormat.AS_SENT)
    whole = {**{f"fixed {key}": value for key, value in fixed.items()}, **given}
    after = paging.place_of(whole, token)
    # As it was sent: a key in the path stays escaped.
    path = request.scope["raw_path"].decode("ascii", "replace")

    async def page(most: int) -> Response:
        def find(session: Session) -> Page:
            return queries.find(session, actor, query, size=most, after=after)

        found = await in_session(request, find)
        following = paging.token_of(whole, found.next) if found.next else None
        headers = paging.headers_of(path, given, size, following)
        try:
            return await run_in_threadpool(
                query_document, found.events, form, name=name, headers=headers
            )
        except NotInXmlError as error:
            if most == 1:
                raise NotInXmlPageError(error, headers) from error
            # What comes before that event is a page; then it alone is refused.
            return await page(error.before or 1)

    return await page(size)


def _joined(query: Query, fixed: dict[str, list[str]]) -> Query:
    """A query narrowed by the parameters that stand fast."""
    if not fixed:
        return query
    more = read_query(fixed)
    return Query(
        (*more.terms, *query.terms),
        query.order_by or more.order_by,
        query.descending if query.order_by else more.descending,
        query.limit or more.limit,
        query.maximum or more.maximum,
    )
