"""Links and who manages them: the owner of a product, who may use its code, the registrars.

A link is never removed but ended, so that an end can be undone and what a code led to on a day
can be told afterwards. There is one default for each language, media type and context.
"""

from collections.abc import Sequence

from sqlmodel import Session

from gs1.element_string import ElementString
from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.errors import ConflictError, Fault, InvalidError, NotFoundError
from traceability.registry import codes
from traceability.registry import repository as registry
from traceability.registry.models import Product
from traceability.registry.products import usable_product
from traceability.resolver import anchors, repository, target
from traceability.resolver.link_types import LINK_TYPES, bare
from traceability.resolver.models import Link
from traceability.resolver.schemas import LinkIn

MOST = 500
"""Links of one product: more is a mistake, and a linkset should fit a phone."""


def add_link(session: Session, actor: Actor, given: LinkIn) -> Link:
    """Make a link.

    Raises:
        InvalidError: `resolver.address`, `resolver.address-private`, `resolver.placeholder`
            (name, names), `resolver.link-type` (value), `registry.period-reversed`, `gs1.…`.
        ForbiddenError: `registry.role-may-not-write`, `registry.not-your-product`.
        NotFoundError: `registry.gtin-unknown`.
        ConflictError: `resolver.default-taken` (id), `resolver.too-many` (maximum).
    """
    faults = _faults(given)
    if faults:
        raise InvalidError(faults)
    product = usable_product(session, actor, given.gtin)
    product_id = product.id or 0
    if len(repository.of_product(session, product_id)) >= MOST:
        raise ConflictError("resolver.too-many", maximum=MOST)
    link = Link(
        **given.model_dump(exclude={"gtin", "lot", "serial", "link_type", "valid_from"}),
        anchor=_anchor(product, given),
        product_id=product_id,
        link_type=bare(given.link_type),
        valid_from=given.valid_from or now(),
    )
    _refuse_second_default(session, link)
    session.add(link)
    session.flush()
    _record(session, actor, AuditAction.LINK_ADDED, link)
    return link


def end_link(session: Session, actor: Actor, link_id: int) -> Link:
    """Take a link away; `restore_link` brings it back.

    Raises:
        NotFoundError: `resolver.link-unknown` (link_id).
        ForbiddenError: as `add_link`.
    """
    link = managed_link(session, actor, link_id)
    if link.ended_at is None:
        link.ended_at = now()
        _record(session, actor, AuditAction.LINK_ENDED, link)
    return link


def restore_link(session: Session, actor: Actor, link_id: int) -> Link:
    """Bring an ended link back.

    Raises:
        NotFoundError: `resolver.link-unknown` (link_id).
        ForbiddenError: as `add_link`.
        ConflictError: `resolver.default-taken` (id).
    """
    link = managed_link(session, actor, link_id)
    if link.ended_at is not None:
        _refuse_second_default(session, link)
        link.ended_at = None
        _record(session, actor, AuditAction.LINK_ADDED, link)
    return link


def managed_link(session: Session, actor: Actor, link_id: int) -> Link:
    """A link that the actor manages.

    Raises:
        NotFoundError: `resolver.link-unknown` (link_id).
        ForbiddenError: as `add_link`.
    """
    link = session.get(Link, link_id)
    if link is None:
        raise NotFoundError("resolver.link-unknown", link_id=link_id)
    product = registry.product(session, actor, link.product_id)
    usable_product(session, actor, product.gtin if product else "")
    return link


def list_links(session: Session, actor: Actor, gtin: str) -> Sequence[Link]:
    """Every link of a product, for who manages them.

    Raises:
        NotFoundError: `registry.gtin-unknown`.
        ForbiddenError: as `add_link`.
    """
    product = usable_product(session, actor, gtin)
    return repository.of_product(session, product.id or 0)


def _faults(given: LinkIn) -> list[Fault]:
    texts = {"lot": given.lot, "serial": given.serial}
    found = [codes.cset82_fault(name, text) for name, text in texts.items() if text is not None]
    found.append(target.fault_of(given.href))
    if bare(given.link_type) not in LINK_TYPES:
        found.append(Fault("link_type", "resolver.link-type", {"value": given.link_type[:60]}))
    begins, ends = given.valid_from or now(), given.valid_to
    if ends is not None and ends <= begins:
        found.append(
            Fault(
                "valid_to",
                "registry.period-reversed",
                {"first": f"{begins:%Y-%m-%d %H:%M}", "last": f"{ends:%Y-%m-%d %H:%M}"},
            )
        )
    return [fault for fault in found if fault is not None]


def _anchor(product: Product, given: LinkIn) -> str:
    elements = [ElementString("01", product.gtin)]
    if given.lot is not None:
        elements.append(ElementString("10", given.lot))
    if given.serial is not None:
        elements.append(ElementString("21", given.serial))
    return anchors.levels(elements)[0]


def _refuse_second_default(session: Session, link: Link) -> None:
    other = repository.same_default(session, link) if link.is_default else None
    if other is not None:
        raise ConflictError("resolver.default-taken", id=other.id)


def _record(session: Session, actor: Actor, action: AuditAction, link: Link) -> None:
    audit.record(
        session, actor, action, f"product:{link.product_id}",
        link_id=link.id, link_type=link.link_type, anchor=link.anchor,
    )  # fmt: skip
    session.flush()
