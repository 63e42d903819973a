"""Accounts: making one, closing and opening it, setting a password."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlmodel import select

from app.demo.invoice_maker import fictional_tax_code
from app.security.models import User
from tests.app.web.conftest import Visitor, text_of
from tests.app.web.office_visits import visiting, waiting_party
from traceability.actor import Role
from traceability.db import Database

LIST = "/office/users"
FORM = f"{LIST}?new=1"
TAX_CODE = fictional_tax_code(500)
PASSWORD = "another long password"
NEW = {
    "name": "VÍ DỤ Người mới", "email": "Moi@nguon.example", "role": "producer",
    "organisation": TAX_CODE, "password": PASSWORD,
}  # fmt: skip


@pytest.fixture
def honey(sqlite_database: Database) -> int:
    return waiting_party(sqlite_database, "VÍ DỤ Mật ong")


@pytest.fixture
def admin(pages: FastAPI, people: dict[Role, str], honey: int) -> Iterator[Visitor]:
    with visiting(pages, people[Role.ADMIN]) as visitor:
        yield visitor


def account(database: Database, email: str) -> User | None:
    with database.reading() as session:
        return session.exec(select(User).where(User.email == email)).first()


def id_of(database: Database, email: str) -> int:
    found = account(database, email)
    assert found
    return found.id or 0


def test_a_new_account_logs_in_for_its_organisation(
    admin: Visitor, visitor: Visitor, honey: int, sqlite_database: Database
) -> None:
    answer = admin.send(FORM, LIST, **NEW)
    assert answer.status_code == 303
    assert "Đã tạo tài khoản" in text_of(admin.get(answer.headers["location"]))
    made = account(sqlite_database, "moi@nguon.example")
    assert made
    assert (made.role, made.party_id) == ("producer", honey)
    assert visitor.log_in("moi@nguon.example", PASSWORD).headers["location"] == "/shop"


@pytest.mark.parametrize("typed", ["VÍ DỤ Mật ong", "mat ong", f"VÍ DỤ Mật ong · {TAX_CODE}"])
def test_the_organisation_is_found_by_words_name_or_what_the_browser_offers(
    admin: Visitor, typed: str
) -> None:
    assert admin.send(FORM, LIST, **{**NEW, "organisation": typed}).status_code == 303


def test_an_organisation_that_is_not_clear_is_asked_for_again(
    admin: Visitor, sqlite_database: Database
) -> None:
    for number in (1, 2):
        waiting_party(sqlite_database, f"VÍ DỤ Chè {number}", number)
    answer = admin.send(FORM, LIST, **{**NEW, "organisation": "che"})
    assert answer.status_code == 422
    assert "VÍ DỤ Chè 1 · " in text_of(answer)
    assert account(sqlite_database, "moi@nguon.example") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "V" * 201),
        ("email", "nobody"),
        ("email", f"admin@{'n' * 250}.example"),
        ("email", "admin@nguon.example"),
        ("role", ""),
        ("role", "anonymous"),
        ("organisation", ""),
        ("organisation", "khongco"),
        ("password", "short"),
    ],
)
def test_each_field_at_fault_is_named_and_the_rest_is_kept(
    admin: Visitor, sqlite_database: Database, field: str, value: str
) -> None:
    answer = admin.send(FORM, LIST, **{**NEW, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert f'value="{NEW["email" if field == "name" else "name"]}"' in answer.text
    assert PASSWORD not in answer.text
    assert account(sqlite_database, "moi@nguon.example") is None


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(
    admin: Visitor, pages: FastAPI, people: dict[Role, str], sqlite_database: Database
) -> None:
    number = id_of(sqlite_database, people[Role.INSPECTOR])
    page = f"{LIST}?user={number}"
    with visiting(pages, people[Role.INSPECTOR]) as inspector:
        answer = admin.send(page, f"{LIST}/{number}", action="close")
        assert inspector.get("/account").status_code == 303
    notice = admin.get(answer.headers["location"])
    assert "Hoàn tác" in text_of(notice)
    admin.send(page, f"{LIST}/{number}", action="open")
    with visiting(pages, people[Role.INSPECTOR]) as inspector:
        assert inspector.get("/account").status_code == 200


def test_nobody_closes_their_own_account(
    admin: Visitor, people: dict[Role, str], sqlite_database: Database
) -> None:
    number = id_of(sqlite_database, people[Role.ADMIN])
    page = f"{LIST}?user={number}"
    assert 'value="close"' not in admin.get(page).text
    answer = admin.send(page, f"{LIST}/{number}", action="close")
    assert answer.status_code == 422
    assert admin.get("/office").status_code == 200


def test_a_password_is_set_and_never_echoed(
    admin: Visitor, visitor: Visitor, people: dict[Role, str], sqlite_database: Database
) -> None:
    number = id_of(sqlite_database, people[Role.INSPECTOR])
    page = f"{LIST}?user={number}"
    short = admin.send(page, f"{LIST}/{number}", action="password", password="short")
    assert short.status_code == 422
    assert 'id="password-error"' in short.text
    assert 'value="short"' not in short.text
    admin.send(page, f"{LIST}/{number}", action="password", password=PASSWORD)
    assert visitor.log_in(people[Role.INSPECTOR], PASSWORD).status_code == 303


def test_an_unknown_account_is_not_changed(admin: Visitor) -> None:
    assert admin.send(FORM, f"{LIST}/999", action="close").status_code == 404


def test_a_supervisor_does_not_see_accounts(pages: FastAPI, people: dict[Role, str]) -> None:
    with visiting(pages, people[Role.SUPERVISOR]) as supervisor:
        assert supervisor.get(LIST).status_code == 403
        assert 'href="/office/users"' not in supervisor.get("/office").text
