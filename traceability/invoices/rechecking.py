"""Checking the stored invoices again, after the trust store has changed.

The files are on record byte for byte, so everything is found anew; a batch is one transaction,
and a run that was cut short is simply run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from traceability.db import Database
from traceability.invoices.errors import InvoiceError
from traceability.invoices.reading import read_signed
from traceability.invoices.signatures import repository
from traceability.invoices.signatures.trust import TrustStore

BATCH = 200
"""Documents of one transaction."""


@dataclass(slots=True)
class Rechecked:
    documents: int = 0
    invoices: int = 0
    changed: int = 0
    """Signatures whose state is another than before."""


def recheck(
    database: Database, progress: Callable[[Rechecked], None] = lambda _: None
) -> Rechecked:
    """Check every document again, with the trust store as it is now."""
    total, last = Rechecked(), 0
    while True:
        with database.writing() as session:
            documents = repository.documents_after(session, last, BATCH)
            if not documents:
                return total
            known = repository.invoices_of(session, [document_id for document_id, _ in documents])
            trust = repository.trust_store(session)
            rows = [row for each in documents for row in _rows(*each, known, trust)]
            total.changed += repository.replace(session, rows)
        last = documents[-1][0]
        total.documents += len(documents)
        total.invoices += len(rows) // 2
        progress(total)


def _rows(
    document_id: int, content: bytes, known: dict[tuple[int, int], int], trust: TrustStore
) -> list[dict[str, Any]]:
    try:
        found = read_signed(content, trust)
    except InvoiceError:
        # Taken in by an earlier version with other rules: what was found then stays as it is.
        return []
    return [
        repository.row(document_id, position, known[document_id, position], signature)
        for position, signed in enumerate(found, 1)
        if (document_id, position) in known
        for signature in signed.signatures
    ]
