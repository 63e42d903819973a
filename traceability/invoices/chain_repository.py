"""Statements on the path of goods: purchases by seller, rightful sources, names, declarations.

Invoices that were replaced or whose signature is refuted are left out everywhere.
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.invoices.ledger_models import LedgerDay, Side
from traceability.invoices.list_models import CustomsDeclaration
from traceability.invoices.models import Invoice, InvoiceLine
from traceability.invoices.repository import counting
from traceability.invoices.sums import exact_sum, quantity_of
from traceability.registry.models import CodeAuthorisation, Party, PartyKind, Product


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


def _purchases() -> sa.Select[Any]:
    """Built once: a search runs it many times, and building costs more than running."""
    whole, millionths = exact_sum(InvoiceLine.base_quantity)
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
            col(InvoiceLine.buyer_tax_code) == sa.bindparam("buyer"),
            col(InvoiceLine.product_id) == sa.bindparam("product_id"),
            col(InvoiceLine.issued_on) <= sa.bindparam("until"),
            sa.type_coerce(InvoiceLine.base_quantity, sa.BigInteger) > 0,
            counting(),
        )
        .group_by(col(Invoice.id), col(Invoice.seller_tax_code), col(Invoice.issued_on))
        .subquery()
    )
    columns = [getattr(Invoice, name) for name in Purchase._fields[1:-1]]
    return (
        sa.select(col(Invoice.id), *columns, ranked.c.whole, ranked.c.part)
        .join(ranked, ranked.c.id == col(Invoice.id))
        .where(ranked.c.rank == 1)
        .order_by(col(Invoice.issued_on).desc(), col(Invoice.id).desc())
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


_PURCHASES = _purchases()


def purchases(
    session: Session, buyer: str, product_id: int, until: date, limit: int
) -> list[Purchase]:
    """The newest invoice of each seller up to a day, the newest first.

    An older one from the same seller can lead to nothing that the newest cannot lead to.
    """
    asked = {"buyer": buyer, "product_id": product_id, "until": until, "most": limit}
    rows = session.connection().execute(_PURCHASES, asked)
    return [Purchase._make((*row[:-2], quantity_of(row[-2], row[-1]))) for row in rows]


def bought_products(session: Session, buyer: str) -> frozenset[int]:
    """Every product that a party ever bought, by the ledger."""
    rows = session.execute(
        sa.select(col(LedgerDay.product_id))
        .where(col(LedgerDay.tax_code) == buyer, col(LedgerDay.side) == Side.BOUGHT)
        .distinct()
    )
    return frozenset(rows.scalars())


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
    declaration_number: str | None = None
    """The newest customs declaration of the product by an importer."""


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
    found = [
        *(RightfulSource(row[0], row[1], row[2], None, None, None) for row in owner),
        *(RightfulSource._make((*row, None)) for row in users),
    ]
    return _with_declarations(session, product.id or 0, found)


def _with_declarations(
    session: Session, product_id: int, found: list[RightfulSource]
) -> list[RightfulSource]:
    """Importers that declared the product may sell it too, from their first declaration on."""
    rows = session.execute(
        sa.select(
            col(CustomsDeclaration.importer_tax_code), col(CustomsDeclaration.number),
            col(CustomsDeclaration.registered_on), col(Party.name),
        )
        .outerjoin(Party, col(Party.tax_code) == col(CustomsDeclaration.importer_tax_code))
        .where(col(CustomsDeclaration.product_id) == product_id)
        .order_by(col(CustomsDeclaration.registered_on), col(CustomsDeclaration.number))
    ).all()  # fmt: skip
    newest = {row[0]: row[1] for row in rows}
    known = {source.tax_code for source in found}
    found = [source._replace(declaration_number=newest.get(source.tax_code)) for source in found]
    for importer, _, on, name in rows:
        if importer not in known:
            known.add(importer)
            source = RightfulSource(
                importer, name or importer, PartyKind.IMPORTER, None, on, None, newest[importer]
            )
            found.append(source)
    return found


def registered_names(session: Session, tax_codes: Collection[str]) -> dict[str, str]:
    """Names of the registered parties among these tax codes."""
    rows = session.exec(
        select(Party.tax_code, Party.name).where(col(Party.tax_code).in_(list(tax_codes)))
    )
    return {tax_code: name for tax_code, name in rows if tax_code is not None}
