"""Pages of the authorities: what waits, registrations, invoice lines, reports, recalls, users."""

from fastapi import APIRouter

from app.web.office import (
    aliases,
    audit_log,
    codes,
    lines,
    lists,
    overview,
    parties,
    recall,
    recalls,
    registrations,
    reports,
    users,
)

__all__ = ["router"]

router = APIRouter()
for _module in (
    overview, registrations, parties, codes, lines, aliases, lists, reports, recalls, recall,
    users, audit_log,
):  # fmt: skip
    router.include_router(_module.router)
