"""Statements on the flow of goods: sums by shop and product, purchases by seller.

Lines of replaced invoices are left out everywhere. Sums are taken apart into whole units and
millionths, because a sum of millionths alone can leave 64 bits, which SQLite answers by an error.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.db import from_micro
from traceability.invoices.models import Invoice, InvoiceLine
from traceability.registry.models import CodeAuthorisation, Party, Product

BOUGHT, SOLD = "bought", "sold"
_MILLION = 1_000_000


def _exact_sum() -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Sums of the whole units and of the millionths left over, of `base_quantity`."""
    micro = sa.type_coerce(InvoiceLine.base_quantity, sa.BigInteger)
    return sa.func.sum(micro // _MILLION), sa.func.sum(micro % _MILLION)


def _quantity(whole: Any, millionths: Any) -> Decimal:
    """The two sums together; of an empty set, nothing."""
    return from_micro(int(whole or 0) * _MILLION + int(millionths or 0))


class Flow(NamedTuple):
    """What came in or went out of one product at one party."""

    product_id: int
    side: str
    """BOUGHT or SOLD."""
    quantity: Decimal
    lines: int
    first_on: date
    last_on: date


def flows(
    session: Session, tax_code: str, product_id: int | None, as_of: date | None
) -> list[Flow]:
    """Sums of what the party bought and sold, for one product or for each, in one statement."""
    sides = sa.union_all(
        _side(BOUGHT, InvoiceLine.buyer_tax_code, tax_code, product_id, as_of),
        _side(SOLD, InvoiceLine.seller_tax_code, tax_code, product_id, as_of),
    )
    return [
        Flow(row[0], row[1], _quantity(row[2], row[3]), row[4], row[5], row[6])
        for row in session.execute(sides)
    ]


def _side(
    name: str, party: Any, tax_code: str, product_id: int | None, as_of: date | None
) -> sa.Select[Any]:
    whole, millionths = _exact_sum()
    statement = (
        sa.select(
            col(InvoiceLine.product_id), sa.literal(name).label("side"), whole, millionths,
            sa.func.count(), sa.func.min(InvoiceLine.issued_on), sa.func.max(InvoiceLine.issued_on),
        )
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(party == tax_code, col(Invoice.replaced).is_(False))
        .where(col(InvoiceLine.base_quantity).is_not(None))
        .group_by(col(InvoiceLine.product_id))
    )  # fmt: skip
    if product_id is None:
        statement = statement.where(col(InvoiceLine.product_id).is_not(None))
    else:
        statement = statement.where(col(InvoiceLine.product_id) == product_id)
    return statement if as_of is None else statement.where(col(InvoiceLine.issued_on) <= as_of)


def unlinked_lines(session: Session, tax_code: str, as_of: date | None) -> int:
    """How many lines of goods the party bought or sold that no product is known for."""
    statement = (
        sa.select(sa.func.count())
        .select_from(InvoiceLine)
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(
            sa.or_(
                col(InvoiceLine.buyer_tax_code) == tax_code,
                col(InvoiceLine.seller_tax_code) == tax_code,
            ),
            col(Invoice.replaced).is_(False),
            col(InvoiceLine.product_id).is_(None),
            col(InvoiceLine.nature).in_(["1", "2", "5"]),
        )
    )
    if as_of is not None:
        statement = statement.where(col(InvoiceLine.issued_on) <= as_of)
    return int(session.execute(statement).scalar_one())


class Purchase(NamedTuple):
    """One invoice by which a party bought a product."""

    invoice_id: int
    seller_tax_code: str
    seller_name: str
    buyer_tax_code: str
    buyer_name: str | None
    form: str
    symbol: str
    number: int
    issued_on: date
    quantity: Decimal

    @property
    def invoice_key(self) -> str:
        """Form, symbol and number as people write them: `1C26TAA 12`."""
        return f"{self.form}{self.symbol} {self.number}"


def purchases(
    session: Session, buyer: str, product_id: int, until: date, limit: int
) -> list[Purchase]:
    """The newest invoice of each seller up to a day, the newest first.

    An older one from the same seller can lead to nothing that the newest cannot lead to.
    """
    whole, millionths = _exact_sum()
    newest = sa.func.row_number().over(
        partition_by=col(Invoice.seller_tax_code),
        order_by=(col(Invoice.issued_on).desc(), col(Invoice.id).desc()),
    )
    ranked = (
        sa.select(
            col(Invoice.id), whole.label("whole"), millionths.label("part"), newest.label("rank")
        )
        .join(InvoiceLine, col(InvoiceLine.invoice_id) == col(Invoice.id))
        .where(
            col(InvoiceLine.buyer_tax_code) == buyer,
            col(InvoiceLine.product_id) == product_id,
            col(InvoiceLine.issued_on) <= until,
            sa.type_coerce(InvoiceLine.base_quantity, sa.BigInteger) > 0,
            col(Invoice.replaced).is_(False),
        )
        .group_by(col(Invoice.id), col(Invoice.seller_tax_code), col(Invoice.issued_on))
        .subquery()
    )
    columns = [getattr(Invoice, name) for name in Purchase._fields[1:-1]]
    rows = session.execute(
        sa.select(col(Invoice.id), *columns, ranked.c.whole, ranked.c.part)
        .join(ranked, ranked.c.id == col(Invoice.id))
        .where(ranked.c.rank == 1)
        .order_by(col(Invoice.issued_on).desc(), col(Invoice.id).desc())
        .limit(limit)
    )
    return [Purchase._make((*row[:-2], _quantity(row[-2], row[-1]))) for row in rows]


class RightfulSource(NamedTuple):
    """Where a chain may begin: the producer or importer, or an authorised user of the code."""

    tax_code: str
    name: str
    kind: str
    """Kind of the party: producer, importer …"""
    document_number: str | None
    """What authorises it; None for the owner of the code."""
    valid_from: date | None
    valid_to: date | None


def rightful_sources(session: Session, product: Product) -> list[RightfulSource]:
    """The owner of the code first, then its authorised users in the order of their rows."""
    party = (col(Party.tax_code), col(Party.name), col(Party.kind))
    owner = session.execute(
        sa.select(*party).where(
            col(Party.id) == product.producer_id, col(Party.tax_code).is_not(None)
        )
    )
    users = session.execute(
        sa.select(
            *party, col(CodeAuthorisation.document_number),
            col(CodeAuthorisation.document_date), col(CodeAuthorisation.valid_to),
        )
        .join(CodeAuthorisation, col(CodeAuthorisation.party_id) == col(Party.id))
        .where(col(CodeAuthorisation.product_id) == product.id, col(Party.tax_code).is_not(None))
        .order_by(col(CodeAuthorisation.id))
    )  # fmt: skip
    return [
        *(RightfulSource._make((*row, None, None, None)) for row in owner),
        *(RightfulSource._make(row) for row in users),
    ]


def registered_names(session: Session, tax_codes: Collection[str]) -> dict[str, str]:
    """Names of the registered parties among these tax codes."""
    rows = session.exec(
        select(Party.tax_code, Party.name).where(col(Party.tax_code).in_(list(tax_codes)))
    )
    return {tax_code: name for tax_code, name in rows if tax_code is not None}
