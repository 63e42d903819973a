"""Do the documents of one number, and those that name each other, agree?"""

from collections.abc import Iterator, Mapping
from typing import Any

from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Evidence,
    EvidenceKind,
    Observation,
    contradictory,
    insufficient,
)
from traceability.invoices.checks.facts import InvoiceFact, RelationFact, ShopCase
from traceability.invoices.symbol import InvoiceKey

_SURE_TIERS = frozenset({"strict", "tolerant"})


def qr(case: ShopCase) -> CheckResult:
    """The printed QR says what the XML says.

    Formula: for each of seller, form, symbol, number, date, total: QR = XML.

    No signature covers the QR. Layouts of single providers may be read wrongly here, so only the
    two standard tiers can contradict.
    """
    seen = []
    for fact in case.qr:
        if fact.differing:
            invoice = case.invoices[fact.invoice_id]
            arguments: dict[str, Any] = {"invoice": invoice.written, "fields": list(fact.differing)}
            tell = contradictory if fact.tier in _SURE_TIERS else insufficient
            seen.append(tell("qr-differs", invoice.evidence, **arguments))
    return CheckResult.of(CheckCode.QR, seen, len(case.qr))


def duplicate(case: ShopCase) -> CheckResult:
    """One number is one document.

    Formula: key(a) = key(b) and digest(a) != digest(b). The same digest is a resend.
    """
    seen = [
        contradictory("number-claimed-twice", invoice.evidence, invoice=invoice.written)
        for invoice in case.invoices.values()
        if invoice.id in case.conflicts
    ]
    return CheckResult.of(CheckCode.DUPLICATE, seen, len(case.invoices))


def replaced(case: ShopCase) -> CheckResult:
    """Documents that replace or adjust others hang together.

    Formula: the graph of "replaces" and "adjusts" has no cycle, each end of it is on record,
    and no replaced invoice explains goods (it counts nothing, adjustments their signed quantity).

    A shop that shows the replaced invoice may have missed the new one, so that alone does not
    contradict. Which invoices a statement of many lists is not in the file.
    """
    known = {**case.named, **{invoice.key: invoice for invoice in case.invoices.values()}}
    seen: list[Observation] = []
    for invoice in case.invoices.values():
        for relation in case.relations.get(invoice.id, ()):
            seen.extend(_of_relation(case, invoice, relation, known))
    seen.extend(_claims_of_replaced(case))
    return CheckResult.of(CheckCode.REPLACED, seen, len(case.invoices))


def _of_relation(
    case: ShopCase,
    invoice: InvoiceFact,
    relation: RelationFact,
    known: Mapping[InvoiceKey, InvoiceFact],
) -> Iterator[Observation]:
    named = relation.named
    if named is None:
        if relation.statement is not None:
            yield insufficient(
                "originals-in-statement", invoice.evidence, invoice=invoice.written,
                statement=relation.statement,
            )  # fmt: skip
        return
    arguments: dict[str, Any] = {"invoice": invoice.written, "original": named.written}
    if named not in known:
        yield insufficient("original-missing", invoice.evidence, **arguments)
    elif _comes_back(case, invoice, named, known):
        both = (invoice.evidence, known[named].evidence)
        yield contradictory("replacement-circle", *both, **arguments)
    elif not relation.replaces and known[named].replaced:
        yield insufficient("adjusts-replaced", invoice.evidence, **arguments)


def _comes_back(
    case: ShopCase,
    invoice: InvoiceFact,
    named: InvoiceKey,
    known: Mapping[InvoiceKey, InvoiceFact],
) -> bool:
    """Whether the way from what an invoice names leads to the invoice itself."""
    passed: set[InvoiceKey] = set()
    ahead = [named]
    while ahead:
        step = ahead.pop()
        if step == invoice.key:
            return True
        if step in known and step not in passed:
            passed.add(step)
            relations = case.relations.get(known[step].id, ())
            ahead += [relation.named for relation in relations if relation.named is not None]
    return False


def _claims_of_replaced(case: ShopCase) -> Iterator[Observation]:
    for claim in case.claims:
        invoice = case.claimed.get(claim.invoice_id)
        if claim.tax_code == case.tax_code and invoice is not None and invoice.replaced:
            said = Evidence(
                EvidenceKind.CLAIM, invoice.written, claim.id, claim.inspected_at.date()
            )
            yield insufficient(
                "claims-replaced", said, invoice.evidence, product_id=claim.product_id,
                invoice=invoice.written,
            )  # fmt: skip
