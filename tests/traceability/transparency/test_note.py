"""Signed notes: the form of C2SP, signatures that hold for one text, and witnesses' times."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from traceability.transparency.note import (
    LOG_KEY,
    WITNESS_KEY,
    Checkpoint,
    Note,
    NoteError,
    PublicKey,
    SigningKey,
)

SEEN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LOG = SigningKey("nguon.example/log", LOG_KEY, Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESS = SigningKey(
    "market.example/watch", WITNESS_KEY, Ed25519PrivateKey.from_private_bytes(b"w" * 32)
)
POINT = Checkpoint("nguon.example/log", 5, bytes(range(32)))
SIGNED = POINT.text + "\n" + LOG.line(POINT.text) + WITNESS.line(POINT.text, SEEN)


def test_a_published_note_of_another_implementation_is_read_and_its_signature_is_good() -> None:
    # The example of golang.org/x/mod/sumdb/note, whose form this is.
    key = PublicKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    line = (
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfq"
        "dngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert dict(Note.parse(f"{text}\n{line}").times([key])) == {key: None}


def test_a_checkpoint_is_three_lines() -> None:
    assert POINT.text.split("\n")[:2] == ["nguon.example/log", "5"]
    assert Checkpoint.of_text(POINT.text) == POINT
    assert Checkpoint.of_text(POINT.text + "an extension\n") == POINT


def test_who_signed_is_told_with_the_time_of_a_witness() -> None:
    note = Note.parse(SIGNED)
    assert note.text == POINT.text
    assert dict(note.times([LOG.public, WITNESS.public])) == {
        LOG.public: None, WITNESS.public: SEEN,
    }  # fmt: skip


def test_an_unknown_key_is_skipped() -> None:
    stranger = SigningKey("x.example", LOG_KEY, Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    assert dict(Note.parse(SIGNED).times([stranger.public])) == {}


@pytest.mark.parametrize("key", [LOG, WITNESS])
def test_another_text_is_not_what_was_signed(key: SigningKey) -> None:
    forged = SIGNED.replace("\n5\n", "\n6\n")
    with pytest.raises(NoteError):
        Note.parse(forged).times([key.public])


def test_a_witness_s_time_is_signed_too() -> None:
    line = WITNESS.line(POINT.text, SEEN)
    raw = bytearray(base64.b64decode(line.split()[-1]))
    raw[11] ^= 1
    name = WITNESS.name
    forged = f"{POINT.text}\n\u2014 {name} {base64.b64encode(bytes(raw)).decode()}\n"
    with pytest.raises(NoteError):
        Note.parse(forged).times([WITNESS.public])


@pytest.mark.parametrize("key", [LOG, WITNESS])
def test_a_key_is_written_and_read(key: SigningKey) -> None:
    assert PublicKey.parse(str(key.public)) == key.public


PETER = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AQ==", f"+c74f20a3+{PETER}",
             f"PeterNeumann+c74f20a4+{PETER}", f"Other+c74f20a3+{PETER}"],
)  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        PublicKey.parse(text)


@pytest.mark.parametrize(
    "note", ["", "text\n", "text\n\n", "text\n\nno dash AAAAAAAA\n", "text\n\n\u2014 name AA==\n",
             SIGNED[:-1], "x" * 200_000],
)  # fmt: skip
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        Note.parse(note)


@pytest.mark.parametrize("size", ["-1", "05", "five", "\u0665", "9" * 19, ""])
def test_a_size_is_a_plain_number(size: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.of_text(POINT.text.replace("\n5\n", f"\n{size}\n"))


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (Note.parse, Checkpoint.of_text, PublicKey.parse):
        try:
            read(text)
        except NoteError:
            continue
