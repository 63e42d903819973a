"""Statements about stock that no invoice makes: opening counts, returns, seizures, shelf counts.

The shop may state what it had to begin with and what it gave back; what was seized and what was
seen on the shelf only an inspector states. Who stated it is kept with it, because a shop's own
opening count is weaker evidence than a counted one. Statements are written once: a wrong one is
answered by a newer one, and both stay on record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from traceability import audit
from traceability.actor import MEMBERS, Actor, Role
from traceability.audit import AuditAction
from traceability.clock import VIETNAM, now
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.invoices import ledger_repository, repository
from traceability.invoices.ledger_models import OriginClaim, StockKind, StockRecord
from traceability.registry.models import Party, Product

MAX_QUANTITY = Decimal(10) ** 9
_INSPECTING = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR})
_BY_SHOP = frozenset({StockKind.OPENING, StockKind.RETURNED})
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class StockStatement:
    """So many of a product, at a shop, at a time."""

    party_id: int
    product_id: int
    kind: StockKind
    quantity: Decimal
    """In the product's own unit."""
    observed_at: datetime
    """With zone. For a count, when the inspection began; its day in Vietnam is what counts."""
    nonce: str
    """Sent twice with the same one, it is one statement."""
    document: str = ""
    """Number of the minutes or decision."""


@dataclass(frozen=True, slots=True)
class ClaimStatement:
    """A shop says at an inspection: so many of these goods came by this invoice."""

    party_id: int
    product_id: int
    invoice_id: int
    quantity: Decimal
    inspected_at: datetime
    nonce: str


def state(session: Session, actor: Actor, statement: StockStatement) -> StockRecord:
    """Put a statement on record; one with a known nonce is given back as it stands.

    Raises:
        ForbiddenError: `invoices.stock-forbidden` (kind).
        NotFoundError: `registry.party-unknown`, `registry.product-unknown`.
        InvalidError: `invoices.stock-quantity` (maximum), `invoices.stock-future`,
            `invoices.stock-no-tax-code`, `invoices.stock-document`.
        ConflictError: `invoices.stock-nonce`, the nonce belongs to another statement.
    """
    tax_code = _shelf(session, actor, statement.party_id, statement.product_id)
    if actor.role not in _INSPECTING and statement.kind not in _BY_SHOP:
        raise ForbiddenError("invoices.stock-forbidden", kind=statement.kind.value)
    quantity = _quantity(statement.quantity)
    _past(statement.observed_at)
    if len(statement.document) > 100:
        raise InvalidError.of("document", "invoices.stock-document", limit=100)
    repository.lock(session)
    record = StockRecord(
        tax_code=tax_code, product_id=statement.product_id, kind=statement.kind,
        quantity=quantity, observed_on=statement.observed_at.astimezone(VIETNAM).date(),
        observed_at=statement.observed_at, document=statement.document.strip(),
        recorded_by_id=actor.user_id, recorded_role=actor.role, nonce=statement.nonce[:64],
    )  # fmt: skip
    known = ledger_repository.record_with_nonce(session, record.nonce)
    if known is not None:
        _same(known, record, ("tax_code", "product_id", "kind", "quantity"))
        return known
    session.add(record)
    session.flush()
    audit.record(
        session, actor, AuditAction.STOCK_STATED, f"party:{statement.party_id}",
        record=record.id, kind=statement.kind.value, product=statement.product_id,
    )  # fmt: skip
    return record


def claim(session: Session, actor: Actor, statement: ClaimStatement) -> OriginClaim:
    """Put on record which invoice a shop shows for its goods; only an inspector does.

    Raises:
        ForbiddenError: `invoices.stock-forbidden` (kind).
        NotFoundError: `registry.party-unknown`, `registry.product-unknown`, `invoices.unknown`.
        InvalidError: `invoices.stock-quantity` (maximum), `invoices.stock-future`,
            `invoices.stock-no-tax-code`.
        ConflictError: `invoices.stock-nonce`, the nonce belongs to another claim.
    """
    if actor.role not in _INSPECTING:
        raise ForbiddenError("invoices.stock-forbidden", kind="claim")
    tax_code = _shelf(session, actor, statement.party_id, statement.product_id)
    if repository.by_id(session, actor, statement.invoice_id) is None:
        raise NotFoundError("invoices.unknown", id=statement.invoice_id)
    quantity = _quantity(statement.quantity)
    _past(statement.inspected_at)
    repository.lock(session)
    made = OriginClaim(
        tax_code=tax_code, product_id=statement.product_id, invoice_id=statement.invoice_id,
        quantity=quantity, inspected_at=statement.inspected_at, recorded_by_id=actor.user_id,
        nonce=statement.nonce[:64],
    )  # fmt: skip
    known = ledger_repository.claim_with_nonce(session, made.nonce)
    if known is not None:
        _same(known, made, ("tax_code", "product_id", "invoice_id", "quantity"))
        return known
    session.add(made)
    session.flush()
    audit.record(
        session, actor, AuditAction.ORIGIN_CLAIMED, f"invoice:{statement.invoice_id}",
        claim=made.id, product=statement.product_id, party=statement.party_id,
    )  # fmt: skip
    return made


def claims(session: Session, actor: Actor, party_id: int) -> list[OriginClaim]:
    """Which invoices a shop showed for its goods, the newest inspection first; for inspectors.

    Raises:
        ForbiddenError: `invoices.stock-forbidden` (kind).
        NotFoundError: `registry.party-unknown`.
    """
    if actor.role not in _INSPECTING:
        raise ForbiddenError("invoices.stock-forbidden", kind="claim")
    party = _party(session, actor, party_id)
    return ledger_repository.claims_of(session, party.tax_code or "")


def records(
    session: Session, actor: Actor, party_id: int, product_id: int | None = None
) -> list[StockRecord]:
    """The statements about a shop's stock, in the order of what they speak of.

    Raises:
        NotFoundError: `registry.party-unknown`, for the shops of others too.
    """
    party = _party(session, actor, party_id)
    return ledger_repository.stock_records(session, party.tax_code or "", product_id)


def _party(session: Session, actor: Actor, party_id: int) -> Party:
    allowed = actor.sees_everything or (actor.role in MEMBERS and actor.owns(party_id))
    party = session.get(Party, party_id) if allowed else None
    if party is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    return party


def _shelf(session: Session, actor: Actor, party_id: int, product_id: int) -> str:
    if actor.role is Role.AUDITOR:
        raise ForbiddenError("invoices.stock-forbidden", kind="any")
    party = _party(session, actor, party_id)
    if session.get(Product, product_id) is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    if not party.tax_code:
        raise InvalidError.of("party_id", "invoices.stock-no-tax-code")
    return party.tax_code


def _quantity(quantity: Decimal) -> Decimal:
    fits = quantity.is_finite() and 0 <= quantity <= MAX_QUANTITY
    if not fits or quantity != quantity.quantize(Decimal("0.000001")):
        raise InvalidError.of("quantity", "invoices.stock-quantity", maximum=int(MAX_QUANTITY))
    return quantity


def _past(at: datetime) -> None:
    if at > now() + _CLOCKS_DIFFER:
        raise InvalidError.of("observed_at", "invoices.stock-future")


def _same(known: object, sent: object, names: tuple[str, ...]) -> None:
    facts: Mapping[str, bool] = {n: getattr(known, n) == getattr(sent, n) for n in names}
    if not all(facts.values()):
        raise ConflictError("invoices.stock-nonce")
