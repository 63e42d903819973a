"""Pages, rendered on the server; they work without script.

Each module has a `router` of its own; `router` here holds them all.
"""

from fastapi import APIRouter

from app.web import (
    account,
    consumer,
    gs1_page,
    inspect,
    inspect_claims,
    inspect_origin,
    inspect_shop,
    log_page,
    office,
    reports,
    shop,
    tax,
    trace,
)
from app.web.assets import STATIC_FOLDER, VersionedStaticFiles
from app.web.errors import error_page

__all__ = ["STATIC_FOLDER", "VersionedStaticFiles", "error_page", "router"]

router = APIRouter()
router.include_router(consumer.router)
router.include_router(gs1_page.router)
router.include_router(log_page.router)
router.include_router(reports.router)
router.include_router(account.router)
router.include_router(inspect.router)
router.include_router(inspect_shop.router)
router.include_router(inspect_origin.router)
router.include_router(inspect_claims.router)
router.include_router(trace.router)
router.include_router(shop.router)
router.include_router(office.router)
router.include_router(tax.router)
