"""EPCIS 2.0 over HTTP (section 12), at /epcis/v2: capture, queries, named queries, resources."""

from fastapi import APIRouter

from app.epcis import capture, discovery, events, named_queries, page_tokens, resources

router = APIRouter()
for part in (discovery, capture, events, named_queries, page_tokens, resources):
    router.include_router(part.router)
