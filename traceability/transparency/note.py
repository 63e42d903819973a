"""Signed notes, and the checkpoint of a log as one.

The forms are those of C2SP: signed-note, tlog-checkpoint, tlog-cosignature.

A note is a text and below it a line for each signature, readable and checked with any tool:

    nguon.example/log
    5
    Tjs7H3tHj8/nH7YxYxUZo7yhLJrvyhYSv85ME6hiZNM=

    — nguon.example/log 6Bt0Kg…

A key is told apart by its name and by four bytes of a digest over name, kind and public key, so
that a signature of an unknown key is skipped and one of a known key must be good.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from traceability.errors import TraceabilityError

LOG_KEY = 1
"""Kind of a key that signs the text itself with Ed25519."""
WITNESS_KEY = 4
"""Kind of a witness's key, which signs the text and the time that it was seen (cosignature/v1)."""
MAX_NOTE = 100_000
"""Characters: far more than a checkpoint with a hundred signatures."""
_DASH = "\u2014 "


class NoteError(TraceabilityError):
    """`transparency.note` (why): not a note, or a signature of a known key that is not good."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key to check signatures with."""

    name: str
    """Of who signs, without blanks and plus signs: an address without its scheme."""
    kind: int
    key: bytes
    """32 bytes of Ed25519."""

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """The key of its written form, `name+digest+base64`.

        Raises:
            NoteError: not such a text, or its digest is of another key.
        """
        name, _, rest = text.strip().partition("+")
        digest, _, encoded = rest.partition("+")
        raw = _decode(encoded)
        if len(raw) != 33 or raw[0] not in (LOG_KEY, WITNESS_KEY) or not name:
            raise NoteError("transparency.note", why="key")
        key = cls(name, raw[0], raw[1:])
        if key.digest.hex() != digest:
            raise NoteError("transparency.note", why="key-digest")
        return key

    @property
    def digest(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        name = self.name.encode()
        return hashlib.sha256(name + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.key).decode()
        return f"{self.name}+{self.digest.hex()}+{encoded}"

    def signed_at(self, text: str, signature: bytes) -> datetime | None:
        """When a witness saw the text, None for a log's own key.

        Raises:
            NoteError: the signature is not good.
        """
        at, message = None, text.encode()
        if self.kind == WITNESS_KEY:
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _witnessed(text, seconds)
            at = _time(seconds)
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except InvalidSignature as error:
            raise NoteError("transparency.note", why="signature") from error
        return at


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key to sign with; it is kept outside the database."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def line(self, text: str, at: datetime | None = None) -> str:
        """The line that signs a text, for a witness's key with the time it was seen."""
        if self.kind == WITNESS_KEY:
            seconds = int((at or datetime.now(UTC)).timestamp())
            signed = self.private.sign(_witnessed(text, seconds))
            signature = seconds.to_bytes(8, "big") + signed
        else:
            signature = self.private.sign(text.encode())
        return Signature(self.name, self.public.digest, signature).as_line()


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    digest: bytes
    signature: bytes

    def is_of(self, key: PublicKey) -> bool:
        return (self.name, self.digest) == (key.name, key.digest)

    def as_line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.digest + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    """What is signed; it ends with a line break."""
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> "Note":
        """The parts of a note, nothing checked yet.

        Raises:
            NoteError: not a note.
        """
        text, blank, lines = note.rpartition("\n\n")
        if not blank or len(note) > MAX_NOTE or not lines.endswith("\n"):
            raise NoteError("transparency.note", why="form")
        return cls(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))

    def times(self, keys: Iterable[PublicKey]) -> Mapping[PublicKey, datetime | None]:
        """Which of the keys have signed, and when witnesses did.

        Raises:
            NoteError: a signature that claims to be of one of the keys is not good.
        """
        return {
            key: key.signed_at(self.text, signature.signature)
            for key in keys
            for signature in self.signatures
            if signature.is_of(key)
        }


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: so many entries, and the root over them."""

    origin: str
    """The log's name, the same in every checkpoint."""
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def of_text(cls, text: str) -> "Checkpoint":
        """The checkpoint of a note's text; further lines are extensions, which we leave alone.

        Raises:
            NoteError: not a checkpoint.
        """
        origin, size, encoded, *_ = [*text.split("\n"), "", "", ""]
        root = _decode(encoded)
        if not origin or not (size.isascii() and size.isdigit()) or len(root) != 32:
            raise NoteError("transparency.note", why="checkpoint")
        if len(size) > 18 or (size[0] == "0" and size != "0"):
            raise NoteError("transparency.note", why="checkpoint")
        return cls(origin, int(size), root)


def _witnessed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _time(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise NoteError("transparency.note", why="time") from error


def _signature(line: str) -> Signature:
    name, blank, encoded = line.removeprefix(_DASH).partition(" ")
    raw = _decode(encoded)
    if not line.startswith(_DASH) or not blank or not name or len(raw) < 5:
        raise NoteError("transparency.note", why="form")
    return Signature(name, raw[:4], raw[4:])


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
