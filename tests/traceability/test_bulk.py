"""Many rows at once arrive as single ones would."""

from datetime import UTC, datetime

from sqlmodel import Session, select

from tests.traceability.invoices.conftest import ADMIN
from tests.traceability.invoices.files import invoice
from traceability import bulk
from traceability.invoices import service
from traceability.invoices.models import InvoiceDocument, InvoiceSource
from traceability.invoices.signatures.models import InvoiceSignature

AT = datetime(2026, 8, 3, 2, 30, 0, 123456, tzinfo=UTC)
CONTENTS = [b"", b"\\N", b"\x00\xff\\\t\r\n", bytes(range(256)), "Hóa đơn".encode()]
NAMES = ["a\tb", "\\N", "\\.", "x\\ny", "dòng 1\ndòng 2\r"]


def documents() -> list[dict[str, object]]:
    return [
        {
            "digest": f"{place:064d}", "file_name": name, "content": content,
            "received_at": AT, "received_from_id": None,
        }
        for place, (name, content) in enumerate(zip(NAMES, CONTENTS, strict=True))
    ]  # fmt: skip


def test_every_value_arrives_as_it_was_given(session: Session) -> None:
    ids = bulk.insert_with_ids(session, "invoice_document", documents())
    found = session.exec(select(InvoiceDocument).order_by(InvoiceDocument.id)).all()
    assert [row.id for row in found] == ids
    assert [row.file_name for row in found] == NAMES
    assert [row.content for row in found] == CONTENTS
    assert {row.received_at for row in found} == {AT}
    assert {row.received_from_id for row in found} == {None}


def test_ids_are_new_ones_in_the_order_of_the_rows(session: Session) -> None:
    first = bulk.insert_with_ids(session, "invoice_document", documents()[:2])
    second = bulk.insert_with_ids(session, "invoice_document", documents()[2:])
    assert sorted({*first, *second}) == [*first, *second]
    by_id = {row.id: row.digest for row in session.exec(select(InvoiceDocument))}
    assert [by_id[each] for each in second] == [str(r["digest"]) for r in documents()[2:]]


def test_no_rows_are_nothing_to_do(session: Session) -> None:
    bulk.insert(session, "invoice_source", [])
    assert bulk.insert_with_ids(session, "invoice_document", []) == []


def test_json_and_truth_values_arrive_too(session: Session) -> None:
    [imported] = service.import_files(session, ADMIN, [("a.xml", invoice())]).imported
    [document] = bulk.insert_with_ids(session, "invoice_document", documents()[:1])
    notes = [{"code": "a\\b", "arguments": {"name": 'quote " tab \t'}}]
    source = {"document_id": document, "position": 1, "invoice_id": imported.id}
    bulk.insert(
        session, "invoice_source", [{**source, "conflicting": True, "content_digest": None}]
    )
    bulk.insert(
        session,
        "invoice_signature",
        [
            {
                **source, "role": "seller", "state": "broken", "notes": notes,
                "signed_at": None, "subject": None, "issuer": None, "fingerprint": None,
                "valid_from": None, "valid_to": None, "checked_at": AT,
            }
        ],
    )  # fmt: skip
    assert session.get_one(InvoiceSource, (document, 1)).conflicting is True
    assert session.get_one(InvoiceSignature, (document, 1, "seller")).notes == notes
