"""Rendering pages, and the few things that every page route needs.

    return render(request, "consumer/home.html", code=code)
    return render(request, "account/login.html", status=422, errors={"email": "…"}, email=email)
    return see_other("/inspect")

Every template is given, besides its own context:

- `_("English msgid {name}", name=…)` and `_n("{n} scan", "{n} scans", n)`: this page's language
- `t`: the `Translator`, for `t.date`, `t.time`, `t.number`, `t.money`
- `csrf_field()`: the hidden input that every form with method="post" needs
- `user` (or None), `role`, `navigation`, `here` (this page's address), `path`
- `may("POST /office/lines")`: whether the access table lets this visitor use a page
- `static("style.css")`: address of a static file
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.deps import LANGUAGE_COOKIE, current_translator, services
from app.i18n import LANGUAGES, Translator
from app.security import csrf, tokens
from app.security.access import WEB
from app.web import assets
from app.web.codes import code_groups, gtin_groups
from app.web.navigation import navigation
from app.wording.errors import sentence
from traceability.actor import Role
from traceability.errors import Fault

_YEAR_S = 365 * 24 * 3600
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


def rich(message: str, **markup: Any) -> Markup:
    """A translated sentence in which `{names}` stand for markup; everything else is escaped.

    >>> rich("See <{page}>.", page=Markup("<b>here</b>"))
    Markup('See &lt;<b>here</b>&gt;.')
    """
    return escape(message).format(**markup)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.globals.update(
        static=assets.address, rich=rich, gtin_groups=gtin_groups, code_groups=code_groups
    )
    return environment


_templates = _environment()


class _Csrf:
    """The page's token; the cookie that it is bound to is made when a form first asks for it."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._cookie = request.cookies.get(csrf.COOKIE, "")
        self.new_cookie: str | None = None

    def field(self) -> Markup:
        if not self._cookie:
            self._cookie = self.new_cookie = tokens.new_token()
        value = csrf.token(services(self._request).settings.secret, self._cookie, self._request)
        return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, value)


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """The answer with a page in the visitor's language."""
    translate, form_token = current_translator(request), _Csrf(request)
    user = getattr(request.state, "user", None)
    role = Role(user.role) if user else Role.ANONYMOUS
    path = request.url.path
    html = _templates.get_template(template).render(
        _=translate.text,
        _n=translate.count,
        t=translate,
        csrf_field=form_token.field,
        user=user,
        role=role,
        navigation=navigation(role, path, translate),
        here=here(request),
        path=path,
        may=lambda route: role in WEB[route].roles,
        **context,
    )
    response = HTMLResponse(html, status, dict(headers or {}))
    response.headers["Content-Language"] = translate.language
    response.headers["Vary"] = "Accept-Language, Cookie"
    # What somebody saw while logged in is not to be found by the next one at the same machine.
    response.headers.setdefault("Cache-Control", "no-store" if user else "private, no-cache")
    if form_token.new_cookie:
        set_cookie(request, response, csrf.COOKIE, form_token.new_cookie)
    return response


def see_other(address: str) -> Response:
    """After a posted form: the page to show, so that reloading it repeats nothing (303)."""
    return RedirectResponse(address, 303)


def set_cookie(
    request: Request,
    response: Response,
    name: str,
    value: str,
    *,
    max_age: int | None = None,
    samesite: Any = "lax",
) -> None:
    """A cookie that scripts cannot read, and that only https carries where the service has it."""
    secure = services(request).settings.secure_cookies
    response.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite=samesite, secure=secure, path="/"
    )


def set_language(request: Request, response: Response, language: str) -> None:
    """Keep the visitor's choice of language for a year; anything we do not speak is left alone."""
    if language in LANGUAGES:
        set_cookie(request, response, LANGUAGE_COOKIE, language, max_age=_YEAR_S)


def here(request: Request) -> str:
    """The address to come back to: this page, or for a posted form the page that it stood on."""
    url = request.url
    if request.method != "GET":
        referer = urlsplit(request.headers.get("referer", "")[:4000])
        if referer.netloc != url.netloc:
            return "/"
        path, query = referer.path, referer.query
    else:
        path, query = url.path, url.query
    # ?lang= would outweigh the switch of language that leads back here.
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "lang"]
    return local_path(path + (f"?{urlencode(kept)}" if kept else ""))


def local_path(address: str, default: str = "/") -> str:
    """The address if it stays on this host, else the default.

    >>> local_path("/inspect?a=1"), local_path("//evil.example/"), local_path("https://evil.example")
    ('/inspect?a=1', '/', '/')
    """
    is_local = address.startswith("/") and not address.startswith("//")
    return address if is_local and not _CONTROL.search(address) else default


def field_errors(translate: Translator, faults: Sequence[Fault]) -> dict[str, str]:
    """Field -> sentence, for the error summary and the messages beside the fields."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(fault.field, sentence(translate, fault.code, fault.arguments))
    return found
