"""What lists of the tax authority say of the sellers on the days of their invoices."""

from collections.abc import Iterator, Sequence
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
from traceability.invoices.checks.facts import InvoiceFact, ListedFact, ShopCase
from traceability.invoices.list_models import ListKind

_SHOWN = 5
"""Invoices of one seller that are named; the rest is counted."""


def seller_status(case: ShopCase) -> CheckResult:
    """The sellers were in business on the days of their invoices.

    Formula: no list that speaks of NLap names the seller.

    A tax code that every source of the kind calls inactive on the day contradicts an invoice of
    that day. Sources that disagree are both shown and prove nothing; "signs of violation" are
    signs.
    """
    by_seller: dict[str, list[InvoiceFact]] = {}
    for invoice in case.purchases:
        by_seller.setdefault(invoice.seller_tax_code, []).append(invoice)
    listed: dict[str, list[ListedFact]] = {}
    for entry in case.listed:
        listed.setdefault(entry.tax_code, []).append(entry)
    seen = [
        observation
        for seller in sorted(by_seller.keys() & listed.keys())
        for kind in (ListKind.INACTIVE, ListKind.VIOLATION_SIGNS)
        for observation in _of_seller(case, kind, by_seller[seller], listed[seller])
    ]
    return CheckResult.of(
        CheckCode.SELLER_STATUS, seen, len(by_seller) if case.asked_sources else 0
    )


def _of_seller(
    case: ShopCase, kind: ListKind, invoices: Sequence[InvoiceFact], listed: Sequence[ListedFact]
) -> Iterator[Observation]:
    entries = [entry for entry in listed if entry.kind == kind]
    hit = [i for i in invoices if any(entry.holds_on(i.issued_on) for entry in entries)]
    if not hit:
        return
    naming = {e.source for e in entries if any(e.holds_on(i.issued_on) for i in hit)}
    silent = sorted(set(case.asked_sources.get(kind, ())) - naming)
    evidence = (
        *(_entry(entry) for entry in entries if entry.source in naming),
        *(invoice.evidence for invoice in hit[:_SHOWN]),
    )
    arguments: dict[str, Any] = {
        "seller": hit[0].seller_name, "tax_code": hit[0].seller_tax_code, "count": len(hit),
        "naming": sorted(naming), "silent": silent,
    }  # fmt: skip
    if silent:
        yield insufficient(f"sources-disagree-{kind.value}", *evidence, **arguments)
    elif kind is ListKind.INACTIVE:
        yield contradictory("seller-inactive", *evidence, **arguments)
    else:
        yield insufficient("seller-violation-signs", *evidence, **arguments)


def _entry(entry: ListedFact) -> Evidence:
    reference = f"{entry.source} {entry.document}".strip()
    return Evidence(EvidenceKind.LIST, reference, on=entry.dated_on)
