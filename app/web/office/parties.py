"""A party: what is on record, every decision on it, its company prefixes and its products."""

from fastapi import Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import Translator
from app.web.forms import PAGE_SIZE
from app.web.office.base import RecordId, address, number_of
from app.web.office.decisions import Decision, done_context, form_context
from app.web.pages import render
from app.web.routing import page_router
from traceability.actor import Actor
from traceability.registry import area_repository, parties, repository

router = page_router()


@router.get("/office/parties/{party_id}")
def show_party(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    party_id: RecordId,
    done: str = "",
    after: str = "",
) -> Response:
    return party_page(
        request, session, actor, translate, party_id, done=done, after=number_of(after)
    )


def party_page(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    party_id: int,
    *,
    typed: Decision | None = None,
    errors: dict[str, str] | None = None,
    done: str = "",
    after: int = 0,
) -> Response:
    """The page of a party, with the form of a decision where the visitor may decide.

    Raises:
        NotFoundError: `registry.party-unknown` (party_id).
    """
    row = parties.get_party(session, actor, party_id)
    party = parties.describe(session, [row])[0]
    named = [number for number in (row.successor_id, row.registered_by_id) if number]
    products = repository.list_products(
        session, actor, producer_id=party_id, after_id=after, limit=PAGE_SIZE + 1
    )
    more = products[PAGE_SIZE - 1].id if len(products) > PAGE_SIZE else None
    here = f"/office/parties/{party_id}"
    return render(
        request,
        "office/party.html",
        status=422 if errors else 200,
        party=party,
        related=repository.parties_by_id(session, named),
        entered_by=row.registered_by_id,
        area=area_repository.last_area(session, party.area_code) if party.area_code else None,
        history=repository.registrations(session, [party_id]).get(party_id, []),
        products=products[:PAGE_SIZE],
        first=here if after else None,
        next=address(here, after=more) if more else None,
        typed=typed or Decision(),
        errors=errors or {},
        **form_context(actor, translate),
        **done_context(session, translate, done),
    )
