"""Statements that read what the checks of one shop look at, each kind of fact in one go."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.db import from_micro
from traceability.invoices import relation_repository
from traceability.invoices.checks.facts import (
    InvoiceFact,
    LineFact,
    ListedFact,
    PriceFact,
    PumpFact,
    RelationFact,
    SignatureFact,
)
from traceability.invoices.ledger_models import OriginClaim
from traceability.invoices.list_models import (
    DatedList,
    DeclaredPrice,
    ListedTaxCode,
    ListKind,
    PumpSale,
)
from traceability.invoices.models import Invoice, InvoiceLine, InvoiceSource
from traceability.invoices.repository import chunks, counting
from traceability.invoices.signatures.models import InvoiceSignature
from traceability.invoices.signatures.states import BEST_FIRST
from traceability.invoices.sums import MILLION, exact_sum, quantity_of
from traceability.invoices.symbol import InvoiceKey
from traceability.registry.models import CodeAuthorisation, Lot, Party, Product

_RANK = {state.value: rank for rank, state in enumerate(BEST_FIRST)}
_FACTS = [getattr(Invoice, name) for name in InvoiceFact.__slots__]
_KEY = sa.tuple_(
    col(Invoice.seller_tax_code), col(Invoice.form), col(Invoice.symbol), col(Invoice.number)
)


def _sides(tax_code: str) -> list[Any]:
    """Conditions that each use an index: as seller, and as buyer from somebody else."""
    seller, buyer = col(Invoice.seller_tax_code), col(Invoice.buyer_tax_code)
    return [buyer == tax_code, sa.and_(seller == tax_code, sa.func.coalesce(buyer, "") != tax_code)]


def invoices(session: Session, tax_code: str, as_of: date) -> Iterator[InvoiceFact]:
    for side in _sides(tax_code):
        statement = sa.select(*_FACTS).where(side, col(Invoice.issued_on) <= as_of)
        for row in session.execute(statement.order_by(col(Invoice.issued_on), col(Invoice.id))):
            yield InvoiceFact(*row)


def invoices_by_id(session: Session, ids: Collection[int]) -> Iterator[InvoiceFact]:
    for part in chunks(sorted(ids)):
        for row in session.execute(sa.select(*_FACTS).where(col(Invoice.id).in_(part))):
            yield InvoiceFact(*row)


def invoices_by_key(session: Session, keys: Collection[InvoiceKey]) -> Iterator[InvoiceFact]:
    for part in chunks(sorted(keys)):
        parts = [(k.seller_tax_code, k.form, k.symbol, k.number) for k in part]
        for row in session.execute(sa.select(*_FACTS).where(_KEY.in_(parts))):
            yield InvoiceFact(*row)


def relations(session: Session, invoice_ids: Collection[int]) -> dict[int, list[RelationFact]]:
    """What invoices replace or adjust, by invoice."""
    found: dict[int, list[RelationFact]] = {}
    for row in relation_repository.of_invoices(session, invoice_ids):
        named = None
        if row.number is not None:
            key = (row.seller_tax_code, row.form or "", row.symbol or "", row.number)
            named = InvoiceKey(*key)
        fact = RelationFact(row.invoice_id, row.nature, named, row.statement)
        found.setdefault(row.invoice_id, []).append(fact)
    return found


def vat_rates(session: Session, tax_code: str, as_of: date) -> dict[int, tuple[str, ...]]:
    """TSuat of the lines of the shop's invoices, by invoice."""
    columns = (col(InvoiceLine.invoice_id), col(InvoiceLine.vat_rate))
    found: dict[int, tuple[str, ...]] = {}
    for side in _line_sides(tax_code):
        rows = session.execute(
            sa.select(*columns)
            .where(side, columns[1].is_not(None), col(InvoiceLine.issued_on) <= as_of)
            .distinct()
        )
        for invoice_id, rate in rows:
            found[invoice_id] = (*found.get(invoice_id, ()), rate)
    return found


def lines(session: Session, tax_code: str, as_of: date) -> Iterator[LineFact]:
    """Lines of known products on invoices that count."""
    quantity, base = (
        sa.type_coerce(column, sa.BigInteger)
        for column in (InvoiceLine.quantity, InvoiceLine.base_quantity)
    )
    price = sa.type_coerce(col(InvoiceLine.unit_price), sa.String)
    for bought, side in zip((True, False), _line_sides(tax_code), strict=True):
        rows = session.execute(
            sa.select(
                col(InvoiceLine.invoice_id), col(InvoiceLine.product_id),
                col(InvoiceLine.issued_on), base, quantity, price,
            )
            .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
            .where(side, counting(), col(InvoiceLine.issued_on) <= as_of)
            .where(col(InvoiceLine.product_id).is_not(None))
            .where(col(InvoiceLine.base_quantity).is_not(None))
        )  # fmt: skip
        for invoice_id, product_id, on, micro, written, amount in rows:
            single = float(amount) * written / micro if amount and written and micro else None
            yield LineFact(
                invoice_id, product_id, bought, on, Decimal(micro) / MILLION,
                single if single and single > 0 else None,
            )  # fmt: skip


def _line_sides(tax_code: str) -> tuple[Any, Any]:
    seller, buyer = col(InvoiceLine.seller_tax_code), col(InvoiceLine.buyer_tax_code)
    return (
        buyer == tax_code,
        sa.and_(seller == tax_code, sa.func.coalesce(buyer, "") != tax_code),
    )


def signatures(session: Session, tax_code: str) -> dict[int, list[SignatureFact]]:
    """The best signature of each side over the content on record, by invoice."""
    best: dict[tuple[int, str], SignatureFact] = {}
    columns = [getattr(InvoiceSignature, name) for name in SignatureFact.__slots__]
    for side in _sides(tax_code):
        rows = session.execute(
            sa.select(col(InvoiceSignature.invoice_id), *columns)
            .join(Invoice, col(Invoice.id) == col(InvoiceSignature.invoice_id))
            .join(
                InvoiceSource,
                sa.and_(
                    col(InvoiceSource.document_id) == col(InvoiceSignature.document_id),
                    col(InvoiceSource.position) == col(InvoiceSignature.position),
                ),
            )
            .where(side, col(InvoiceSource.conflicting).is_(False))
        )
        for invoice_id, *values in rows:
            fact = SignatureFact(*values)
            known = best.get((invoice_id, fact.role))
            if known is None or _RANK[fact.state] < _RANK[known.state]:
                best[invoice_id, fact.role] = fact
    found: dict[int, list[SignatureFact]] = {}
    for (invoice_id, _), fact in best.items():
        found.setdefault(invoice_id, []).append(fact)
    return found


def conflicts(session: Session, tax_code: str) -> Iterator[int]:
    """Invoices of the shop whose number another document claims too."""
    for side in _sides(tax_code):
        yield from session.execute(
            sa.select(col(InvoiceSource.invoice_id))
            .join(Invoice, col(Invoice.id) == col(InvoiceSource.invoice_id))
            .where(side, col(InvoiceSource.conflicting).is_(True))
        ).scalars()


def qr_texts(session: Session, tax_code: str, as_of: date) -> Iterator[tuple[int, str]]:
    """DLQRCode of the shop's invoices that carry one, by invoice."""
    for side in _sides(tax_code):
        rows = session.execute(
            sa.select(col(Invoice.id), col(Invoice.qr_text))
            .where(side, col(Invoice.qr_text).is_not(None), col(Invoice.issued_on) <= as_of)
            .order_by(col(Invoice.id))
        )
        yield from ((row[0], row[1]) for row in rows)


def claims(session: Session, tax_code: str) -> list[OriginClaim]:
    """Claims of the shop, and those of anybody on the same invoices."""
    own = select(OriginClaim.invoice_id).where(OriginClaim.tax_code == tax_code)
    return list(
        session.exec(
            select(OriginClaim)
            .where(col(OriginClaim.invoice_id).in_(own))
            .order_by(col(OriginClaim.inspected_at), col(OriginClaim.id))
        )
    )


def quantities(session: Session, invoice_ids: Collection[int]) -> dict[tuple[int, int], Decimal]:
    """What invoices hold, by invoice and product."""
    keys = col(InvoiceLine.invoice_id), col(InvoiceLine.product_id)
    return {
        (row[0], row[1]): quantity_of(row[2], row[3])
        for part in chunks(sorted(invoice_ids))
        for row in session.execute(
            sa.select(*keys, *exact_sum(InvoiceLine.base_quantity))
            .where(keys[0].in_(part), keys[1].is_not(None))
            .group_by(*keys)
        )
    }


def listed(session: Session, tax_codes: Collection[str], as_of: date) -> list[ListedFact]:
    """Entries about these tax codes on lists of a day not after `as_of`."""
    columns = (
        DatedList.kind, DatedList.source, DatedList.dated_on, ListedTaxCode.tax_code,
        ListedTaxCode.valid_from, ListedTaxCode.valid_to, ListedTaxCode.document,
    )  # fmt: skip
    return [
        ListedFact(ListKind(row[0]), *row[1:])
        for part in chunks(sorted(tax_codes))
        for row in session.execute(
            sa.select(*(col(column) for column in columns))
            .join(DatedList, col(DatedList.id) == col(ListedTaxCode.list_id))
            .where(col(ListedTaxCode.tax_code).in_(part), col(DatedList.dated_on) <= as_of)
            .order_by(col(DatedList.dated_on), col(DatedList.id), col(ListedTaxCode.row))
        )
    ]


def sources(session: Session, as_of: date) -> dict[ListKind, list[str]]:
    """Every source of each kind of list."""
    found: dict[ListKind, list[str]] = {}
    rows = session.execute(
        sa.select(col(DatedList.kind), col(DatedList.source))
        .where(col(DatedList.dated_on) <= as_of)
        .distinct()
        .order_by(col(DatedList.source))
    )
    for kind, source in rows:
        found.setdefault(ListKind(kind), []).append(source)
    return found


def own_products(session: Session, tax_code: str) -> set[int]:
    """Products that a party owns the code of, or may use it."""
    party = select(Party.id).where(Party.tax_code == tax_code).scalar_subquery()
    own = select(Product.id).where(col(Product.producer_id) == party)
    allowed = select(CodeAuthorisation.product_id).where(CodeAuthorisation.party_id == party)
    return {found for found in (*session.exec(own), *session.exec(allowed)) if found is not None}


def first_made(session: Session, product_ids: Collection[int]) -> dict[int, date]:
    """The earliest production date of each product whose lots all state one."""
    day = col(Lot.production_date)
    return {
        product_id: first
        for part in chunks(sorted(product_ids))
        for product_id, first in session.execute(
            sa.select(col(Lot.product_id), sa.func.min(day))
            .where(col(Lot.product_id).in_(part))
            .group_by(col(Lot.product_id))
            .having(sa.func.count() == sa.func.count(day))
        )
    }


def pump(session: Session, tax_code: str, as_of: date) -> list[PumpFact]:
    """The pump log of a station by fuel and day."""
    keys = col(PumpSale.product_id), col(PumpSale.sold_on)
    micro = sa.type_coerce(PumpSale.unit_price, sa.BigInteger)
    rows = session.execute(
        sa.select(
            *keys, sa.func.count(), *exact_sum(PumpSale.litres),
            sa.func.min(micro), sa.func.max(micro),
        )
        .where(col(PumpSale.tax_code) == tax_code, col(PumpSale.sold_on) <= as_of)
        .group_by(*keys)
        .order_by(keys[1], keys[0])
    )  # fmt: skip
    return [
        PumpFact(row[0], row[1], row[2], quantity_of(row[3], row[4]),
                 from_micro(row[5]), from_micro(row[6]))
        for row in rows
    ]  # fmt: skip


def declared_prices(session: Session, product_ids: Collection[int]) -> list[PriceFact]:
    columns = (
        DeclaredPrice.product_id, DeclaredPrice.valid_from, DeclaredPrice.unit_price,
        DatedList.source,
    )  # fmt: skip
    return [
        PriceFact(*row)
        for part in chunks(sorted(product_ids))
        for row in session.execute(
            sa.select(*(col(column) for column in columns))
            .join(DatedList, col(DatedList.id) == col(DeclaredPrice.list_id))
            .where(col(DeclaredPrice.product_id).in_(part))
        )
    ]


def sales_of(
    session: Session, sellers: Collection[str], product_ids: Collection[int],
    first: date, last: date, limit: int,
) -> Sequence[Any]:  # fmt: skip
    """Lines by which these sellers sold these products to somebody named, in a span of days.

    Rows: invoice id, form, symbol, number, product id, seller, buyer, day, millionths, quantity
    as written in millionths, unit price as text.
    """
    quantity, base = (
        sa.type_coerce(column, sa.BigInteger)
        for column in (InvoiceLine.quantity, InvoiceLine.base_quantity)
    )
    statement = (
        sa.select(
            col(Invoice.id), col(Invoice.form), col(Invoice.symbol), col(Invoice.number),
            col(InvoiceLine.product_id), col(InvoiceLine.seller_tax_code),
            col(InvoiceLine.buyer_tax_code), col(InvoiceLine.issued_on), base, quantity,
            sa.type_coerce(col(InvoiceLine.unit_price), sa.String),
        )
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(
            col(InvoiceLine.seller_tax_code).in_(sorted(sellers)),
            col(InvoiceLine.product_id).in_(sorted(product_ids)),
            col(InvoiceLine.buyer_tax_code).is_not(None),
            col(InvoiceLine.issued_on).between(first, last),
            base > 0,
            counting(),
        )
        .order_by(col(InvoiceLine.issued_on).desc(), col(InvoiceLine.id).desc())
        .limit(limit)
    )  # fmt: skip
    return session.execute(statement).all()
