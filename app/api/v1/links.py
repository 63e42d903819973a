"""Links of the resolver, for who manages a product's code."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from app.api.answers import problems
from app.api.examples import LinkBody
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from traceability.resolver import links
from traceability.resolver.models import Link
from traceability.resolver.schemas import LinkOut

router = api_router("resolver")


@router.get("/links", responses=problems(422), summary="The links of a product")
def list_links(
    session: SessionDep,
    actor: ApiActor,
    gtin: Annotated[str, Query(max_length=20, description="GTIN of 8, 12, 13 or 14 digits")],
) -> Sequence[LinkOut]:
    """Those in force first; ended ones can be brought back."""
    return [_out(link) for link in links.list_links(session, actor, gtin)]


@router.post("/links", status_code=201, responses=problems(409, 422), summary="Add a link")
def add_link(session: SessionDep, actor: ApiActor, link_in: LinkBody) -> LinkOut:
    """Of a product, one of its lots or one serial; one default for each language and purpose."""
    return _out(links.add_link(session, actor, link_in))


@router.delete("/links/{link_id}", responses=problems(404), summary="End a link")
def end_link(session: SessionDep, actor: ApiActor, link_id: int) -> LinkOut:
    return _out(links.end_link(session, actor, link_id))


@router.post(
    "/links/{link_id}/restoration", responses=problems(404, 409), summary="Bring a link back"
)
def restore_link(session: SessionDep, actor: ApiActor, link_id: int) -> LinkOut:
    return _out(links.restore_link(session, actor, link_id))


def _out(link: Link) -> LinkOut:
    return LinkOut.model_validate(link.model_dump())
