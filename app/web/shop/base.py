"""What the pages of a shop have in common: its own records, and forms that keep what was typed."""

import hashlib
from typing import Annotated

from fastapi import Path, Query
from sqlmodel import Session

from app.security.models import IdempotencyRecord
from traceability.actor import Actor
from traceability.errors import NotFoundError
from traceability.registry import parties, products
from traceability.registry.fields import MAX_ID
from traceability.registry.models import Party, Product

RecordId = Annotated[int, Path(ge=1, le=MAX_ID)]
After = Annotated[int, Query(ge=0, le=MAX_ID)]
"""The last id of the page before; 0 for the first page."""


def printable(text: str) -> str:
    r"""Typed text without the control characters that no name or code holds.

    >>> printable(" SAM\x002610 ")
    'SAM2610'
    """
    return "".join(sign for sign in text if sign.isprintable()).strip()


def own_party(session: Session, actor: Actor) -> Party:
    """The organisation that the visitor acts for."""
    return parties.get_party(session, actor, actor.party_id or 0)


def own_product(session: Session, actor: Actor, product_id: int) -> Product:
    """A product that the visitor's organisation owns or may use the code of.

    Raises:
        NotFoundError: `registry.product-unknown`, for those of others too.
    """
    product = products.get_product(session, actor, product_id)
    if not products.may_use(session, actor, product):
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    return product


def first_time(session: Session, actor: Actor, path: str, nonce: str) -> bool:
    """Whether a form was not sent before whose answer shows a secret, which is kept nowhere."""
    text = f"user:{actor.user_id}\nPOST\n{path}"
    scope, once = hashlib.sha256(text.encode()).hexdigest(), nonce[:100]
    if session.get(IdempotencyRecord, (scope, once)) is not None:
        return False
    session.add(
        IdempotencyRecord(
            scope=scope, key=once, fingerprint="", status=200, media_type="text/html", body=b""
        )
    )
    session.flush()
    return True
