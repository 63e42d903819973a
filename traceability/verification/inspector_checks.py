"""Checks for the authorities: prefixes of other firms, and what the invoices of a shop explain.

They say "khớp", "chưa đủ chứng cứ" or "mâu thuẫn" about records, never that goods are fake. A
household under the threshold may have no invoices: absence of a record is not guilt.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from sqlmodel import Session

from gs1.prefix import PrefixKind
from traceability.actor import MEMBERS
from traceability.db import execute_in
from traceability.invoices import chain, ledger
from traceability.invoices import repository as invoice_repository
from traceability.invoices.ledger import Balance
from traceability.invoices.outside.service import Consultation, Standing
from traceability.registry import goods_repository
from traceability.registry.models import Party, PartyKind, Product
from traceability.verification import quotas, repository
from traceability.verification.case import Case
from traceability.verification.counting import count_of_visit
from traceability.verification.findings import Evidence, EvidenceKind, Finding, FindingCode, Rule
from traceability.verification.lookup import LotRecord

InspectorCheck = Callable[[Session, Case], list[Finding]]


def prefix_conflict(session: Session, case: Case) -> list[Finding]:
    """The company prefix is licensed to another party, with no authorisation on record."""
    gtin = case.reading.keys.gtin
    owner = gtin and repository.prefix_owner(execute_in(session), gtin.value[1:], case.context.on)
    if not owner:
        return []
    prefix, party_id, holder = owner
    producer_id = case.record.producer.id if case.record else None
    if party_id == producer_id or _authorised(session, case, producer_id):
        return []
    arguments = {"prefix": prefix, "holder": holder}
    evidence = Evidence(EvidenceKind.PARTY, str(party_id), case.context.at)
    return [Finding(FindingCode.PREFIX_CONFLICT, arguments, (evidence,))]


def _authorised(session: Session, case: Case, party_id: int | None) -> bool:
    return (
        case.record is not None
        and party_id is not None
        and repository.is_authorised(session, case.record.product_id, party_id, case.context.on)
    )


def foreign_prefix(session: Session, case: Case) -> list[Finding]:
    """Said to be made in Vietnam under a foreign prefix, without a document that allows it."""
    record = case.record
    foreign = case.prefix.kind is PrefixKind.COMPANY and case.prefix.prefix != "893"
    if record is None or not foreign or record.producer.kind != PartyKind.PRODUCER:
        return []
    if record.producer.area_code is None or _authorised(session, case, record.producer.id):
        return []
    arguments = {"prefix": case.prefix.prefix, "organisation": case.prefix.organisation or ""}
    evidence = Evidence(EvidenceKind.PRODUCT, record.gtin, record.changed_at, Rule.CODE_USE)
    return [Finding(FindingCode.FOREIGN_PREFIX_DOMESTIC_CLAIM, arguments, (evidence,))]


def quota(session: Session, case: Case) -> list[Finding]:
    """More labels than the lot's declared quantity, or more than its certificate is for."""
    record = case.record
    if record is None or (record.lot is None and record.serial is None):
        return []
    findings = _lot_quota(session, record.gtin, record.lot) if record.lot else []
    certificate = quotas.certificate_of(
        session, record.serial.id if record.serial else None, record.lot.id if record.lot else None
    )
    if certificate is None:
        return findings
    counts = quotas.counts(session, certificate)
    if not counts.exceeded(certificate):
        return findings
    arguments = {
        "certificate": certificate.number, "issuer": certificate.issuer,
        "quantity": certificate.quantity, "unit": certificate.unit, **counts.as_arguments(),
    }  # fmt: skip
    evidence = Evidence(EvidenceKind.CERTIFICATE, certificate.number, certificate.decided_at)
    return [*findings, Finding(FindingCode.QUOTA_EXCEEDED, arguments, (evidence,))]


def _lot_quota(session: Session, gtin: str, lot: LotRecord) -> list[Finding]:
    if lot.quantity is None:
        return []
    issued = goods_repository.serials_in_lot(session, lot.id)
    if issued <= lot.quantity:
        return []
    arguments = {"lot": lot.lot, "issued": issued, "quantity": lot.quantity}
    evidence = Evidence(EvidenceKind.LOT, f"{gtin}/{lot.lot}", lot.created_at)
    return [Finding(FindingCode.QUOTA_EXCEEDED, arguments, (evidence,))]


def invoices_of_shop(session: Session, case: Case) -> list[Finding]:
    """What the invoices on record explain of this product on this shelf.

    A shop is told the balance of its own invoices; of another's it is told nothing, and nothing
    of the path beyond its own suppliers.
    """
    actor, shop_id = case.context.actor, case.context.place.shop_id
    is_member = actor.role in MEMBERS
    if case.record is None or shop_id is None or (is_member and not actor.owns(shop_id)):
        return []
    shop = session.get(Party, shop_id)
    if shop is None or not shop.tax_code:
        return []
    balance = _balance(session, case, shop)
    if is_member:
        return balance
    product = session.get_one(Product, case.record.product_id)
    return [*balance, *_chain(session, shop, product)]


def _balance(session: Session, case: Case, shop: Party) -> list[Finding]:
    assert case.record is not None and shop.tax_code is not None  # noqa: S101, PT018
    balance = ledger.balance(session, shop.tax_code, case.record.product_id, case.context.on)
    counted = count_of_visit(balance, case.context)
    arguments: dict[str, object] = {
        "shop": shop.name, "bought": balance.bought, "sold": balance.sold,
        "expected": balance.expected, "counted": counted,
        "opening": balance.opening if balance.opening_on else None,
        "gone": balance.returned + balance.seized,
    }  # fmt: skip
    evidence = (
        Evidence(
            EvidenceKind.LEDGER,
            f"{shop.tax_code}/{case.record.gtin}",
            case.context.at,
            Rule.BALANCE,
        ),
    )
    code, missing = judge(balance, counted)
    if code is not FindingCode.INVOICE_EXPLAINED:
        arguments["missing"] = missing
    return [Finding(code, arguments, evidence)]


def judge(balance: Balance, counted: Decimal | None) -> tuple[FindingCode, Decimal]:
    """What a balance says of a shelf, and how many units it leaves unexplained.

    More sold than bought contradicts itself; more counted than expected, or no purchase at all,
    is not enough evidence. Without a count only the documents are compared.
    """
    unexplained = max((counted or Decimal(0)) - balance.expected, Decimal(0))
    if balance.expected < 0:
        return FindingCode.INVOICE_OVERSOLD, unexplained
    if unexplained > 0 or balance.bought <= 0:
        return FindingCode.INVOICE_UNEXPLAINED, unexplained
    return FindingCode.INVOICE_EXPLAINED, unexplained


def _chain(session: Session, shop: Party, product: Product) -> list[Finding]:
    assert shop.tax_code is not None  # noqa: S101 -- checked by the caller
    path = chain.path_to_producer(session, shop.tax_code, product)
    evidence = tuple(
        Evidence(EvidenceKind.INVOICE, f"{hop.form}{hop.symbol} {hop.number}") for hop in path.hops
    )
    findings = []
    if path.broken is not None and path.hops:
        arguments = {"at": path.broken.name or path.broken.tax_code, "reason": path.broken.reason}
        findings.append(Finding(FindingCode.INVOICE_CHAIN_BROKEN, arguments, evidence))
    conflicting = invoice_repository.conflicting(session, [hop.invoice_id for hop in path.hops])
    if conflicting:
        arguments = {"invoices": ", ".join(conflicting)}
        findings.append(Finding(FindingCode.INVOICE_CONFLICT, arguments, evidence))
    return findings


def outside_registry(_session: Session, case: Case) -> list[Finding]:
    """What an outside registry says of the invoices on the path of these goods.

    It was asked before the verdict. Where it could not be, the verdict rests on the records here
    and says so; an answer of before is told with its date. Unknown there is not enough evidence:
    the invoice may have been sent late.
    """
    if not case.context.actor.sees_everything:
        return []
    told = case.context.outside
    differing = [_differs(each) for each in told if each.standing is Standing.DIFFERS]
    groups = {
        FindingCode.INVOICE_OUTSIDE_UNKNOWN: [x for x in told if x.standing is Standing.UNKNOWN],
        FindingCode.INVOICE_OUTSIDE_UNAVAILABLE: [x for x in told if x.failure is not None],
        FindingCode.INVOICE_OUTSIDE_AGREES: [x for x in told if x.standing is Standing.AGREES],
    }
    return [*differing, *(_outside(code, group) for code, group in groups.items() if group)]


def _differs(told: Consultation) -> Finding:
    arguments = {
        "source": told.source,
        "invoice": told.written,
        "as_of": told.answer and told.answer.as_of,
        "differences": [
            {"code": d.code, "here": d.here, "there": d.there} for d in told.differences
        ],
    }
    return Finding(FindingCode.INVOICE_OUTSIDE_DIFFERS, arguments, _told(told))


def _outside(code: FindingCode, group: Sequence[Consultation]) -> Finding:
    """One finding for all invoices that it holds for; `as_of` is that of the oldest answer."""
    dates = [each.answer.as_of for each in group if each.answer is not None]
    arguments: dict[str, object] = {
        "source": group[0].source,
        "invoices": [each.written for each in group],
        "as_of": min(dates, default=None),
    }
    if code is FindingCode.INVOICE_OUTSIDE_UNAVAILABLE:
        arguments["reason"] = group[0].failure
    return Finding(code, arguments, tuple(e for each in group for e in _told(each)))


def _told(told: Consultation) -> tuple[Evidence, Evidence]:
    as_of = told.answer.as_of if told.answer else None
    return (
        Evidence(EvidenceKind.INVOICE, told.written),
        Evidence(EvidenceKind.OUTSIDE_REGISTRY, told.source, as_of),
    )


INSPECTOR_CHECKS: tuple[InspectorCheck, ...] = (
    prefix_conflict,
    foreign_prefix,
    quota,
    invoices_of_shop,
    outside_registry,
)
