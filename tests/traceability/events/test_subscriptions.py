"""Webhooks: told in order, signed, again after a failure, and never into a private network."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from tests.conftest import KINDS
from tests.traceability.events.makers import KEY, an_event, read
from tests.traceability.registry.makers import ADMIN, a_party, member
from traceability.actor import Actor
from traceability.clock import now
from traceability.db import Database
from traceability.errors import ForbiddenError, NotFoundError, TraceabilityError
from traceability.events import named_queries, subscriptions
from traceability.events.capture import Behaviour, capture
from traceability.events.delivering import BACK_OFF, Outbox
from traceability.events.faults import EventsInvalidError
from traceability.events.models import Subscription
from traceability.events.policy import Policy
from traceability.events.sending import Sender, SendingError
from traceability.events.subscriptions import deliver_due
from traceability.events.vault import Vault

VAULT = Vault(b"a secret of the installation")
TOKEN = "a-secret-of-the-receiver"
DEST = "https://receiver.example/hook"


class Recorder(Sender):
    """Takes messages, or fails as it is told."""

    def __init__(self, fails: int = 0) -> None:
        object.__setattr__(self, "sent", [])
        object.__setattr__(self, "fails", [fails])

    def post(self, dest: str, body: bytes, token: str) -> None:
        assert token == TOKEN
        if self.fails[0]:  # type: ignore[attr-defined]
            self.fails[0] -= 1  # type: ignore[attr-defined]
            raise SendingError("status 500")
        self.sent.append(json.loads(body))  # type: ignore[attr-defined]


def anybody(session: Session, actor: Actor) -> None:
    """Everybody may still act."""


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "SETTLED", timedelta(seconds=-1))


def subscribed(database: Database, actor: Actor = ADMIN, **query: Any) -> str:
    with database.writing() as session:
        named_queries.create(session, actor, {"name": "q", "query": query})
        given = {"dest": DEST, "stream": True, "signatureToken": TOKEN}
        return subscriptions.create(session, actor, "q", given, VAULT)[0].id


def told(database: Database, *numbers: int) -> None:
    events = [an_event(epcList=[KEY.format(number)]) for number in numbers]
    with database.writing() as session:
        capture(session, ADMIN, read(*events), Behaviour.ROLLBACK, Policy())


def due_at_once(database: Database) -> None:
    with database.writing() as session:
        session.execute(sa.update(Subscription).values(next_at=now()))


def row(database: Database, subscription_id: str) -> Subscription:
    with database.reading() as session:
        return session.get_one(Subscription, subscription_id)


def keys(message: dict[str, Any]) -> list[str]:
    events = message["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    return [event["epcList"][0] for event in events]


def test_only_what_is_new_and_matches_is_told(database: Database) -> None:
    told(database, 1)
    subscribed(database, MATCH_epc=[KEY.format(1), KEY.format(2)])
    told(database, 2, 3)
    sender = Recorder()
    assert deliver_due(Outbox(database, anybody, VAULT, sender))
    assert [keys(message) for message in sender.sent] == [[KEY.format(2)]]  # type: ignore[attr-defined]
    due_at_once(database)
    deliver_due(Outbox(database, anybody, VAULT, sender))
    assert len(sender.sent) == 1  # type: ignore[attr-defined]


def test_events_are_told_from_a_time_on_that_lies_behind(database: Database) -> None:
    told(database, 1)
    since = now()
    told(database, 2)
    with database.writing() as session:
        named_queries.create(session, ADMIN, {"name": "q", "query": {}})
        given = {"dest": DEST, "stream": True, "signatureToken": TOKEN, "reportIfEmpty": True,
                 "initialRecordTime": since.isoformat()}  # fmt: skip
        subscriptions.create(session, ADMIN, "q", given, VAULT)
    sender = Recorder()
    deliver_due(Outbox(database, anybody, VAULT, sender))
    assert [keys(message) for message in sender.sent] == [[KEY.format(2)]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("initialRecordTime", "2026-11-23T08:00:00", "events.time-format"),
        ("initialRecordTime", 7, "events.time-format"),
        ("initialRecordTime", "2026-02-30T08:00:00Z", "events.no-such-time"),
        ("reportIfEmpty", "yes", "events.type"),
    ],
)
def test_what_a_subscription_says_is_not_ignored(
    session: Session, field: str, value: object, code: str
) -> None:
    named_queries.create(session, ADMIN, {"name": "q", "query": {}})
    given = {"dest": DEST, "stream": True, "signatureToken": TOKEN, field: value}
    with pytest.raises(EventsInvalidError) as caught:
        subscriptions.create(session, ADMIN, "q", given, VAULT)
    assert [(each.field, each.code) for each in caught.value.faults] == [(f"/{field}", code)]


@pytest.mark.parametrize("database", set(KINDS) - {"sqlite"}, indirect=True)
def test_an_event_is_not_passed_over_because_its_capture_took_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number is smaller than that of an event which was captured beside it and ended before.

    SQLite has one writer at a time.
    """
    monkeypatch.setattr(subscriptions, "SETTLED", timedelta(0))
    subscribed(database)
    sender = Recorder()
    with database.writing() as session:
        capture(session, ADMIN, read(an_event(epcList=[KEY.format(1)])), Behaviour.ROLLBACK,
                Policy())  # fmt: skip
        told(database, 2)
        deliver_due(Outbox(database, anybody, VAULT, sender))
        assert not sender.sent  # type: ignore[attr-defined]
    due_at_once(database)
    deliver_due(Outbox(database, anybody, VAULT, sender))
    assert [keys(message) for message in sender.sent] == [[KEY.format(1), KEY.format(2)]]  # type: ignore[attr-defined]


def test_what_was_not_taken_comes_again_and_nothing_is_left_out(database: Database) -> None:
    name = subscribed(database)
    told(database, 1)
    sender = Recorder(fails=2)
    for _ in range(2):
        due_at_once(database)
        assert deliver_due(Outbox(database, anybody, VAULT, sender))
    assert (row(database, name).failures, row(database, name).last_error) == (2, "status 500")
    told(database, 2)
    due_at_once(database)
    deliver_due(Outbox(database, anybody, VAULT, sender))
    assert keys(sender.sent[0]) == [KEY.format(1), KEY.format(2)]  # type: ignore[attr-defined]
    assert row(database, name).failures == 0


def test_a_failing_receiver_waits_longer_each_time_and_is_given_up(database: Database) -> None:
    name = subscribed(database)
    told(database, 1)
    waits = []
    for _ in range(len(BACK_OFF)):
        due_at_once(database)
        deliver_due(Outbox(database, anybody, VAULT, Recorder(fails=1)))
        next_at = row(database, name).next_at
        assert next_at is not None
        waits.append(next_at - now())
    assert waits == sorted(waits)
    due_at_once(database)
    deliver_due(Outbox(database, anybody, VAULT, Recorder(fails=1)))
    assert row(database, name).next_at is None
    assert not deliver_due(Outbox(database, anybody, VAULT, Recorder()))


def test_whose_rights_have_ended_is_told_nothing_more(database: Database) -> None:
    name = subscribed(database)
    told(database, 1)

    def refuse(session: Session, actor: Actor) -> None:
        raise ForbiddenError("identity.rights-ended")

    sender = Recorder()
    deliver_due(Outbox(database, refuse, VAULT, sender))
    assert sender.sent == []  # type: ignore[attr-defined]
    assert row(database, name).next_at is None


def test_a_subscriber_is_told_what_it_may_see(database: Database) -> None:
    with database.writing() as session:
        own = member(a_party(session))
    subscribed(database, own)
    told(database, 1)
    sender = Recorder()
    deliver_due(Outbox(database, anybody, VAULT, sender))
    assert sender.sent == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"dest": "http://127.0.0.1/hook"}, "events.webhook-private"),
        ({"dest": "http://[::1]/hook"}, "events.webhook-private"),
        ({"dest": "http://[::ffff:10.0.0.1]/"}, "events.webhook-private"),
        ({"dest": "http://[64:ff9b::10.0.0.1]/"}, "events.webhook-private"),
        ({"dest": "http://[2002:7f00:1::]/"}, "events.webhook-private"),
        ({"dest": "http://0x7f.1/"}, "events.webhook-private"),
        ({"dest": "http://0177.0.0.1/"}, "events.webhook-private"),
        ({"dest": "http://224.0.0.1/"}, "events.webhook-private"),
        ({"dest": "http://localhost./"}, "events.webhook-private"),
        ({"dest": "http://\uff11\uff12\uff17.0.0.1/"}, "events.webhook-private"),
        ({"dest": "http://127\u30020\u30020\u30021/"}, "events.webhook-private"),
        ({"dest": "http://receiver.example/\r\nX: y"}, "events.webhook-address"),
        ({"dest": "http://receiver .example/"}, "events.webhook-address"),
        ({"dest": "http://169.254.169.254/latest"}, "events.webhook-private"),
        ({"dest": "https://localhost/hook"}, "events.webhook-private"),
        ({"dest": "https://db.internal/hook"}, "events.webhook-private"),
        ({"dest": "ftp://receiver.example/"}, "events.webhook-address"),
        ({"dest": "https://user:pw@receiver.example/"}, "events.webhook-address"),
        ({"dest": "https://receiver.example:22/"}, "events.webhook-address"),
        ({"dest": "https://[bad/"}, "events.webhook-address"),
        ({"dest": 7}, "events.webhook-address"),
        ({"signatureToken": "short"}, "events.webhook-token"),
        ({"stream": False}, "events.webhook-stream"),
        ({"schedule": {"hour": "1"}}, "events.field-unknown"),
    ],
)
def test_a_bad_subscription_is_refused(session: Session, given: dict[str, Any], code: str) -> None:
    named_queries.create(session, ADMIN, {"name": "q", "query": {}})
    good = {"dest": DEST, "stream": True, "signatureToken": TOKEN}
    with pytest.raises(EventsInvalidError) as refused:
        subscriptions.create(session, ADMIN, "q", good | given, VAULT)
    assert refused.value.code == code


def test_the_subscription_of_another_is_not_found(session: Session) -> None:
    one, two = member(a_party(session, 1)), member(a_party(session, 2))
    named_queries.create(session, ADMIN, {"name": "q", "query": {}})
    given = {"dest": DEST, "stream": True}
    mine, token = subscriptions.create(session, one, "q", given, VAULT)
    assert len(token) == 64
    assert subscriptions.get(session, one, "q", mine.id).dest == DEST
    with pytest.raises(NotFoundError):
        subscriptions.delete(session, two, "q", mine.id)
    named_queries.delete(session, ADMIN, "q")
    assert session.get(Subscription, mine.id) is None


def test_a_name_that_leads_into_a_private_network_is_not_followed() -> None:
    sender = Sender(look_up=lambda host, port: ["203.0.113.9", "10.0.0.7"])
    with pytest.raises(SendingError, match="private"):
        sender.post(DEST, b"{}", TOKEN)


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))  # type: ignore[attr-defined]
        self.send_response(302 if self.path == "/moved" else 204)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), _Receiver) as server:
        server.got = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_message_goes_to_the_address_that_was_checked_and_is_signed(
    receiver: HTTPServer,
) -> None:
    here = Sender(look_up=lambda host, port: ["127.0.0.1"], is_public=lambda address: True)
    here.post(f"http://receiver.example:{receiver.server_port}/hook", b'{"a":1}', TOKEN)
    path, headers, body = receiver.got[0]  # type: ignore[attr-defined]
    assert (path, headers["Host"]) == ("/hook", f"receiver.example:{receiver.server_port}")
    at, _, value = headers["GS1-Signature"].removeprefix("t=").partition(",v1=")
    expected = hmac.new(TOKEN.encode(), f"{at}.".encode() + body, hashlib.sha256)
    assert hmac.compare_digest(value, expected.hexdigest())


def test_a_redirection_is_a_failure(receiver: HTTPServer) -> None:
    here = Sender(look_up=lambda host, port: ["127.0.0.1"], is_public=lambda address: True)
    with pytest.raises(SendingError, match="302"):
        here.post(f"http://receiver.example:{receiver.server_port}/moved", b"{}", TOKEN)
    assert len(receiver.got) == 1  # type: ignore[attr-defined]


class _Trickle(BaseHTTPRequestHandler):
    """Never ends its answer, and is never silent for long."""

    def do_POST(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        with suppress(OSError):
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_an_answer_that_trickles_is_not_waited_for() -> None:
    with HTTPServer(("127.0.0.1", 0), _Trickle) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        here = Sender(lambda host, port: ["127.0.0.1"], lambda address: True, within=0.3)
        begun = time.monotonic()
        with pytest.raises(SendingError):
            here.post(f"http://receiver.example:{server.server_port}/hook", b"{}", TOKEN)
        assert time.monotonic() - begun < 3
        thread.join()


def test_a_receiver_that_is_not_there_is_a_failure() -> None:
    here = Sender(look_up=lambda host, port: ["127.0.0.1"], is_public=lambda address: True)
    with pytest.raises(SendingError, match="ConnectError"):
        here.post("http://receiver.example:1/hook", b"{}", TOKEN)


def test_the_actor_is_kept_with_the_subscription(database: Database) -> None:
    assert row(database, subscribed(database)).actor == asdict(ADMIN)


def test_the_receiver_s_secret_is_sealed_and_opens_with_its_own_row_and_secret_alone(
    database: Database,
) -> None:
    number = subscribed(database)
    kept = row(database, number).token
    assert TOKEN not in kept
    assert VAULT.open(kept, number) == TOKEN
    for vault, about in ((Vault(b"another"), number), (VAULT, "another row")):
        with pytest.raises(TraceabilityError):
            vault.open(kept, about)


@pytest.mark.parametrize("kept", ["", TOKEN, "AAAA", "\N{LATIN SMALL LETTER D WITH STROKE}"])
def test_a_secret_that_does_not_open_ends_the_subscription(database: Database, kept: str) -> None:
    number = subscribed(database)
    told(database, 1)
    with database.writing() as session:
        session.execute(sa.update(Subscription).values(token=kept))
    assert deliver_due(Outbox(database, anybody, VAULT, Recorder()))
    ended = row(database, number)
    assert (ended.next_at, ended.last_error) == (None, "events.webhook-sealed")
