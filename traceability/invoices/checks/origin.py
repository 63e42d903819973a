"""Does the path of invoices lead to somebody who may put the goods on the market?"""

from traceability.invoices.chain import BreakReason, Chain
from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Evidence,
    EvidenceKind,
    Observation,
    insufficient,
)
from traceability.invoices.checks.facts import ShopCase
from traceability.registry.models import PartyKind


def upstream(case: ShopCase) -> CheckResult:
    """A path of invoices leads to where the goods may come from.

    Formula: there is a path of lines, each not later than the sale it feeds, from the shop to
    the registered producer of the GTIN, an authorised user, or an importer with a declaration.

    A path that ends says where documents are missing, not that anybody did wrong: a household
    under the threshold may have none.
    """
    seen = []
    for product_id, path in case.paths.items():
        broken = path.broken
        if broken is not None and path.hops:
            seen.append(
                insufficient(
                    "chain-broken", *_hops(path), product_id=product_id,
                    at=broken.name or broken.tax_code, why=broken.reason.value,
                )
            )  # fmt: skip
    return CheckResult.of(CheckCode.UPSTREAM, seen, len(case.paths), partial=case.paths_partial)


def owner(case: ShopCase) -> CheckResult:
    """Who put the goods on the market may use their code.

    Formula: head(path) = owner of the code or an authorised user on the day of the sale; where
    it is an importer, a customs declaration of the product is on record.

    A document that allows the use of a code may be valid and not be entered here.
    """
    seen: list[Observation] = []
    for product_id, path in case.paths.items():
        if path.source is not None:
            imported = path.source.kind == PartyKind.IMPORTER
            if imported and path.source.declaration_number is None:
                seen.append(
                    insufficient(
                        "no-declaration", *_hops(path), product_id=product_id,
                        importer=path.source.name,
                    )
                )  # fmt: skip
        elif path.hops and path.broken and path.broken.reason is BreakReason.NO_PURCHASE:
            at = path.broken.name or path.broken.tax_code
            seen.append(insufficient("head-not-owner", *_hops(path), product_id=product_id, at=at))
    return CheckResult.of(CheckCode.OWNER, seen, len(case.paths), partial=case.paths_partial)


def _hops(path: Chain) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(EvidenceKind.INVOICE, hop.invoice_key, hop.invoice_id, hop.issued_on)
        for hop in path.hops
    )
