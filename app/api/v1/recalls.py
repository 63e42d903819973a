"""Recalls."""

from typing import Literal

from app.api.answers import Cursor, Limit, Page, id_of_cursor, page, problems
from app.api.examples import RecallBody, RecallClosingBody
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from traceability.events import recalls, repository
from traceability.events.schemas import RecallOut

router = api_router("recalls")


@router.get("/recalls", responses=problems(422), summary="Recalls, newest first")
def list_recalls(
    session: SessionDep,
    actor: ApiActor,
    status: Literal["active", "closed"] | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[RecallOut]:
    rows = repository.list_recalls(
        session, actor, status=status, before_id=id_of_cursor(cursor), limit=limit
    )
    return page(recalls.describe(session, rows), limit, rows[-1].id if rows else None)


@router.post(
    "/recalls", status_code=201, responses=problems(404, 409, 422), summary="Open a recall"
)
def open_recall(session: SessionDep, actor: ApiActor, recall_in: RecallBody) -> RecallOut:
    """Of a product, a lot or a serial; verdicts say RECALLED from now on."""
    return recalls.describe(session, [recalls.open_recall(session, actor, recall_in)])[0]


@router.post(
    "/recalls/{recall_id}/closing", responses=problems(404, 409, 422), summary="Close a recall"
)
def close_recall(
    session: SessionDep, actor: ApiActor, recall_id: int, closing: RecallClosingBody
) -> RecallOut:
    """By a decision, which is named."""
    recall = recalls.close_recall(session, actor, recall_id, closing)
    return recalls.describe(session, [recall])[0]
