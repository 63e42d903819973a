"""Statements on stored signatures and on the trust store."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from traceability import bulk
from traceability.clock import now
from traceability.invoices.models import InvoiceDocument, InvoiceSource
from traceability.invoices.repository import chunks
from traceability.invoices.signatures.models import InvoiceSignature, TrustedCertificate
from traceability.invoices.signatures.states import BEST_FIRST, Signature, SignatureState
from traceability.invoices.signatures.trust import TrustStore, store_of

_TABLE: sa.Table = InvoiceSignature.__table__  # type: ignore[attr-defined]
_RANK = {state.value: rank for rank, state in enumerate(BEST_FIRST)}


def row(document_id: int, position: int, invoice_id: int, signature: Signature) -> dict[str, Any]:
    """A row of what was found, to be added with others."""
    certificate = signature.certificate
    return {
        "document_id": document_id,
        "position": position,
        "role": signature.role.value,
        "invoice_id": invoice_id,
        "state": signature.state.value,
        "notes": [
            {"code": note.code, "arguments": {k: str(v) for k, v in note.arguments.items()}}
            for note in signature.notes
        ],
        "signed_at": signature.signed_at,
        "subject": certificate.subject if certificate else None,
        "issuer": certificate.issuer if certificate else None,
        "fingerprint": certificate.fingerprint if certificate else None,
        "valid_from": certificate.valid_from if certificate else None,
        "valid_to": certificate.valid_to if certificate else None,
        "checked_at": now(),
    }


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    bulk.insert(session, _TABLE.name, rows)


def replace(session: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Store rows anew; how many states are other than before."""
    changed = 0
    for each in rows:
        key = [each["document_id"], each["position"], each["role"]]
        condition = sa.tuple_(*_TABLE.primary_key.columns).in_([tuple(key)])
        before = session.execute(sa.select(_TABLE.c.state).where(condition)).scalar()
        session.execute(sa.delete(_TABLE).where(condition))
        changed += before != each["state"]
    add(session, rows)
    return changed


def of_invoice(session: Session, invoice_id: int) -> list[InvoiceSignature]:
    """The best copy of each side's signature over the content on record, the seller's first.

    Copies that say something else than the invoice on record say nothing of its signature.
    """
    best = _best(session, [invoice_id]).get(invoice_id, {})
    return [best[role] for role in ("seller", "authority") if role in best]


def states_of(session: Session, invoice_ids: Iterable[int]) -> dict[int, dict[str, SignatureState]]:
    """State of each side by invoice and role, as `of_invoice` chooses it, for many at once."""
    found: dict[int, dict[str, SignatureState]] = {}
    for part in chunks(invoice_ids):
        for invoice_id, sides in _best(session, part).items():
            found[invoice_id] = {role: SignatureState(s.state) for role, s in sides.items()}
    return found


def _best(session: Session, invoice_ids: Collection[int]) -> dict[int, dict[str, InvoiceSignature]]:
    same_copy = sa.and_(
        col(InvoiceSource.document_id) == col(InvoiceSignature.document_id),
        col(InvoiceSource.position) == col(InvoiceSignature.position),
    )
    found = session.exec(
        select(InvoiceSignature)
        .join(InvoiceSource, same_copy)
        .where(
            col(InvoiceSignature.invoice_id).in_(invoice_ids),
            col(InvoiceSource.conflicting).is_(False),
        )
        .order_by(col(InvoiceSignature.document_id), col(InvoiceSignature.position))
    )
    best: dict[int, dict[str, InvoiceSignature]] = {}
    for signature in found:
        sides = best.setdefault(signature.invoice_id, {})
        known = sides.get(signature.role)
        if known is None or _RANK[signature.state] < _RANK[known.state]:
            sides[signature.role] = signature
    return best


def trust_store(session: Session) -> TrustStore:
    """The trust store as it is loaded now."""
    ders = session.execute(sa.select(col(TrustedCertificate.der))).scalars()
    return store_of(frozenset(bytes(der) for der in ders))


def trusted(session: Session) -> list[TrustedCertificate]:
    return list(
        session.exec(
            select(TrustedCertificate).order_by(
                col(TrustedCertificate.subject), col(TrustedCertificate.fingerprint)
            )
        )
    )


def documents_after(session: Session, document_id: int, limit: int) -> list[tuple[int, bytes]]:
    """Ids and contents of the next documents."""
    found = session.execute(
        sa.select(col(InvoiceDocument.id), col(InvoiceDocument.content))
        .where(col(InvoiceDocument.id) > document_id)
        .order_by(col(InvoiceDocument.id))
        .limit(limit)
    )
    return [(found_id, bytes(content)) for found_id, content in found]


def invoices_of(session: Session, document_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Ids of the invoices by document and position."""
    found = session.execute(
        sa.select(
            col(InvoiceSource.document_id), col(InvoiceSource.position),
            col(InvoiceSource.invoice_id),
        ).where(col(InvoiceSource.document_id).in_(list(document_ids)))
    )  # fmt: skip
    return {(document, position): invoice for document, position, invoice in found}
