"""The page that explains a code to a person: every part in words, and what is wrong where."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from app.deps import (
    ServicesDep,
    SessionDep,
    TranslatorDep,
    WebActor,
    client_address,
)
from app.web.pages import render
from app.web.routing import page_router
from app.wording.errors import sentence
from app.wording.gs1_place import printable, visible
from app.wording.gs1_view import gs1_view
from gs1.element_string import MAX_LENGTH
from traceability.actor import Role
from traceability.registry import repository as registry

router = page_router()

EXAMPLES = (
    "(01)09521101000016(10)SAM2610(17)271231",
    "https://id.gs1.org/01/09521101000016/10/SAM2610",
    "8934563138166",
)
"""The last one has a wrong check digit."""

AROUND = 60
"""Characters shown on each side of an error."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the part in it that matters."""

    before: str
    part: str
    after: str
    first: int
    """Place of the part's first character, counted from 1."""
    last: int


@router.get("/gs1")
def explain(
    request: Request,
    parts: ServicesDep,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    code: str | None = None,
) -> Response:
    """What a typed or pasted code says; without one, where to type it."""
    if code is None:
        return _page(request, code="")
    if not code.strip():
        errors = {"code": sentence(translate, "gs1.empty", {})}
        return _page(request, status=422, errors=errors, code="")
    if actor.role is Role.ANONYMOUS:
        parts.public_limit.hit(client_address(request))

    def registered(gtins: Collection[str]) -> Collection[str]:
        return registry.products_with_gtins(session, gtins).keys()

    view = gs1_view(translate, code, registered=registered)
    return _page(
        request,
        code=typed(code[:MAX_LENGTH]),
        view=view,
        wrong=[(error, _error_mark(error, view["text"])) for error in view["errors"]],
        hints=[(hint, marked(hint["suggestion"], *hint["span"])) for hint in view["hints"]],
    )


def _page(request: Request, status: int = 200, **context: Any) -> Response:
    given: dict[str, Any] = {"errors": {}, "view": None, "wrong": [], "hints": [], **context}
    return render(
        request,
        "consumer/gs1.html",
        status=status,
        visible=visible,
        examples=EXAMPLES,
        **given,
    )


def _error_mark(error: dict[str, object], text: str) -> Marked | None:
    """The error in the whole text; beside it where the value reads otherwise than it stands."""
    match error:
        case {"place": (int(start), int(end))}:
            return marked(text, start, end)
        case {"value": str(value), "span": (int(start), int(end))}:
            return marked(value, start, end)
        case _:
            return None


def marked(text: str, start: int, end: int) -> Marked:
    """The part of a text from start to end, with a little around it.

    >>> marked("(17)271331", 6, 8)
    Marked(before='(17)27', part='13', after='31', first=7, last=8)
    """
    before, after = text[:start], text[end:]
    return Marked(
        ("…" if len(before) > AROUND else "") + visible(before[-AROUND:]),
        visible(text[start:end][: 2 * AROUND]),
        visible(after[:AROUND]) + ("…" if len(after) > AROUND else ""),
        start + 1,
        max(end, start + 1),
    )


def typed(code: str) -> str:
    r"""The code as it can stand in a field and be sent again; behind `]d2` a `^` is no separator.

    >>> typed("10LOT7\x1d21SN42"), typed("]d210LOT7\x1d21SN42")
    ('10LOT7^21SN42', ']d210LOT7\x1d21SN42')
    """
    return printable(code) if code.lstrip().startswith("]") else visible(code)
