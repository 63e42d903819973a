"""Webhooks of recalls on the pages of an organisation: added, tried out, renewed, removed."""

import re

import pytest
from sqlmodel import select

from app.i18n import Translator
from app.wording.deliveries import why_not_taken
from tests.app.web.conftest import Visitor, text_of
from traceability.clock import now
from traceability.db import Database
from traceability.events.recalling.models import RecallNotice, RecallWebhook

PATH = "/shop/recalls/webhooks"
DEST = "https://receiver.example/recalls"


def secret_of(text: str) -> str:
    found = re.search(r'id="secret">(\w+)<', text)
    assert found
    return found[1]


def stored(database: Database) -> list[RecallWebhook]:
    with database.reading() as session:
        return list(session.exec(select(RecallWebhook)))


@pytest.fixture
def own(member: Visitor, sqlite_database: Database) -> str:
    """The page of a webhook."""
    member.send(PATH, PATH, dest=DEST, nonce="a")
    return f"{PATH}/{stored(sqlite_database)[0].id}"


def test_the_list_is_reached_from_the_recalls_and_says_what_a_webhook_does(
    member: Visitor,
) -> None:
    assert f'href="{PATH}"' in member.get("/shop/recalls").text
    assert "Chưa có webhook nào" in text_of(member.get(PATH))


def test_an_address_is_added_and_its_secret_shown_once(
    member: Visitor, sqlite_database: Database
) -> None:
    made = member.send(PATH, PATH, dest=DEST, nonce="a")
    assert made.headers["cache-control"] == "no-store"
    secret = secret_of(made.text)
    again = member.send(PATH, PATH, dest=DEST, nonce="a")
    assert again.headers["location"] == f"{PATH}?done=shown"
    (row,) = stored(sqlite_database)
    assert secret not in row.token
    assert DEST in member.get(PATH).text
    assert secret not in member.get(PATH).text


@pytest.mark.parametrize(
    ("dest", "says"),
    [
        ("https://10.0.0.7/x", "không truy cập được từ"),
        ("https://localhost/x", "không truy cập được từ"),
        ("http://receiver.example/x", "https://…"),
        ("receiver.example", "https://…"),
        ("", "error"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_and_kept_in_the_field(
    member: Visitor, sqlite_database: Database, dest: str, says: str
) -> None:
    answer = member.send(PATH, PATH, dest=dest, nonce="a")
    assert answer.status_code == 422
    assert 'id="dest-error"' in answer.text
    assert f'value="{dest}"' in answer.text
    assert says in answer.text
    assert stored(sqlite_database) == []


def test_a_refused_address_can_be_corrected_on_the_same_form(
    member: Visitor, sqlite_database: Database
) -> None:
    member.send(PATH, PATH, dest="http://10.0.0.7", nonce="a")
    assert secret_of(member.send(PATH, PATH, dest=DEST, nonce="a").text)


def test_a_test_is_sent_and_its_failure_told_in_plain_words(
    member: Visitor, sqlite_database: Database, own: str
) -> None:
    assert "Chưa gửi thông báo nào" in text_of(member.get(own))
    assert member.send(own, own, step="test").headers["location"] == f"{own}?done=test"
    assert "chờ gửi" in text_of(member.get(own))
    with sqlite_database.writing() as session:
        row = session.exec(select(RecallNotice)).one()
        row.next_at, row.failures, row.last_error = None, 1, "status 503"
    shown = text_of(member.get(own))
    assert "Máy chủ gặp lỗi (trạng thái 503)" in shown
    assert "Máy chủ gặp lỗi (trạng thái 503)" in text_of(member.get(PATH))
    member.send(own, own, step="test")
    with sqlite_database.writing() as session:
        last = session.get_one(RecallNotice, 2)
        last.next_at, last.sent_at = None, now()
    assert "đã gửi đến" in text_of(member.get(PATH))


def test_a_new_secret_is_asked_for_first_and_shown_once(
    member: Visitor, sqlite_database: Database, own: str
) -> None:
    before = stored(sqlite_database)[0].token
    assert "Tạo khóa bí mật mới?" in text_of(member.get(f"{own}?ask=token"))
    made = member.send(f"{own}?ask=token", own, step="token", nonce="b")
    assert secret_of(made.text)
    after = stored(sqlite_database)[0].token
    assert after != before
    again = member.send(f"{own}?ask=token", own, step="token", nonce="b")
    assert again.headers["location"] == f"{PATH}?done=shown"
    assert stored(sqlite_database)[0].token == after


def test_it_is_removed_after_a_question(
    member: Visitor, sqlite_database: Database, own: str
) -> None:
    assert "Gỡ webhook này?" in text_of(member.get(f"{own}?ask=remove"))
    assert member.send(own, own, step="remove").headers["location"] == f"{PATH}?done=removed"
    assert stored(sqlite_database) == []
    assert member.get(own).status_code == 404


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("name", "typing error"),
        ("private", "private network"),
        ("status 302", "is not followed"),
        ("status 404", "refused the message (status 404)"),
        ("status 500", "fault of its own"),
        ("status 100", "answered with status 100"),
        ("ConnectError", "No connection"),
        ("ReadTimeout", "10 seconds"),
        ("RemoteProtocolError", "broke off"),
        ("events.webhook-sealed", "Subscribe anew"),
        ("identity.rights-ended", "."),
    ],
)
def test_each_error_has_its_words(error: str, says: str) -> None:
    assert says in why_not_taken(Translator("en"), error)
