"""Is one purchase shown for more goods than it holds?"""

from collections.abc import Sequence
from decimal import Decimal
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
from traceability.invoices.checks.facts import ShopCase
from traceability.invoices.ledger_models import OriginClaim
from traceability.invoices.standing import POLICY as STANDING


def laundering(case: ShopCase) -> CheckResult:
    """No purchase is shown for more goods than it holds.

    Formula: by invoice and product, the sum over shops of the largest claim of one inspection
    > quantity of the lines on that invoice.

    The same goods may be shown again at the next inspection of the same shop, so of a shop the
    largest inspection counts, not all of them. Claims of other shops are counted, never named.
    One shop alone that shows many times what the invoice holds rather has cartons on it. An
    invoice whose signature contradicts it explains no goods, however many it holds.
    """
    groups: dict[tuple[int, int], list[OriginClaim]] = {}
    for claim in case.claims:
        groups.setdefault((claim.invoice_id, claim.product_id), []).append(claim)
    seen: list[Observation] = []
    for (invoice_id, product_id), claims in groups.items():
        if any(claim.tax_code == case.tax_code for claim in claims):
            seen.extend(_of_invoice(case, invoice_id, product_id, claims))
    return CheckResult.of(CheckCode.LAUNDERING, seen, len(groups))


def _of_invoice(
    case: ShopCase, invoice_id: int, product_id: int, claims: Sequence[OriginClaim]
) -> list[Observation]:
    invoice = case.claimed[invoice_id]
    holds = case.claimed_quantities.get((invoice_id, product_id), Decimal(0))
    by_shop = _largest_by_shop(claims)
    claimed = sum(by_shop.values(), Decimal(0))
    evidence = (invoice.evidence, *(_said(c, invoice.written) for c in claims if _own(case, c)))
    arguments: dict[str, Any] = {"invoice": invoice.written, "claimed": claimed, "holds": holds}
    if not STANDING.counts(invoice.seller_signature):
        return [insufficient("claims-refuted", *evidence, product_id=product_id, **arguments)]
    if holds == 0 and case.unlinked_lines:
        return [insufficient("claims-unlinked", *evidence, product_id=product_id, **arguments)]
    if holds and max(by_shop.values()) >= min(case.policy.pack_sizes) * holds:
        return [
            insufficient("claims-in-another-unit", *evidence, product_id=product_id, **arguments)
        ]
    if claimed > holds:
        return [
            contradictory(
                "claimed-beyond-invoice", *evidence, product_id=product_id,
                shops=len({claim.tax_code for claim in claims}), **arguments,
            )
        ]  # fmt: skip
    if invoice.buyer_tax_code != case.tax_code:
        return [insufficient("claims-of-another", *evidence, product_id=product_id, **arguments)]
    return []


def _largest_by_shop(claims: Sequence[OriginClaim]) -> dict[str, Decimal]:
    by_inspection: dict[tuple[str, object], Decimal] = {}
    for claim in claims:
        key = claim.tax_code, claim.inspected_at
        by_inspection[key] = by_inspection.get(key, Decimal(0)) + claim.quantity
    largest: dict[str, Decimal] = {}
    for (shop, _), quantity in by_inspection.items():
        largest[shop] = max(largest.get(shop, Decimal(0)), quantity)
    return largest


def _own(case: ShopCase, claim: OriginClaim) -> bool:
    return claim.tax_code == case.tax_code


def _said(claim: OriginClaim, written: str) -> Evidence:
    return Evidence(EvidenceKind.CLAIM, written, claim.id, claim.inspected_at.date())
