"""The sentences of findings, the subject is the code or the data.

Never "fake" and never "genuine". The innocent explanation comes first, a GS1 prefix is never a
country of origin, and every sentence says which data it rests on.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.i18n import N_, Translator
from app.wording.errors import sentence
from app.wording.events import CONTRADICTIONS, STAGES
from app.wording.outside_view import differences_text, reason_text
from traceability.clock import VIETNAM
from traceability.events.tracing.schemas import Certainty
from traceability.invoices.chain import BreakReason
from traceability.verification.findings import EvidenceKind, Finding, FindingCode, Level, Rule

LEVEL_WORDS: Mapping[Level, str] = {
    Level.OK: N_("Data match"),
    Level.INFO: N_("For your information"),
    Level.INSPECTOR: N_("To be checked"),
    Level.CARE: N_("Take care"),
    Level.STOP: N_("Stop"),
}

_C = FindingCode
_SENTENCES: Mapping[FindingCode, str] = {
    _C.LOOKALIKE_LINK: N_(
        "The link in this code leads to {host}, which is not the official address {official} but resembles it."
    ),
    _C.UNKNOWN_SERIAL: N_(
        "Serial number {serial} was not found. It may have been misread, or the data may not be up to date yet."
    ),
    _C.STALE: N_(
        "Serial number {serial} is not in the data of {as_of} yet; the producer may still be sending it."
    ),
    _C.UNALLOCATED_PREFIX: N_(
        "The code is well formed, but its number range {prefix} was not seen allocated in the list of {list_date}."
    ),
    _C.RESTRICTED_NUMBER: N_(
        "This number is for use inside a shop, a company or a demonstration; it does not identify a product."
    ),
    _C.PREFIX_CONFLICT: N_(
        "The number range {prefix} is registered to {holder}; no authorisation of another party is on record."
    ),
    _C.FOREIGN_PREFIX_DOMESTIC_CLAIM: N_(
        "The producer is in Vietnam, but the number is licensed through {organisation} (prefix {prefix}) and no authorisation is on record. The prefix says nothing about where goods are made."
    ),
    _C.INVOICE_CONFLICT: N_(
        "Conflict: more than one document is on record under the number of invoice {invoices}."
    ),
    _C.INVOICE_OUTSIDE_UNKNOWN: N_(
        "Not enough evidence: the outside registry {source} does not know invoice {invoices}, as of {as_of}. It may have been sent there late."
    ),
    _C.INVOICE_OUTSIDE_AGREES: N_(
        "Match: the outside registry {source} says the same of invoice {invoices}, as of {as_of}."
    ),
    _C.INVOICE_EXPLAINED: N_(
        "Match: the invoices on record of {shop} show {bought} bought and {sold} sold; {expected} are expected on the shelf."
    ),
    _C.MATCH_PRODUCT: N_(
        "The data match at the level of the product; single packs are not confirmed."
    ),
    _C.MATCH_LOT: N_("The data match at the level of lot {lot}; single packs are not confirmed."),
}

_CHAIN_REASONS: Mapping[str, str] = {
    BreakReason.NO_PURCHASE: N_("no purchase invoice of theirs is on record"),
    BreakReason.PURCHASE_AFTER_SALE: N_("their purchase on record is later than their sale"),
    BreakReason.SELLER_UNKNOWN: N_("this seller is not in the register"),
    BreakReason.HOUSEHOLD_WITHOUT_INVOICES: N_("a household, which may have no invoices"),
    BreakReason.LOOP: N_("their purchases lead back to parties already on the path"),
    BreakReason.TOO_DEEP: N_("the path is longer than was followed"),
}


def chain_reason(translate: Translator, reason: str) -> str:
    """Why a path of invoices ends where it does."""
    return translate.text(_CHAIN_REASONS[reason])


def level_word(translate: Translator, level: Level) -> str:
    return translate.text(LEVEL_WORDS[level])


def finding_text(translate: Translator, finding: Finding) -> str:
    """The sentence of one finding."""
    special = _SPECIAL.get(finding.code)
    if special is not None:
        return special(translate, finding.arguments)
    return translate.text(_SENTENCES[finding.code], **finding.arguments)


_RECALLED = {
    "product": N_(
        "This product is being recalled under notice {number} of {date}. Do not use it. {advice}"
    ),
    "lot": N_(
        "This batch is being recalled under notice {number} of {date}. Do not use it. {advice}"
    ),
    "serial": N_(
        "The item with this serial number is being recalled under notice {number} of {date}. Do not use it. {advice}"
    ),
}
_PERHAPS_RECALLED = {
    "product": N_(
        "This product may contain goods that are being recalled under notice {number} of {date}, and is recalled with them. Do not use it. {advice}"
    ),
    "lot": N_(
        "This batch may contain goods that are being recalled under notice {number} of {date}, and is recalled with them. Do not use it. {advice}"
    ),
    "serial": N_(
        "The item with this serial number may contain goods that are being recalled under notice {number} of {date}, and is recalled with them. Do not use it. {advice}"
    ),
}


def _recalled(translate: Translator, a: Mapping[str, Any]) -> str:
    """Kept verdicts of earlier years say nothing of certainty, and named a batch."""
    given = {name: a[name] for name in ("number", "date", "advice")}
    sentences = _PERHAPS_RECALLED if a.get("certainty") == Certainty.POSSIBLE else _RECALLED
    return translate.text(sentences[a.get("of_what", "lot")], **given)


def _withdrawn(translate: Translator, a: Mapping[str, Any]) -> str:
    if a.get("date"):
        return translate.text(
            N_("This code is on record as taken out of circulation on {date}."), date=a["date"]
        )
    return translate.text(N_("This code is on record as taken out of circulation."))


def _expired(translate: Translator, a: Mapping[str, Any]) -> str:
    return translate.text(N_("According to the data, it expired on {date}."), date=a["date"])


def _mismatch(translate: Translator, a: Mapping[str, Any]) -> str:
    parts = []
    for ai, on_code in a["on_code"].items():
        name = translate.text(N_("lot") if ai == "10" else N_("expiry date"))
        on_record = a["on_record"].get(ai)
        shown = translate.text(N_("not found")) if on_record is None else translate.show(on_record)
        parts.append(
            translate.text(
                N_("{name} {on_code} on the code, {on_record} in the register"),
                name=name,
                on_code=on_code,
                on_record=shown,
            )
        )
    return translate.text(
        N_(
            "What the code says differs from the registered data: {differences}. The data may be late, or the code misread: compare with the label."
        ),
        differences="; ".join(parts),
    )


def _supplied(translate: Translator, a: Mapping[str, Any]) -> str:
    if a.get("date"):
        return translate.text(N_("This code is on record as sold on {date}."), date=a["date"])
    return translate.text(N_("This code is on record as already sold."))


def _producer(translate: Translator, a: Mapping[str, Any]) -> str:
    if isinstance(a.get("date"), date):
        return translate.text(
            N_("The registration of {producer} has not been in force since {date}."),
            producer=a["producer"], date=a["date"],
        )  # fmt: skip
    return translate.text(
        N_("The registration of {producer} is not in force."), producer=a["producer"]
    )


def _not_registered(translate: Translator, a: Mapping[str, Any]) -> str:
    if a.get("pending"):
        return translate.text(
            N_(
                "The code is well formed; its registration is waiting for the authority's approval. This does not mean that the goods are counterfeit."
            )
        )
    return translate.text(
        N_(
            "The code is well formed but not in the database yet. This does not mean that the goods are counterfeit."
        )
    )


def _invalid(translate: Translator, a: Mapping[str, Any]) -> str:
    arguments = {name: value for name, value in a.items() if name != "error"}
    return translate.text(
        N_("No valid product code could be read, please scan again. {why}"),
        why=sentence(translate, a["error"], arguments),
    )


_NO_OPENING = N_("Opening stock is not known.")


def _oversold(translate: Translator, a: Mapping[str, Any]) -> str:
    if a.get("counted"):
        seen = N_(
            "Conflict: the invoices on record of {shop} show {bought} bought and {sold} sold, and {counted} were counted; {missing} are not explained."
        )
    else:
        seen = N_(
            "Conflict: the invoices on record of {shop} show {bought} bought and {sold} sold; {missing} are not explained."
        )
    # Verdicts of before openings were told carry none.
    known = a.get("opening") is not None
    began = N_("The opening stock was stated: {opening}.") if known else _NO_OPENING
    return f"{translate.text(seen, **a)} {translate.text(began, **a)}"


def _unexplained(translate: Translator, a: Mapping[str, Any]) -> str:
    if a["bought"] <= 0:
        return translate.text(
            N_(
                "Not enough evidence: no invoice on record shows that {shop} bought this product. Small households may have no invoices."
            ),
            **a,
        )
    return translate.text(
        N_(
            "Not enough evidence: {counted} counted at {shop}, {expected} expected from the invoices on record; {missing} not explained yet."
        ),
        **a,
    )


def _chain(translate: Translator, a: Mapping[str, Any]) -> str:
    return translate.text(
        N_("Not enough evidence: the path of invoices breaks at {at}: {reason}."),
        at=a["at"], reason=chain_reason(translate, a["reason"]),
    )  # fmt: skip


def _outside_differs(translate: Translator, a: Mapping[str, Any]) -> str:
    return translate.text(
        N_(
            "Conflict: of invoice {invoice} the outside registry {source} says, as of {as_of}: {differences}. Either record may be late."
        ),
        invoice=a["invoice"],
        source=a["source"],
        as_of=a["as_of"],
        differences=differences_text(translate, a["differences"]),
    )


def _outside_unavailable(translate: Translator, a: Mapping[str, Any]) -> str:
    reason = reason_text(translate, a["reason"])
    if a.get("as_of"):
        return translate.text(
            N_(
                "The outside registry {source} was not available ({reason}). What is said of invoice {invoices} rests on the records here and on its answers of {as_of}."
            ),
            **{**a, "reason": reason},
        )
    return translate.text(
        N_(
            "The outside registry {source} was not available ({reason}). What is said of invoice {invoices} rests on the records here."
        ),
        **{**a, "reason": reason},
    )


def _unusual(translate: Translator, a: Mapping[str, Any]) -> str:
    scans, provinces = a["scans"], a["provinces"]
    if provinces > 1:
        return translate.text(
            N_(
                "This code has been looked up {scans} times, in {provinces} provinces. One code should be on one pack only."
            ),
            scans=scans,
            provinces=provinces,
        )
    if a.get("moves", 0) > 0:
        return translate.text(
            N_(
                "This code has been looked up {scans} times, at places too far apart for one pack. One code should be on one pack only."
            ),
            scans=scans,
        )
    if a.get("devices", 0) > 1:
        return translate.text(
            N_(
                "This code has been looked up {scans} times, from at least {devices} devices. One code should be on one pack only."
            ),
            scans=scans,
            devices=a["devices"],
        )
    return translate.text(
        N_("This code has been looked up {scans} times. One code should be on one pack only."),
        scans=scans,
    )


def _quota(translate: Translator, a: Mapping[str, Any]) -> str:
    if "certificate" not in a:
        return translate.text(
            N_(
                "Conflict: {issued} serial numbers were issued for lot {lot}, whose declared quantity is {quantity}."
            ),
            **a,
        )
    return translate.text(
        N_(
            "Conflict: certificate {certificate} of {issuer} is for {quantity} {unit}; {used} are used ({issued} serial numbers issued, {in_lots} in lots), and {scanned} different serial numbers were scanned. A further {scanned_unissued} were scanned and never issued; they may be misread."
        ),
        **a,
    )


def _repeat(translate: Translator, a: Mapping[str, Any]) -> str:
    told = translate.count(
        "The code matches; it has been looked up {n} time before, first on {first_at}.",
        "The code matches; it has been looked up {n} times before, first on {first_at}.",
        a["scans"],
        first_at=a["first_at"].astimezone(VIETNAM).date() if a.get("first_at") else "–",
    )
    return f"{told}{_sample(translate, a)}"


def _first(translate: Translator, a: Mapping[str, Any]) -> str:
    told = translate.text(N_("The code matches the registered data; this is its first look-up."))
    return f"{told}{_sample(translate, a)}"


def _sample(translate: Translator, a: Mapping[str, Any]) -> str:
    """Whoever bought a pack with the code of a sample has bought something else than the sample."""
    if not a.get("display_sample"):
        return ""
    return " " + translate.text(
        N_("It is the code of a display sample. If it stands on a pack that you bought, report it.")
    )


def _trace_gap(translate: Translator, a: Mapping[str, Any]) -> str:
    missing = [translate.text(STAGES[kind]) for kind in a["kinds"] if kind in STAGES]
    wrong = [translate.text(CONTRADICTIONS[kind]) for kind in a["kinds"] if kind in CONTRADICTIONS]
    sentences = []
    if missing:
        told = N_("The records still lack a step: {steps}. They may be on their way.")
        sentences.append(translate.text(told, steps=missing))
    if wrong:
        told = N_("The records do not fit together yet: {points}. They may have been entered late.")
        sentences.append(translate.text(told, points=wrong))
    return " ".join(sentences)


_SPECIAL = {
    _C.RECALLED: _recalled,
    _C.WITHDRAWN_RECORD: _withdrawn,
    _C.EXPIRED: _expired,
    _C.DATA_MISMATCH: _mismatch,
    _C.ALREADY_SUPPLIED: _supplied,
    _C.PRODUCER_INACTIVE: _producer,
    _C.NOT_REGISTERED: _not_registered,
    _C.INVALID_CODE: _invalid,
    _C.INVOICE_OVERSOLD: _oversold,
    _C.INVOICE_UNEXPLAINED: _unexplained,
    _C.INVOICE_CHAIN_BROKEN: _chain,
    _C.INVOICE_OUTSIDE_DIFFERS: _outside_differs,
    _C.INVOICE_OUTSIDE_UNAVAILABLE: _outside_unavailable,
    _C.UNUSUAL_REPEAT: _unusual,
    _C.TRACE_GAP: _trace_gap,
    _C.MATCH_REPEAT: _repeat,
    _C.MATCH_FIRST: _first,
    _C.QUOTA_EXCEEDED: _quota,
}

EVIDENCE_WORDS: Mapping[EvidenceKind, str] = {
    EvidenceKind.CODE: N_("the code itself"),
    EvidenceKind.PRODUCT: N_("product record"),
    EvidenceKind.PARTY: N_("registration record"),
    EvidenceKind.LOT: N_("lot record"),
    EvidenceKind.SERIAL: N_("serial number record"),
    EvidenceKind.CERTIFICATE: N_("certificate with a quantity"),
    EvidenceKind.RECALL: N_("recall notice"),
    EvidenceKind.SCANS: N_("look-ups of this code"),
    EvidenceKind.PREFIX_LIST: N_("list of GS1 number ranges"),
    EvidenceKind.INVOICE: N_("invoice"),
    EvidenceKind.LEDGER: N_("invoices of this shop"),
    EvidenceKind.OUTSIDE_REGISTRY: N_("outside invoice registry"),
    EvidenceKind.EVENT: N_("event of the goods' journey"),
}

RULE_WORDS: Mapping[Rule, str] = {
    Rule.EXPIRY_ON_CODE: N_("expiry date on the code, GS1 General Specifications 3.4.7"),
    Rule.PREFIX_LIST: N_("GS1's published list of number ranges"),
    Rule.REPEATS: N_("thresholds of this verdict's policy for repeated look-ups"),
    Rule.CODE_USE: N_("Decree 37/2026/NĐ-CP, article 28"),
    Rule.TRACE: N_("thresholds of this verdict's policy for gaps of a trace"),
    Rule.BALANCE: N_("bought less sold is what the shelf may hold; opening stock is not known"),
}
