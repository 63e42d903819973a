"""The picture of a product, one of the elements that the law asks for."""

import hashlib

from sqlmodel import Session

from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.errors import ForbiddenError, InvalidError
from traceability.registry import repository
from traceability.registry.access import may_change, require_writer
from traceability.registry.models import Product, ProductPhoto

MEDIA_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
MAX_BYTES = 2 * 1024 * 1024
"""What a phone should have to load at most."""


def set_photo(
    session: Session, actor: Actor, product: Product, media_type: str, data: bytes
) -> ProductPhoto:
    """Keep the picture of a product in place of the one before.

    Args:
        session: the caller's transaction.
        actor: who acts.
        product: the product in the picture.
        media_type: of the bytes, one of `MEDIA_TYPES`.
        data: a picture that was decoded and encoded anew, so that it carries no place, no
            camera and nothing but pixels.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
        InvalidError: `registry.photo-type` (media_type), `registry.photo-size` (bytes, most).
    """
    require_writer(actor)
    if not may_change(actor, product.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    if media_type not in MEDIA_TYPES:
        raise InvalidError.of("photo", "registry.photo-type", media_type=media_type[:40])
    if not 0 < len(data) <= MAX_BYTES:
        raise InvalidError.of("photo", "registry.photo-size", bytes=len(data), most=MAX_BYTES)
    product_id = product.id or 0
    digest = hashlib.sha256(data).hexdigest()
    photo = repository.photo(session, product_id) or ProductPhoto(
        product_id=product_id, media_type=media_type, data=data, digest=digest
    )
    photo.media_type, photo.data, photo.digest = media_type, data, digest
    session.add(photo)
    audit.record(
        session, actor, AuditAction.PRODUCT_CHANGED, f"product:{product_id}", fields=["photo"]
    )
    session.flush()
    return photo
