"""A receipt holds for whoever has the public key; whatever is changed in it is named."""

import copy
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import orjson
import pytest
from sqlmodel import Session

from tests.traceability.transparency.test_log import (
    KEY,
    ORIGIN,
    SEEN,
    WITNESS,
    grown,
    integrate,
)
from traceability.clock import now
from traceability.db import Database
from traceability.transparency import log, receipts
from traceability.transparency.hiding import Hidden
from traceability.transparency.models import LeafKind
from traceability.transparency.note import Note, SigningKey
from traceability.transparency.receipts import ReceiptError

KEYS = [KEY.public, WITNESS.public]
SUBJECT = "registration:1"
FACTS: log.Facts = {"status": "active", "reason": Hidden("Bà Ví Dụ")}


class Registrations:
    """The records behind the entries."""

    final: frozenset[str] = frozenset()

    def subjects(self, session: Session) -> Any:
        raise NotImplementedError

    def facts(self, session: Session, subjects: Sequence[str]) -> Mapping[str, log.Facts]:
        return {SUBJECT: FACTS}

    def known(self, session: Session, subjects: Sequence[str]) -> set[str]:
        raise NotImplementedError


def issued(
    database: Database, subjects: Sequence[tuple[LeafKind, str]] = (), **how: Any
) -> dict[str, Any]:
    """As it comes out of its file."""
    with database.reading() as session:
        made = receipts.issue(
            session, KEY, {"type": "verdict", "level": "stop", "code": "x"},
            subjects or [(LeafKind.REGISTRATION, SUBJECT), (LeafKind.RECALL, "recall:3")],
            how.get("until", now()),
            {LeafKind.REGISTRATION: Registrations()} if how.get("opens") else {},
        )  # fmt: skip
    found: dict[str, Any] = orjson.loads(orjson.dumps(made))
    return found


@pytest.fixture
def entered(database: Database) -> Database:
    grown(database, 300)
    with database.writing() as session:
        log.enter(session, LeafKind.REGISTRATION, [(SUBJECT, FACTS)])
    integrate(database)
    return database


def why(receipt: Mapping[str, Any], keys: Sequence[Any] = KEYS) -> str:
    with pytest.raises(ReceiptError) as refused:
        receipts.verify(receipt, keys)
    return refused.value.code.removeprefix("transparency.receipt-")


def test_a_receipt_proves_what_was_said_and_its_records(entered: Database) -> None:
    holds = receipts.verify(issued(entered), KEYS)
    assert holds.statement is not None
    assert (holds.statement["level"], holds.size) == ("stop", 301)
    assert (holds.proved, holds.waiting) == ([SUBJECT, "recall:3"], [])
    assert dict(holds.signed) == {KEY.public: None}


def test_who_may_not_see_a_value_gets_no_salt(entered: Database) -> None:
    assert "Bà Ví Dụ" not in str(issued(entered))
    assert "salt'" not in str(issued(entered))
    opened = issued(entered, opens=True)
    assert opened["records"][0]["hidden"] == {"reason": "Bà Ví Dụ"}
    assert receipts.verify(opened, KEYS).proved


def test_a_record_that_has_no_place_yet_is_named_and_not_proved(entered: Database) -> None:
    with entered.writing() as session:
        log.enter(session, LeafKind.RECALL, [("recall:new", {})])
    holds = receipts.verify(issued(entered, [(LeafKind.RECALL, "recall:new")]), KEYS)
    assert (holds.proved, holds.waiting) == ([], ["recall:new"])


def test_a_receipt_of_an_empty_log_still_proves_what_was_said(database: Database) -> None:
    holds = receipts.verify(issued(database), KEYS)
    assert (holds.size, holds.proved, holds.waiting) == (0, [], [])


def test_what_was_entered_after_the_verdict_is_no_ground_for_it(entered: Database) -> None:
    before = issued(entered, until=now() - timedelta(days=1))
    assert before["statement"]["records"] == []


def test_a_receipt_tells_which_witnesses_signed_its_checkpoint(entered: Database) -> None:
    with entered.writing() as session:
        newest = log.newest_checkpoint(session)
        assert newest is not None
        note = log.note_of(ORIGIN, newest)
        log.cosign(session, ORIGIN, note + WITNESS.line(Note.parse(note).text, SEEN),
                   [WITNESS.public])  # fmt: skip
    assert receipts.verify(issued(entered), KEYS).signed[WITNESS.public] == SEEN


def test_the_receipt_of_one_entry_is_checked_the_same_way(entered: Database) -> None:
    found = issued(entered)
    entry = {**found["records"][1], "checkpoint": found["checkpoint"]}
    assert receipts.verify(entry, KEYS).proved == ["recall:3"]
    entry["facts"] = {"lot": "another"}
    assert why(entry) == "proof"


Change = Callable[[dict[str, Any]], Any]


def _set(*path: str | int, to: Any) -> Change:
    def change(receipt: dict[str, Any]) -> None:
        here: Any = receipt
        for name in path[:-1]:
            here = here[name]
        here[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_set("statement", "level", to="ok"), "statement"),
        (_set("statement", "code", to=None), "statement"),
        (_set("statement", "records", to=[]), "statement"),
        (_set("records", 0, "facts", "status", to="revoked"), "record"),
        (_set("records", 0, "hidden", "reason", to="Ông Khác"), "hidden"),
        (_set("records", 0, "salt", to="00"), "hidden"),
        (_set("records", 0, "place", to=299), "proof"),
        (_set("records", 0, "place", to=-1), "proof"),
        (_set("records", 0, "place", to=10**30), "proof"),
        (_set("records", 0, "proof", to=[]), "proof"),
        (_set("records", 0, "proof", 0, to="A" * 43 + "="), "proof"),
        (_set("records", to=[]), "record"),
        (lambda receipt: receipt["records"].reverse(), ""),
        (lambda receipt: receipt["records"].append(receipt["records"][0]), ""),
        (lambda receipt: receipt.pop("signature"), "form"),
        (_set("signature", to="x"), "form"),
        (_set("checkpoint", to=None), "form"),
        (_set("checkpoint", to=5), "form"),
        (_set("format", to="nguon-verdict-receipt/2"), "form"),
        (_set("statement", to=[]), "form"),
        (_set("statement", "level", to=0.5), "form"),
        (_set("records", 0, "proof", 0, to="?"), "form"),
        (_set("records", 0, "place", to="1"), "form"),
        (_set("records", 0, "salt", to="zz"), "form"),
        (_set("records", 0, "hidden", "status", to="x"), "form"),
    ],
)
def test_whatever_is_changed_is_named(entered: Database, change: Change, code: str) -> None:
    receipt = issued(entered, opens=True)
    change(receipt)
    if code:
        assert why(receipt) == code
    else:
        assert receipts.verify(receipt, KEYS).proved


def test_signatures_of_another_are_named(entered: Database) -> None:
    receipt = issued(entered)
    assert why(receipt, []) == "key"
    assert why(receipt, [WITNESS.public]) == "key"
    for name in ("signature", "checkpoint"):
        forged = copy.deepcopy(receipt)
        line = forged[name].splitlines()[-1]
        forged[name] = forged[name].replace(line, line[:-8] + "AAAAAAA=")
        assert why(forged) == "signature"


def test_a_checkpoint_does_not_pass_for_a_statement_nor_of_another_log(entered: Database) -> None:
    receipt = issued(entered)
    receipt["signature"] = receipt["checkpoint"]
    assert why(receipt) == "statement"
    other = SigningKey("other.example/log", KEY.kind, KEY.private)
    receipt = issued(entered)
    text = receipt["checkpoint"].partition("\n\n")[0].replace(ORIGIN, other.name) + "\n"
    receipt["checkpoint"] = f"{text}\n{other.line(text)}"
    assert why(receipt, [*KEYS, other.public]) == "key"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"[]", b"{" * 5000, b'{"a":' * 900 + b"1" + b"}" * 900, b"\xff",
             b'"' + b"x" * receipts.MAX_BYTES + b'"']
)  # fmt: skip
def test_a_file_that_is_no_receipt_is_refused(data: bytes) -> None:
    with pytest.raises(ReceiptError) as refused:
        receipts.verify(receipts.read(data), KEYS)
    assert refused.value.code == "transparency.receipt-form"


def test_nesting_that_no_recursion_follows_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"a": deep}
    assert why({"checkpoint": None, "facts": deep}) == "form"
