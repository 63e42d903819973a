"""Pages of the public: type or photograph a code, and see what the data say of it."""

import re
from typing import Annotated

from fastapi import File, Request, Response, UploadFile
from fastapi.exceptions import HTTPException
from sqlmodel import Session

from app.api.answers import has_already
from app.deps import (
    MARK_COOKIE,
    ServicesDep,
    SessionDep,
    TranslatorDep,
    WebActor,
    client_address,
    device,
    device_mark,
    services,
)
from app.head import only_headers
from app.i18n import Translator
from app.pictures import as_data_address
from app.resolver import address_of, status_of
from app.security import tokens
from app.web import consumer_view as view
from app.web.choosing import choices_of
from app.web.pages import render, see_other, set_cookie
from app.web.routing import page_router
from app.wording.error_sentences import SENTENCES
from app.wording.errors import sentence
from app.wording.reading import reading_notes
from scanner import ScannerError
from traceability.actor import PUBLIC, Actor, Role
from traceability.registry import repository as registry
from traceability.verification import service
from traceability.verification.case import Context
from traceability.verification.verdict import Verdict

router = page_router()

PICTURE_COST = 10
"""Decoding a picture counts as this many look-ups."""

_MARK_KEPT_S = 180 * 24 * 3600
"""A pack is looked up again within months, if at all."""

_ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|preview|facebookexternalhit|whatsapp/|curl/|wget/", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"{(\w+)}")


@router.get("/")
def home(request: Request) -> Response:
    """Type a code or photograph it."""
    return render(request, "consumer/home.html", errors={}, code="")


@router.get("/check")
def check(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep, code: str = ""
) -> Response:
    """The verdict on typed text: a GTIN, element strings or a link."""
    code = code.strip()
    if not code:
        errors = {"code": sentence(translate, "web.nothing-sent", {})}
        return render(request, "consumer/home.html", status=422, errors=errors, code="")
    return _verdict_page(request, session, actor, translate, code)


@router.post("/check")
def check_photo(
    request: Request,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    photo: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """A photograph: on to the page of the code in it, or a choice where it holds several."""
    data = photo.file.read() if photo else b""
    if not data:
        return _photo_refused(request, sentence(translate, "web.nothing-sent", {}))
    if actor.role is Role.ANONYMOUS:
        parts.public_limit.hit(client_address(request), PICTURE_COST)
    try:
        reading = parts.scanner.decode(data)
    except ScannerError as error:
        return _photo_refused(request, sentence(translate, error.code, error.arguments))
    choices = choices_of(reading, parts.settings.hosts)
    if len(choices) == 1 and choices[0].sure:
        return see_other(choices[0].address)
    if not choices:
        notes = reading_notes(translate, reading)
        return render(request, "consumer/nothing_read.html", status=422, notes=notes)
    return render(
        request,
        "consumer/choose.html",
        choices=choices,
        notes=reading_notes(translate, reading),
        picture=as_data_address(data),
        width=reading.width,
        height=reading.height,
    )


def _photo_refused(request: Request, text: str) -> Response:
    return render(request, "consumer/home.html", status=422, errors={"photo": text}, code="")


@router.get("/01/{path:path}")
def digital_link(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep
) -> Response:
    """The page that the QR code of a label opens: /01/{gtin}/10/{lot}/21/{serial}."""
    link = address_of(request, services(request).settings)
    return _verdict_page(request, session, actor, translate, link, is_link=True)


def _verdict_page(
    request: Request,
    session: Session,
    actor: Actor,
    translate: Translator,
    code: str,
    *,
    is_link: bool = False,
) -> Response:
    kept = request.cookies.get(MARK_COOKIE)
    token = kept or tokens.new_token()
    verdict = _look(request, actor, code, token)
    readable = verdict.reading is not None
    product = view.product_view(session, verdict)
    response = render(
        request,
        "consumer/verdict.html",
        status=400 if is_link and not readable else status_of(request),
        code=code,
        verdict=view.answer(translate, verdict),
        meta=view.meta_lines(translate, verdict),
        elements=[(e.ai, e.value) for e in verdict.reading.elements] if verdict.reading else [],
        gtin=_gtin(verdict),
        product=product,
        identification=view.identification(translate, product.fields) if product else None,
        recall=verdict.record.recall if verdict.record else None,
        compare=view.compare(translate, verdict),
        prefix=view.prefix_text(translate, verdict),
        clear_checks=view.clear_checks(translate, verdict),
        first_province=view.first_province(session, translate, verdict),
        report_code=verdict.reading.as_bracketed() if verdict.reading else code[:200],
    )
    if not kept and _counts(request, actor):
        set_cookie(request, response, MARK_COOKIE, token, max_age=_MARK_KEPT_S)
    return response


def _gtin(verdict: Verdict) -> str | None:
    gtin = verdict.reading.keys.gtin if verdict.reading else None
    return gtin.value if gtin else None


def _look(request: Request, actor: Actor, code: str, token: str) -> Verdict:
    """The consumer's verdict; a person's look is kept and counted as a scan."""
    parts = services(request)
    if actor.role is Role.ANONYMOUS:
        parts.public_limit.hit(client_address(request))
    # What is seen is what the public sees, whoever looks.
    context = Context(
        PUBLIC, device(request), official_hosts=parts.settings.hosts,
        mark=device_mark(request, token),
    )  # fmt: skip
    if not _counts(request, actor):
        return service.public_verdict(
            parts.database.look_up, parts.database.look_up_all, code, context
        )
    with parts.database.writing() as session:
        _, verdict = service.scan(session, service.Symbol(code), context)
    return verdict


def _counts(request: Request, actor: Actor) -> bool:
    """Whether this is a consumer's look: not staff, not a robot, not a browser reading ahead."""
    headers = request.headers
    ahead = headers.get("sec-purpose") or headers.get("purpose") or headers.get("x-moz") or ""
    agent = headers.get("user-agent", "")
    return (
        actor.role is Role.ANONYMOUS
        and not only_headers(request)
        and "prefetch" not in ahead
        and bool(agent)
        and not _ROBOT.search(agent)
    )


@router.get("/photos/{gtin}")
def product_photo(request: Request, session: SessionDep, gtin: str) -> Response:
    """The picture of a product."""
    product = registry.product_with_gtin(session, PUBLIC, gtin[:20].zfill(14))
    photo = registry.photo(session, product.id or 0) if product else None
    if photo is None:
        raise HTTPException(404)
    etag = f'"{photo.digest}"'
    versioned = request.query_params.get("v") == photo.digest[:12]
    kept = "public, max-age=31536000, immutable" if versioned else "public, max-age=300"
    headers = {"ETag": etag, "Cache-Control": kept}
    if has_already(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(photo.data, headers=headers, media_type=photo.media_type)


@router.get("/problems/{code}")
def problem(request: Request, translate: TranslatorDep, code: str) -> Response:
    """What an error code of the API means: the address that a problem's `type` points to."""
    message = SENTENCES.get(code)
    if message is None:
        raise HTTPException(404)
    blanks = dict.fromkeys(_PLACEHOLDER.findall(message), "…")
    return render(request, "problem.html", code=code, text=sentence(translate, code, blanks))
