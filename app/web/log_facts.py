"""What an entry of the transparency log says, in words, beside what its leaf is made of.

The leaf's own names and values stay in sight: who verifies an entry hashes those.

>>> receipt = {"type": "recall", "facts": {"lot": "L1", "status": "closed"}}
>>> [f"{fact.word} = {fact.value}" for fact in facts_of(Translator("vi"), receipt)]
['Số lô = L1', 'Tình trạng = Đã kết thúc']
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.i18n import N_, Translator
from app.web.office.words import RECALL_SCOPES, RECALL_STATUSES
from app.wording import certificates, parties, reports
from traceability.registry.certificate_models import Exceeding
from traceability.transparency.hiding import NAME
from traceability.transparency.models import LeafKind

_DECISION: Mapping[str, str] = {
    "status": N_("State"),
    "decision_number": N_("Number of the decision"),
    "reason": N_("Reason"),
    "decided_at": N_("Decided on"),
}
_TERM: Mapping[str, str] = {"valid_from": N_("Valid from"), "valid_to": N_("Valid until")}

NAMES: Mapping[LeafKind, Mapping[str, str]] = {
    LeafKind.RECALL: {
        "gtin": N_("GTIN"),
        "lot": N_("Lot"),
        "serial": N_("Serial number"),
        "issuer": N_("Authority that issued it (its number here)"),
        "notice_number": N_("Number of the notice"),
        "notice_date": N_("Date of the notice"),
        "text_sha256": N_("SHA-256 of reason and advice"),
        "status": N_("State"),
        "opened_at": N_("Opened"),
        "closed_at": N_("Closed on"),
        "closing_decision": N_("Decision that closed it"),
        "scope": N_("What is recalled"),
        "owner": N_("Owner of the goods that opened it (its number here)"),
        "confirmed_at": N_("Confirmed by an authority on"),
        "starts_sha256": N_("SHA-256 of the goods that are named"),
        "reached": N_("Goods and boxes that it reaches, counted"),
        "goods_sha256": N_("SHA-256 of the goods that it reaches"),
        "answers_sha256": N_("SHA-256 of the holders' answers"),
    },
    LeafKind.REGISTRATION: {
        "party_id": N_("Organisation (its number here)"),
        "created_at": N_("Entered on"),
        **_TERM,
        **_DECISION,
    },
    LeafKind.CERTIFICATE: {
        "party_id": N_("Organisation (its number here)"),
        "number": N_("Number of the certificate"),
        "issuer": N_("Issued by"),
        "file_sha256": N_("SHA-256 of the file"),
        "quantity": N_("Quantity"),
        "unit": N_("Unit"),
        "per_serial": N_("Quantity that one serial number takes"),
        "exceeding": N_("What goes beyond the quantity"),
        "area": N_("Area"),
        "gtins": N_("GTINs of the products"),
        **_TERM,
        **_DECISION,
    },
    LeafKind.EVENT: {
        "recordTime": N_("Recorded"),
        "inError": N_("Declared to be in error"),
        "event": N_("Event"),
        "event.eventID": N_("ID of the event"),
        "event.hash": N_("Hash of the event (CBV)"),
        "event.capturer": N_("Organisation that sent it (its number here)"),
        "bodySha256": N_("SHA-256 of the event's text"),
    },
    LeafKind.INVOICE: {"sha256": N_("SHA-256 of what was signed")},
    LeafKind.CASE: {
        "report": N_("What the report says"),
        "report.tracking_code": N_("Tracking code"),
        "report.reason": N_("Reason"),
        "report.text": N_("Text"),
        "report.code_text": N_("Code"),
        "report.gtin": N_("GTIN"),
        "report.place": N_("Place"),
        "report.area_code": N_("Area"),
        "report.photo_sha256": N_("SHA-256 of the photo"),
        "report.photo_media_type": N_("Kind of the photo's file"),
        "decision": N_("How it was decided"),
        "decision.status": N_("State"),
        "decision.answer": N_("Answer to the sender"),
        "received_at": N_("Received on"),
        "decided_at": N_("Decided on"),
    },
}
"""Word of every fact; `event.hash` is what stands under `hash` in the opened commitment `event`."""


def _without_levels(words: Mapping[str, tuple[str, str]]) -> Mapping[str, str]:
    return {value: word for value, (word, _level) in words.items()}


_VALUES: Mapping[tuple[LeafKind, str], Mapping[Any, str]] = {
    (LeafKind.RECALL, "status"): _without_levels(RECALL_STATUSES),
    (LeafKind.RECALL, "scope"): RECALL_SCOPES,
    (LeafKind.REGISTRATION, "status"): _without_levels(parties.STATE_WORDS),
    (LeafKind.CERTIFICATE, "status"): _without_levels(certificates.STATUS_WORDS),
    (LeafKind.CERTIFICATE, "exceeding"): {
        Exceeding.REFUSE: N_("is refused"),
        Exceeding.WARN: N_("is taken on record, and told to inspectors"),
    },
    (LeafKind.EVENT, "inError"): {True: N_("yes"), False: N_("no")},
    (LeafKind.CASE, "report.reason"): reports.REASON_WORDS,
    (LeafKind.CASE, "decision.status"): reports.STATUS_WORDS,
}
_DATES = {"notice_date", "valid_from", "valid_to"}
_TIMES = {
    "opened_at", "closed_at", "confirmed_at", "created_at", "decided_at", "received_at",
    "recordTime",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    name: str
    """As the leaf calls it."""
    word: str
    value: str
    written: str | None = None
    """The leaf's own value, where `value` says it in words."""


def facts_of(translate: Translator, receipt: Mapping[str, Any]) -> list[Fact]:
    """The facts of a receipt in the order of the leaf; what is hidden, opened where it may be."""
    kind, hidden = LeafKind(receipt["type"]), receipt.get("hidden", {})
    return [
        fact
        for name, value in receipt["facts"].items()
        for fact in _facts(translate, kind, name, hidden.get(name, value))
    ]


def _facts(translate: Translator, kind: LeafKind, name: str, value: Any) -> Iterator[Fact]:
    # A name that an earlier version gave, which no leaf has any more, is its own word.
    word = translate.text(NAMES[kind].get(name, name))
    if not isinstance(value, Mapping):
        shown, raw = _in_words(translate, kind, name, value), _raw(value)
        yield Fact(name, word, shown, raw if raw != shown else None)
    elif NAME in value:
        sentence = N_("Not public. The log commits to it with {hash}.")
        yield Fact(name, word, translate.text(sentence, hash=value[NAME]))
    else:
        for inner, told in value.items():
            yield from _facts(translate, kind, f"{name}.{inner}", told)


def _in_words(translate: Translator, kind: LeafKind, name: str, value: Any) -> str:
    words = _VALUES.get((kind, name), {})
    if not isinstance(value, list) and value in words:
        return translate.text(words[value])
    if name in _DATES and value is not None:
        return translate.date(date.fromisoformat(value))
    if name in _TIMES and value is not None:
        return translate.time(datetime.fromisoformat(value))
    return _raw(value)


def _raw(value: Any) -> str:
    """As the leaf has it: numbers of rows are no quantities, and not grouped."""
    match value:
        case None | "":
            return "–"
        case bool():
            return str(value).lower()
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
