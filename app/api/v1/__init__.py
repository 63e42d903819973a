"""Version 1 of the HTTP API, a file for each of its parts."""

from fastapi import APIRouter

from app.api.v1 import (
    codes,
    diary,
    identity,
    invoices,
    lots,
    parties,
    products,
    recalls,
    reports,
    tables,
    traces,
    verification,
)

router = APIRouter()
for part in (
    verification, codes, parties, products, lots, tables, recalls, invoices, reports, identity,
    diary,
    traces,
):  # fmt: skip
    router.include_router(part.router)
