"""User accounts: who has one, making one, closing and opening it, setting a password.

The pages of one account and of a new one are the list's own address with `user` or `new`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.security import users
from app.security.models import User
from app.security.passwords import MAX_LENGTH, MIN_LENGTH
from app.web.account import ROLE_WORDS
from app.web.forms import PAGE_SIZE, RefusedError, Text, refusal
from app.web.office.base import RecordId, address, choices, may, number_of
from app.web.office.spreadsheet import PAGE_ROWS, Row, as_csv, pages
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.wording.errors import sentence
from traceability.actor import MEMBERS, Actor, Role
from traceability.registry import repository as registry
from traceability.registry.models import Party

router = page_router()

PATH = "/office/users"
_OFFERED = 100
"""Organisations that the browser offers while one is typed."""
_LOOKED_AT = 50
_NAMED = 5
_LONGEST = {"name": 200, "email": 254}
"""Characters that are kept of a field."""
_HEADINGS = (
    N_("Name"), N_("E-mail"), N_("Role"), N_("Organisation"), N_("Account"), N_("On record since"),
)  # fmt: skip


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
    format: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    if format == "csv":
        return as_csv(request, "users", _HEADINGS, lambda own: _rows(own, translate))
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
        table=address(PATH, format="csv"),
    )


def _rows(session: Session, translate: Translator) -> Iterator[Row]:
    def page(after: int) -> Sequence[User]:
        return users.list_users(session, after_id=after, limit=PAGE_ROWS)

    for found in pages(session, page, lambda user: user.id or 0):
        parties = registry.parties_by_id(session, [row.party_id for row in found if row.party_id])
        for row in found:
            party = parties.get(row.party_id or 0)
            yield (
                row.name, row.email, translate.text(ROLE_WORDS[Role(row.role)]),
                party.name if party else None,
                translate.text(N_("Account open") if row.active else N_("Account closed")),
                row.created_at,
            )  # fmt: skip


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
    return NewUser(name, email, role, organisation[:400], password)


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
    """Make an account; the organisation is found by its name or tax code."""
    found = _meant(session, actor, typed.organisation)
    errors = _faults(translate, typed, found)
    if errors:
        return _form(request, session, actor, translate, typed, errors)
    try:
        made = users.create_user(
            session, actor, email=typed.email, name=typed.name, password=typed.password,
            role=Role(typed.role), party_id=found[0].id if found else None,
        )  # fmt: skip
    except RefusedError as error:
        errors = refusal(session, translate, error, "email")
        return _form(request, session, actor, translate, typed, errors)
    return see_other(address(PATH, user=made.id, done="made"))


def _meant(session: Session, actor: Actor, text: str) -> list[Party]:
    """The organisations that a typed text may mean: one where it is clear."""
    text = " ".join(text.split())
    if not text:
        return []
    found = registry.list_parties(session, actor, query=text, limit=_LOOKED_AT)
    exact = [party for party in found if text in (party.name, party.tax_code, _label(party))]
    return exact or list(found)


def _faults(translate: Translator, typed: NewUser, found: Sequence[Party]) -> dict[str, str]:
    missing = sentence(translate, "web.field-missing", {})
    errors = {name: missing for name in ("name", "email") if not getattr(typed, name).strip()}
    for name, limit in _LONGEST.items():
        if len(getattr(typed, name).strip()) > limit:
            errors[name] = sentence(translate, "web.field-too-long", {"limit": limit})
    if typed.role not in ROLE_WORDS:
        errors["role"] = translate.text(N_("Choose a role."))
    if len(found) > 1:
        names = "; ".join(_label(party) for party in found[:_NAMED])
        errors["organisation"] = translate.text(
            N_("Several organisations fit, type the tax code: {names}"), names=names
        )
    elif typed.organisation.strip() and not found:
        errors["organisation"] = translate.text(
            N_("No organisation is found by this name or tax code.")
        )
    elif typed.role in MEMBERS and not found:
        errors["organisation"] = translate.text(
            N_("People of this role act for an organisation: name it.")
        )
    if not MIN_LENGTH <= len(typed.password) <= MAX_LENGTH:
        length = {"minimum": MIN_LENGTH, "maximum": MAX_LENGTH}
        errors["password"] = sentence(translate, "identity.password-length", length)
    return errors


def _user_page(
    request: Request,
    session: Session,
    actor: Actor,
    user_id: int,
    *,
    errors: dict[str, str] | None = None,
    done: str = "",
) -> Response:
    user = users.get_user(session, user_id)
    known = registry.parties_by_id(session, [user.party_id]) if user.party_id else {}
    return render(
        request,
        "office/user.html",
        status=422 if errors else 200,
        account=user,
        party=known.get(user.party_id or 0),
        errors=errors or {},
        role_words=ROLE_WORDS,
        min_length=MIN_LENGTH,
        own=user_id == actor.user_id,
        may_change=may(actor, f"POST {PATH}/{{user_id}}"),
        done=done,
    )


@router.post(PATH + "/{user_id}")
def change_user(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    user_id: RecordId,
    action: Text = "",
    password: Text = "",
) -> Response:
    """`action` closes or opens the account, or sets a password; each ends its log-ins."""
    try:
        if action in ("close", "open"):
            users.set_active(session, actor, user_id, active=action == "open")
        else:
            users.set_password(session, actor, user_id, password)
    except RefusedError as error:
        errors = refusal(session, translate, error)
        return _user_page(request, session, actor, user_id, errors=errors)
    done = action if action in ("close", "open") else "password"
    return see_other(address(PATH, user=user_id, done=done))
