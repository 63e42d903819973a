"""Webhooks of recalls: where a program of the organisation is told, and whether that works."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Path, Request, Response
from sqlmodel import Session

from app.deps import ServicesDep, SessionDep, TranslatorDep, WebActor, current_translator
from app.i18n import N_
from app.security import tokens
from app.web.forms import RefusedError, Text, input_of, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop.base import first_time
from app.wording.deliveries import KIND_WORDS, STATE_WORDS, why_not_taken
from traceability.actor import Actor
from traceability.errors import InvalidError
from traceability.events.recalling import repository, webhooks
from traceability.events.recalling.schemas import DeliveryOut, WebhookIn, WebhookOut

router = page_router()

PATH = "/shop/recalls/webhooks"
_SHOWN = 10
"""Messages on the page of a webhook."""

WebhookId = Annotated[str, Path(max_length=36)]


@router.get(PATH)
def list_webhooks(
    request: Request, session: SessionDep, actor: WebActor, done: str = ""
) -> Response:
    return _list_page(request, session, actor, done=done)


def _list_page(
    request: Request,
    session: Session,
    actor: Actor,
    typed: str = "",
    errors: Mapping[str, str] | None = None,
    done: str = "",
) -> Response:
    hooks = [webhooks.describe(session, row) for row in webhooks.own(session, actor)]
    return render(
        request, "shop/recall_webhooks.html", status=422 if errors else 200, webhooks=hooks,
        why=_reasons(request, [hook.last for hook in hooks if hook.last]), most=webhooks.MOST,
        kind_words=KIND_WORDS, state_words=STATE_WORDS, typed=typed, errors=errors or {},
        done=done, nonce=tokens.new_token(),
    )  # fmt: skip


def _reasons(request: Request, deliveries: list[DeliveryOut]) -> dict[str, str]:
    """Sentences of the errors, by error."""
    translate = current_translator(request)
    return {each.error: why_not_taken(translate, each.error) for each in deliveries if each.error}


@router.post(PATH)
def add(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    dest: Text = "",
    nonce: Text = "",
) -> Response:
    """Add an address; its secret is in this answer and nowhere else."""
    if not first_time(session, actor, PATH, nonce):
        return see_other(f"{PATH}?done=shown")
    try:
        given = input_of(WebhookIn, {"dest": dest})
        if not given.dest.lower().startswith("https://"):
            raise InvalidError.of("dest", "events.webhook-address")
        made = webhooks.create(session, actor, given, parts.settings.vault)
    except RefusedError as error:
        errors = refusal(session, translate, error, "dest")
        return _list_page(request, session, actor, dest, errors)
    return _secret(request, made, translate.text(N_("The webhook is added")))


def _secret(request: Request, made: WebhookOut, heading: str) -> Response:
    return render(
        request, "shop/recall_webhook_secret.html", headers={"Cache-Control": "no-store"},
        webhook=made, heading=heading,
    )  # fmt: skip


@router.get(PATH + "/{webhook_id}")
def show_webhook(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    webhook_id: WebhookId,
    ask: str = "",
    done: str = "",
) -> Response:
    """The newest messages to it; `ask` is `token` or `remove`, the question before doing it."""
    row = webhooks.get(session, actor, webhook_id)
    newest = repository.newest_notices(session, webhook_id, _SHOWN)
    deliveries = [webhooks.delivery_out(each) for each in newest]
    return render(
        request, "shop/recall_webhook.html", webhook=row, deliveries=deliveries,
        why=_reasons(request, deliveries), kind_words=KIND_WORDS, state_words=STATE_WORDS, ask=ask,
        done=done, nonce=tokens.new_token(),
    )  # fmt: skip


@router.post(PATH + "/{webhook_id}")
def change(
    request: Request,
    session: SessionDep,
    parts: ServicesDep,
    actor: WebActor,
    translate: TranslatorDep,
    webhook_id: WebhookId,
    step: Text = "test",
    nonce: Text = "",
) -> Response:
    """Send a test, give it another secret, or take it away."""
    if step == "remove":
        webhooks.delete(session, actor, webhook_id)
        return see_other(f"{PATH}?done=removed")
    if step == "token":
        if not first_time(session, actor, f"{PATH}/{webhook_id}", nonce):
            return see_other(f"{PATH}?done=shown")
        made = webhooks.renew_token(session, actor, webhook_id, parts.settings.vault)
        return _secret(request, made, translate.text(N_("The webhook has a new secret")))
    webhooks.send_test(session, actor, webhook_id)
    return see_other(f"{PATH}/{webhook_id}?done=test")
