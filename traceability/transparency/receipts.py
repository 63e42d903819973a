"""Receipts: what somebody keeps to prove later what was said, and on which records of the log.

    statement ──hash──▶ signed note          what was said, and which leaves it rests on
    record ──leaf──▶ proof ──root──▶ signed checkpoint

A receipt is one JSON object that whoever has the log's public keys checks without this service:
`nguon log verify --receipt`, or the page /log in a browser. Where a leaf commits to something, the
receipt of who may see it opens the commitment with its salt.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlmodel import Session, col, select

from traceability.errors import TraceabilityError
from traceability.transparency import log, merkle
from traceability.transparency.canonical import canonical
from traceability.transparency.checking import Source
from traceability.transparency.hiding import NAME, commitment, revealed
from traceability.transparency.models import LeafKind, LogEntry
from traceability.transparency.note import (
    LOG_KEY,
    Checkpoint,
    Note,
    NoteError,
    PublicKey,
    SigningKey,
)

FORMAT = "nguon-verdict-receipt/1"
MAX_BYTES = 2_000_000
MAX_RECORDS = 200

Json = Mapping[str, Any]
Subject = tuple[LeafKind, str]
Signers = Mapping[PublicKey, datetime | None]


class ReceiptError(TraceabilityError):
    """`transparency.receipt-…` (subject): what of a receipt does not hold."""


# Making


def newest(session: Session, kind: LeafKind, subject: str, until: datetime) -> LogEntry | None:
    """The newest entry on a subject that there was at a time."""
    return session.exec(
        select(LogEntry)
        .where(LogEntry.kind == kind, LogEntry.subject == subject, col(LogEntry.at) <= until)
        .order_by(col(LogEntry.id).desc())
        .limit(1)
    ).first()


def issue(
    session: Session,
    key: SigningKey,
    statement: Json,
    rests_on: Iterable[Subject],
    until: datetime,
    sources: Mapping[LeafKind, Source],
) -> dict[str, Any]:
    """The receipt of a statement.

    Args:
        session: of the log.
        key: the log's own.
        statement: text, whole numbers, lists and objects of them.
        rests_on: records; those that were not entered at the time are left out.
        until: the time of the statement: what was entered later is no ground for it.
        sources: the records whose commitments are opened.
    """
    entries = [
        entry for kind, subject in rests_on if (entry := newest(session, kind, subject, until))
    ][:MAX_RECORDS]
    last = log.newest_checkpoint(session)
    size = last.size if last else 0
    placed = [entry for entry in entries if entry.place is not None and entry.place < size]
    said = {
        **statement,
        "log": key.name,
        "records": [
            {"type": e.kind, "subject": e.subject, "leaf": _encoded(e.leaf), "placed": e in placed}
            for e in entries
        ],
    }
    text = _signed_text(key.name, said)
    tree = log.tree(session)
    return {
        "format": FORMAT,
        "statement": said,
        "signature": f"{text}\n{key.line(text)}",
        "checkpoint": log.note_of(key.name, last) if last else None,
        "records": [
            {**_proved(tree, entry, size), **opened(session, entry, sources)} for entry in placed
        ],
    }


def _proved(tree: merkle.Nodes, entry: LogEntry, size: int) -> dict[str, Any]:
    """An entry, with the proof that it stands under the root of `size` entries."""
    proof = merkle.inclusion_proof(tree, entry.place or 0, size)
    return {
        "type": entry.kind, "subject": entry.subject, "facts": entry.facts, "place": entry.place,
        "proof": [_encoded(each) for each in proof],
    }  # fmt: skip


def opened(session: Session, entry: LogEntry, sources: Mapping[LeafKind, Source]) -> dict[str, Any]:
    """Salt and hidden values of an entry, where its record still says the same."""
    source = sources.get(LeafKind(entry.kind))
    if source is None or entry.salt is None:
        return {}
    facts = source.facts(session, [entry.subject]).get(entry.subject, {})
    if log.leaf_of(entry.kind, entry.subject, facts, entry.salt) != entry.leaf:
        return {}
    return {"salt": entry.salt.hex(), "hidden": revealed(facts)}


def _signed_text(origin: str, statement: Json) -> str:
    """The text of the note: never that of a checkpoint, whose second line is a number."""
    digest = hashlib.sha256(canonical(statement)).digest()
    return f"{origin}\nverdict receipt\n{_encoded(digest)}\n"


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


# Checking


@dataclass(frozen=True, slots=True)
class Holds:
    """What a receipt proves."""

    statement: Json | None
    """What was said; None for the receipt of one entry."""
    size: int
    """Entries under the checkpoint; 0 where nothing had its place yet."""
    proved: Sequence[str]
    """Subjects whose leaf stands in the log."""
    waiting: Sequence[str]
    """Subjects that had no place yet when the receipt was made."""
    signed: Signers
    """Who signed the checkpoint, and when witnesses did."""


def read(data: bytes) -> Json:
    """A receipt from a file.

    Raises:
        ReceiptError: `transparency.receipt-form`.
    """
    try:
        found = orjson.loads(data) if len(data) <= MAX_BYTES else None
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise ReceiptError("transparency.receipt-form")
    return found


def verify(receipt: Json, keys: Sequence[PublicKey]) -> Holds:
    """Check a receipt of a verdict, or of one entry, with nothing but public keys.

    Raises:
        ReceiptError: `transparency.receipt-form`; `-key`, none of the keys has signed;
            `-signature`, a signature is not good; `-statement`, it is not what was signed;
            `-record` (subject), a record is not the one that was named; `-hidden` (subject), an
            opened value is not what its leaf commits to; `-proof` (subject), it does not lead to
            the signed root.
    """
    try:
        return _verify(receipt, keys)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ReceiptError("transparency.receipt-form") from error


def _verify(receipt: Json, keys: Sequence[PublicKey]) -> Holds:
    if "format" not in receipt:
        return _verify_entry(receipt, keys)
    if receipt["format"] != FORMAT:
        raise ReceiptError("transparency.receipt-form")
    statement = receipt["statement"]
    origin = _check_statement(statement, receipt["signature"], keys)
    named = {(r["type"], r["subject"]): r for r in statement["records"]}
    placed = {name for name, record in named.items() if record["placed"] is True}
    if {(r["type"], r["subject"]) for r in receipt["records"]} != placed:
        raise ReceiptError("transparency.receipt-record", subject="")
    point: Checkpoint = Checkpoint(origin, 0, merkle.EMPTY)
    signed: Signers = {}
    if receipt["checkpoint"] is not None or placed:
        point, signed = _checkpoint(receipt["checkpoint"], keys)
    if point.origin != origin:
        raise ReceiptError("transparency.receipt-key")
    for record in receipt["records"]:
        _check_record(record, point, named[record["type"], record["subject"]]["leaf"])
    waiting = [subject for kind, subject in named if (kind, subject) not in placed]
    return Holds(statement, point.size, [r["subject"] for r in receipt["records"]], waiting, signed)


def _verify_entry(receipt: Json, keys: Sequence[PublicKey]) -> Holds:
    point, signed = _checkpoint(receipt["checkpoint"], keys)
    _check_record(receipt, point, None)
    return Holds(None, point.size, [receipt["subject"]], [], signed)


def _note(text: str, keys: Sequence[PublicKey]) -> tuple[Note, Signers]:
    """A note that one of the log's own keys has signed: a witness alone vouches for nothing."""
    try:
        note = Note.parse(text)
    except NoteError as error:
        raise ReceiptError("transparency.receipt-form") from error
    try:
        signed = note.times(keys)
    except NoteError as error:
        raise ReceiptError("transparency.receipt-signature") from error
    origin = note.text.partition("\n")[0]
    if not any(key.kind == LOG_KEY and key.name == origin for key in signed):
        raise ReceiptError("transparency.receipt-key")
    return note, signed


def _check_statement(statement: Json, signature: str, keys: Sequence[PublicKey]) -> str:
    note, _ = _note(signature, keys)
    origin = note.text.partition("\n")[0]
    if statement["log"] != origin or _signed_text(origin, statement) != note.text:
        raise ReceiptError("transparency.receipt-statement")
    return origin


def _checkpoint(text: str, keys: Sequence[PublicKey]) -> tuple[Checkpoint, Signers]:
    note, signed = _note(text, keys)
    try:
        return Checkpoint.of_text(note.text), signed
    except NoteError as error:
        raise ReceiptError("transparency.receipt-form") from error


def _check_record(record: Json, point: Checkpoint, named: str | None) -> None:
    """Check one record, and that it is the one the statement names, if one does."""
    subject = str(record["subject"])[:120]
    leaf = log.leaf_of(record["type"], record["subject"], record["facts"])
    if named is not None and _encoded(leaf) != named:
        raise ReceiptError("transparency.receipt-record", subject=subject)
    for name, value in record.get("hidden", {}).items():
        told = record["facts"][name][NAME]
        if commitment(bytes.fromhex(record["salt"]), name, value) != told:
            raise ReceiptError("transparency.receipt-hidden", subject=subject)
    proof = [_decoded(each) for each in record["proof"]]
    if not merkle.includes(leaf, record["place"], point.size, proof, point.root):
        raise ReceiptError("transparency.receipt-proof", subject=subject)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ReceiptError("transparency.receipt-form") from error
