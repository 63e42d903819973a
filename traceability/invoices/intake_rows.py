"""What an invoice, a file and a line are as rows of their tables."""

from traceability.actor import Actor
from traceability.clock import now
from traceability.invoices import ledger
from traceability.invoices.link_repository import ItemCode
from traceability.invoices.linking import Linker
from traceability.invoices.reading import InvoiceData, LineData
from traceability.invoices.repository import Row


def invoice_row(invoice: InvoiceData, seller_signature: str, actor: Actor) -> Row:
    return {
        "seller_tax_code": invoice.key.seller_tax_code,
        "form": invoice.key.form,
        "symbol": invoice.key.symbol,
        "number": invoice.key.number,
        "replaced": False,
        **content_values(invoice, seller_signature, actor),
    }


def content_values(invoice: InvoiceData, seller_signature: str, actor: Actor) -> Row:
    """All of an invoice's row but its key, and what others say of it."""
    related = invoice.related
    return {
        "issued_on": invoice.issued_on,
        "format_version": invoice.format_version,
        "seller_name": invoice.seller_name,
        "seller_address": invoice.seller_address,
        "buyer_tax_code": invoice.buyer_tax_code,
        "buyer_name": invoice.buyer_name,
        "currency": invoice.currency,
        "exchange_rate": invoice.exchange_rate,
        "net_total": invoice.net_total,
        "tax_total": invoice.tax_total,
        "total": invoice.total,
        "authority_code": invoice.authority_code,
        "qr_text": invoice.qr_text,
        "relation": related.nature if related else None,
        "related_form": related.form if related else None,
        "related_symbol": related.symbol if related else None,
        "related_number": related.number if related else None,
        "content_digest": invoice.content_digest,
        "seller_signature": seller_signature,
        "received_at": now(),
        "received_from_id": actor.party_id,
    }


def relation_rows(invoice_id: int, invoice: InvoiceData) -> list[Row]:
    """All that the invoice replaces or adjusts, in the order of the file."""
    named = (invoice.related, *invoice.further_related) if invoice.related else ()
    return [
        {
            "invoice_id": invoice_id,
            "position": position,
            "nature": related.nature,
            "seller_tax_code": invoice.key.seller_tax_code,
            "form": related.form,
            "symbol": related.symbol,
            "number": related.number,
            "issued_on": related.issued_on,
            "statement": related.statement,
            "statement_on": related.statement_on,
        }
        for position, related in enumerate(named, 1)
    ]


def document_row(file_name: str, content: bytes, digest: str, actor: Actor) -> Row:
    return {
        "digest": digest,
        "file_name": "".join(c for c in file_name if c.isprintable())[-255:],
        "content": content,
        "received_at": now(),
        "received_from_id": actor.party_id,
    }


def line_row(
    linker: Linker, invoice_id: int, invoice: InvoiceData, line: LineData, *, counts: bool
) -> Row:
    """A line, linked as far as it can be.

    Args:
        linker: knows the codes of goods.
        invoice_id: of the row of `invoice`.
        invoice: whose line it is.
        line: as read.
        counts: whether lines of this invoice explain goods (`standing`).
    """
    code = ItemCode(invoice.key.seller_tax_code, line.item_code) if line.item_code else None
    link = (
        linker.resolve(code, line.unit, line.gtin, line.quantity, invoice.issued_on)
        if line.moves_goods
        else None
    )
    product_id, base = (link.product_id, link.base_quantity) if link else (None, None)
    counted_product_id, counted_quantity = (
        ledger.counted(product_id, base) if counts else (None, None)
    )
    return {
        "invoice_id": invoice_id,
        "position": line.position,
        "nature": line.nature,
        "item_code": line.item_code,
        "name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "amount": line.amount,
        "vat_rate": line.vat_rate,
        "gtin": line.gtin,
        "product_id": product_id,
        "base_quantity": base,
        "counted_product_id": counted_product_id,
        "counted_quantity": counted_quantity,
        "seller_tax_code": invoice.key.seller_tax_code,
        "buyer_tax_code": invoice.buyer_tax_code,
        "issued_on": invoice.issued_on,
    }
