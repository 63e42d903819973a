"""The GS1-conformant resolver: /01/{gtin}/10/{lot}/21/{serial} leads each reader to its place.

A phone is redirected to what the owner of the code has named, or sees our own page; a machine asks
for one kind of link (`?linkType=`) or for all of them (`Accept: application/linkset+json`). What
is asked in general is answered before any session, cookie or template, because it is the path of
every scan; our own page is a page like the others, at the same address.
"""

import hashlib
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

import gs1
from app.api.answers import as_json, has_already
from app.deps import client_address, current_translator, services
from app.direct import DirectRoute
from app.i18n import N_
from app.problems import Problem
from app.settings import Settings
from gs1 import compression
from gs1.errors import Gs1Error
from traceability.resolver import choosing, linkset, resolving, target
from traceability.resolver.link_types import DEFAULT, NAMESPACE, RECALL_STATUS, bare
from traceability.resolver.resolving import Answer, Kind

PATH = "/01/{path:path}"
COMPRESSED = "/{compressed}"
WELL_KNOWN = "/.well-known/gs1resolver"
_OWN = ("linkType", "context", "lang")
"""Parameters that are for the resolver and not passed on."""
_PASSED = "nguon.resolved"
_OF_LINKSETS = (linkset.MEDIA_TYPE, linkset.JSON_LD, "application/json")
"""Media types that ask for the linkset."""
_CONTEXT_RELATION = "http://www.w3.org/ns/json-ld#context"
_ALLOWED = "GET, HEAD, OPTIONS"
_OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, Location",
    "Vary": "Accept, Accept-Language",
}
OWN_TITLE = N_("What the register says of this product")


class ResolverRoute(DirectRoute):
    """Answers, or leaves the request to the page that stands further back at this address."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.NONE, {}) if _PASSED in scope else super().matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "OPTIONS"):
            await super().handle(scope, receive, send)
            return
        request = Request(scope, receive, send)
        response = _options() if scope["method"] == "OPTIONS" else await _resolve(request)
        if isinstance(response, Response):
            await response(scope, receive, send)
            return
        scope[_PASSED] = response
        await scope["router"].app(scope, receive, _with_headers(send, response))


def add_resolver(app: FastAPI) -> None:
    """Add the resolver before the pages."""
    app.router.add_api_route(
        PATH, _resolve, methods=["GET", "OPTIONS"], include_in_schema=False,
        route_class_override=ResolverRoute,
    )  # fmt: skip
    app.router.add_api_route(
        WELL_KNOWN, describe, methods=["GET", "OPTIONS"], include_in_schema=False,
        route_class_override=DirectRoute,
    )  # fmt: skip


def add_compressed(app: FastAPI) -> None:
    """Add, behind everything else, addresses that are one compressed word."""
    app.router.add_api_route(
        COMPRESSED, _resolve_compressed, methods=["GET"], include_in_schema=False,
        route_class_override=DirectRoute,
    )  # fmt: skip


def status_of(request: Request) -> int:
    """The status of our own page.

    410 for what was recalled or taken out of circulation; 404 for what nobody has registered and
    for a link that there is not, as GS1's resolver standard wants no 200 for what is not there.
    """
    kind = request.scope.get(_PASSED, {}).get("kind")
    return {Kind.GONE: 410, Kind.UNKNOWN: 404, Kind.NO_SUCH_LINK: 404}.get(kind, 200)


async def describe(request: Request) -> Response:
    """What this resolver can do, by the schema of GS1-Conformant Resolver 1.2.0.

    https://ref.gs1.org/standards/resolver/1.2.0/description-file-schema
    """
    if request.method == "OPTIONS":
        return _options()
    root = services(request).settings.public_url.rstrip("/")
    body = {
        "name": "Nguồn",
        "resolverRoot": root,
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [{"namespace": NAMESPACE, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "jsonLdContextLocation": linkset.CONTEXT,
    }
    return as_json(body, headers={**_OPEN, "Cache-Control": "public, max-age=3600"})


def _options() -> Response:
    headers = {
        **_OPEN, "Allow": _ALLOWED, "Access-Control-Allow-Methods": _ALLOWED,
        "Access-Control-Allow-Headers": "Accept, Accept-Language",
        "Access-Control-Max-Age": "86400",
    }  # fmt: skip
    return Response(status_code=204, headers=headers)


async def _resolve(request: Request) -> Any:
    """The answer, or what our own page's answer carries as headers."""
    parts = services(request)
    parts.public_limit.hit(client_address(request))
    wanted = _wanted(request)
    try:
        reading = _read(address_of(request, parts.settings))
    except Gs1Error as error:
        return _refused(request, error, wanted)
    database = parts.database
    arguments = (database.look_up, database.look_up_all, reading, wanted)
    if database.is_sqlite:
        answer = resolving.resolve(*arguments)
    else:
        answer = await run_in_threadpool(resolving.resolve, *arguments)
    return _Answering(request, reading, answer, wanted).response()


async def _resolve_compressed(request: Request) -> Response:
    """As the plain address would be answered; our own page stands at that address alone."""
    address = address_of(request, services(request).settings)
    try:
        plain = compression.decompress(address)
    except Gs1Error as error:
        raise HTTPException(404) from error
    answer = await _resolve(request)
    if isinstance(answer, Response):
        return answer
    headers = {**answer["headers"], "Location": plain}
    return Response(status_code=307, headers=headers)


def address_of(request: Request, settings: Settings) -> str:
    """The address as the label has it, whatever name this host was reached by."""
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = urlencode(_passed_on(request))
    address = f"{settings.public_url.rstrip('/')}{path.decode('ascii', 'replace')}"
    return f"{address}?{query}" if query else address


def _passed_on(request: Request) -> list[tuple[str, str]]:
    query = request.scope["query_string"]
    if not query:
        return []
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return [(name, value) for name, value in pairs if name not in _OWN]


def _read(address: str) -> gs1.Reading:
    plain = compression.decompress(address) if compression.is_compressed(address) else address
    reading = gs1.read(plain)
    if reading.keys.gtin is None or reading.stem is None:
        raise Gs1Error("gs1.link-no-key", address)
    return reading


def _wanted(request: Request) -> choosing.Wanted:
    query = request.query_params if request.scope["query_string"] else {}
    accept = choosing.weighted(request.headers.get("accept"))
    link_type = bare(query.get("linkType") or DEFAULT)
    if link_type == "all" or (accept and accept[0] in _OF_LINKSETS):
        link_type = resolving.LINKSET
    languages = choosing.weighted(request.headers.get("accept-language"))
    return choosing.Wanted(link_type, languages, accept, query.get("context"))


def _refused(request: Request, error: Gs1Error, wanted: choosing.Wanted) -> Any:
    """A browser gets our page, which explains the code part by part; a machine a problem."""
    if _asks_for_a_page(request, wanted):
        return {"kind": None, "headers": _OPEN}
    problem = Problem(400, error.code, dict(error.arguments), headers=_OPEN)
    return problem.as_json(current_translator(request), request.url.path)


def _asks_for_a_page(request: Request, wanted: choosing.Wanted) -> bool:
    return wanted.link_type == DEFAULT and _takes_pages(request)


def _takes_pages(request: Request) -> bool:
    return "html" in request.headers.get("accept", "text/html")


class _Answering:
    """Puts one answer into HTTP."""

    def __init__(
        self, request: Request, reading: gs1.Reading, answer: Answer, wanted: choosing.Wanted
    ) -> None:
        self._request, self._answer, self._wanted = request, answer, wanted
        self._stem = services(request).settings.public_url.rstrip("/")
        self._values = target.values_of(reading.elements)
        self._anchor = self._stem + answer.levels[0]
        links = []
        if answer.kind is not Kind.UNKNOWN:
            address = f"{self._anchor}?linkType=linkset"
            links.append(f'<{address}>; rel="linkset"; type="{linkset.MEDIA_TYPE}"')
        if request.url.path != answer.levels[0]:
            # Compressed, padded or repaired: the address it stands for.
            links.append(f'<{reading.as_digital_link(self._stem)}>; rel="owl:sameAs"')
        self._links = links

    def response(self) -> Any:
        match self._answer.kind:
            case Kind.REDIRECT:
                return self._redirect()
            case Kind.CHOICES:
                return as_json(self._set(), 300, self._headers())
            case Kind.LINKSET:
                return self._linkset()
            case Kind.NO_SUCH_LINK if not _takes_pages(self._request):
                link_type = self._wanted.link_type[:60]
                return self._not_found("resolver.no-such-link", link_type=link_type)
            case Kind.UNKNOWN if not _asks_for_a_page(self._request, self._wanted):
                return self._not_found("resolver.not-registered", gtin=self._values["gtin"])
            case Kind.GONE:
                page = f'<{self._anchor}>; rel="{NAMESPACE}{RECALL_STATUS}"'
                return {"kind": Kind.GONE, "headers": self._headers(page)}
            case kind:
                return {"kind": kind, "headers": self._headers()}

    def _not_found(self, code: str, **arguments: str) -> Response:
        problem = Problem(404, code, arguments, headers=self._headers())
        return problem.as_json(current_translator(self._request), self._request.url.path)

    def _headers(self, *links: str) -> dict[str, str]:
        told = ", ".join([*self._links, *links])
        return {**_OPEN, "Link": told} if told else dict(_OPEN)

    def _redirect(self) -> Response:
        link = self._answer.links[0]
        address = target.filled(link.href, self._values)
        if link.link_type == resolving.HANDLED_BY and address == link.href:
            address = address.rstrip("/") + self._answer.levels[0]
        address = target.with_query(address, urlencode(_passed_on(self._request)))
        headers = {
            **self._headers(), "Location": quote(address, safe=":/?#[]@!$&'()*+,;=%~"),
            "Cache-Control": "public, max-age=60",
        }  # fmt: skip
        return Response(status_code=307, headers=headers)

    def _set(self) -> dict[str, Any]:
        title = current_translator(self._request).text(OWN_TITLE)
        return linkset.linkset(
            self._stem,
            self._answer.levels,
            self._answer.links,
            title,
            self._values,
            tells_recall=self._answer.tells_recall,
        )

    def _linkset(self) -> Response:
        context = f'<{linkset.CONTEXT}>; rel="{_CONTEXT_RELATION}"; type="{linkset.JSON_LD}"'
        headers = {**self._headers(context), "Cache-Control": "public, max-age=60"}
        found, kind = self._set(), linkset.MEDIA_TYPE
        if self._wanted.media_types[:1] == (linkset.JSON_LD,):
            found, kind = {"@context": linkset.CONTEXT, **found}, linkset.JSON_LD
        response = as_json(found, headers=headers)
        etag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
        if has_already(self._request, etag):
            return Response(status_code=304, headers={**headers, "ETag": etag})
        response.headers["ETag"] = etag
        response.headers["Content-Type"] = kind
        return response


def _with_headers(send: Send, state: dict[str, Any]) -> Send:
    """Adds the resolver's headers to the page's own."""
    added = [(name.lower().encode(), value.encode()) for name, value in state["headers"].items()]

    async def send_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return send_more
