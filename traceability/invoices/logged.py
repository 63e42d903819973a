"""What the transparency log holds of invoices: a commitment to the digest of what was signed.

Tax data never reach the public, not even as a digest that could be found by trying amounts. The
check reads the kept file again: the digest is that of its content, and the invoice, its lines and
its relations are what the content says.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability.invoices.errors import InvoiceError
from traceability.invoices.intake_rows import relation_rows
from traceability.invoices.models import (
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceRelation,
    InvoiceSource,
)
from traceability.invoices.reading import InvoiceData, read_invoices
from traceability.transparency.hiding import Hidden
from traceability.transparency.log import Facts
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import LoggedRows, numbers_of

_KEY = ("seller_tax_code", "form", "symbol", "number")
_CONTENT = (
    "issued_on", "format_version", "seller_name", "seller_address", "buyer_tax_code", "buyer_name",
    "currency", "exchange_rate", "net_total", "tax_total", "total",
)  # fmt: skip
_OF_COPY = ("authority_code", "qr_text")
"""What no signature of the seller covers: it is one copy's."""
_LINE = (
    "position", "nature", "item_code", "name", "unit", "quantity", "unit_price", "discount",
    "amount", "vat_rate", "gtin",
)  # fmt: skip
_OF_INVOICE = ("seller_tax_code", "buyer_tax_code", "issued_on")
_RELATION = (
    "position", "nature", "seller_tax_code", "form", "symbol", "number", "issued_on", "statement",
    "statement_on",
)  # fmt: skip
_TORN: Facts = {}
"""Of an invoice that says something else than its file: no entry has such facts."""

Parts = Mapping[int, list[tuple[Any, ...]]]


def facts_of(content_digest: str) -> Facts:
    return {"sha256": Hidden(content_digest)}


class LoggedInvoices(LoggedRows[Invoice]):
    """The invoices as records that the log tells of."""

    def facts(self, session: Session, subjects: Sequence[str]) -> Mapping[str, Facts]:
        ids = numbers_of(self.name, subjects)
        told = _told(session, ids)
        lines = _parts(session, InvoiceLine, ids, (*_LINE, *_OF_INVOICE))
        relations = _parts(session, InvoiceRelation, ids, _RELATION)
        rows = session.exec(select(Invoice).where(col(Invoice.id).in_(ids)))
        found = {}
        for row in rows:
            number = row.id or 0
            whole = any(_says(data, row, lines[number], relations[number]) for data in told[number])
            found[f"{self.name}:{number}"] = facts_of(row.content_digest) if whole else _TORN
        return found


INVOICES = LoggedInvoices(
    LeafKind.INVOICE, "invoice", Invoice, lambda _, row: facts_of(row.content_digest)
)


def _told(session: Session, ids: Sequence[int]) -> Mapping[int, list[InvoiceData]]:
    """What the kept files say of invoices; one file at a time is held."""
    sources = session.exec(
        select(InvoiceSource)
        .where(col(InvoiceSource.invoice_id).in_(ids))
        .order_by(col(InvoiceSource.document_id))
    ).all()
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for source in sources:
        places[source.document_id].append((source.position, source.invoice_id))
    found: dict[int, list[InvoiceData]] = defaultdict(list)
    for document_id, wanted in places.items():
        content = list(_content(session, document_id))
        for position, invoice_id in wanted:
            if position <= len(content):
                found[invoice_id].append(content[position - 1])
    return found


def _content(session: Session, document_id: int) -> Iterator[InvoiceData]:
    """The invoices of a file; none of one whose bytes are not those that were received."""
    row = session.exec(
        select(InvoiceDocument.content, InvoiceDocument.digest).where(
            InvoiceDocument.id == document_id
        )
    ).first()
    if row is not None and hashlib.sha256(row[0]).hexdigest() == row[1]:
        try:
            yield from read_invoices(row[0])
        except InvoiceError:
            return  # not what the rules of intake let pass


def _parts(session: Session, table: type[Any], ids: Sequence[int], names: Sequence[str]) -> Parts:
    """Rows that belong to invoices, in the order of the file."""
    columns = [getattr(table, name) for name in names]
    rows = session.execute(
        sa.select(table.invoice_id, *columns)
        .where(table.invoice_id.in_(ids))
        .order_by(table.invoice_id, table.position)
    )
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(_exact(row[1:]))
    return found


def _exact(values: Sequence[Any]) -> tuple[Any, ...]:
    """Numbers as the columns keep them: to the sixth decimal."""
    return tuple(round(v, 6) if isinstance(v, Decimal) else v for v in values)


def _of(holder: Any, names: Sequence[str]) -> tuple[Any, ...]:
    return _exact([getattr(holder, name) for name in names])


def _says(
    data: InvoiceData,
    row: Invoice,
    lines: list[tuple[Any, ...]],
    relations: list[tuple[Any, ...]],
) -> bool:
    """Whether the rows are what a copy says."""
    of_invoice = (data.key.seller_tax_code, data.buyer_tax_code, data.issued_on)
    return (
        data.content_digest == row.content_digest
        and _of(data.key, _KEY) == _of(row, _KEY)
        and _of(data, (*_CONTENT, *_OF_COPY)) == _of(row, (*_CONTENT, *_OF_COPY))
        and [(*_of(line, _LINE), *of_invoice) for line in data.lines] == lines
        and [_exact([named[name] for name in _RELATION]) for named in relation_rows(0, data)]
        == relations
    )
