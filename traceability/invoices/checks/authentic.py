"""Is each invoice what its seller signed?"""

from collections.abc import Iterator
from typing import Any

from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Observation,
    contradictory,
    insufficient,
)
from traceability.invoices.checks.facts import InvoiceFact, ShopCase, SignatureFact

_REFUTED = {"broken": "signature-broken", "wrong_signer": "signature-of-another"}
_UNSURE = {"ambiguous": "signature-ambiguous", "reformatted": "signature-reformatted"}


def authentic(case: ShopCase) -> CheckResult:
    """Each invoice is what its seller signed.

    Formula: intact(signature) and tax code(certificate) = seller
    and valid_from <= signing time <= valid_to and issuer is trusted.

    Broken or another's signature contradicts the invoice. Unsigned is lawful for cash registers;
    an issuer that is not in the trust store says nothing against the seller, and is told once
    for all invoices.
    """
    seen: list[Observation] = []
    untrusted: list[InvoiceFact] = []
    examined = 0
    for invoice in case.invoices.values():
        seller = next((s for s in case.signatures.get(invoice.id, ()) if s.role == "seller"), None)
        if seller is None:
            continue
        examined += 1
        if seller.state == "intact_untrusted":
            untrusted.append(invoice)
        seen.extend(_of_signature(invoice, seller))
    if untrusted:
        some = (invoice.evidence for invoice in untrusted[: case.policy.listed])
        seen.append(insufficient("signatures-untrusted", *some, count=len(untrusted)))
    return CheckResult.of(CheckCode.AUTHENTIC, seen, examined)


def _of_signature(invoice: InvoiceFact, seller: SignatureFact) -> Iterator[Observation]:
    arguments: dict[str, Any] = {"invoice": invoice.written, "seller": invoice.seller_name}
    if seller.state in _REFUTED:
        yield contradictory(_REFUTED[seller.state], invoice.evidence, **arguments)
    elif seller.state in _UNSURE:
        yield insufficient(_UNSURE[seller.state], invoice.evidence, **arguments)
    elif seller.state == "unsigned" and not invoice.key.from_cash_register:
        yield insufficient("signature-missing", invoice.evidence, **arguments)
    at, first, last = seller.signed_at, seller.valid_from, seller.valid_to
    if at and ((first and at < first) or (last and at > last)):
        yield insufficient("signed-outside-validity", invoice.evidence, **arguments)
