"""What endpoints ask for: the service's parts, the session, the language, who is calling."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from ipaddress import IPv6Network
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from app.boundary import Unit
from app.i18n import LANGUAGES, Translator, negotiate, translator
from app.security import csrf, keys, sessions, tokens
from app.security.access import API, EPCIS, WEB, Rule, Scope, UnauthorisedError
from app.security.idempotency import HEADER, Claim, Replay
from app.security.rate_limit import RateLimit
from app.settings import Settings
from scanner.worker import Supervisor
from traceability.actor import PUBLIC, Actor, Role
from traceability.db import Database
from traceability.errors import ForbiddenError
from traceability.invoices.outside.service import OutsideRegistry

LANGUAGE_COOKIE = "nguon_language"
MARK_COOKIE = "nguon_device"

T = TypeVar("T")


@dataclass(frozen=True)
class Services:
    """What lives as long as the application."""

    settings: Settings
    database: Database
    scanner: Supervisor
    public_limit: RateLimit
    log_in_limit: RateLimit
    """Failed log-ins of one address."""
    account_limit: RateLimit
    """Failed log-ins of one account, from wherever they come."""
    outside: OutsideRegistry | None = None
    """The outside invoice registry, where one is set up."""


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


def session(request: Request) -> Session:
    unit: Unit = request.state.unit
    return unit.session


def language(request: Request) -> str:
    """Asked for by ?lang=, else the visitor's switch, else the browser's."""
    asked = request.query_params.get("lang") if b"lang=" in request.scope["query_string"] else None
    for chosen in (asked, request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return negotiate(request.headers.get("accept-language"))


def current_translator(request: Request) -> Translator:
    return translator(language(request))


def client_address(request: Request) -> str:
    """Who asks: an IPv4 address, or the /64 network that one IPv6 customer has to itself."""
    address = request.client.host if request.client else "unknown"
    if services(request).settings.trust_proxy:
        forwarded = request.headers.get("x-forwarded-for", "")
        address = forwarded.rpartition(",")[2].strip() or address
    return _customer(address) if ":" in address else address


def _customer(address: str) -> str:
    try:
        return str(IPv6Network((address.partition("%")[0], 64), strict=False).network_address)
    except ValueError:
        return address


def device(request: Request) -> str:
    """A keyed hash of the address: names nobody, and cannot be chosen by who asks.

    Phones behind one address count as one, which may miss a clone but never makes one up.
    """
    secret = services(request).settings.secret
    return "device:" + tokens.keyed_hash(secret, "device", client_address(request))


def device_mark(request: Request, token: str) -> str:
    """A keyed hash of what a browser keeps for us: joins the looks of a phone that moves."""
    return "mark:" + tokens.keyed_hash(services(request).settings.secret, "mark", token)


def caller(request: Request, actor: Actor) -> str:
    if actor.key_id is not None:
        return f"key:{actor.key_id}"
    return f"user:{actor.user_id}" if actor.user_id is not None else device(request)


async def in_reading(request: Request, work: Callable[[Session], T]) -> T:
    """Do a short read: inline on SQLite, where it takes microseconds, else off the event loop."""
    database = services(request).database

    def read() -> T:
        with database.reading() as reading:
            return work(reading)

    return read() if database.is_sqlite else await run_in_threadpool(read)


def _allow(request: Request, table: dict[str, Rule], actor: Actor) -> Rule:
    rule = table[f"{request.method} {request.scope['route'].path_format}"]
    if actor.role not in rule.roles and actor.role is not Role.ANONYMOUS:
        raise ForbiddenError("web.role", role=str(actor.role))
    return rule


_MACHINES = {**API, **EPCIS}


async def api_actor(request: Request) -> Actor:
    """Who calls the API: the bearer of a key, or the public.

    Raises:
        UnauthorisedError: the key is not good, or one is needed.
        ForbiddenError: the role or the key's scope does not cover this endpoint.
        Replay: the request was answered before.
    """
    actor, scopes = await _bearer(request)
    rule = _allow(request, _MACHINES, actor)
    if actor.role not in rule.roles:
        raise UnauthorisedError("web.key-needed")
    if scopes and rule.scope not in scopes:
        raise ForbiddenError("web.scope", scope=str(rule.scope))
    request.state.scopes = scopes
    key = request.headers.get(HEADER)
    if key is not None and request.method == "POST":
        await _claim(request, actor, key)
    return actor


async def _bearer(request: Request) -> tuple[Actor, frozenset[Scope]]:
    header = request.headers.get("authorization")
    if header is None and "x-api-key" in request.headers:
        # Where clients of EPCIS put their key.
        header = f"Bearer {request.headers['x-api-key']}"
    if header is None:
        return PUBLIC, frozenset()
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise UnauthorisedError("web.key-scheme")
    database, secret = services(request).database, secret.strip()
    found = (
        keys.actor_of_key(database.look_up, secret)
        if database.is_sqlite
        else await run_in_threadpool(keys.actor_of_key, database.look_up, secret)
    )
    if found is None:
        services(request).public_limit.hit(client_address(request))  # guessing is not free
        raise UnauthorisedError("web.key-unknown")
    return found


async def _claim(request: Request, actor: Actor, key: str) -> None:
    claim = Claim(caller(request, actor), key, request, await request.body())
    kept = await in_reading(request, claim.kept_answer)
    if kept is not None:
        raise Replay(kept)
    request.state.unit.claim = claim


async def web_actor(request: Request) -> Actor:
    """Who is looking at a page; a posted form must carry the page's token.

    Raises:
        UnauthorisedError: the visitor is sent to log in, and back here afterwards.
        ForbiddenError: the role does not cover this page, or the form came from elsewhere.
    """
    actor = await _visitor(request)
    rule = _allow(request, WEB, actor)
    if actor.role not in rule.roles:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        back = here if request.method == "GET" else ""
        raise UnauthorisedError("web.log-in-needed", f"/login?next={quote(back, safe='/')}")
    if request.method == "POST":
        await csrf.check(request, services(request).settings.secret)
    return actor


async def _visitor(request: Request) -> Actor:
    token = request.cookies.get(sessions.COOKIE)
    if not token:
        return PUBLIC
    user = await in_reading(request, lambda s: sessions.user_of_session(s, token))
    if user is None:
        return PUBLIC
    request.state.user = user
    return sessions.actor_of_user(user)


def _inline(look_up: Callable[[Request], T]) -> Callable[[Request], Coroutine[Any, Any, T]]:
    """FastAPI hands plain functions to a thread; these take less time than the way there."""

    async def dependency(request: Request) -> T:
        return look_up(request)

    return dependency


ServicesDep = Annotated[Services, Depends(_inline(services))]
SessionDep = Annotated[Session, Depends(_inline(session))]
TranslatorDep = Annotated[Translator, Depends(_inline(current_translator))]
ApiActor = Annotated[Actor, Depends(api_actor)]
WebActor = Annotated[Actor, Depends(web_actor)]
