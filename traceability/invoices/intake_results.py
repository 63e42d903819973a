"""What came of files that were handed in: invoices on record, resends and conflicts, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from traceability.invoices.signatures.states import Signature
from traceability.invoices.symbol import InvoiceKey


@dataclass(frozen=True, slots=True)
class ImportedLine:
    name: str
    quantity: Decimal | None
    unit: str | None
    gtin: str | None
    product_id: int | None


@dataclass(frozen=True, slots=True)
class ImportedInvoice:
    """An invoice that is now on record."""

    id: int
    file: str
    key: InvoiceKey
    issued_on: date
    lines: tuple[ImportedLine, ...]
    signatures: tuple[Signature, ...]
    """The seller's and the tax authority's, as this file carries them."""
    took_over: bool = False
    """It was on record from a document that is not intact, which is now a conflict."""


@dataclass(frozen=True, slots=True)
class DuplicateInvoice:
    """An invoice whose key was on record already."""

    id: int | None
    """The invoice on record; None when this actor may not see it."""
    file: str
    key: InvoiceKey
    issued_on: date
    same_content: bool
    """A resend; if False another document claims the key, and is kept as evidence."""
    signatures: tuple[Signature, ...]
    """Of this file, which need not be those of the invoice on record."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file of which nothing was stored, and why."""

    file: str
    code: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImportResult:
    imported: list[ImportedInvoice] = field(default_factory=list)
    duplicates: list[DuplicateInvoice] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
