"""What an invoice replaces or adjusts, in what money, and what the rules of its day do not have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.i18n import N_, Translator
from app.wording.signature_sentences import note_sentence
from traceability.actor import Actor
from traceability.invoices import service
from traceability.invoices.models import Invoice
from traceability.invoices.rules import Departure
from traceability.invoices.service import NamedInvoice

_KINDS_OF_SOURCES: Mapping[str, str] = {
    "Circular": N_("Circular {number}"),
    "Decision": N_("Decision {number}"),
    "Decree": N_("Decree {number}"),
    "Resolution": N_("Resolution {number}"),
}
_NAMED_SOURCES: Mapping[str, str] = {
    "Law on value added tax": N_("Law on value added tax"),
    "Technical rules of 30 May 2025": N_("Technical rules of 30 May 2025"),
    "Forms 7 to 9, in use since 2026": N_("Forms 7 to 9, in use since 2026"),
}
_NATURES: Mapping[str, str] = {"1": N_("replaces"), "2": N_("adjusts")}


def source_words(translate: Translator, source: str) -> str:
    """Where a rule is written, as this language names it.

    >>> source_words(Translator("vi"), "Resolution 204/2025/QH15")
    'Nghị quyết 204/2025/QH15'
    """
    kind, _, number = source.partition(" ")
    if kind in _KINDS_OF_SOURCES and number[:1].isdigit():
        return translate.text(_KINDS_OF_SOURCES[kind], number=number)
    return translate.text(_NAMED_SOURCES[source])


def departure_views(translate: Translator, departures: Sequence[Departure]) -> list[dict[str, Any]]:
    """Departures from the rules as data, each with its sentence and sources."""
    return [
        {
            "code": each.code,
            "arguments": {name: str(value) for name, value in each.arguments.items()},
            "sentence": note_sentence(translate, each.code, each.arguments),
            "sources": [source_words(translate, source) for source in each.sources],
        }
        for each in departures
    ]


def relation_views(relations: Sequence[NamedInvoice]) -> list[dict[str, Any]]:
    return [{**named.relation.model_dump(), "id": named.id} for named in relations]


@dataclass(frozen=True, slots=True)
class RecordView:
    """What pages tell of an invoice beside its values and lines."""

    refuted: bool
    """Its signature contradicts it: its lines count nothing."""
    currency: str
    exchange_rate: str | None
    """Đồng for one unit of a foreign currency; None for đồng."""
    relations: Sequence[tuple[str, str, int | None]]
    """Replaces or adjusts; the number of an invoice or statement; id of one on record."""
    departures: Sequence[Mapping[str, Any]]


def record_view(
    session: Session, translate: Translator, actor: Actor, invoice: Invoice
) -> RecordView:
    """Of an invoice that this actor may see."""
    invoice_id = invoice.id or 0
    rate = invoice.exchange_rate if invoice.currency != "VND" else None
    return RecordView(
        refuted=not service.counts(invoice) and not invoice.replaced,
        currency=invoice.currency,
        exchange_rate=None if rate is None else translate.number(rate),
        relations=[
            (translate.text(_NATURES[named.relation.nature]), _written(translate, named), named.id)
            for named in service.relations_of(session, actor, invoice_id)
        ],
        departures=departure_views(translate, service.departures_of(session, actor, invoice_id)),
    )


def _written(translate: Translator, named: NamedInvoice) -> str:
    relation = named.relation
    if relation.number is not None:
        return f"{relation.form or ''}{relation.symbol or ''} {relation.number}"
    if relation.statement is not None:
        return translate.text(N_("the invoices of statement {number}"), number=relation.statement)
    return translate.text(N_("an invoice that it does not name"))
