"""Why a file is not taken in: a stable code and its arguments, the sentence is made in `app`.

    InvalidError
    └── InvoiceError      the whole file is refused and nothing of it is stored

A refusal is about the file, never about the goods: an invoice whose sums do not add up, whose
QR differs or whose signature is broken is taken in and judged later.
"""

from traceability.errors import Fault, InvalidError

CODES = (
    "invoices.not-xml",
    "invoices.encoding",
    "invoices.dtd",
    "invoices.too-large",
    "invoices.other-document",
    "invoices.old-format",
    "invoices.version",
    "invoices.ambiguous",
    "invoices.missing",
    "invoices.number",
    "invoices.date",
    "invoices.value",
    "invoices.symbol",
    "invoices.tax-code",
    "invoices.zip",
    "invoices.zip-nested",
    "invoices.zip-too-large",
    "invoices.attributes",
    "invoices.namespaces",
    "invoices.signature-transform",
    "invoices.signature-reference",
    "invoices.unreadable",
    "invoices.changed",
    "invoices.not-yours",
)
"""Every code a file can be refused with: the list that needs a sentence in each language."""


class InvoiceError(InvalidError):
    """A file that is no e-invoice this service can read, or may take from this actor."""


def refusal(code: str, /, **arguments: object) -> InvoiceError:
    """The error for one of `CODES`, to be raised by the caller."""
    return InvoiceError([Fault("file", code, arguments)])
