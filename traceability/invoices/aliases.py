"""Which product a seller's code of goods is: proposed, confirmed by a person, kept as versions.

A statement holds for one seller, one code, one unit (or any) and from one day on. Whoever sees the
lines may propose it; the authorities and the seller itself confirm it. A buyer may not, because it
would be giving evidence about its own purchases. A factor other than 1 multiplies what a shop is
explained by, so a second person has to confirm it before a line follows.

    proposed -> awaiting_second -> in_force -> replaced | withdrawn

Nothing on record is changed in place: a correction is a further version, and undoing one brings
back the version before it. Lines on record follow at once.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from traceability import audit
from traceability.actor import MEMBERS, Actor, Role
from traceability.audit import AuditAction
from traceability.clock import now
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.invoices import link_repository, repository
from traceability.invoices.link_repository import ItemCode
from traceability.invoices.linking import fold_unit, relink
from traceability.invoices.models import ALWAYS, AliasState, ItemAlias
from traceability.registry.models import Product
from traceability.registry.tax_code import TaxCode

MAX_FACTOR = Decimal(1_000_000)
_CONFIRMING = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR})
_OPEN = (AliasState.PROPOSED, AliasState.AWAITING_SECOND)


@dataclass(frozen=True, slots=True)
class AliasStatement:
    """What is stated: `factor` of the product are in one `unit` of the seller's `item_code`."""

    seller_tax_code: str
    item_code: str
    product_id: int
    unit: str = ""
    """DVTinh of the lines it holds for; empty for any."""
    factor: Decimal = Decimal(1)
    valid_from: date = ALWAYS
    """First NLap it holds for."""


def person_of(actor: Actor) -> str:
    """Who acts, as versions name them.

    >>> person_of(Actor(Role.ADMIN, user_id=3)), person_of(Actor(Role.ADMIN))
    ('user:3', 'command line')
    """
    if actor.user_id is not None:
        return f"user:{actor.user_id}"
    return f"key:{actor.key_id}" if actor.key_id is not None else "command line"


def propose_alias(
    session: Session, actor: Actor, statement: AliasStatement, person: str = ""
) -> ItemAlias:
    """Suggest a statement; no line follows it until somebody else confirms it.

    Raises:
        InvalidError, NotFoundError: as `confirm_alias`.
        ForbiddenError: `invoices.alias-forbidden`, a member may propose what the lines of its own
            sales and purchases are.
    """
    wanted = checked_statement(session, statement)
    _require_sight(session, actor, wanted)
    repository.lock(session)
    known = link_repository.same_alias(session, wanted)
    if known is not None:
        return known
    return _added(session, actor, wanted, person or person_of(actor))


def confirm_alias(
    session: Session, actor: Actor, statement: AliasStatement, person: str = ""
) -> ItemAlias:
    """State what a code of goods is. With factor 1, or as the second person, lines follow.

    The same statement made again changes nothing, but made by another person it is the second
    confirmation. Another statement for the same code, unit and day replaces the one before.

    Args:
        session: the writing session.
        actor: who states it.
        statement: what is stated.
        person: who is behind the actor, where that is known better: the owner of a key.

    Raises:
        InvalidError: `registry.tax-code…`, `invoices.alias-code` for an empty or too long code,
            `invoices.alias-factor` (value, maximum).
        ForbiddenError: `invoices.alias-forbidden`.
        NotFoundError: `registry.product-unknown` (product_id).
    """
    wanted = checked_statement(session, statement)
    _require_right(session, actor, wanted.seller_tax_code)
    repository.lock(session)
    person = person or person_of(actor)
    alias = link_repository.same_alias(session, wanted)
    if alias is None:
        alias = _added(session, actor, wanted, person)
    if alias.state != AliasState.IN_FORCE:
        _confirm(session, actor, alias, person)
    return alias


def confirm_alias_by_id(
    session: Session, actor: Actor, alias_id: int, person: str = ""
) -> ItemAlias:
    """Confirm a proposal, or confirm as the second person what awaits one.

    Raises:
        NotFoundError: `invoices.alias-unknown` (id).
        ForbiddenError: `invoices.alias-forbidden`.
        ConflictError: `invoices.alias-closed` (state), `invoices.alias-same-person`.
    """
    alias = _alias(session, alias_id)
    _require_right(session, actor, alias.seller_tax_code)
    person = person or person_of(actor)
    if alias.state not in _OPEN:
        raise ConflictError("invoices.alias-closed", id=alias_id, state=alias.state)
    if alias.state == AliasState.AWAITING_SECOND and alias.confirmed_by == person:
        raise ConflictError("invoices.alias-same-person", id=alias_id)
    _confirm(session, actor, alias, person)
    return alias


def withdraw_alias(session: Session, actor: Actor, alias_id: int) -> int:
    """Take a statement back; how many lines it no longer links.

    Raises:
        NotFoundError: `invoices.alias-unknown` (id).
        ForbiddenError: `invoices.alias-forbidden`.
        ConflictError: `invoices.alias-closed` (state).
    """
    alias = _alias(session, alias_id)
    if alias.state != AliasState.PROPOSED or not actor.owns(alias.proposed_by_party_id):
        _require_right(session, actor, alias.seller_tax_code)
    if alias.state not in (*_OPEN, AliasState.IN_FORCE):
        raise ConflictError("invoices.alias-closed", id=alias_id, state=alias.state)
    _end(alias, AliasState.WITHDRAWN, person_of(actor))
    return _followed(session, actor, alias, AuditAction.ALIAS_WITHDRAWN)


def undo_alias(session: Session, actor: Actor, alias_id: int) -> int:
    """Go back to what held before: the version that this one replaced, or this one itself.

    How many lines follow. A withdrawn version holds again as far as it was confirmed.

    Raises:
        NotFoundError, ForbiddenError: as `withdraw_alias`.
        ConflictError: `invoices.alias-closed` (state) where something else holds by now.
    """
    alias = _alias(session, alias_id)
    _require_right(session, actor, alias.seller_tax_code)
    if alias.state != AliasState.WITHDRAWN:
        before = link_repository.alias_by_id(session, alias.replaces_id or 0)
        lines = withdraw_alias(session, actor, alias_id)
        if before is None or before.state != AliasState.REPLACED:
            return lines
        return _back(session, actor, before, AliasState.IN_FORCE)
    if link_repository.alias_in_force(session, alias) is not None:
        raise ConflictError("invoices.alias-closed", id=alias_id, state=alias.state)
    return _back(session, actor, alias, _confirmed_to(alias))


def _confirmed_to(alias: ItemAlias) -> AliasState:
    if alias.confirmed_by is None:
        return AliasState.PROPOSED
    if alias.factor == 1 or alias.seconded_by is not None:
        return AliasState.IN_FORCE
    return AliasState.AWAITING_SECOND


def _back(session: Session, actor: Actor, alias: ItemAlias, state: AliasState) -> int:
    alias.state, alias.ended_by, alias.ended_at = state, None, None
    return _followed(session, actor, alias, AuditAction.ALIAS_RESTORED)


def checked_statement(session: Session, statement: AliasStatement) -> AliasStatement:
    """The statement with its parts as they are stored.

    Raises:
        InvalidError, NotFoundError: as `confirm_alias`.
    """
    item_code = " ".join(statement.item_code.split())
    if not 0 < len(item_code) <= 60:
        raise InvalidError.of("item_code", "invoices.alias-code", value=item_code[:80])
    seller = TaxCode.parse(statement.seller_tax_code, field="seller_tax_code")
    factor = _factor(statement.factor)
    if session.get(Product, statement.product_id) is None:
        raise NotFoundError("registry.product-unknown", product_id=statement.product_id)
    return AliasStatement(
        seller.value, item_code, statement.product_id, fold_unit(statement.unit)[:60], factor,
        statement.valid_from,
    )  # fmt: skip


def _factor(factor: Decimal) -> Decimal:
    """Above nothing, at most a million, at most six decimals."""
    fits = factor.is_finite() and 0 < factor <= MAX_FACTOR
    if not fits or factor != factor.quantize(Decimal("0.000001")):
        raise InvalidError.of(
            "factor", "invoices.alias-factor", value=str(factor), maximum=int(MAX_FACTOR)
        )
    return factor


def _alias(session: Session, alias_id: int) -> ItemAlias:
    repository.lock(session)
    alias = link_repository.alias_by_id(session, alias_id)
    if alias is None:
        raise NotFoundError("invoices.alias-unknown", id=alias_id)
    return alias


def _added(session: Session, actor: Actor, wanted: AliasStatement, person: str) -> ItemAlias:
    alias = ItemAlias(
        seller_tax_code=wanted.seller_tax_code, item_code=wanted.item_code, unit=wanted.unit,
        product_id=wanted.product_id, factor=wanted.factor, valid_from=wanted.valid_from,
        state=AliasState.PROPOSED, proposed_by=person, proposed_by_party_id=actor.party_id,
    )  # fmt: skip
    session.add(alias)
    session.flush()
    audit.record(
        session, actor, AuditAction.ALIAS_PROPOSED, f"alias:{alias.id}",
        product=alias.product_id, factor=str(alias.factor),
    )  # fmt: skip
    return alias


def _confirm(session: Session, actor: Actor, alias: ItemAlias, person: str) -> None:
    """The first confirmation, or the second one by another person."""
    if alias.confirmed_by is None:
        alias.confirmed_by, alias.confirmed_at = person, now()
        alias.state = AliasState.AWAITING_SECOND
        for other in link_repository.awaiting_aliases(session, alias):
            _end(other, AliasState.REPLACED, person)
    elif alias.confirmed_by != person:
        alias.seconded_by, alias.seconded_at = person, now()
    else:
        return
    if _confirmed_to(alias) is AliasState.IN_FORCE:
        _put_in_force(session, alias, person)
    _followed(session, actor, alias, AuditAction.ALIAS_CONFIRMED)


def _put_in_force(session: Session, alias: ItemAlias, person: str) -> None:
    before = link_repository.alias_in_force(session, alias)
    if before is not None:
        _end(before, AliasState.REPLACED, person)
        alias.replaces_id = before.id
        session.add(before)
        session.flush()  # the index lets only one version be in force at any moment
    alias.state = AliasState.IN_FORCE


def _end(alias: ItemAlias, state: AliasState, person: str) -> None:
    alias.state, alias.ended_by, alias.ended_at = state, person, now()


def _followed(session: Session, actor: Actor, alias: ItemAlias, action: AuditAction) -> int:
    """Store a version and let the lines on record follow; how many changed."""
    session.add(alias)
    session.flush()
    code = ItemCode(alias.seller_tax_code, alias.item_code)
    lines = relink(session, link_repository.lines_with_code(session, code))
    audit.record(
        session, actor, action, f"alias:{alias.id}", product=alias.product_id,
        factor=str(alias.factor), state=str(alias.state), lines=lines,
    )  # fmt: skip
    return lines


def may_confirm(session: Session, actor: Actor, seller_tax_code: str) -> bool:
    """Whether this actor may say what the codes of this seller are."""
    if actor.role in _CONFIRMING:
        return True
    return actor.role in MEMBERS and (
        repository.tax_code_of(session, actor.party_id) == seller_tax_code
    )


def _require_right(session: Session, actor: Actor, seller_tax_code: str) -> None:
    if not may_confirm(session, actor, seller_tax_code):
        raise ForbiddenError("invoices.alias-forbidden", role=actor.role.value)


def _require_sight(session: Session, actor: Actor, wanted: AliasStatement) -> None:
    if actor.role in _CONFIRMING:
        return
    code = ItemCode(wanted.seller_tax_code, wanted.item_code)
    if actor.role not in MEMBERS or not link_repository.sees_code(session, actor, code):
        raise ForbiddenError("invoices.alias-forbidden", role=actor.role.value)
