"""User accounts: who has one, making one, closing and opening it, setting a password.

The pages of one account and of a new one are the list's own address with `user` or `new`.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.security import users
from app.security.passwords import MIN_LENGTH
from app.web.account import ROLE_WORDS
from app.web.office.base import (
    PAGE_SIZE,
    RecordId,
    RefusedError,
    Text,
    address,
    choices,
    may,
    number_of,
    office_router,
    refusal,
)
from app.web.pages import render, see_other
from traceability.actor import Actor, Role
from traceability.errors import InvalidError
from traceability.registry import repository as registry
from traceability.registry.models import Party

router = office_router()

PATH = "/office/users"
_OFFERED = 100
"""Organisations that the browser offers while one is typed."""
_NAMED = 5


@router.get(PATH)
def list_users(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    after: str = "",
    new: str = "",
    user: str = "",
    done: str = "",
) -> Response:
    if new and may(actor, f"POST {PATH}"):
        return _form(request, session, actor, translate, NewUser())
    if user:
        return _user_page(request, session, actor, number_of(user), done=done)
    rows = users.list_users(session, after_id=number_of(after), limit=PAGE_SIZE + 1)
    shown = rows[:PAGE_SIZE]
    more = shown[-1].id if len(rows) > PAGE_SIZE else None
    return render(
        request,
        "office/users.html",
        users=shown,
        parties=registry.parties_by_id(session, [row.party_id for row in shown if row.party_id]),
        role_words=ROLE_WORDS,
        may_change=may(actor, f"POST {PATH}"),
        first=PATH if after else None,
        next=address(PATH, after=more) if more else None,
    )


@dataclass(frozen=True, slots=True)
class NewUser:
    """The form of a new account, as it was typed."""

    name: str = ""
    email: str = ""
    role: str = ""
    organisation: str = ""
    """Name or tax code of the organisation that the user acts for."""
    password: str = ""


def _new_user(
    name: Text = "",
    email: Text = "",
    role: Text = "",
    organisation: Text = "",
    password: Text = "",
) -> NewUser:
    return NewUser(name[:200], email[:254], role, organisation[:400], password)


def _form(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    typed: NewUser,
    errors: dict[str, str] | None = None,
) -> Response:
    offered = registry.list_parties(session, actor, limit=_OFFERED)
    return render(
        request,
        "office/user_form.html",
        status=422 if errors else 200,
        typed=typed,
        errors=errors or {},
        roles=choices(translate, ROLE_WORDS),
        organisations=[_label(party) for party in offered],
        min_length=MIN_LENGTH,
    )


def _label(party: Party) -> str:
    """How an organisation is named where one is chosen."""
    return f"{party.name} · {party.tax_code}" if party.tax_code else party.name


@router.post(PATH)
def create_user(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    typed: Annotated[NewUser, Depends(_new_user)],
) -> Response:
    errors = _missing(translate, typed)
    party = None
    try:
        party = _organisation(session, actor, typed.organisation)
    except InvalidError as error:
        labels = error.arguments["labels"]
        errors["organisation"] = _unclear(translate, labels)
    if errors:
        return _form(request, session, actor, translate, typed, errors)
    try:
        made = users.create_user(
            session, actor, email=typed.email, name=typed.name, password=typed.password,
            role=Role(typed.role), party_id=party.id if party else None,
        )  # fmt: skip
    except RefusedError as error:
        errors = refusal(session, translate, error, "email")
        if "party_id" in errors:
            errors = {"organisation": errors["party_id"]}
        return _form(request, session, actor, translate, typed, errors)
    return see_other(address(PATH, user=made.id, done="made"))
