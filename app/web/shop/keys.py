"""API keys of a shop or producer, and a page with commands to try them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Form, Request, Response
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor, current_translator
from app.i18n import N_, Translator
from app.security import keys, tokens
from app.security.access import Scope
from app.security.models import ApiKey
from app.web.codes import printed_gtin
from app.web.forms import Text
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import repository, words
from app.web.shop.base import RecordId, first_time, printable
from traceability.actor import Actor
from traceability.clock import now
from traceability.errors import NotFoundError
from traceability.registry.columns import Table

router = page_router()

SCOPES: Mapping[str, str] = {
    Scope.READ: N_("Read products, lots and serial numbers"),
    Scope.REGISTRY: N_("Register products, lots and serial numbers"),
    Scope.INVOICES: N_("Bring in and read invoices"),
    Scope.EVENTS: N_("Record and read events"),
    Scope.SCANS: N_("Scan codes"),
    Scope.ADMINISTRATION: N_("Make and revoke keys"),
}
DAYS: Mapping[str, str] = {
    "30": N_("30 days"),
    "90": N_("90 days"),
    "365": N_("One year"),
    "0": N_("No end"),
}
_MAX_NAME = 100
_EXAMPLE = "9520123456788"
"""A GTIN for demonstrations, where no product is registered yet."""


@router.get("/shop/keys")
def list_keys(request: Request, session: SessionDep, actor: WebActor, done: str = "") -> Response:
    return _page(request, session, actor, done=done)


def _page(request: Request, session: Session, actor: Actor, **context: Any) -> Response:
    errors = context.pop("errors", {})
    shown = {"done": "", "name": "", "chosen": ["read"], "days": "90", **context}
    return render(
        request, "shop/keys.html", status=422 if errors else 200, errors=errors, now=now(),
        keys=keys.list_keys(session, actor), scopes=SCOPES,
        periods=words.options(current_translator(request), DAYS), nonce=tokens.new_token(), **shown,
    )  # fmt: skip


@router.post("/shop/keys")
def create_key(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    name: Text = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Text = "",
    nonce: Text = "",
) -> Response:
    """The key is in this answer and nowhere else; loading it again makes no second key."""
    name, chosen = printable(" ".join(name.split())), scopes or []
    errors = _faults(translate, name, chosen, days)
    if errors:
        return _page(request, session, actor, errors=errors, name=name, chosen=chosen, days=days)
    if not first_time(session, actor, "/shop/keys", nonce):
        return see_other("/shop/keys?done=shown")
    key, secret = keys.create_key(
        session, actor, name=name, role=actor.role, party_id=actor.party_id,
        scopes=[Scope(each) for each in chosen],
        expires_at=now() + timedelta(days=int(days)) if days != "0" else None,
    )  # fmt: skip
    return render(
        request, "shop/key_made.html", headers={"Cache-Control": "no-store"}, key=key,
        secret=secret, scopes=SCOPES,
    )  # fmt: skip


def _faults(translate: Translator, name: str, chosen: list[str], days: str) -> dict[str, str]:
    errors = {}
    if not name:
        errors["name"] = translate.text(N_("Say what the key is for."))
    elif len(name) > _MAX_NAME:
        errors["name"] = translate.text(N_("At most {n} characters."), n=_MAX_NAME)
    if not chosen or set(chosen) - set(SCOPES):
        errors["scopes"] = translate.text(N_("Choose what the key may do."))
    if days not in DAYS:
        errors["days"] = translate.text(N_("Choose one of these."))
    return errors


@router.get("/shop/keys/{key_id}/revoke")
def revoke_question(
    request: Request, session: SessionDep, actor: WebActor, key_id: RecordId
) -> Response:
    return render(request, "shop/key_revoke.html", key=_own_key(session, actor, key_id))


def _own_key(session: Session, actor: Actor, key_id: int) -> ApiKey:
    key = session.get(ApiKey, key_id)
    if key is None or not actor.owns(key.party_id):
        raise NotFoundError("identity.key-unknown", id=key_id)
    return key


@router.post("/shop/keys/{key_id}/revoke")
def revoke_key(session: SessionDep, actor: WebActor, key_id: RecordId) -> Response:
    """Programs that use it are refused from now on."""
    keys.revoke_key(session, actor, key_id)
    return see_other("/shop/keys?done=revoked")


@router.get("/shop/api")
def api_page(
    request: Request, session: SessionDep, parts: ServicesDep, actor: WebActor
) -> Response:
    """Commands to copy, filled with a product of one's own."""
    product = next(iter(repository.own_products(session, actor, limit=1)), None)
    return render(
        request, "shop/api.html", host=parts.settings.public_url.rstrip("/"), product=product,
        gtin=printed_gtin(product.gtin) if product else _EXAMPLE, tables=list(Table),
    )  # fmt: skip
