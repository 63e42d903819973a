"""Pages of the authorities: what waits, registrations, invoice lines, reports, recalls, users."""

from fastapi import APIRouter

from app.web.office import (
    audit_log,
    lines,
    overview,
    parties,
    recalls,
    registrations,
    reports,
    users,
)

__all__ = ["router"]

router = APIRouter()
for _module in (overview, registrations, parties, lines, reports, recalls, users, audit_log):
    router.include_router(_module.router)
