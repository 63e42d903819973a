"""An invoice's signatures and its printed QR, as pages and the API show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.i18n import N_, Translator
from app.wording.signature_sentences import (
    ROLE_WORDS,
    STATE_LEVELS,
    STATE_WORDS,
    note_sentence,
)
from traceability.invoices.qr import InvoiceQr, QrCrc, QrTier
from traceability.invoices.qr_comparison import QrField
from traceability.invoices.scanned import ScannedInvoice
from traceability.invoices.signatures.models import InvoiceSignature

TIER_WORDS: Mapping[QrTier, str] = {
    QrTier.STRICT: N_("as the format asks"),
    QrTier.TOLERANT: N_("read with tolerance"),
    QrTier.TAG_62: N_("in tag 62"),
    QrTier.PIPE: N_("values between bars"),
    QrTier.URL: N_("in a link"),
}
CRC_WORDS: Mapping[QrCrc, str] = {
    QrCrc.RIGHT: N_("check sum right"),
    QrCrc.WRONG: N_("check sum wrong, which says nothing of the invoice"),
    QrCrc.CONSTANT: N_("the constant check sum that one provider prints"),
    QrCrc.ABSENT: N_("no check sum"),
}
FIELD_WORDS: Mapping[str, str] = {
    "MST": N_("Tax code of the seller"),
    "KHMSHDon": N_("Form"),
    "KHHDon": N_("Symbol"),
    "SHDon": N_("Number"),
    "NLap": N_("Issued on"),
    "TgTTTBSo": N_("Total"),
}


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One signature on a page."""

    title: str
    state: str
    level: str
    sentences: Sequence[str]
    signed_at: datetime | None
    certificate: str | None
    issuer: str | None
    checked_at: datetime


def signature_pages(
    translate: Translator, found: Sequence[InvoiceSignature]
) -> list[SignatureView]:
    return [
        SignatureView(
            title=translate.text(ROLE_WORDS[signature.role]),
            state=translate.text(STATE_WORDS[signature.state]),
            level=STATE_LEVELS[signature.state],
            sentences=[
                note_sentence(translate, n["code"], n["arguments"]) for n in signature.notes
            ],
            signed_at=signature.signed_at,
            certificate=signature.subject,
            issuer=signature.issuer,
            checked_at=signature.checked_at,
        )
        for signature in found
    ]


@dataclass(frozen=True, slots=True)
class QrView:
    """A printed QR on a page: how it was read, and each field beside the XML's."""

    how: str
    fields: Sequence[tuple[str, QrField]]
    agrees: bool


def qr_page(
    translate: Translator, printed: tuple[InvoiceQr, Sequence[QrField]] | None
) -> QrView | None:
    if printed is None:
        return None
    qr, fields = printed
    how = f"{translate.text(TIER_WORDS[qr.tier])}; {translate.text(CRC_WORDS[qr.crc])}"
    named = [(translate.text(FIELD_WORDS[field.name]), field) for field in fields]
    return QrView(how, named, all(field.agrees is not False for field in fields))


def scanned_view(scanned: ScannedInvoice | None) -> dict[str, Any] | None:
    """The invoice of a scanned QR as data: `id` is null when it is not in the database."""
    if scanned is None:
        return None
    qr = scanned.qr
    return {
        "tier": qr.tier,
        "crc": qr.crc,
        "seller_tax_code": qr.tax_code,
        "form": qr.form,
        "symbol": qr.symbol,
        "number": qr.number,
        "issued_on": qr.issued_on,
        "total": qr.total,
        "id": scanned.invoice.id if scanned.invoice else None,
        "fields": [
            {"field": f.name, "qr": f.printed, "xml": f.stated, "agrees": f.agrees}
            for f in scanned.fields
        ],
    }
