"""API keys: shown once, narrowed, ending, revoked; and the commands to try them."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from app.security import keys
from app.security.models import ApiKey
from tests.app.client import OPERATOR
from tests.app.rows import nothing_stored, stored
from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.shop.conftest import Neighbour
from traceability.actor import Role
from traceability.clock import now
from traceability.db import Database, execute_in

PAGE = "/shop/keys"


def make(member: Visitor, **form: Any) -> httpx.Response:
    values = {"name": "Máy 1", "scopes": ["read"], "days": "90", "nonce": "once", **form}
    return member.send(PAGE, PAGE, **values)


def secrets(answer: httpx.Response) -> set[str]:
    return set(re.findall(r"nguon_[\w-]{20,}", answer.text))


def only_key(database: Database) -> ApiKey:
    with database.reading() as session:
        return session.exec(select(ApiKey)).one()


def test_a_key_is_shown_in_the_answer_and_nowhere_else(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    answer = make(member, scopes=["read", "invoices"])
    (secret,) = secrets(answer)
    assert answer.headers["cache-control"] == "no-store"
    assert not secrets(member.get(PAGE))
    kept = only_key(sqlite_database)
    assert (kept.party_id, kept.role, kept.scopes) == (
        goods.party_id, Role.PRODUCER, ["read", "invoices"],
    )  # fmt: skip
    assert kept.expires_at is not None
    assert abs(kept.expires_at - now() - timedelta(days=90)) < timedelta(minutes=5)
    with sqlite_database.reading() as session:
        found = keys.actor_of_key(execute_in(session), secret)
    assert found is not None


def test_sending_the_form_again_makes_no_second_key_and_shows_none(
    member: Visitor, sqlite_database: Database
) -> None:
    make(member)
    with nothing_stored(sqlite_database):
        answer = make(member)
    assert answer.headers["location"] == f"{PAGE}?done=shown"
    assert "không thể xem lại" in text_of(member.get(f"{PAGE}?done=shown"))


def test_each_form_makes_its_own_key(member: Visitor, sqlite_database: Database) -> None:
    nonces = {
        found[1]
        for _ in range(2)
        if (found := re.search(r'name="nonce" value="([^"]+)"', member.get(PAGE).text))
    }
    assert len(nonces) == 2
    with stored(sqlite_database, api_key=2):
        for nonce in nonces:
            make(member, nonce=nonce)


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "x" * 101}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["everything"]}),
        ("days", {"days": "10000"}),
        ("days", {"days": ""}),
    ],
)
def test_a_refused_key_names_the_field_and_keeps_what_was_chosen(
    member: Visitor, sqlite_database: Database, field: str, form: dict[str, Any]
) -> None:
    with nothing_stored(sqlite_database):
        answer = make(member, **form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    if field != "name":
        assert 'value="Máy 1"' in answer.text


def test_a_key_is_revoked_after_a_question(member: Visitor, sqlite_database: Database) -> None:
    make(member)
    key_id = only_key(sqlite_database).id
    question = f"{PAGE}/{key_id}/revoke"
    assert "Thu hồi khóa “Máy 1”?" in text_of(member.get(question))
    assert only_key(sqlite_database).revoked_at is None
    answer = member.send(question, question)
    assert answer.headers["location"] == f"{PAGE}?done=revoked"
    assert only_key(sqlite_database).revoked_at is not None
    assert "đã thu hồi" in text_of(member.get(PAGE))


def test_the_keys_of_others_are_not_found(
    member: Visitor, neighbour: Neighbour, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        key, _ = keys.create_key(
            session, OPERATOR, name="Khóa khác", role=Role.PRODUCER, party_id=neighbour.party_id
        )
        path = f"{PAGE}/{key.id}/revoke"
    assert member.get(path).status_code == 404
    assert member.send(PAGE, path).status_code == 404
    assert "Khóa khác" not in member.get(PAGE).text
    assert only_key(sqlite_database).revoked_at is None


def test_the_commands_carry_a_gtin_of_ones_own(member: Visitor) -> None:
    page = member.get("/shop/api").text
    assert f"verify?code={GTIN[1:]}" in page
    assert "https://nguon.example/api/v1/serials" in page
