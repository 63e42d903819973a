"""Log-in, log-out, the own account, and the switch of language."""

from typing import Annotated, Any

from fastapi import Form, Request, Response

from app.deps import (
    ServicesDep,
    SessionDep,
    TranslatorDep,
    WebActor,
    client_address,
    services,
)
from app.i18n import LANGUAGES, N_
from app.security import sessions, users
from app.security.models import User
from app.security.passwords import MIN_LENGTH, verify_password
from app.security.rate_limit import TooManyRequestsError
from app.web.navigation import home_of
from app.web.pages import (
    field_errors,
    local_path,
    render,
    see_other,
    set_cookie,
    set_language,
)
from app.web.routing import page_router
from app.wording.errors import sentence
from traceability.actor import Role
from traceability.errors import InvalidError

router = page_router()

Text = Annotated[str, Form()]
ROLE_WORDS = {
    Role.ADMIN: N_("Administrator"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.INSPECTOR: N_("Inspector"),
    Role.PRODUCER: N_("Producer or importer"),
    Role.SHOP: N_("Shop"),
    Role.TAX: N_("Tax authority"),
    Role.AUDITOR: N_("Auditor"),
}


@router.get("/login")
def log_in_form(
    request: Request,
    actor: WebActor,
    next: str = "",  # noqa: A002 -- its name in the address
) -> Response:
    if actor.role is not Role.ANONYMOUS:
        return see_other(local_path(next, home_of(actor.role)))
    return _log_in_page(request, email="", next=next, errors={})


def _log_in_page(request: Request, *, status: int = 200, **context: Any) -> Response:
    return render(request, "account/login.html", status=status, **context)


@router.post("/login")
def log_in(
    request: Request,
    parts: ServicesDep,
    session: SessionDep,
    translate: TranslatorDep,
    email: Text = "",
    password: Text = "",
    next: Text = "",  # noqa: A002
) -> Response:
    """Count the attempt before looking at the password.

    Many attempts at the same moment are then no way around; a success is taken off again. Who
    mistypes at one address does not lock the account at others, until it looks like a guessing
    from everywhere.
    """
    account, address = email.strip().lower()[:254], client_address(request)
    counts = (
        (parts.log_in_limit, f"address:{address}"),
        (parts.account_limit, account),
    )
    try:
        for limit, caller in counts:
            limit.hit(caller)
    except TooManyRequestsError as error:
        errors = {"": sentence(translate, error.code, error.arguments)}
        return _log_in_page(request, status=429, email=email, next=next, errors=errors)
    with parts.database.reading() as reading:
        tried = sessions.attempt(reading, email, password[:1000])
    found = sessions.log_in(session, tried, parts.settings.session_hours)
    if found is None:
        errors = {"email": sentence(translate, "identity.wrong-password", {})}
        return _log_in_page(request, status=422, email=email, next=next, errors=errors)
    for limit, caller in counts:
        limit.give_back(caller)
    user, token = found
    response = see_other(local_path(next, home_of(Role(user.role))))
    _open(request, response, token)
    set_language(request, response, user.language or "")
    return response


def _open(request: Request, response: Response, token: str) -> None:
    seconds = services(request).settings.session_hours * 3600
    set_cookie(request, response, sessions.COOKIE, token, max_age=seconds)


@router.post("/logout")
def log_out(request: Request, session: SessionDep) -> Response:
    token = request.cookies.get(sessions.COOKIE)
    if token:
        sessions.log_out(session, token)
    response = see_other("/")
    response.delete_cookie(sessions.COOKIE, path="/")
    return response


@router.get("/account")
def account(request: Request, changed: bool = False) -> Response:
    return _account_page(request, changed=changed, errors={})


def _account_page(
    request: Request, *, errors: dict[str, str], changed: bool = False, status: int = 200
) -> Response:
    return render(
        request, "account/account.html", status=status, errors=errors, changed=changed,
        role_words=ROLE_WORDS, min_length=MIN_LENGTH,
    )  # fmt: skip


@router.post("/account")
def change_password(
    request: Request,
    parts: ServicesDep,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    old_password: Text = "",
    new_password: Text = "",
) -> Response:
    """A new password ends every log-in of the account and opens a fresh one here."""
    user: User = request.state.user
    caller = f"password:{user.email}"
    parts.log_in_limit.hit(caller)
    if not verify_password(old_password[:1000], user.password_hash):
        errors = {"old_password": translate.text(N_("The old password is not right."))}
        return _account_page(request, errors=errors, status=422)
    parts.log_in_limit.give_back(caller)
    try:
        users.set_password(session, actor, user.id or 0, new_password)
    except InvalidError as error:
        errors = field_errors(translate, error.faults)
        return _account_page(
            request, errors={"new_password": next(iter(errors.values()))}, status=422
        )
    response = see_other("/account?changed=1")
    opened = sessions.log_in(
        session, sessions.Attempt(user, right=True), parts.settings.session_hours
    )
    if opened is not None:
        _open(request, response, opened[1])
    return response


@router.post("/language")
def choose_language(
    request: Request,
    session: SessionDep,
    language: Text = "",
    next: Text = "/",  # noqa: A002
) -> Response:
    """Keep the choice, with the account too where there is one, and go back to the page."""
    response = see_other(local_path(next))
    set_language(request, response, language)
    user: User | None = getattr(request.state, "user", None)
    if user is not None and language in LANGUAGES:
        users.get_user(session, user.id or 0).language = language
    return response
