"""What the transparency log holds of invoices: the digest of the document and nothing it says."""

from sqlmodel import Session

from traceability.invoices.models import Invoice
from traceability.transparency.log import Facts
from traceability.transparency.models import LeafKind
from traceability.transparency.rows import LoggedRows


def facts_of(content_digest: str) -> Facts:
    return {"sha256": content_digest}


def _facts(_: Session, row: Invoice) -> Facts:
    return facts_of(row.content_digest)


INVOICES = LoggedRows(LeafKind.INVOICE, "invoice", Invoice, _facts)
