"""Sentences of the origin checks: what was seen, and why an honest shop may look the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from app.i18n import N_, Translator
from app.wording.verdict import chain_reason
from traceability.invoices.chain import BreakReason
from traceability.invoices.checks.answer import (
    Answer,
    CheckCode,
    CheckResult,
    EvidenceKind,
    Observation,
    Risk,
)

ANSWERS: Mapping[str, tuple[str, str]] = {
    Answer.CONSISTENT: (N_("Match"), "ok"),
    Answer.INSUFFICIENT: (N_("Not enough evidence"), "inspector"),
    Answer.CONTRADICTORY: (N_("Conflict"), "care"),
}
"""Word and level of an answer."""

NAMES: Mapping[str, str] = {
    "authentic": N_("Signatures"),
    "format": N_("Code of the tax authority, symbol, date"),
    "qr": N_("QR and XML"),
    "duplicate": N_("One number, one document"),
    "replaced": N_("Replaced and adjusted"),
    "mass-balance": N_("Bought, sold, on the shelf"),
    "time-order": N_("Order of days"),
    "after-the-fact": N_("Papers after the inspection"),
    "upstream": N_("Path to the source"),
    "owner": N_("Owner of the code"),
    "seller-status": N_("Sellers on lists"),
    "price": N_("Unit prices"),
    "circular": N_("Goods in a circle"),
    "laundering": N_("One invoice shown for more goods"),
    "number-order": N_("Order of numbers"),
    "petrol": N_("Pumps and invoices"),
}

NOTES: Mapping[str, str] = {
    "authentic": N_(
        "A file can be damaged on its way. Ask the seller or the tax authority for the original before anything is concluded."
    ),
    "format": N_("A rule may be newer than the table of rules here."),
    "qr": N_("No signature covers the QR, and some providers print it wrongly."),
    "duplicate": N_("A provider may have issued one number twice by mistake."),
    "replaced": N_("The original may not have been sent in yet."),
    "mass-balance": N_(
        "Opening stock, late invoices, cartons counted as pieces and purchases from small households without invoices look the same."
    ),
    "time-order": N_("Goods may have been there before the first invoice on record."),
    "after-the-fact": N_(
        "Papers of goods in transit may lawfully follow within the time the law gives."
    ),
    "upstream": N_(
        "Invoices may not have been sent in, and households below the threshold may have none."
    ),
    "owner": N_("A valid authorisation may not have been entered here."),
    "seller-status": N_(
        "Lists are of a day and may disagree; a seller may have been in business again."
    ),
    "price": N_("Promotions, qualities and units differ; a price proves nothing by itself."),
    "circular": N_("Goods given back or swapped between branches can go in a circle."),
    "laundering": N_("The same goods may have been moved between premises of one owner."),
    "number-order": N_("Several tills or drafts can mix up the dates of one series."),
    "petrol": N_("Pumps are tested, and logs get lost; compare with the pump's own counter."),
}
"""Innocent explanations, by check."""

RISKS: Mapping[str, str] = {
    Risk.LOW: N_("low"),
    Risk.MEDIUM: N_("medium"),
    Risk.HIGH: N_("high"),
}

EVIDENCE: Mapping[str, str] = {
    EvidenceKind.INVOICE: N_("Invoice"),
    EvidenceKind.LEDGER: N_("Balance"),
    EvidenceKind.STOCK: N_("Statement about stock"),
    EvidenceKind.CLAIM: N_("Invoice shown"),
    EvidenceKind.LIST: N_("List"),
    EvidenceKind.PUMP: N_("Pump log"),
    EvidenceKind.LOT: N_("Lot"),
}
"""What a record is that an observation rests on."""

_PART = N_(
    "There is more on record than this check can read: it looked at a part, and says nothing of the rest."
)

OBSERVATIONS: Mapping[str, str] = {
    "signature-broken": N_(
        "Invoice {invoice} of {seller}: what is in the file is not what was signed."
    ),
    "signature-of-another": N_(
        "Invoice {invoice} of {seller}: the certificate is not the seller's."
    ),
    "signature-ambiguous": N_(
        "Invoice {invoice} of {seller}: the signed part can be read in two ways."
    ),
    "signature-reformatted": N_(
        "Invoice {invoice} of {seller}: the file was reformatted, its content is intact."
    ),
    "signature-missing": N_("Invoice {invoice} of {seller} carries no signature of the seller."),
    "signed-outside-validity": N_(
        "Invoice {invoice} of {seller} was signed outside the validity of its certificate."
    ),
    "signatures-untrusted": N_(
        "{count} invoices are intact, but the issuers of their certificates are not in the trust store here."
    ),
    "format-version": N_("Invoice {invoice}: the version {value} was not in force on its day."),
    "format-form": N_("Invoice {invoice}: the form {value} was not in use on its day."),
    "format-kind": N_(
        "Invoice {invoice}: the kind {value} in its symbol was not in use on its day."
    ),
    "format-tax-code": N_(
        "Invoice {invoice}: the seller's kind of tax code was not issued on its day."
    ),
    "format-year": N_(
        "Invoice {invoice}: the year in the symbol {value} is not the year of its date."
    ),
    "format-authority-code": N_(
        "Invoice {invoice}: the code of the tax authority does not fit its symbol: {value}"
    ),
    "format-vat": N_("Invoice {invoice}: the VAT rate {value} was not in force on its day."),
    "qr-differs": N_("Invoice {invoice}: the QR says something else than the XML in {fields}."),
    "number-claimed-twice": N_(
        "Another document with other content claims the number of invoice {invoice}."
    ),
    "original-missing": N_(
        "Invoice {invoice} replaces or adjusts {original}, which is not on record."
    ),
    "replacement-circle": N_("Invoices {invoice} and {original} replace each other."),
    "adjusts-replaced": N_("Invoice {invoice} adjusts {original}, which was replaced."),
    "claims-replaced": N_(
        "Goods were shown with invoice {invoice}, which was replaced and counts nothing."
    ),
    "originals-in-statement": N_(
        "Invoice {invoice} replaces or adjusts invoices that the statement {statement} lists; which, the file does not say."
    ),
    "claims-refuted": N_(
        "Goods were shown with invoice {invoice}, whose signature contradicts it: it explains none."
    ),
    "invoices-not-counted": N_(
        "{count} invoices are left out of the balance, because their signatures contradict them."
    ),
    "sold-beyond-stock": N_(
        "{missing} more were sold by {day} than the counted opening stock and the purchases hold."
    ),
    "units-mixed": N_(
        "{missing} not explained yet by {day}: purchases and sales are in different units without a factor."
    ),
    "opening-unknown": N_(
        "{missing} not explained yet by {day}: the stock before the first invoice was not counted by an inspector."
    ),
    "lines-unlinked": N_(
        "{missing} not explained yet by {day}: some lines are not linked to products."
    ),
    "invoice-late": N_(
        "{missing} not explained on {day}, but an invoice that came a few days late explains it."
    ),
    "unit-mistaken": N_(
        "{missing} not explained yet by {day}: one unusual line in another unit would explain it."
    ),
    "counted-beyond": N_("Of {counted} counted on {day}, no invoice explains {missing}."),
    "sold-before-bought": N_("Sold or seen on {shown}, bought first on {bought}."),
    "made-after-sale": N_(
        "Sold or seen on {shown}, but the first batch on record was made on {made}."
    ),
    "made-in-transit": N_(
        "Invoice {invoice} was made at {made}, after the inspection began at {began}, within the time for goods in transit."
    ),
    "made-after-inspection": N_(
        "Invoice {invoice}, shown for goods of the inspection of {began}, was made only at {made}."
    ),
    "signed-after-inspection": N_(
        "Invoice {invoice} is dated before the inspection of {began} but was signed only at {made}, and the goods counted need it."
    ),
    "number-order": N_(
        "Invoice {later} has a higher number than {earlier} but a date {days} days earlier."
    ),
    "chain-broken": N_("The path of invoices breaks at {at}: {why}."),
    "no-declaration": N_(
        "The path leads to the importer {importer}, of whom no customs declaration of this product is on record."
    ),
    "head-not-owner": N_(
        "The path ends at {at}, who is neither owner nor authorised user of the code."
    ),
    "seller-inactive": N_(
        "{seller} ({tax_code}) was listed as inactive on the days of {count} invoices, by every source: {naming}."
    ),
    "seller-violation-signs": N_(
        "{seller} ({tax_code}), seller in {count} invoices, is listed with signs of violation by {naming}. Signs are not findings."
    ),
    "sources-disagree-inactive": N_(
        "{naming} lists {seller} ({tax_code}) as inactive on the days of {count} invoices; {silent} does not."
    ),
    "sources-disagree-violation-signs": N_(
        "{naming} lists {seller} ({tax_code}) with signs of violation on the days of {count} invoices; {silent} does not."
    ),
    "price-of-another-unit": N_(
        "Invoice {invoice}: the unit price is {ratio} times the usual one, near a pack of {pack}: look at the unit first."
    ),
    "price-stands-out": N_(
        "Invoice {invoice}: the unit price is {ratio} times the usual one of its month."
    ),
    "sold-back": N_(
        "{quantity} were sold and came back to the seller between {first} and {last}: goods given back look the same."
    ),
    "sold-in-a-circle": N_(
        "{quantity} were sold in a circle through {parties} between {first} and {last}."
    ),
    "claimed-beyond-invoice": N_(
        "Invoice {invoice} holds {holds}, but {claimed} were shown with it, at {shops} shops."
    ),
    "claims-of-another": N_("Invoice {invoice} was shown here, but its buyer is another."),
    "claims-in-another-unit": N_(
        "Invoice {invoice} holds {holds}, but {claimed} were shown with it: look at the unit first."
    ),
    "claims-unlinked": N_("The lines of invoice {invoice} are not linked to this product yet."),
    "pump-beyond-invoices": N_(
        "On {day} the pumps recorded {sales} sales ({litres} litres), invoices were issued for {invoices} ({invoiced} litres)."
    ),
    "invoices-beyond-pump": N_(
        "On {day} there are {invoices} invoices, but the pump log holds {sales} sales."
    ),
    "price-not-declared": N_("On {day} the pump price was {price}, declared were {declared}."),
}


NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ObservationView:
    answer: str
    level: str
    text: str
    observation: Observation


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check in words."""

    name: str
    answer: str
    level: str
    note: str
    """Why an honest shop may look the same."""
    risk: str
    observations: list[ObservationView]
    """The gravest first, as many as are told singly."""
    more: int
    """How many further ones there are."""
    part: str
    """That only a part of what is on record was looked at; empty where all of it was."""
    result: CheckResult


def observation_text(
    translate: Translator, seen: Observation, names: Mapping[str, str] = NO_NAMES
) -> str:
    """The sentence of an observation.

    Args:
        translate: the reader's language.
        seen: what was seen.
        names: of parties by tax code, where a sentence speaks of them; else they are tax codes.
    """
    arguments = {name: _shown(translate, value) for name, value in seen.arguments.items()}
    if "parties" in seen.arguments:
        codes = seen.arguments["parties"]
        arguments["parties"] = ", ".join(names.get(code, code) for code in codes)
    if seen.reason == "chain-broken":
        arguments["why"] = chain_reason(translate, BreakReason(seen.arguments["why"]))
    return translate.text(OBSERVATIONS[seen.reason], **arguments)


def _shown(translate: Translator, value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(str(translate.show(each)) for each in value)
    return value


def check_view(
    translate: Translator, result: CheckResult, listed: int, names: Mapping[str, str] = NO_NAMES
) -> CheckView:
    """A check in words; of many observations the first `listed`."""
    word, level = ANSWERS[result.answer]
    views = [_observation_view(translate, seen, names) for seen in result.observations[:listed]]
    return CheckView(
        translate.text(NAMES[CheckCode(result.check)]), translate.text(word), level,
        translate.text(NOTES[result.check]), translate.text(RISKS[result.risk]), views,
        max(len(result.observations) - listed, 0), part_text(translate, result), result,
    )  # fmt: skip


def part_text(translate: Translator, result: CheckResult) -> str:
    """What has to be said of a check that could not look at everything."""
    return translate.text(_PART) if result.partial else ""


def _observation_view(
    translate: Translator, seen: Observation, names: Mapping[str, str]
) -> ObservationView:
    word, level = ANSWERS[seen.answer]
    text = observation_text(translate, seen, names)
    return ObservationView(translate.text(word), level, text, seen)
