"""The HTTP API. Every route asks `api_actor` who is calling; the access table says who may."""

from fastapi import APIRouter, Depends

from app.api.answers import problems
from app.api.v1 import identity, invoices, recalls, registry, reports, verification
from app.deps import api_actor

router = APIRouter(
    prefix="/api/v1", dependencies=[Depends(api_actor)], responses=problems(401, 403)
)
for part in (verification, registry, recalls, invoices, reports, identity):
    router.include_router(part.router)
