"""Rows edited, deleted and inserted behind the application's back, in every table that the log
tells of and in what is derived from them: `nguon log verify` finds each.

Every case is done in a transaction that is rolled back, on both databases.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.transparency import SOURCES
from tests.conftest import KINDS, _postgres, _sqlite
from tests.traceability.events.makers import KEY, LOT, PARTY, PLACE, an_event, read
from tests.traceability.events.test_recalls import a_recall
from tests.traceability.invoices.files import PRODUCER, SHOP, invoice, line, related
from tests.traceability.registry.makers import ADMIN, SUPERVISOR, a_party, a_product
from tests.traceability.transparency.test_log import KEY as LOG_KEY
from tests.traceability.transparency.test_log import ORIGIN
from traceability.actor import PUBLIC
from traceability.db import Database
from traceability.enforcement import service as enforcement
from traceability.enforcement.schemas import ReportDecision, ReportIn
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.invoices import service as invoices
from traceability.registry.certificate_models import Exceeding
from traceability.registry.certificate_schemas import CertificateIn
from traceability.registry.certificates import register_certificate
from traceability.registry.registrations import decide_registration
from traceability.registry.schemas import DecisionIn
from traceability.transparency import log
from traceability.transparency.checking import Fault, FaultKind, check
from traceability.transparency.models import LeafKind, LogEntry

CHANGED, MISSING = FaultKind.RECORD_CHANGED, FaultKind.RECORD_MISSING
NOT_ENTERED = FaultKind.RECORD_NOT_ENTERED


@pytest.fixture(scope="module", params=KINDS)
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A database in which each kind of record is entered, placed and signed."""
    folder: Path = tmp_path_factory.mktemp("tampered")
    if request.param == "sqlite":
        made = _sqlite(request.getfixturevalue("migrated_sqlite"), folder)
    else:
        made = _postgres(request.getfixturevalue("migrated_postgres"))
    for each in made:
        with each.writing() as session:
            live(session)
        with each.writing() as session:
            log.integrate(session, ORIGIN, [LOG_KEY])
        yield each


def live(session: Session) -> None:
    """One record of each kind, and more where one says little."""
    party = a_party(session)
    product = a_product(session, party)
    given = CertificateIn.model_validate({
        "number": "01/GCN-VD", "issuer": "Sở Ví Dụ", "party_id": party.id, "quantity": "10000",
        "unit": "củ", "valid_from": "2026-01-01", "gtins": [product.gtin],
    })  # fmt: skip
    register_certificate(session, SUPERVISOR, given, Exceeding.REFUSE)
    decision = {"status": "suspended", "reason": "Bà Ví Dụ chưa nộp hồ sơ"}
    decide_registration(session, SUPERVISOR, party.id or 0, DecisionIn.model_validate(decision))
    a_recall(session)
    report = {"reason": "label_differs", "text": "Nhãn khác", "contact": "0900 000 000"}
    made = enforcement.create_report(session, PUBLIC, ReportIn.of_form(report))
    told = ReportDecision.model_validate({"status": "closed", "answer": "Đã kiểm tra."})
    enforcement.decide_report(session, SUPERVISOR, made.id or 0, told)
    files = [invoice(1), invoice(2, general=related(1, 1), lines=line(3) + line(4, name="Khác"))]
    invoices.import_files(session, ADMIN, [(f"{n}.xml", each) for n, each in enumerate(files)])
    document = read(
        an_event(epcList=[KEY.format(2)]),
        an_event(eventID="urn:vd:1", bizStep="shipping", readPoint={"id": PLACE},
                 quantityList=[{"epcClass": LOT, "quantity": 7.5, "uom": "KGM"}],
                 destinationList=[{"type": "owning_party", "destination": PARTY}]),
    )  # fmt: skip
    capture(session, ADMIN, document, Behaviour.ROLLBACK, Policy())


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write_session() as session:
        yield session
        session.rollback()


def found(session: Session) -> set[Fault]:
    return set(check(session, ORIGIN, [LOG_KEY.public], SOURCES))


def subject(session: Session, kind: LeafKind, place: int = -1) -> str:
    """The subject of one of the entries of a kind, by default the last."""
    rows = session.execute(
        sa.text("SELECT DISTINCT subject FROM log_entry WHERE kind = :kind ORDER BY subject"),
        {"kind": kind},
    )
    return str(rows.scalars().all()[place])


def tamper(session: Session, *statements: str) -> None:
    for statement in statements:
        assert session.execute(sa.text(statement)).rowcount, statement  # type: ignore[attr-defined]
    session.expire_all()


def test_every_kind_of_record_has_a_source(session: Session) -> None:
    assert set(SOURCES) == set(LeafKind)
    kinds = session.execute(sa.text("SELECT DISTINCT kind FROM log_entry")).scalars()
    assert set(kinds) == set(LeafKind)


def test_what_nobody_touched_has_no_fault(session: Session) -> None:
    assert found(session) == set()


PLACES = {
    "first": "(SELECT min(id) FROM event)",
    "last": "(SELECT max(id) FROM event)",
    "file_0": "(SELECT id FROM invoice_document WHERE file_name = '0.xml')",
    "file_1": "(SELECT content FROM invoice_document WHERE file_name = '1.xml')",
    "long_ago": "'2026-01-01 00:00:00+00:00'",
    "line": "invoice_id, nature, name, seller_tax_code, issued_on",
    "a_party": "(SELECT min(id) FROM party)",
    "key": KEY.format(9),
}
CHANGES: dict[LeafKind, list[str]] = {
    LeafKind.REGISTRATION: [
        "UPDATE registration SET status = 'active' WHERE status = 'suspended'",
        "UPDATE registration SET reason = 'x' WHERE reason IS NOT NULL",
        "UPDATE registration SET valid_from = '2020-01-01' WHERE reason IS NOT NULL",
    ],
    LeafKind.RECALL: [
        "UPDATE recall SET status = 'closed'",
        "UPDATE recall SET lot = 'L1'",
        "UPDATE recall SET issuer_id = {a_party}",
        "UPDATE recall SET advice = 'x'",
        "UPDATE recall SET confirmed_at = {long_ago}",
        "UPDATE recall SET reached_at = NULL",
        "UPDATE recall_goods SET certainty = 'x'",
        "UPDATE recall_goods SET in_force = NOT in_force",
        "UPDATE recall_goods SET product_id = NULL",
        "UPDATE recall_goods SET part = '10/L9'",
        "DELETE FROM recall_goods",
        "INSERT INTO recall_start (recall_id, key) SELECT id, '{key}' FROM recall",
        ("INSERT INTO recall_answer (recall_id, party_id, found, returned, destroyed, unit, "
        "note, at) SELECT id, {a_party}, 0, 0, 0, '', '', {long_ago} FROM recall"),
        ("INSERT INTO recall_goods (recall_id, key, is_carrier, part, certainty, in_force) "
        "SELECT id, '{key}', false, '', 'certain', true FROM recall"),
    ],
    LeafKind.CERTIFICATE: [
        *(f"UPDATE quantity_certificate SET {change}" for change in (
            "quantity = 99", "unit = 'kg'", "per_serial = 2",
            "number = 'x'", "status = 'revoked'", "exceeding = 'warn'", "area = 'x'",
            "document_digest = 'x'", "valid_to = '2030-01-01'")),
        "DELETE FROM certificate_product",
    ],
    LeafKind.CASE: [
        "UPDATE report SET answer = 'x'",
        "UPDATE report SET text = 'x'",
        "UPDATE report SET place = 'x'",
        "UPDATE report SET status = 'received'",
    ],
    LeafKind.INVOICE: [
        "UPDATE invoice SET total = 1 WHERE number = 2",
        "UPDATE invoice SET content_digest = 'x' WHERE number = 2",
        "UPDATE invoice SET buyer_tax_code = '9999100017' WHERE number = 2",
        "UPDATE invoice_line SET quantity = 1 WHERE name = 'Khác'",
        "UPDATE invoice_line SET seller_tax_code = '9999100024' WHERE name = 'Khác'",
        "DELETE FROM invoice_line WHERE name = 'Khác'",
        ("INSERT INTO invoice_line (position, {line}) "
        "SELECT 3, {line} FROM invoice_line WHERE name = 'Khác'"),
        "UPDATE invoice_relation SET number = 3",
        "DELETE FROM invoice_relation",
    ],
    LeafKind.EVENT: [
        "UPDATE event SET party_id = {a_party} WHERE id = {last}",
        "UPDATE event SET event_id = 'urn:vd:9' WHERE id = {last}",
        "UPDATE event SET hash = 'x' WHERE id = {last}",
        ("UPDATE event SET body = replace(body, 'OBSERVE', 'DELETE'), action = 'DELETE' "
        "WHERE id = {last}"),
        *(f"UPDATE event SET body = '{body}' WHERE id = {{last}}" for body in ("[]", "", "x")),
        "UPDATE event SET record_time = {long_ago} WHERE id = {last}",
        "UPDATE event SET event_time = {long_ago} WHERE id = {last}",
        "UPDATE event SET in_error = true WHERE id = {last}",
        *(f"UPDATE event SET {column} = 'receiving' WHERE id = {{last}}"
          for column in ("type", "biz_step", "disposition", "read_point", "biz_location")),
        "UPDATE event_epc SET key = '{key}' WHERE event = {last} AND NOT by_class",
        "UPDATE event_epc SET role = 'child' WHERE event = {last}",
        "UPDATE event_epc SET time = {long_ago} WHERE event = {last}",
        "DELETE FROM event_epc WHERE event = {last}",
        ("INSERT INTO event_epc (key, time, event, role, by_class) "
        "SELECT '{key}', time, event, role, by_class FROM event_epc WHERE event = {last} LIMIT 1"),
        "UPDATE event_epc SET quantity = 8000000 WHERE quantity IS NOT NULL",
        "UPDATE event_epc SET uom = 'GRM' WHERE quantity IS NOT NULL",
        "UPDATE event_value SET value = 'x' WHERE name = 'party'",
        "DELETE FROM event_value WHERE name = 'party'",
        "INSERT INTO event_value (name, value, event) VALUES ('party', '9520000000011', {last})",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "statement"), [(kind, each) for kind, all_ in CHANGES.items() for each in all_]
)
def test_a_changed_record_is_found(session: Session, kind: LeafKind, statement: str) -> None:
    tamper(session, statement.format(**PLACES))
    assert found(session) == {Fault(CHANGED, subject(session, kind))}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoice_document SET content = {file_1} WHERE id = {file_0}",
        "DELETE FROM invoice_source WHERE document_id = {file_0}",
    ],
)
def test_an_invoice_whose_file_was_changed_is_found(session: Session, statement: str) -> None:
    tamper(session, statement.format(**PLACES))
    assert found(session) == {Fault(CHANGED, subject(session, LeafKind.INVOICE, 0))}


@pytest.mark.parametrize(
    ("kind", "statements"),
    [
        (LeafKind.REGISTRATION, ["DELETE FROM registration WHERE reason IS NOT NULL"]),
        (LeafKind.RECALL, ["DELETE FROM recall_goods", "DELETE FROM recall_holder",
                           "DELETE FROM recall"]),
        (LeafKind.CERTIFICATE, ["DELETE FROM certificate_product",
                                "DELETE FROM quantity_certificate"]),
        (LeafKind.CASE, ["DELETE FROM report"]),
        (LeafKind.INVOICE, [
            f"DELETE FROM {table} WHERE invoice_id = (SELECT id FROM invoice WHERE number = 2)"
            for table in ("invoice_line", "invoice_relation", "invoice_signature", "invoice_source")
        ] + ["DELETE FROM invoice WHERE number = 2"]),
        (LeafKind.EVENT, ["DELETE FROM event_epc WHERE event = {last}",
                          "DELETE FROM event_value WHERE event = {last}",
                          "DELETE FROM event WHERE id = {last}"]),
    ],
)  # fmt: skip
def test_a_deleted_record_is_found(session: Session, kind: LeafKind, statements: list[str]) -> None:
    tamper(session, *(each.format(**PLACES) for each in statements))
    assert found(session) == {Fault(MISSING, subject(session, kind))}


@pytest.mark.parametrize(
    ("name", "table", "columns"),
    [
        ("registration", "registration",
         "party_id, status, valid_from, decision_number, reason, created_at"),
        ("certificate", "quantity_certificate", ("issuer, party_id, quantity, unit, per_serial, "
         "valid_from, status, exceeding, created_at")),
        ("recall", "recall", ("scope, truncated, product_id, notice_number, notice_date, "
         "reason, advice, status, opened_at")),
        ("report", "report", "reason, text, code_text, status, received_at"),
        ("event", "event", "hash, type, action, event_time, record_time, in_error, body"),
    ],
)  # fmt: skip
def test_an_inserted_record_is_found(session: Session, name: str, table: str, columns: str) -> None:
    own = {
        "certificate": ("number", "'X'"),
        "report": ("tracking_code", "'X'"),
        "event": ("event_id", "'urn:vd:9'"),
    }
    unique, value = own.get(name, ("id", "9000"))
    tamper(
        session,
        f"INSERT INTO {table} ({unique}, {columns}) "
        f"SELECT {value}, {columns} FROM {table} WHERE id = (SELECT max(id) FROM {table})",
    )
    number = session.execute(sa.text(f"SELECT max(id) FROM {table}")).scalar_one()
    assert Fault(NOT_ENTERED, f"{name}:{number}") in found(session)


def test_an_inserted_invoice_is_found(session: Session) -> None:
    columns = (  # all but its number
        "seller_tax_code, form, symbol, issued_on, format_version, seller_name, currency, "
        "seller_address, replaced, content_digest, seller_signature, received_at"
    )
    tamper(
        session,
        f"INSERT INTO invoice (number, {columns}) SELECT 77, {columns} FROM invoice "
        "WHERE number = 1",
    )
    number = session.execute(sa.text("SELECT id FROM invoice WHERE number = 77")).scalar_one()
    assert found(session) == {Fault(NOT_ENTERED, f"invoice:{number}")}


def test_an_entry_that_names_no_record_is_found(session: Session) -> None:
    tamper(session, "UPDATE log_entry SET subject = 'event:x' WHERE id = "
                    "(SELECT max(id) FROM log_entry WHERE kind = 'event')")  # fmt: skip
    kinds = {fault.kind for fault in found(session)}
    assert kinds == {FaultKind.ENTRY_CHANGED, MISSING, NOT_ENTERED}


def test_a_salt_that_was_changed_is_found(session: Session) -> None:
    tamper(session, "UPDATE log_entry SET salt = NULL WHERE kind = 'event'")
    assert {fault.kind for fault in found(session)} == {CHANGED}


OPEN = {
    LeafKind.REGISTRATION: {"party_id", "status", "valid_from", "valid_to", "decision_number",
                            "created_at", "decided_at"},
    LeafKind.RECALL: {"gtin", "lot", "serial", "issuer", "notice_number", "notice_date",
                      "text_sha256", "status", "opened_at", "closed_at", "closing_decision",
                      "scope", "owner", "confirmed_at", "reached"},
    LeafKind.CERTIFICATE: {"party_id", "file_sha256", "quantity", "unit", "per_serial",
                           "exceeding", "valid_from", "valid_to", "status", "decision_number",
                           "decided_at"},
    LeafKind.CASE: {"received_at", "decided_at"},
    LeafKind.EVENT: {"recordTime", "inError"},
    LeafKind.INVOICE: set(),
}  # fmt: skip
"""What everybody may know of a record; all else is committed to with a salt."""


@pytest.mark.parametrize("kind", LeafKind)
def test_a_leaf_says_what_everybody_may_know_and_commits_to_the_rest(
    session: Session, kind: LeafKind
) -> None:
    for entry in session.exec(select(LogEntry).where(LogEntry.kind == kind)):
        told = {name for name, value in entry.facts.items() if not isinstance(value, dict)}
        hidden = [value for value in entry.facts.values() if isinstance(value, dict)]
        assert told == OPEN[kind]
        assert all(set(value) == {"salted_sha256"} for value in hidden)
        assert (entry.salt is not None) == bool(hidden)


def test_no_leaf_holds_names_words_places_or_tax_data(session: Session) -> None:
    leaves = " ".join(str(entry.facts) for entry in session.exec(select(LogEntry)))
    private = ("Bà Ví Dụ", "Nhãn khác", "0900 000 000", "Đã kiểm tra", PRODUCER, SHOP,
               "9520000000004", "urn:vd:1", "09520001234569")  # fmt: skip
    assert [each for each in private if each in leaves] == []


def test_equal_values_have_different_commitments(session: Session) -> None:
    """A reason that many decisions share is not found by comparing them."""
    rows = session.exec(select(LogEntry).where(LogEntry.kind == LeafKind.REGISTRATION)).all()
    commitments = [entry.facts["reason"]["salted_sha256"] for entry in rows]
    assert len(set(commitments)) == len(commitments)


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        (LeafKind.REGISTRATION, "UPDATE registration SET valid_to = '2030-01-01' WHERE id = 2"),
        (LeafKind.RECALL, "UPDATE recall SET advice = 'x'"),
        (LeafKind.CERTIFICATE, "UPDATE quantity_certificate SET quantity = 99"),
        (LeafKind.CASE, "UPDATE report SET text = 'x'"),
        (LeafKind.EVENT, "UPDATE event SET party_id = {a_party} WHERE id = {last}"),
    ],
)
def test_a_record_that_is_changed_and_entered_anew_is_found(
    session: Session, kind: LeafKind, statement: str
) -> None:
    """Who writes to the database can have a new entry placed and signed: the first one stays."""
    where = subject(session, kind)
    tamper(session, statement.format(**PLACES))
    log.enter(session, kind, SOURCES[kind].facts(session, [where]).items())
    log.integrate(session, ORIGIN, [LOG_KEY])
    assert found(session) == {Fault(FaultKind.RECORD_REWRITTEN, where)}
