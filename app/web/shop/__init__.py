"""Pages of shops and producers: what is to be done, their goods, invoices, tables and keys."""

from fastapi import APIRouter

from app.web.shop import (
    authorisations,
    balances,
    boxes,
    certificates,
    dashboard,
    event_form,
    events,
    invoices,
    jobs,
    keys,
    labels,
    lines,
    links,
    lots,
    product_form,
    products,
    recall_webhooks,
    recalls,
    serial,
    serials,
    tables,
)

__all__ = ["router"]

router = APIRouter()
# Fixed addresses (/shop/products/new) go before those with an id in their place.
for _module in (
    dashboard, product_form, products, links, authorisations, lots, serials, serial, certificates,
    labels, invoices, lines, balances, tables, event_form, boxes, events, jobs, keys,
    recall_webhooks, recalls,
):  # fmt: skip
    router.include_router(_module.router)
