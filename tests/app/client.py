"""A client that tests can call without awaiting, and keys to call with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from sqlmodel import Session

from app.security import keys
from traceability.actor import MEMBERS, Actor, Role
from traceability.registry.models import Party, Registration

BASE = "https://nguon.example"
OPERATOR = Actor(Role.ADMIN, name="test")


class Client:
    """httpx over ASGI, with the application's start and end around it."""

    def __init__(
        self, portal: BlockingPortal, http: httpx.AsyncClient, headers: dict[str, str]
    ) -> None:
        self._portal, self._http, self._headers = portal, http, headers

    @classmethod
    @contextmanager
    def serving(cls, app: FastAPI) -> Iterator["Client"]:
        # A 500 comes back as an answer, as it would over a socket.
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        http = httpx.AsyncClient(transport=transport, base_url=BASE)
        with (
            start_blocking_portal() as portal,
            portal.wrap_async_context_manager(app.router.lifespan_context(app)),
            portal.wrap_async_context_manager(http),
        ):
            yield cls(portal, http, {})

    def acting(self, key: str) -> "Client":
        return Client(self._portal, self._http, {"Authorization": f"Bearer {key}"})

    def speaking(self, language: str) -> "Client":
        headers = {**self._headers, "Accept-Language": language}
        return Client(self._portal, self._http, headers)

    def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        how["headers"] = {**self._headers, **how.get("headers", {})}
        answer: httpx.Response = self._portal.call(lambda: self._http.request(method, path, **how))
        return answer

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.ask("GET", path, **how)

    def post(self, path: str, **how: Any) -> httpx.Response:
        return self.ask("POST", path, **how)

    def patch(self, path: str, **how: Any) -> httpx.Response:
        return self.ask("PATCH", path, **how)


@dataclass(frozen=True)
class Members:
    keys: dict[Role, str]
    parties: dict[Role, int]


def make_members(session: Session) -> Members:
    kinds = {Role.PRODUCER: ("producer", "9999100017"), Role.SHOP: ("shop", "9999100024")}
    parties, secrets = {}, {}
    for role in Role:
        if role in MEMBERS:
            kind, tax_code = kinds[role]
            parties[role] = make_party(session, kind, tax_code)
        if role is not Role.ANONYMOUS:
            secrets[role] = make_key(session, role, parties.get(role))
    return Members(secrets, parties)


def make_party(session: Session, kind: str, tax_code: str) -> int:
    party = Party(name=f"VÍ DỤ {kind} {tax_code}", kind=kind, tax_code=tax_code, address="Xã Ví Dụ")
    session.add(party)
    session.flush()
    session.add(Registration(party_id=party.id or 0, status="active", valid_from=date(2020, 1, 1)))
    return party.id or 0


def make_key(session: Session, role: Role, party_id: int | None, **values: Any) -> str:
    _, secret = keys.create_key(
        session, OPERATOR, name=str(role), role=role, party_id=party_id, **values
    )
    return secret
