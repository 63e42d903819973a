"""What an invoice, a file and a line are as rows of their tables."""

from traceability.actor import Actor
from traceability.clock import now
from traceability.invoices import ledger
from traceability.invoices.link_repository import ItemCode
from traceability.invoices.linking import Linker
from traceability.invoices.reading import InvoiceData, LineData
from traceability.invoices.repository import Row


def invoice_row(invoice: InvoiceData, actor: Actor) -> Row:
    related = invoice.related
    return {
        "seller_tax_code": invoice.key.seller_tax_code,
        "form": invoice.key.form,
        "symbol": invoice.key.symbol,
        "number": invoice.key.number,
        "issued_on": invoice.issued_on,
        "format_version": invoice.format_version,
        "seller_name": invoice.seller_name,
        "seller_address": invoice.seller_address,
        "buyer_tax_code": invoice.buyer_tax_code,
        "buyer_name": invoice.buyer_name,
        "currency": invoice.currency,
        "net_total": invoice.net_total,
        "tax_total": invoice.tax_total,
        "total": invoice.total,
        "authority_code": invoice.authority_code,
        "qr_text": invoice.qr_text,
        "relation": related.nature if related else None,
        "related_form": related.form if related else None,
        "related_symbol": related.symbol if related else None,
        "related_number": related.number if related else None,
        "replaced": False,
        "content_digest": invoice.content_digest,
        "received_at": now(),
        "received_from_id": actor.party_id,
    }


def document_row(file_name: str, content: bytes, digest: str, actor: Actor) -> Row:
    return {
        "digest": digest,
        "file_name": "".join(c for c in file_name if c.isprintable())[-255:],
        "content": content,
        "received_at": now(),
        "received_from_id": actor.party_id,
    }


def line_row(linker: Linker, invoice_id: int, invoice: InvoiceData, line: LineData) -> Row:
    code = ItemCode(invoice.key.seller_tax_code, line.item_code) if line.item_code else None
    link = (
        linker.resolve(code, line.unit, line.gtin, line.quantity, invoice.issued_on)
        if line.moves_goods
        else None
    )
    product_id, base = (link.product_id, link.base_quantity) if link else (None, None)
    counted_product_id, counted_quantity = ledger.counted(product_id, base)
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
