"""Pages of the authorities: what waits, registrations, invoice lines, reports, recalls, users."""

from fastapi import APIRouter

from app.web.office import (
    aliases,
    audit_log,
    certificate_new,
    certificates,
    codes,
    lines,
    lists,
    overview,
    parties,
    recall,
    recall_opening,
    recalls,
    registrations,
    reports,
    users,
)

__all__ = ["router"]

router = APIRouter()
# The address of a form (/office/certificates/new) goes before those with an id in its place.
for _module in (
    overview, registrations, parties, codes, certificate_new, certificates, lines, aliases, lists,
    reports, recall_opening, recalls, recall, users, audit_log,
):  # fmt: skip
    router.include_router(_module.router)
