"""The first page of a shop or producer."""

from fastapi import Request, Response

from app.deps import SessionDep, TranslatorDep, WebActor
from app.security import keys
from app.web.pages import render
from app.web.routing import page_router
from app.web.shop import repository, todo
from app.web.shop.base import own_party

router = page_router()


@router.get("/shop")
def dashboard(
    request: Request, session: SessionDep, actor: WebActor, translate: TranslatorDep
) -> Response:
    """To do first, then what there is; each number leads to what it counts."""
    party = own_party(session, actor)
    live_keys = [key for key in keys.list_keys(session, actor) if key.revoked_at is None]
    return render(
        request,
        "shop/dashboard.html",
        party=party,
        entries=todo.entries(session, translate, actor, party),
        counts={**repository.counts(session, actor), "keys": len(live_keys)},
        most=repository.MOST_COUNTED,
    )
