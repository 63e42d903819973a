"""Products: a GTIN, what the law asks about it, and the party that answers for it.

A GTIN is registered once. One under the company prefix of another party needs the document by
which that party allows it; one that no product in open trade can carry is refused.
"""

from collections.abc import Sequence

from sqlmodel import Session

from gs1.gtin import Gtin
from traceability import audit
from traceability.actor import Actor
from traceability.audit import AuditAction
from traceability.clock import now, today
from traceability.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from traceability.registry import authorisations, codes, ownership, parties, repository, search
from traceability.registry.access import is_registrar, may_change, require_writer
from traceability.registry.completeness import Record, RecordFacts, completeness
from traceability.registry.models import Product
from traceability.registry.once import once_only
from traceability.registry.schemas import (
    CompletenessOut,
    ProductIn,
    ProductOut,
    ProductPatch,
)


def get_product(session: Session, actor: Actor, product_id: int) -> Product:
    """The product of an id.

    Raises:
        NotFoundError: `registry.product-unknown` (product_id).
    """
    found = repository.product(session, actor, product_id)
    if found is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    return found


def product_of_gtin(session: Session, actor: Actor, text: str) -> Product:
    """The product of a GTIN in any printed length.

    Raises:
        InvalidError: the `gs1.` code of what is wrong with the GTIN.
        NotFoundError: `registry.gtin-unknown` (gtin).
    """
    number = codes.gtin(text).value
    found = repository.product_with_gtin(session, actor, number)
    if found is None:
        raise NotFoundError("registry.gtin-unknown", gtin=number)
    return found


def create_product(session: Session, actor: Actor, given: ProductIn) -> Product:
    """Register a product.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.no-party`,
            `registry.not-your-party` (party_id).
        InvalidError: `gs1.…` for the GTIN, `registry.prefix-not-for-products` (prefix, meaning),
            `registry.prefix-of-another` (prefix, holder_name), `registry.producer-missing`,
            `registry.party-unknown` (party_id), `registry.party-no-trader` (kind), and of the
            document `registry.date-in-future`, `registry.period-reversed`,
            `registry.authorisation-ended`.
        ConflictError: `registry.gtin-taken` (gtin, producer_name).
    """
    require_writer(actor)
    document = given.authorisation
    owner_id = ownership.producer_id(actor, given.producer_id, has_document=document is not None)
    number = _checked_code(session, given, owner_id)
    product = Product(
        **given.model_dump(exclude={"gtin", "producer_id", "authorisation", "risk_class"}),
        gtin=number.value,
        gtin_format=codes.gtin_format(number),
        producer_id=owner_id,
        risk_class=given.risk_class.value,
        confirmed=ownership.is_confirmed(actor, document),
    )
    with once_only(session):
        session.add(product)
    search.index_product(session, product)
    audit.record(
        session, actor, AuditAction.PRODUCT_CREATED, f"product:{product.id}",
        gtin=product.gtin, producer_id=owner_id,
    )  # fmt: skip
    if document is not None:
        user_id = owner_id if is_registrar(actor) else actor.party_id or 0
        authorisations.record_authorisation(session, actor, product, user_id, document)
    session.flush()
    return product


def _checked_code(session: Session, given: ProductIn, owner_id: int) -> Gtin:
    """The GTIN of a new product; every fault of code, producer and document at once."""
    owner = repository.parties_by_id(session, [owner_id]).get(owner_id)
    faults = [ownership.producer_fault(owner, owner_id)]
    if given.authorisation is not None:
        faults += ownership.document_faults(given.authorisation)
    try:
        number = codes.gtin(given.gtin)
    except InvalidError as error:
        raise InvalidError([*error.faults, *_there(faults)]) from error
    faults.append(codes.not_for_products(number))
    has_document = given.authorisation is not None
    faults.append(_prefix_fault(session, number, owner_id, has_document=has_document))
    if _there(faults):
        raise InvalidError(_there(faults))
    _refuse_taken(session, number)
    return number


def _there(faults: Sequence[Fault | None]) -> list[Fault]:
    return [fault for fault in faults if fault is not None]


def _prefix_fault(
    session: Session, number: Gtin, owner_id: int, *, has_document: bool
) -> Fault | None:
    holders = repository.prefix_holders(session, today(), codes.company_prefixes(number))
    foreign = ownership.foreign_prefix(number, owner_id, holders, has_document=has_document)
    if foreign is None:
        return None
    prefix, holder_id = foreign
    holder = repository.parties_by_id(session, [holder_id])[holder_id]
    return ownership.foreign_prefix_fault(prefix, holder)


def _refuse_taken(session: Session, number: Gtin) -> None:
    taken = repository.products_with_gtins(session, [number.value]).get(number.value)
    if taken is None:
        return
    owner = repository.parties_by_id(session, [taken.producer_id])[taken.producer_id]
    raise ConflictError("registry.gtin-taken", gtin=number.value, producer_name=owner.name)


def change_product(session: Session, actor: Actor, product_id: int, patch: ProductPatch) -> Product:
    """Change a product; its GTIN never changes, its producer only by the authority.

    Raises:
        NotFoundError: `registry.product-unknown` (product_id).
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin),
            `registry.field-by-authority` (field).
        InvalidError: `input.null`, and of a new producer `registry.party-unknown`,
            `registry.party-no-trader`, `registry.prefix-of-another`.
    """
    require_writer(actor)
    product = get_product(session, actor, product_id)
    if not may_change(actor, product.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=product.gtin)
    required = ("name", "producer_id", "risk_class", "display_sample")
    changes = patch.changes(required=required)
    new_owner = changes.get("producer_id")
    if new_owner is not None and new_owner != product.producer_id:
        _check_new_owner(session, actor, product, new_owner)
    product.sqlmodel_update({**changes, "changed_at": now()})
    session.add(product)
    session.flush()
    search.index_product(session, product)
    audit.record(
        session, actor, AuditAction.PRODUCT_CHANGED, f"product:{product_id}", fields=sorted(changes)
    )
    session.flush()
    return product


def _check_new_owner(session: Session, actor: Actor, product: Product, owner_id: int) -> None:
    if not is_registrar(actor):
        raise ForbiddenError("registry.field-by-authority", field="producer_id")
    owner = repository.parties_by_id(session, [owner_id]).get(owner_id)
    document = repository.authorisation(session, product.id or 0, owner_id)
    allowed = document is not None and (document.valid_to is None or document.valid_to >= today())
    number = Gtin.parse(product.gtin)
    faults = _there(
        [
            ownership.producer_fault(owner, owner_id),
            _prefix_fault(session, number, owner_id, has_document=allowed),
        ]
    )
    if faults:
        raise InvalidError([Fault("producer_id", each.code, each.arguments) for each in faults])


def may_use(session: Session, actor: Actor, product: Product) -> bool:
    """Whether the actor may make lots and serials of a product: its owner or an authorised user."""
    if may_change(actor, product.producer_id):
        return True
    if actor.party_id is None:
        return False
    document = repository.authorisation(session, product.id or 0, actor.party_id)
    return document is not None and (document.valid_to is None or document.valid_to >= today())


def usable_product(session: Session, actor: Actor, text: str) -> Product:
    """The product of a GTIN for one who wants to make lots or serials of it.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.not-your-product` (gtin).
        InvalidError: `gs1.…`, `registry.gtin-unknown` (gtin), both of the field gtin.
    """
    require_writer(actor)
    number = codes.gtin(text).value
    product = repository.product_with_gtin(session, actor, number)
    if product is None:
        raise InvalidError.of("gtin", "registry.gtin-unknown", gtin=number)
    if not may_use(session, actor, product):
        raise ForbiddenError("registry.not-your-product", gtin=number)
    return product


def describe(session: Session, products: Sequence[Product]) -> list[ProductOut]:
    """Products with their producers and what is missing, as of today."""
    facts = repository.record_facts(session, [product.id or 0 for product in products])
    owners = repository.parties_by_id(session, (product.producer_id for product in products))
    day = today()
    described = []
    for product in products:
        owner = owners[product.producer_id]
        known = facts.get(product.id or 0, RecordFacts())
        found = completeness(Record(product, owner, known), day)
        described.append(
            ProductOut(
                **product.model_dump(exclude={"producer_id"}),
                producer=parties.summary(owner),
                photo=known.photo,
                completeness=CompletenessOut.model_validate(found, from_attributes=True),
            )
        )
    return described
