"""A person says which product a seller's code of goods is; lines on record follow at once.

The statement holds for one seller, one code and one unit (or any), and can be withdrawn. The
authorities and the seller itself may make it; a buyer may not, because it would be giving
evidence about its own purchases.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from traceability import audit
from traceability.actor import MEMBERS, Actor, Role
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.errors import ForbiddenError, InvalidError, NotFoundError
from traceability.invoices import link_repository, repository
from traceability.invoices.link_repository import ItemCode
from traceability.invoices.linking import fold_unit, relink
from traceability.invoices.models import ItemAlias
from traceability.registry.models import Product
from traceability.registry.tax_code import TaxCode

MAX_FACTOR = Decimal(1_000_000)
_CONFIRMING = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR})


@dataclass(frozen=True, slots=True)
class AliasStatement:
    """What is stated: `factor` of the product are in one `unit` of the seller's `item_code`."""

    seller_tax_code: str
    item_code: str
    product_id: int
    unit: str = ""
    """DVTinh of the lines it holds for; empty for any."""
    factor: Decimal = Decimal(1)


def confirm_alias(session: Session, actor: Actor, statement: AliasStatement) -> ItemAlias:
    """Keep the statement, or change the one for the same code and unit; link lines by it.

    Raises:
        InvalidError: `registry.tax-code…`, `invoices.alias-code` for an empty or too long code,
            `invoices.alias-factor` (value, maximum).
        ForbiddenError: `invoices.alias-forbidden`.
        NotFoundError: `registry.product-unknown` (product_id).
    """
    code = _code(statement)
    _require_right(session, actor, code)
    factor = _factor(statement.factor)
    if session.get(Product, statement.product_id) is None:
        raise NotFoundError("registry.product-unknown", product_id=statement.product_id)
    repository.lock(session)
    unit = fold_unit(statement.unit)[:60]
    alias = link_repository.alias_for(session, code, unit)
    if alias is None:
        alias = ItemAlias(
            seller_tax_code=code.seller_tax_code, item_code=code.item_code, unit=unit,
            product_id=statement.product_id,
        )  # fmt: skip
    alias.product_id, alias.factor = statement.product_id, factor
    alias.confirmed_by_id, alias.confirmed_at = actor.user_id, now()
    session.add(alias)
    session.flush()
    lines = relink(session, link_repository.lines_with_code(session, code))
    audit.record(
        session, actor, AuditAction.ALIAS_CONFIRMED, f"alias:{alias.id}",
        product=alias.product_id, factor=str(factor), lines=lines,
    )  # fmt: skip
    return alias


def withdraw_alias(session: Session, actor: Actor, alias_id: int) -> int:
    """Take a statement back; how many lines it no longer links.

    Raises:
        NotFoundError: `invoices.alias-unknown` (id).
        ForbiddenError: `invoices.alias-forbidden`.
    """
    repository.lock(session)
    alias = link_repository.alias_by_id(session, alias_id)
    if alias is None:
        raise NotFoundError("invoices.alias-unknown", id=alias_id)
    code = ItemCode(alias.seller_tax_code, alias.item_code)
    _require_right(session, actor, code)
    product_id = alias.product_id
    session.delete(alias)
    session.flush()
    lines = relink(session, link_repository.lines_with_code(session, code))
    audit.record(
        session, actor, AuditAction.ALIAS_WITHDRAWN, f"alias:{alias_id}",
        product=product_id, lines=lines,
    )  # fmt: skip
    return lines


def _code(statement: AliasStatement) -> ItemCode:
    item_code = " ".join(statement.item_code.split())
    if not 0 < len(item_code) <= 60:
        raise InvalidError.of("item_code", "invoices.alias-code", value=item_code[:80])
    seller = TaxCode.parse(statement.seller_tax_code, field="seller_tax_code")
    return ItemCode(seller.value, item_code)


def _factor(factor: Decimal) -> Decimal:
    """Above nothing, at most a million, at most six decimals."""
    fits = factor.is_finite() and 0 < factor <= MAX_FACTOR
    if not fits or factor != factor.quantize(Decimal("0.000001")):
        raise InvalidError.of(
            "factor", "invoices.alias-factor", value=str(factor), maximum=int(MAX_FACTOR)
        )
    return factor


def _require_right(session: Session, actor: Actor, code: ItemCode) -> None:
    if actor.role in _CONFIRMING:
        return
    own = repository.tax_code_of(session, actor.party_id) if actor.role in MEMBERS else None
    if own != code.seller_tax_code:
        raise ForbiddenError("invoices.alias-forbidden", role=actor.role.value)
