"""A form counts only with the token of a page that this visitor was shown."""

from urllib.parse import urlencode

import anyio
import pytest
from starlette.requests import Request
from starlette.types import Message

from app.security import csrf
from traceability.errors import ForbiddenError

SECRET = b"of this installation"


def posted(form: dict[str, str], cookies: dict[str, str]) -> Request:
    body = urlencode(form).encode()
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = [
        (b"content-type", b"application/x-www-form-urlencoded"), (b"cookie", cookie.encode()),
    ]  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def is_let_in(form: dict[str, str], cookies: dict[str, str]) -> bool:
    try:
        anyio.run(csrf.check, posted(form, cookies), SECRET)
    except ForbiddenError:
        return False
    return True


def token(cookies: dict[str, str]) -> str:
    return csrf.token(SECRET, cookies.get(csrf.COOKIE, ""), posted({}, cookies))


ANONYMOUS = {csrf.COOKIE: "random"}
LOGGED_IN = {**ANONYMOUS, "nguon_session": "mine"}


@pytest.mark.parametrize("cookies", [ANONYMOUS, LOGGED_IN])
def test_the_token_of_the_own_page_is_let_in(cookies: dict[str, str]) -> None:
    assert is_let_in({csrf.FIELD: token(cookies)}, cookies)


@pytest.mark.parametrize(
    "form", [{}, {csrf.FIELD: ""}, {csrf.FIELD: "0" * 32}, {csrf.FIELD: "é\ufffd"}]
)
def test_a_form_without_it_or_with_a_made_up_one_is_not(form: dict[str, str]) -> None:
    assert not is_let_in(form, LOGGED_IN)


def test_a_token_of_before_the_log_in_is_worth_nothing_after_it() -> None:
    assert not is_let_in({csrf.FIELD: token(ANONYMOUS)}, LOGGED_IN)


def test_a_cookie_planted_by_another_host_does_not_make_a_token() -> None:
    theirs = csrf.token(b"of another installation", "planted", posted({}, {}))
    assert not is_let_in({csrf.FIELD: theirs}, {csrf.COOKIE: "planted"})


def test_without_a_cookie_there_is_no_token() -> None:
    assert not is_let_in({csrf.FIELD: token({})}, {})
