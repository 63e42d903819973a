"""Statements on invoices, their documents and lines. Every read starts from `readable`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from traceability import bulk
from traceability.actor import MEMBERS, Actor, Role
from traceability.invoices.models import Invoice, InvoiceDocument, InvoiceLine, InvoiceSource
from traceability.invoices.standing import POLICY
from traceability.invoices.symbol import InvoiceKey
from traceability.registry.models import Party

Row = Mapping[str, Any]
Item = TypeVar("Item")

_LOCK = 0x1450
"""PostgreSQL: one number for everything that writes invoices, aliases or links."""
_CHUNK = 500
KEY_NAMES = ("seller_tax_code", "form", "symbol", "number")
"""Columns of the key, of an invoice and of what it names."""
_KEY = sa.tuple_(*(getattr(Invoice, name) for name in KEY_NAMES))


def lock(session: Session) -> None:
    """Let one transaction at a time write invoices, aliases and links; held until it ends.

    What one of them does depends on what the others have stored: whether a key is new, whether a
    replacement has arrived, which lines an alias holds for. On SQLite there is one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Parts small enough for one IN list."""
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def counting(invoice: type[Invoice] = Invoice) -> sa.ColumnElement[bool]:
    """The invoices whose lines explain goods: not replaced, their signature not refuted."""
    return sa.and_(col(invoice.replaced).is_(False), not_refuted(invoice))


def not_refuted(invoice: type[Invoice]) -> sa.ColumnElement[bool]:
    """The invoices whose signature does not contradict them (`standing`)."""
    return col(invoice.seller_signature).not_in(sorted(POLICY.refuted))


def readable(actor: Actor) -> SelectOfScalar[Invoice]:
    """The invoices this actor may see.

    Authorities and the tax feed see all, a member those in which its own organisation sells or
    buys, anybody else none.
    """
    statement = select(Invoice)
    if actor.sees_everything or actor.role is Role.TAX:
        return statement
    if actor.role not in MEMBERS:
        return statement.where(sa.false())
    own = select(Party.tax_code).where(col(Party.id) == actor.party_id).scalar_subquery()
    return statement.where(
        sa.or_(col(Invoice.seller_tax_code) == own, col(Invoice.buyer_tax_code) == own)
    )


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which of the readable invoices to list; None leaves a condition out."""

    tax_code: str | None = None
    """On either side."""
    seller_tax_code: str | None = None
    buyer_tax_code: str | None = None
    symbol: str | None = None
    number: int | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    product_id: int | None = None


def page(
    session: Session, actor: Actor, chosen: InvoiceFilter, before_id: int | None, limit: int
) -> list[Invoice]:
    """The newest readable invoices with an id below `before_id`, in falling order of id."""
    statement = readable(actor).where(*_conditions(chosen))
    if before_id is not None:
        statement = statement.where(col(Invoice.id) < before_id)
    return list(session.exec(statement.order_by(col(Invoice.id).desc()).limit(limit)))


def _conditions(chosen: InvoiceFilter) -> list[sa.ColumnElement[bool]]:
    equal = {
        "seller_tax_code": chosen.seller_tax_code,
        "buyer_tax_code": chosen.buyer_tax_code,
        "symbol": chosen.symbol,
        "number": chosen.number,
    }
    found = [getattr(Invoice, name) == value for name, value in equal.items() if value is not None]
    if chosen.tax_code is not None:
        found.append(
            sa.or_(
                col(Invoice.seller_tax_code) == chosen.tax_code,
                col(Invoice.buyer_tax_code) == chosen.tax_code,
            )
        )
    if chosen.issued_from is not None:
        found.append(col(Invoice.issued_on) >= chosen.issued_from)
    if chosen.issued_to is not None:
        found.append(col(Invoice.issued_on) <= chosen.issued_to)
    if chosen.product_id is not None:
        lines = select(InvoiceLine.invoice_id).where(InvoiceLine.product_id == chosen.product_id)
        found.append(col(Invoice.id).in_(lines))
    return found


def by_id(session: Session, actor: Actor, invoice_id: int) -> Invoice | None:
    return session.exec(readable(actor).where(Invoice.id == invoice_id)).first()


def visible_ids(session: Session, actor: Actor, invoice_ids: Collection[int]) -> set[int]:
    """Those of the ids that this actor may see."""
    return {
        invoice.id
        for part in chunks(invoice_ids)
        for invoice in session.exec(readable(actor).where(col(Invoice.id).in_(part)))
        if invoice.id is not None
    }


def lines_of(session: Session, invoice_ids: Collection[int]) -> list[InvoiceLine]:
    """The lines of these invoices, in the order of the documents."""
    return [
        line
        for part in chunks(sorted(invoice_ids))
        for line in session.exec(
            select(InvoiceLine)
            .where(col(InvoiceLine.invoice_id).in_(part))
            .order_by(col(InvoiceLine.invoice_id), col(InvoiceLine.position))
        )
    ]


def sources_of(session: Session, invoice_id: int) -> list[tuple[InvoiceSource, InvoiceDocument]]:
    """Every document that carries the invoice or claims its number.

    Those with the content on record come first, and of equals the first received.
    """
    rows = session.exec(
        select(InvoiceSource, InvoiceDocument)
        .join(InvoiceDocument, col(InvoiceDocument.id) == col(InvoiceSource.document_id))
        .where(InvoiceSource.invoice_id == invoice_id)
        .order_by(
            col(InvoiceSource.conflicting), col(InvoiceDocument.id), col(InvoiceSource.position)
        )
    )
    return list(rows)


def documents_with_others(
    session: Session, actor: Actor, document_ids: Collection[int | None]
) -> set[int]:
    """Those of the documents that carry an invoice which this actor may not see."""
    seen = readable(actor).with_only_columns(col(Invoice.id))
    return {
        document_id
        for part in chunks(document_ids)
        for document_id in session.exec(
            select(InvoiceSource.document_id).where(
                col(InvoiceSource.document_id).in_(part),
                col(InvoiceSource.invoice_id).not_in(seen),
            )
        )
    }


def conflicting(session: Session, invoice_ids: Collection[int]) -> list[str]:
    """Those of the invoices that other documents claim to be, as people write their numbers."""
    claimed = select(InvoiceSource.invoice_id).where(col(InvoiceSource.conflicting).is_(True))
    columns = (col(Invoice.form), col(Invoice.symbol), col(Invoice.number))
    return [
        f"{form}{symbol} {number}"
        for part in chunks(invoice_ids)
        for form, symbol, number in session.execute(
            sa.select(*columns)
            .where(col(Invoice.id).in_(part), col(Invoice.id).in_(claimed))
            .order_by(col(Invoice.id))
        )
    ]


def tax_code_of(session: Session, party_id: int | None) -> str | None:
    return session.exec(select(Party.tax_code).where(Party.id == party_id)).first()


class KnownInvoice(NamedTuple):
    """What an import must know of an invoice on record."""

    id: int
    content_digest: str
    seller_tax_code: str
    buyer_tax_code: str | None
    seller_signature: str
    """State of the seller's signature."""


def known_invoices(
    session: Session, keys: Collection[InvoiceKey]
) -> dict[InvoiceKey, KnownInvoice]:
    """Those of the keys that are on record."""
    statement = sa.select(
        col(Invoice.seller_tax_code), col(Invoice.form), col(Invoice.symbol), col(Invoice.number),
        col(Invoice.id), col(Invoice.content_digest), col(Invoice.seller_tax_code),
        col(Invoice.buyer_tax_code), col(Invoice.seller_signature),
    )  # fmt: skip
    return {
        InvoiceKey(*row[:4]): KnownInvoice(*row[4:])
        for part in chunks(keys)
        for row in session.execute(statement.where(_KEY.in_([_parts(key) for key in part])))
    }


def known_documents(session: Session, digests: Collection[str]) -> dict[str, int]:
    """Ids of the documents on record, by those of the digests that are theirs."""
    return {
        digest: document_id
        for part in chunks(digests)
        for digest, document_id in session.execute(
            sa.select(col(InvoiceDocument.digest), col(InvoiceDocument.id)).where(
                col(InvoiceDocument.digest).in_(part)
            )
        )
    }


def add_invoices(session: Session, rows: Sequence[Row]) -> list[int]:
    """Insert invoices; their ids in the order of the rows."""
    return bulk.insert_with_ids(session, "invoice", rows)


def add_documents(session: Session, rows: Sequence[Row]) -> list[int]:
    """Insert documents; their ids in the order of the rows."""
    return bulk.insert_with_ids(session, "invoice_document", rows)


def add_sources(session: Session, rows: Sequence[Row]) -> None:
    bulk.insert(session, "invoice_source", rows)


def add_lines(session: Session, rows: Sequence[Row]) -> None:
    bulk.insert(session, "invoice_line", rows)


def take_over(session: Session, invoice_id: int, values: Row) -> None:
    """Read an invoice from another document: its values are these; lines and relations go.

    Documents with another content than the new one are in conflict with it from now on.
    """
    tables = SQLModel.metadata.tables
    invoice, source = tables["invoice"], tables["invoice_source"]
    session.execute(sa.update(invoice).where(invoice.c.id == invoice_id).values(**values))
    digest = sa.func.coalesce(source.c.content_digest, "")
    session.execute(
        sa.update(source)
        .where(source.c.invoice_id == invoice_id)
        .values(conflicting=digest != values["content_digest"])
    )
    for name in ("invoice_line", "invoice_relation"):
        table = tables[name]
        session.execute(sa.delete(table).where(table.c.invoice_id == invoice_id))


def set_signatures(session: Session, rows: Sequence[Row]) -> None:
    """Note what the best copy of invoices is worth, with what else only that copy tells.

    Args:
        session: the writing session.
        rows: each with the invoice's `id` and all that changes, the same columns in each.
    """
    if rows:
        table = SQLModel.metadata.tables["invoice"]
        names = [name for name in rows[0] if name != "id"]
        session.execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("invoice_id"))
            .values({name: sa.bindparam(f"new_{name}") for name in names}),
            [{"invoice_id": r["id"], **{f"new_{n}": r[n] for n in names}} for r in rows],
            execution_options={"synchronize_session": False},
        )


def note_content(session: Session, rows: Sequence[Row]) -> None:
    """Fill in the digest of copies that an early version took in without."""
    table = SQLModel.metadata.tables["invoice_source"]
    for row in rows:
        session.execute(
            sa.update(table)
            .where(table.c.document_id == row["document_id"], table.c.position == row["position"])
            .where(table.c.content_digest.is_(None))
            .values(content_digest=row["content_digest"])
        )


def _parts(key: InvoiceKey) -> tuple[str, str, str, int]:
    return key.seller_tax_code, key.form, key.symbol, key.number
