"""HEAD: the status and the headers of GET, and no body; for every address."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.head import HeadAsGet
from app.security.access import API, SERVICE, WEB
from tests.app.client import Client, Members
from tests.app.test_access import concrete, session_of
from traceability.actor import Role
from traceability.db import Database

CHANGING = {"date", "set-cookie", "content-length"}
"""Headers that differ between two answers to the same request, by a token or the time."""


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.ADMIN])
def test_every_address_answers_a_head_as_it_answers_a_get(
    client: Client, members: Members, sqlite_database: Database, role: Role
) -> None:
    headers = {}
    if role is not Role.ANONYMOUS:
        headers = {"Cookie": session_of(sqlite_database, role, None)}
        client = client.acting(members.keys[role])
    wrong = []
    for endpoint in (*API, *WEB, *SERVICE):
        method, path = endpoint.split(" ", 1)
        if method != "GET" or path == "/readyz":  # which may become ready in between
            continue
        got = client.get(concrete(path), headers=headers)
        head = client.ask("HEAD", concrete(path), headers=headers)
        same = head.status_code == got.status_code and _kept(head.headers) == _kept(got.headers)
        if not same or head.content:
            wrong.append((endpoint, got.status_code, head.status_code, len(head.content)))
    assert wrong == []


def _kept(headers: object) -> dict[str, str]:
    return {name: value for name, value in dict(headers).items() if name not in CHANGING}  # type: ignore[call-overload]


def test_a_head_names_the_length_of_the_body_that_it_leaves_out(client: Client) -> None:
    got, head = client.get("/healthz"), client.ask("HEAD", "/healthz")
    assert head.headers["content-length"] == str(len(got.content))


def test_static_files_answer_too(client: Client) -> None:
    head = client.ask("HEAD", "/static/style.css")
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 1000


def test_what_only_takes_a_post_refuses_a_head(client: Client) -> None:
    answer = client.ask("HEAD", "/api/v1/decode")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_options_is_refused_as_before(client: Client) -> None:
    answer = client.ask("OPTIONS", "/api/v1/verify")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_streamed_answer_is_taken_to_its_end_and_none_of_it_sent() -> None:
    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["method"] == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"row\n", "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.request"}

    async def ask() -> None:
        await HeadAsGet(stream)({"type": "http", "method": "HEAD"}, nothing, keep)

    asyncio.run(ask())
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[1] == {"type": "http.response.body", "body": b"", "more_body": False}
