"""The log over HTTP: what a citizen, a witness and another agency need to trust nobody."""

import base64
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.background import Worker
from app.demo.loading import load_once
from app.main import create_app
from app.settings import Settings
from app.transparency import SOURCES
from tests.app.client import Client
from tests.app.problem import problem
from traceability.db import Database
from traceability.transparency import log, merkle
from traceability.transparency.checking import check
from traceability.transparency.note import (
    WITNESS_KEY,
    Checkpoint,
    Note,
    PublicKey,
    SigningKey,
)

WITNESS = SigningKey("market.example", WITNESS_KEY, Ed25519PrivateKey.from_private_bytes(b"w" * 32))
LOG = "/api/v1/log"


@pytest.fixture(scope="module")
def settings(folder: Path) -> Settings:
    return Settings(
        data=folder, public_url="https://nguon.example", background_worker=False,
        public_requests_a_minute=10_000, log_witnesses=(str(WITNESS.public),),
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def demo(sqlite_database: Database, settings: Settings) -> None:
    load_once(sqlite_database)
    worker = Worker(sqlite_database, settings.log_keys)
    while worker._integrate():
        pass


def read_back(answer: dict[str, Any]) -> tuple[bytes, list[bytes], Checkpoint]:
    leaf = log.leaf_of(answer["type"], answer["subject"], answer["facts"])
    proof = [base64.b64decode(each) for each in answer["proof"]]
    return leaf, proof, Checkpoint.of_text(Note.parse(answer["checkpoint"]).text)


def test_records_and_log_say_the_same_after_the_demo_s_whole_life(
    sqlite_database: Database, settings: Settings
) -> None:
    keys = settings.log_keys
    with sqlite_database.reading() as session:
        assert list(check(session, keys.origin, keys.public, SOURCES)) == []


def test_a_recall_is_proved_to_who_has_the_public_key(client: Client) -> None:
    answer = client.get(f"{LOG}/entries/recall/1").json()
    assert answer["facts"]["status"] == "active"
    leaf, proof, point = read_back(answer)
    assert merkle.includes(leaf, answer["place"], point.size, proof, point.root)
    key = PublicKey.parse(client.get(LOG).json()["keys"][-1])
    assert key in Note.parse(answer["checkpoint"]).times([key])


def test_cases_and_invoices_are_shown_to_authorities_alone(client: Client, admin: Client) -> None:
    problem(client.get(f"{LOG}/entries/invoice/1"), 403, "web.role")
    facts = admin.get(f"{LOG}/entries/invoice/1").json()["facts"]
    assert list(facts) == ["sha256"]


def test_what_is_not_entered_is_404(client: Client) -> None:
    problem(client.get(f"{LOG}/entries/recall/999"), 404, "transparency.not-entered")
    problem(client.get(f"{LOG}/entries/nonsense/1"), 422)


def test_the_tree_is_rebuilt_from_its_tiles(client: Client) -> None:
    note = client.get(f"{LOG}/checkpoint").text
    point = Checkpoint.of_text(Note.parse(note).text)
    tile = client.get(f"{LOG}/tile/0/000.p/{point.size}")
    assert "immutable" in tile.headers["cache-control"]
    leaves = [tile.content[at : at + 32] for at in range(0, len(tile.content), 32)]
    assert merkle.root(merkle.Leaves(leaves), point.size) == point.root


@pytest.mark.parametrize(
    "path", ["0/000.p/255", "0/001", "9/000", "0/0", "0/000.p/0", "0/..%2F", "x", "0/x999/999",
             "00/000.p/1", "0/000.p/01", "0/x000/000.p/1"],
)  # fmt: skip
def test_a_tile_that_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(f"{LOG}/tile/{path}").status_code == 404


def test_the_log_is_shown_only_to_have_grown(client: Client, sqlite_database: Database) -> None:
    newest = Checkpoint.of_text(Note.parse(client.get(f"{LOG}/checkpoint").text).text)
    answer = client.get(f"{LOG}/consistency", params={"old": 3, "size": newest.size}).json()
    with sqlite_database.reading() as session:
        old_root = merkle.root(log.tree(session), 3)
    proof = [base64.b64decode(each) for each in answer["proof"]]
    assert merkle.extends(3, old_root, newest.size, newest.root, proof)
    forged = merkle.leaf_hash(b"")
    assert not merkle.extends(3, forged, newest.size, newest.root, proof)
    params = {"old": 3, "size": newest.size + 1}
    problem(client.get(f"{LOG}/consistency", params=params), 422)


def test_a_witness_leaves_its_signature(client: Client) -> None:
    note = client.get(f"{LOG}/checkpoint").text
    line = WITNESS.line(Note.parse(note).text, datetime(2026, 11, 23, tzinfo=UTC))
    plain = {"content-type": "text/plain"}
    answer = client.post(f"{LOG}/cosignatures", content=(note + line).encode(), headers=plain)
    assert answer.status_code == 201
    assert line in client.get(f"{LOG}/checkpoint").text


@pytest.mark.parametrize("note", ["", "x", "a\n5\nAAAA\n\n\u2014 market.example AAAAAAAA\n"])
def test_what_is_no_note_of_ours_is_refused(client: Client, note: str) -> None:
    plain = {"content-type": "text/plain"}
    answer = client.post(f"{LOG}/cosignatures", content=note.encode(), headers=plain)
    problem(answer, 422)


@pytest.mark.parametrize(
    "path",
    ["entries/recall/-1", "entries/recall/0", "entries/recall/99999999999999999999",
     "entries/recall/x", "entries/event/1.5", "entries//1",
     "consistency", "consistency?old=x&size=1", "consistency?old=-1&size=1",
     "consistency?old=0&size=1", "consistency?old=2&size=1",
     "consistency?old=1&size=99999999999999999999", "tile/0/" + "x001/" * 11 + "001",
     "tile/99/000", "tile/0/x999/x999/x999/x999/x999/x999/999", "tile/0/000.p/999"],
)  # fmt: skip
def test_bad_questions_have_clear_answers(client: Client, path: str) -> None:
    answer = client.get(f"{LOG}/{path}")
    assert answer.status_code in (400, 404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def forged_notes(note: str) -> dict[str, bytes]:
    """Notes that a stranger or a careless witness might leave, by what is wrong with them."""
    text = Note.parse(note).text
    # Without what a test before this one has left below it.
    lines = note.removeprefix(text).splitlines(keepends=True)
    note = text + "".join(line for line in lines if WITNESS.name not in line)
    seen = datetime(2026, 11, 23, tzinfo=UTC)
    line = WITNESS.line(text, seen)
    other = SigningKey(WITNESS.name, WITNESS_KEY, Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    point = Checkpoint.of_text(text)
    elsewhere = Checkpoint("other.example/log", point.size, point.root).text
    larger = Checkpoint(point.origin, point.size + 1, point.root).text
    changed = Checkpoint(point.origin, point.size, bytes(32)).text
    return {
        "no witness": note.encode(),
        "an unknown key": (note + other.line(text, seen)).encode(),
        "a signature cut short": (note + line[:-9] + "\n").encode(),
        "of another text": (note + WITNESS.line(changed, seen)).encode(),
        "of another log": f"{elsewhere}\n{WITNESS.line(elsewhere, seen)}".encode(),
        "of a size that never was": f"{larger}\n{WITNESS.line(larger, seen)}".encode(),
        "of another root": f"{changed}\n{WITNESS.line(changed, seen)}".encode(),
        "too long": (note + line * 2000).encode(),
        "not UTF-8": note.encode() + b"\xff\xfe",
        "a size beyond all": b"nguon.example/log\n99999999999999999999\nAAAA\n\n",
    }


@pytest.mark.parametrize(
    "what", sorted(forged_notes("a\n1\n" + "A" * 43 + "=\n\n\u2014 a AAAAAAAA\n"))
)
def test_what_no_witness_signed_is_not_kept(client: Client, what: str) -> None:
    note = client.get(f"{LOG}/checkpoint").text
    plain = {"content-type": "text/plain"}
    answer = client.post(f"{LOG}/cosignatures", content=forged_notes(note)[what], headers=plain)
    assert answer.status_code in (400, 413, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(f"{LOG}/checkpoint").text == note


def test_a_log_without_entries_says_so(tmp_path: Path, migrated_sqlite: Path) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "nguon.db")
    empty = create_app(Settings(data=tmp_path, background_worker=False))
    with Client.serving(empty) as client:
        problem(client.get(f"{LOG}/checkpoint"), 404, "transparency.empty")
        problem(client.get(f"{LOG}/consistency?old=1&size=1"), 422)
        assert client.get("/log").status_code == 200
        receipt = client.get("/api/v1/receipt", params={"code": "9521102000012"}).json()
        assert (receipt["checkpoint"], receipt["records"]) == (None, [])
