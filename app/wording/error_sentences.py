"""Sentences of the error codes."""

from collections.abc import Mapping

from app.i18n import N_
from app.wording import (
    certificates,
    event_sentences,
    gs1_sentences,
    input_sentences,
    invoice_sentences,
    registry_sentences,
    scanner_sentences,
    signature_sentences,
)

_WEB = {
    "web.internal": N_("Something went wrong on our side. It has been written down."),
    "web.http": N_("The request could not be answered."),
    "web.not-found": N_("There is nothing at this address."),
    "web.method": N_("This address does not take this kind of request."),
    "web.malformed": N_("What was sent is not in the expected form."),
    "web.content-type": N_("Send JSON, or a form with files (multipart/form-data)."),
    "web.not-json": N_("The body is not valid JSON."),
    "web.field-missing": N_("This field is needed."),
    "web.field-unknown": N_("There is no such field."),
    "web.field-invalid": N_("This value is not of the expected kind."),
    "web.field-too-long": N_("At most {limit} characters or entries."),
    "web.field-too-short": N_("Too short; the least number of characters or entries is {limit}."),
    "web.field-choice": N_("Choose one of: {choices}."),
    "web.key-needed": N_("An API key is needed: Authorization: Bearer <key>."),
    "web.key-scheme": N_("The Authorization header must be: Bearer <key>."),
    "web.key-unknown": N_("This API key is unknown, expired or revoked."),
    "web.log-in-needed": N_("Please log in."),
    "web.role": N_("Your role ({role}) does not allow this."),
    "web.scope": N_("This API key is not for this (needed: {scope})."),
    "web.csrf": N_("The form is out of date. Please go back, reload the page and send it again."),
    "web.too-many-requests": N_("Too many requests. Please try again in {seconds} seconds."),
    "web.body-too-large": N_("At most {megabytes} MB can be sent at once."),
    "web.idempotency-key": N_("An Idempotency-Key has 1 to {maximum} printable characters."),
    "web.idempotency-reused": N_(
        "This Idempotency-Key was used before, for a request with another content."
    ),
    "web.cursor": N_("This is not a cursor that was given out."),
    "web.conflict": N_("This is on record already, or was changed at the same moment."),
    "web.one-file": N_("Send one file at a time."),
    "web.time-with-zone": N_("A time is written with its zone: 2026-11-23T08:00:00+07:00."),
    "web.nothing-sent": N_("Send a picture or type a code."),
    "web.format": N_("This format is not offered: {value}."),
}

_IDENTITY = {
    "identity.password-length": N_("A password has {minimum} to {maximum} characters."),
    "identity.wrong-password": N_("The e-mail address or the password is not right."),
    "identity.email": N_("This is not an e-mail address: {value}"),
    "identity.email-taken": N_("There is an account with the address {email} already."),
    "identity.role-not-given": N_("This role cannot be given."),
    "identity.organisation-needed": N_("The role {role} acts for an organisation: name one."),
    "identity.expiry-past": N_("The end must be in the future."),
    "identity.key-unknown": N_("There is no API key {id}."),
    "identity.user-unknown": N_("There is no user {id}."),
    "identity.own-account": N_("Nobody closes their own account."),
    "identity.rights-ended": N_(
        "The account or the key that asked for this is no longer in force."
    ),
}

_RESOLVER = {
    "resolver.no-such-link": N_("There is no link of the type {link_type} for this code."),
    "resolver.not-registered": N_("Nobody has registered a product with the code {gtin} here."),
    "resolver.link-unknown": N_("There is no link {link_id}."),
    "resolver.address": N_("Give a whole web address: https://…"),
    "resolver.address-private": N_("This address is not reachable from the web."),
    "resolver.placeholder": N_("{{{name}}} is not known; possible are {names}."),
    "resolver.link-type": N_("{value} is not a link type of GS1's vocabulary."),
    "resolver.default-taken": N_(
        "Link {id} is the default already for the same language, media type and context."
    ),
    "resolver.too-many": N_("A product has at most {maximum} links."),
}

_TRANSPARENCY = {
    "transparency.note": N_("This is not a signed checkpoint of the log ({why})."),
    "transparency.faults": N_("{count} faults were found: see above."),
    "transparency.empty": N_("The log has no entries yet."),
    "transparency.rewritten": N_("The log does not go on from what was signed at {size} entries."),
    "transparency.record-unknown": N_("No record of this number is shown to you: {record}"),
    "transparency.not-entered": N_("{subject} has no entry in the log yet."),
    "transparency.receipt-form": N_("This is not a receipt of a verdict or of an entry."),
    "transparency.receipt-key": N_("The receipt is not signed with any of these keys."),
    "transparency.receipt-signature": N_("A signature of the receipt is not good."),
    "transparency.receipt-statement": N_("The receipt says something else than what was signed."),
    "transparency.receipt-record": N_("A record is not the one that was signed: {subject}"),
    "transparency.receipt-hidden": N_("{subject}: a value is not the one that the log commits to."),
    "transparency.receipt-proof": N_("{subject}: the proof does not lead to the signed root."),
    "transparency.key-needed": N_("Name the file of the log's public keys with --key."),
    "transparency.key-file": N_("No public key in this file: {file}"),
    "transparency.size": N_("The log has had sizes from 1 to {maximum}."),
}

_VERIFICATION = {
    "verification.scan-unknown": N_("There is no scan {id}."),
    "db.no-such-id": N_("There is no record {id}."),
    "jobs.unknown": N_("There is no job {id}."),
    "jobs.no-file": N_(
        "Job {id} has no file: it is not done, makes none, or it is no longer kept."
    ),
    "labels.no-serials": N_("No serial number is registered that a label could be printed of."),
    "labels.too-many-jobs": N_(
        "Your organisation has {limit} orders of labels that are not finished. Wait for one, or cancel one."
    ),
    "labels.too-many": N_("One job prints at most {limit} labels, not {count}."),
    "jobs.too-many-attempts": N_("The work was started several times and never finished."),
    "enforcement.report-unknown": N_("There is no report {id}."),
    "enforcement.report-empty": N_("Please say what is wrong, in a few words."),
}

SENTENCES: Mapping[str, str] = {
    **_WEB,
    **_IDENTITY,
    **_VERIFICATION,
    **_RESOLVER,
    **_TRANSPARENCY,
    **input_sentences.SENTENCES,
    **gs1_sentences.SENTENCES,
    **scanner_sentences.SENTENCES,
    **registry_sentences.SENTENCES,
    **certificates.SENTENCES,
    **invoice_sentences.SENTENCES,
    **signature_sentences.SENTENCES,
    **event_sentences.SENTENCES,
}
