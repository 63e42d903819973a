"""Recalls: what one would reach, opening and closing, and how far it has come."""

from typing import Annotated, Literal

from fastapi import Path, Query, Response

from app.api.answers import Cursor, Limit, Page, as_json, id_of_cursor, page, problems
from app.api.examples import (
    RecallAnswerBody,
    RecallBody,
    RecallClosingBody,
    RecalledBody,
    RecallWebhookBody,
)
from app.api.routing import api_router
from app.deps import ApiActor, ServicesDep, SessionDep
from traceability.events import recall_repository as repository
from traceability.events import recalls
from traceability.events.recall_schemas import RecallOut
from traceability.events.recalling import answers, listing, webhooks
from traceability.events.recalling import repository as reached
from traceability.events.recalling.schemas import (
    AnswerOut,
    DeliveryOut,
    GoodsOut,
    ProgressOut,
    ReachOut,
    WebhookOut,
)
from traceability.verification.recalled_scans import with_scans

router = api_router("recalls")

WebhookId = Annotated[str, Path(max_length=36)]


@router.get("/recalls", responses=problems(422), summary="Recalls, newest first")
def list_recalls(
    session: SessionDep,
    actor: ApiActor,
    status: Literal["active", "closed"] | None = None,
    held: Annotated[
        bool, Query(description="Those that concern the own organisation: its work list")
    ] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[RecallOut]:
    before = id_of_cursor(cursor)
    if held:
        rows = reached.recalls_held(
            session, actor.party_id or 0, status=status, before_id=before, limit=limit
        )
    else:
        rows = repository.list_recalls(session, actor, status=status, before_id=before, limit=limit)
    return page(recalls.describe(session, rows), limit, rows[-1].id if rows else None)


@router.post(
    "/recalls/reach",
    response_model=ReachOut,
    responses=problems(403, 422),
    summary="What a recall would reach",
)
def foresee_recall(session: SessionDep, actor: ApiActor, recalled_in: RecalledBody) -> Response:
    """Goods with their certainty, mass balance, places, holders and the paths; nothing is kept.

    A member sees as much of it as its own traces tell.
    """
    # Written at once: FastAPI would look at each of thousands of goods again.
    return as_json(with_scans(session, recalls.foresee(session, actor, recalled_in)))


@router.post(
    "/recalls", status_code=201, responses=problems(403, 404, 409, 422), summary="Open a recall"
)
def open_recall(
    session: SessionDep, parts: ServicesDep, actor: ApiActor, recall_in: RecallBody
) -> RecallOut:
    """Of a product, a lot, serials, or of everything made from inputs; verdicts say so from now on.

    An owner opens it for its own goods; those of others that it reaches wait for an authority.
    """
    found = recalls.reaching(parts.database, actor, recall_in)
    return recalls.describe(session, [recalls.open_recall(session, actor, recall_in, found)])[0]


@router.get("/recalls/{recall_id}", responses=problems(404), summary="A recall")
def get_recall(session: SessionDep, actor: ApiActor, recall_id: int) -> RecallOut:
    return recalls.describe(session, [recalls.get_recall(session, actor, recall_id)])[0]


@router.get(
    "/recalls/{recall_id}/goods", responses=problems(404, 422), summary="Goods that are recalled"
)
def list_goods(
    session: SessionDep,
    actor: ApiActor,
    recall_id: int,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[GoodsOut]:
    """Those that verdicts call recalled; who conducts the recall sees all that it reaches."""
    recall = recalls.get_recall(session, actor, recall_id)
    rows = listing.goods(session, actor, recall, after_id=id_of_cursor(cursor) or 0, limit=limit)
    return page(listing.describe(session, rows), limit, rows[-1].id if rows else None)


@router.get(
    "/recalls/{recall_id}/reach",
    response_model=ReachOut,
    responses=problems(404),
    summary="What a recall reaches, and how",
)
def get_reach(session: SessionDep, actor: ApiActor, recall_id: int) -> Response:
    """By the events of today, with the paths; for authorities and the owner that opened it."""
    return as_json(with_scans(session, recalls.reach_of(session, actor, recall_id)))


@router.post(
    "/recalls/{recall_id}/reach", responses=problems(404, 409), summary="Work the reach out again"
)
def work_out_again(
    session: SessionDep, parts: ServicesDep, actor: ApiActor, recall_id: int
) -> RecallOut:
    """Goods that events have shown since are recalled with it; none is taken out."""
    found = recalls.reaching_again(parts.database, actor, recall_id)
    recalls.work_out_again(session, actor, recall_id, found)
    return recalls.describe(session, [recalls.get_recall(session, actor, recall_id)])[0]


@router.post(
    "/recalls/{recall_id}/confirmation",
    responses=problems(403, 404, 409),
    summary="Confirm an owner's recall for the goods of others",
)
def confirm_recall(session: SessionDep, actor: ApiActor, recall_id: int) -> RecallOut:
    return recalls.describe(session, [recalls.confirm_recall(session, actor, recall_id)])[0]


@router.post(
    "/recalls/{recall_id}/closing", responses=problems(404, 409, 422), summary="Close a recall"
)
def close_recall(
    session: SessionDep, actor: ApiActor, recall_id: int, closing: RecallClosingBody
) -> RecallOut:
    """By a decision, which is named; what was reached and answered stays on record."""
    recall = recalls.close_recall(session, actor, recall_id, closing)
    return recalls.describe(session, [recall])[0]


@router.get(
    "/recalls/{recall_id}/answers", responses=problems(404), summary="How far a recall has come"
)
def get_progress(session: SessionDep, actor: ApiActor, recall_id: int) -> ProgressOut:
    """Of each party that it reaches, for authorities; a member sees its own answer."""
    return answers.progress(session, actor, recalls.get_recall(session, actor, recall_id))


@router.post(
    "/recalls/{recall_id}/answers",
    status_code=201,
    responses=problems(403, 404, 409, 422),
    summary="Tell what was found of recalled goods",
)
def answer_recall(
    session: SessionDep, actor: ApiActor, recall_id: int, answer_in: RecallAnswerBody
) -> AnswerOut:
    """In all so far: the newest answer stands. An authority names whose it is."""
    return answers.answer_out(answers.answer(session, actor, recall_id, answer_in))


@router.get("/recall-webhooks", summary="Where the own organisation is told of recalls")
def list_webhooks(session: SessionDep, actor: ApiActor) -> list[WebhookOut]:
    """Each with the newest message to it."""
    return [webhooks.describe(session, row) for row in webhooks.own(session, actor)]


@router.post(
    "/recall-webhooks", status_code=201, responses=problems(403, 422), summary="Add a webhook"
)
def create_webhook(
    session: SessionDep, actor: ApiActor, parts: ServicesDep, webhook_in: RecallWebhookBody
) -> WebhookOut:
    """Told when a recall concerns the own organisation, reaches more of its goods, or is closed.

    Messages are signed like those of subscriptions (GS1-Signature); the token is shown once.
    """
    return webhooks.create(session, actor, webhook_in, parts.settings.vault)


@router.delete(
    "/recall-webhooks/{webhook_id}",
    status_code=204,
    responses=problems(404),
    summary="Take a webhook away",
)
def delete_webhook(session: SessionDep, actor: ApiActor, webhook_id: WebhookId) -> Response:
    webhooks.delete(session, actor, webhook_id)
    return Response(status_code=204)


@router.post(
    "/recall-webhooks/{webhook_id}/tests", status_code=202, responses=problems(404),
    summary="Send a webhook a test",
)  # fmt: skip
def test_webhook(session: SessionDep, actor: ApiActor, webhook_id: WebhookId) -> DeliveryOut:
    """Posted soon, once, signed like a notice: `{"type": "recall", "notice": "test"}`."""
    return webhooks.send_test(session, actor, webhook_id)


@router.post(
    "/recall-webhooks/{webhook_id}/token", responses=problems(404),
    summary="Give a webhook another token",
)  # fmt: skip
def renew_token(
    session: SessionDep, actor: ApiActor, parts: ServicesDep, webhook_id: WebhookId
) -> WebhookOut:
    """The token is shown once; the one before signs nothing more."""
    return webhooks.renew_token(session, actor, webhook_id, parts.settings.vault)
