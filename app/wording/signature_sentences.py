"""Sentences about signatures of invoices, the trust store and the dated rules of an invoice."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.i18n import N_, Translator
from traceability.invoices.signatures.models import InvoiceSignature
from traceability.invoices.signatures.states import SignatureState

STATE_WORDS: Mapping[str, str] = {
    SignatureState.INTACT_TRUSTED: N_("Intact, issuer trusted"),
    SignatureState.INTACT_UNTRUSTED: N_("Intact, not proven whose it is"),
    SignatureState.REFORMATTED: N_("Reformatted, content intact"),
    SignatureState.BROKEN: N_("Does not agree with the content"),
    SignatureState.AMBIGUOUS: N_("Ambiguous: the content can be read in two ways"),
    SignatureState.UNSIGNED: N_("Not signed"),
    SignatureState.WRONG_SIGNER: N_("Signed by somebody else"),
}
STATE_LEVELS: Mapping[str, str] = {
    SignatureState.INTACT_TRUSTED: "ok",
    SignatureState.INTACT_UNTRUSTED: "info",
    SignatureState.REFORMATTED: "info",
    SignatureState.UNSIGNED: "info",
    SignatureState.BROKEN: "inspector",
    SignatureState.AMBIGUOUS: "inspector",
    SignatureState.WRONG_SIGNER: "inspector",
}
ROLE_WORDS: Mapping[str, str] = {
    "seller": N_("Seller’s signature"),
    "authority": N_("Tax authority’s signature"),
}

SENTENCES: Mapping[str, str] = {
    "signatures.unsigned": N_("The file carries no signature of this side."),
    "signatures.unsigned-cash-register": N_(
        "The invoice comes from a cash register, which may lawfully leave it unsigned."
    ),
    "signatures.unsigned-no-code": N_(
        "The symbol begins with K: the tax authority gives no code and does not sign."
    ),
    "signatures.changed": N_(
        "The content or the signature is not as it was when it was signed. A program may have changed the file on its way; ask for the original."
    ),
    "signatures.unreadable": N_("The signature is not built as the standard asks."),
    "signatures.algorithm": N_("The signature uses an algorithm that is not taken: {name}"),
    "signatures.weak-key": N_("The key of the certificate is too short ({bits} bits)."),
    "signatures.not-covered": N_("The signature does not cover {field}."),
    "signatures.code-not-covered": N_(
        "The signature does not cover the code of the tax authority."
    ),
    "signatures.several": N_("There is more than one signature at this place."),
    "signatures.repeated-id": N_("The Id {id}, to which the signature refers, is there twice."),
    "signatures.wrapped": N_(
        "The file holds further content beside the one that was signed. Only the signed one was read."
    ),
    "signatures.no-certificate": N_("The signature carries no certificate."),
    "signatures.certificate-unreadable": N_("The certificate in the signature cannot be read."),
    "signatures.reformatted": N_(
        "Blank text was added between elements after signing; without it the signature agrees."
    ),
    "signatures.enveloped-on-object": N_(
        "Lenient mode: the signature takes itself away from its own time stamp (enveloped-signature on the Object), as one provider writes it."
    ),
    "signatures.sha1": N_("SHA-1 was used, an old algorithm that is accepted until {valid_to}."),
    "signatures.sha1-refused": N_("SHA-1 was used, which is not accepted from {valid_from} on."),
    "signatures.other-signer": N_("The certificate names {named}, not {expected}."),
    "signatures.unnamed-signer": N_(
        "The certificate names no tax code, so it does not show that the seller ({expected}) signed."
    ),
    "signatures.head-office": N_("The certificate is that of the head office, {named}."),
    "signatures.unnamed-authority": N_("The certificate does not bear the tax authority’s name."),
    "signatures.trusted": N_("Trusted through {issuer}."),
    "signatures.untrusted": N_(
        "The issuer is not in the trust store of this installation: {issuer}"
    ),
    "signatures.no-trust-store": N_(
        "No trust store is loaded here, so the issuer is not judged: {issuer}"
    ),
    "signatures.outside-validity": N_(
        "The time of signing lies outside the validity of the certificate ({valid_from} to {valid_to})."
    ),
    "signatures.no-time": N_("The signature covers no time of signing that can be read."),
    "signatures.revocation-unchecked": N_("Whether the certificate was revoked is not looked up."),
    "trust.folder": N_("This folder cannot be read: {folder}"),
    "trust.empty": N_("There is no certificate in PEM form in {folder}."),
    "trust.too-many": N_("A trust store has at most {limit} certificates."),
    "trust.no-folder": N_("Name a folder, or set NGUON_TRUST_FOLDER."),
    "trust.not-a-certificate": N_("holds no certificate in PEM form"),
    "trust.not-an-authority": N_("may not issue certificates; only itself is trusted"),
    "trust.not-yet-valid": N_("is not valid yet"),
    "trust.expired": N_("has expired; what was signed in its time is still checked with it"),
    "trust.weak-key": N_("has a weak key"),
    "invoices.signature-transform": N_(
        "A signature asks for a computation that is refused: {name}"
    ),
    "invoices.signature-reference": N_(
        "A signature refers to something outside the invoice, which is refused: {uri}"
    ),
    "invoices.attributes": N_("An element has more than {limit} attributes."),
    "invoices.namespaces": N_("An invoice declares more than {limit} namespaces."),
    "invoices.rule-version": N_("Version {value} of the format was not in use on {day}."),
    "invoices.rule-form": N_("Form {value} was not in use on {day}."),
    "invoices.rule-kind": N_("The kind {value} in the symbol was not in use on {day}."),
    "invoices.rule-year": N_("The symbol {value} is of another year than the date {day}."),
    "invoices.rule-vat": N_("The VAT rate {value} was not in force on {day}."),
    "invoices.rule-tax-code": N_("A seller did not have this kind of tax code on {day}: {value}"),
    "invoices.rule-authority-code": N_(
        "The code of the tax authority does not fit the symbol {symbol}: {value}"
    ),
}


def note_sentence(translate: Translator, code: str, arguments: Mapping[str, Any]) -> str:
    return translate.text(SENTENCES[code], **{k: _day_or_text(v) for k, v in arguments.items()})


def _day_or_text(value: Any) -> Any:
    """Notes are kept as JSON, in which a day is text."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def signature_view(translate: Translator, found: InvoiceSignature) -> dict[str, Any]:
    """One signature in words, with the evidence as data."""
    return {
        "role": found.role,
        "state": found.state,
        "signed_at": found.signed_at,
        "certificate": found.subject,
        "issuer": found.issuer,
        "detail": " ".join(
            [
                f"{translate.text(STATE_WORDS[found.state])}.",
                *(note_sentence(translate, n["code"], n["arguments"]) for n in found.notes),
            ]
        ),
        "certificate_sha256": found.fingerprint,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "checked_at": found.checked_at,
        "notes": found.notes,
    }
