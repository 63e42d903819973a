"""Version 1 of the HTTP API, a file for each of its parts."""

from fastapi import APIRouter

from app.api.v1 import (
    aliases,
    certificates,
    codes,
    diary,
    identity,
    invoices,
    labels,
    links,
    lots,
    origin,
    outside,
    parties,
    products,
    recalls,
    receipts,
    reports,
    ssccs,
    tables,
    traces,
    transparency,
    verification,
)

router = APIRouter()
for part in (
    verification, codes, parties, products, labels, links, lots, certificates, tables, recalls,
    invoices, aliases,
    outside, origin, reports, identity, diary, ssccs,
    traces, transparency, receipts,
):  # fmt: skip
    router.include_router(part.router)
