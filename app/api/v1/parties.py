"""Parties, their registration, and the balances of a shop; areas."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

from app.api.answers import Cursor, Limit, Page, Words, id_of_cursor, page, problems
from app.api.examples import DecisionBody, PartyBody, PartyPatchBody
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from traceability.actor import MEMBERS
from traceability.clock import today
from traceability.errors import NotFoundError
from traceability.invoices import ledger
from traceability.registry import area_repository, parties, registrations, repository
from traceability.registry.schemas import PartyOut

router = api_router("registry")


@router.post("/parties", status_code=201, responses=problems(409, 422), summary="Register a party")
def create_party(session: SessionDep, actor: ApiActor, party_in: PartyBody) -> PartyOut:
    """Made by an authority it is registered at once; made by a member it waits for approval."""
    return parties.describe(session, [parties.create_party(session, actor, party_in)])[0]


@router.get("/parties", responses=problems(422), summary="Parties")
def list_parties(
    session: SessionDep,
    actor: ApiActor,
    q: Words = None,
    kind: str | None = None,
    status: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[PartyOut]:
    """`q` finds the beginnings of words with and without marks, and tax codes."""
    rows = repository.list_parties(
        session, actor, query=q, kind=kind, status=status,
        after_id=id_of_cursor(cursor) or 0, limit=limit,
    )  # fmt: skip
    return page(parties.describe(session, rows), limit, rows[-1].id if rows else None)


@router.get("/parties/{party_id}", responses=problems(404), summary="A party")
def get_party(session: SessionDep, actor: ApiActor, party_id: int) -> PartyOut:
    return parties.describe(session, [parties.get_party(session, actor, party_id)])[0]


@router.patch("/parties/{party_id}", responses=problems(404, 409, 422), summary="Change a party")
def change_party(
    session: SessionDep, actor: ApiActor, party_id: int, change: PartyPatchBody
) -> PartyOut:
    return parties.describe(session, [parties.change_party(session, actor, party_id, change)])[0]


@router.post(
    "/parties/{party_id}/registrations",
    status_code=201,
    responses=problems(404, 422),
    summary="Decide on a registration",
)
def decide_registration(
    session: SessionDep, actor: ApiActor, party_id: int, decision: DecisionBody
) -> PartyOut:
    """Approve, refuse, suspend or revoke; earlier decisions stay on record."""
    registrations.decide_registration(session, actor, party_id, decision)
    return parties.describe(session, [parties.get_party(session, actor, party_id)])[0]


class BalanceOut(BaseModel):
    product_id: int
    gtin: str
    name: str
    bought: Decimal
    sold: Decimal
    opening: Decimal
    """Of the last opening count; 0 without one."""
    opening_on: date | None
    returned: Decimal
    seized: Decimal
    expected: Decimal
    """Opening and bought, less sold, returned and seized."""
    counted: Decimal | None
    """The last count on the shelf by an inspector."""
    counted_on: date | None
    units: list[str]
    """Units of lines without a factor; more than one makes the sum unsure."""
    first_on: date | None
    last_on: date | None


class BalancesOut(BaseModel):
    party_id: int
    tax_code: str
    as_of: date
    items: list[BalanceOut]
    unlinked_lines: int
    """Invoice lines of goods that no product is known for yet."""


@router.get(
    "/parties/{party_id}/balances", responses=problems(404), summary="Bought and sold by product"
)
def list_balances(
    session: SessionDep, actor: ApiActor, party_id: int, as_of: date | None = None
) -> BalancesOut:
    """From the invoices on record, replaced ones left out. Members see their own."""
    if actor.role in MEMBERS and not actor.owns(party_id):
        raise NotFoundError("registry.party-unknown", id=party_id)
    party = parties.get_party(session, actor, party_id)
    on = as_of or today()
    found = ledger.balances(session, party.tax_code, on) if party.tax_code else []
    described = repository.products_by_id(session, [b.product_id for b in found])
    return BalancesOut(
        party_id=party_id,
        tax_code=party.tax_code or "",
        as_of=on,
        items=[
            BalanceOut(
                product_id=b.product_id,
                gtin=described[b.product_id].gtin,
                name=described[b.product_id].name,
                bought=b.bought,
                sold=b.sold,
                opening=b.opening,
                opening_on=b.opening_on,
                returned=b.returned,
                seized=b.seized,
                expected=b.expected,
                counted=b.counted,
                counted_on=b.counted_on,
                units=list(b.units),
                first_on=b.first_on,
                last_on=b.last_on,
            )
            for b in found
        ],
        unlinked_lines=ledger.unlinked_lines(session, party.tax_code, on) if party.tax_code else 0,
    )


class AreaOut(BaseModel):
    code: str
    name: str
    level: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None
    successor_code: str | None
    source: str


@router.get("/areas", summary="Areas on a day")
def list_areas(
    session: SessionDep, on: date | None = None, level: Literal["province", "commune"] | None = None
) -> Page[AreaOut]:
    """Provinces and communes as they were on a day, today's without one."""
    rows = area_repository.list_areas(session, on or today(), level=level)
    return Page(items=[AreaOut.model_validate(row, from_attributes=True) for row in rows])
