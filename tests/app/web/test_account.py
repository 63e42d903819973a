"""Log-in, the own account, and the switch of language."""

import pytest

from tests.app.web.conftest import PASSWORD, People, Visitor, text_of
from traceability.actor import Role


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.INSPECTOR, "/inspect"),
        (Role.PRODUCER, "/shop"),
        (Role.SHOP, "/shop"),
        (Role.ADMIN, "/office"),
        (Role.SUPERVISOR, "/office"),
        (Role.AUDITOR, "/office"),
        (Role.TAX, "/tax"),
    ],
)
def test_each_role_starts_at_its_own_page(
    visitor: Visitor, people: People, role: Role, home: str
) -> None:
    answer = visitor.log_in(people[role])
    assert (answer.status_code, answer.headers["location"]) == (303, home)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_plain_http(
    visitor: Visitor, people: People
) -> None:
    cookie = visitor.log_in(people[Role.ADMIN]).headers["set-cookie"]
    assert cookie.startswith("nguon_session=")
    for attribute in ("HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=43200"):
        assert attribute in cookie


def test_a_page_that_needs_a_log_in_comes_back_after_it(visitor: Visitor, people: People) -> None:
    sent = visitor.get("/account")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/account")
    answer = visitor.log_in(people[Role.ADMIN], next_page="/account")
    assert answer.headers["location"] == "/account"
    assert "admin@nguon.example" in visitor.get("/account").text


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/\n/x"],
)
def test_nobody_is_sent_to_another_host_after_log_in(
    visitor: Visitor, people: People, next_page: str
) -> None:
    answer = visitor.log_in(people[Role.ADMIN], next_page=next_page)
    assert answer.headers["location"] == "/office"


def test_a_wrong_password_and_an_unknown_account_are_answered_alike(
    visitor: Visitor, people: People
) -> None:
    wrong = visitor.log_in(people[Role.ADMIN], "wrong password")
    unknown = visitor.log_in("nobody@nguon.example", "wrong password")
    assert wrong.status_code == unknown.status_code == 422
    message = "Địa chỉ email hoặc mật khẩu không đúng."
    assert message in text_of(wrong)
    assert message in text_of(unknown)
    assert 'value="admin@nguon.example"' in wrong.text
    assert "wrong password" not in wrong.text


def test_after_three_failures_even_the_right_password_has_to_wait(
    visitor: Visitor, people: People
) -> None:
    for _ in range(3):
        visitor.log_in(people[Role.ADMIN], "wrong password")
    assert visitor.log_in(people[Role.ADMIN]).status_code == 429


def test_a_form_without_the_page_s_token_is_refused(visitor: Visitor, people: People) -> None:
    answer = visitor.send(
        "/login", "/login", email=people[Role.ADMIN], password=PASSWORD, csrf_token="0" * 32
    )
    assert answer.status_code == 403
    assert "Biểu mẫu đã cũ" in answer.text


def test_who_is_logged_in_needs_no_log_in_page(visitor: Visitor, people: People) -> None:
    visitor.log_in(people[Role.INSPECTOR])
    assert visitor.get("/login").headers["location"] == "/inspect"


def test_log_out_ends_the_session(visitor: Visitor, people: People) -> None:
    visitor.log_in(people[Role.ADMIN])
    assert visitor.send("/account", "/logout").headers["location"] == "/"
    assert visitor.get("/account").status_code == 303


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    visitor: Visitor, other_visitor: Visitor, people: People
) -> None:
    visitor.log_in(people[Role.ADMIN])
    other_visitor.log_in(people[Role.ADMIN])
    answer = visitor.send(
        "/account", "/account", old_password=PASSWORD, new_password="another long password"
    )
    assert answer.headers["location"] == "/account?changed=1"
    assert "Đã đổi mật khẩu" in visitor.get("/account?changed=1").text
    assert other_visitor.get("/account").status_code == 303
    assert other_visitor.log_in(people[Role.ADMIN]).status_code == 422
    assert other_visitor.log_in(people[Role.ADMIN], "another long password").status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("wrong", "another long password", "old_password"), (PASSWORD, "short", "new_password")],
)
def test_a_refused_password_is_said_beside_its_field(
    visitor: Visitor, people: People, old: str, new: str, field: str
) -> None:
    visitor.log_in(people[Role.ADMIN])
    answer = visitor.send("/account", "/account", old_password=old, new_password=new)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_the_switch_of_language_keeps_the_page(visitor: Visitor) -> None:
    page = "/report?code=9521234500018"
    assert 'value="/report?code=9521234500018"' in visitor.get(page).text
    answer = visitor.send(page, "/language", language="en", next=page)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    english = visitor.get(page)
    assert english.headers["content-language"] == "en"
    assert '<html lang="en">' in english.text


def test_the_browser_s_language_counts_until_the_visitor_chooses(visitor: Visitor) -> None:
    assert "Check a product code" in visitor.get("/", accept_language="en-GB").text
    assert "Tra cứu mã sản phẩm" in visitor.get("/", accept_language="fr").text


def test_the_chosen_language_stays_with_the_account(
    visitor: Visitor, other_visitor: Visitor, people: People
) -> None:
    visitor.log_in(people[Role.ADMIN])
    visitor.send("/account", "/language", language="en", next="/account")
    other_visitor.log_in(people[Role.ADMIN])
    assert "Your account" in other_visitor.get("/account").text
