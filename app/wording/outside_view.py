"""What an outside invoice registry said of an invoice, in words: for the authorities alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.i18n import N_, Translator
from traceability.invoices.outside.answers import InvoiceStatus, Reason
from traceability.invoices.outside.comparing import DifferenceCode
from traceability.invoices.outside.service import Consultation, Standing
from traceability.verification.findings import Level

STANDING_LEVELS: Mapping[Standing, Level] = {
    Standing.AGREES: Level.OK,
    Standing.DIFFERS: Level.INSPECTOR,
    Standing.UNKNOWN: Level.INSPECTOR,
    Standing.UNAVAILABLE: Level.INFO,
    Standing.NOT_ASKED: Level.INFO,
}
STANDING_WORDS: Mapping[Standing, str] = {
    Standing.AGREES: N_("Match"),
    Standing.DIFFERS: N_("Conflict"),
    Standing.UNKNOWN: N_("Not enough evidence"),
    Standing.UNAVAILABLE: N_("Not available"),
    Standing.NOT_ASKED: N_("Not asked yet"),
}
STATUS_WORDS: Mapping[InvoiceStatus, str] = {
    InvoiceStatus.ORIGINAL: N_("in force as it was issued"),
    InvoiceStatus.REPLACED: N_("replaced by another invoice"),
    InvoiceStatus.ADJUSTED: N_("adjusted by another invoice"),
    InvoiceStatus.CANCELLED: N_("cancelled"),
    InvoiceStatus.UNKNOWN: N_("not known there"),
}
_REASONS: Mapping[Reason, str] = {
    Reason.TIMEOUT: N_("it did not answer in time"),
    Reason.CONNECTION: N_("it could not be reached"),
    Reason.CERTIFICATE: N_("it could not prove who it is"),
    Reason.BUSY: N_("it asks to be left alone for a while"),
    Reason.FAILING: N_("it has an error of its own"),
    Reason.REFUSED: N_("it does not accept our access"),
    Reason.MALFORMED: N_("its answer was not understood"),
    Reason.RESTING: N_("it failed several times and is not asked for a short while"),
}
_DIFFERENCES: Mapping[DifferenceCode, str] = {
    DifferenceCode.CANCELLED: N_("it was cancelled"),
    DifferenceCode.REPLACED: N_("it was replaced, by an invoice that is not on record here"),
    DifferenceCode.ADJUSTED: N_("it was adjusted, by an invoice that is not on record here"),
    DifferenceCode.TOTAL: N_("its total is {there} there and {here} here"),
}


def reason_text(translate: Translator, reason: str) -> str:
    """Why it could not be asked."""
    return translate.text(_REASONS[Reason(reason)])


def differences_text(translate: Translator, differences: Iterable[Mapping[str, Any]]) -> str:
    """Everything in which the two differ; each has `code`, `here` and `there`."""
    return "; ".join(
        translate.text(_DIFFERENCES[DifferenceCode(d["code"])], here=d["here"], there=d["there"])
        for d in differences
    )


def outside_view(translate: Translator, told: Consultation) -> dict[str, Any]:
    """What the API sends and the page of an invoice draws."""
    answer = told.answer
    return {
        "standing": told.standing,
        "title": translate.text(STANDING_WORDS[told.standing]),
        "level": STANDING_LEVELS[told.standing],
        "text": _text(translate, told),
        "source": told.source,
        "status": answer.status if answer else None,
        "total": answer.total if answer else None,
        "currency": answer.currency if answer else None,
        "seller_name": answer.seller_name if answer else None,
        "as_of": answer.as_of if answer else None,
        "answered_at": told.answered_at,
        "unavailable": told.failure,
        "tried_at": told.tried_at,
        "differences": [
            {"code": d.code, "here": d.here, "there": d.there} for d in told.differences
        ],
    }


def _text(translate: Translator, told: Consultation) -> str:
    """One or two sentences: what it said and as of when; why there is nothing newer."""
    sentences = []
    if told.answer is not None:
        what = translate.text(STATUS_WORDS[told.answer.status])
        sentences.append(
            translate.text(
                N_("The outside registry {source} says, as of {as_of}: {what}."),
                source=told.source, as_of=told.answer.as_of, what=what,
            )
        )  # fmt: skip
    if told.differences:
        found = [{"code": d.code, "here": d.here, "there": d.there} for d in told.differences]
        sentences.append(
            translate.text(
                N_("That differs from the record: {differences}. Either may be late."),
                differences=differences_text(translate, found),
            )
        )
    if told.failure is not None:
        sentences.append(
            translate.text(
                N_("The outside registry {source} was not available at {tried_at}: {reason}."),
                source=told.source, tried_at=told.tried_at,
                reason=reason_text(translate, told.failure),
            )
        )  # fmt: skip
    if told.standing is Standing.NOT_ASKED:
        sentences.append(
            translate.text(
                N_("The outside registry {source} has not been asked about this invoice yet."),
                source=told.source,
            )
        )
    return " ".join(sentences)
