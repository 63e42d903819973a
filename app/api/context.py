"""What a verification is told of the request: who asks, from where, and how often."""

from fastapi import Request

from app.deps import caller, client_address, device_mark, services
from traceability.actor import Actor, Role
from traceability.invoices.outside.service import Consultation
from traceability.verification.case import Context, Place


def count_public(request: Request, actor: Actor, cost: int = 1) -> None:
    """Callers without a key share a limit for each address."""
    if actor.role is Role.ANONYMOUS:
        services(request).public_limit.hit(client_address(request), cost)


NOWHERE = Place()


def context_of(
    request: Request,
    actor: Actor,
    place: Place = NOWHERE,
    outside: tuple[Consultation, ...] = (),
    token: str | None = None,
) -> Context:
    """`token`: what the application keeps of the phone it runs on."""
    hosts = services(request).settings.hosts
    mark = device_mark(request, token) if token else None
    return Context(actor, caller(request, actor), place, hosts, outside=outside, mark=mark)
