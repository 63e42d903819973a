"""Invoices on record keep what they replace, and get the state of their best signature."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel import select

from app.schema import upgrade
from tests.conftest import KINDS
from tests.postgres import fresh_database
from tests.test_migration_of_aliases import upgrade_to
from traceability.db import Database
from traceability.invoices.models import Invoice, InvoiceRelation, InvoiceSource

_INVOICE = (
    "INSERT INTO invoice (id, seller_tax_code, form, symbol, number, issued_on, format_version,"
    " seller_name, seller_address, currency, relation, related_form, related_symbol,"
    " related_number, replaced, content_digest, received_at) VALUES"
    " (:id, '9999100017', '1', 'C26TAA', :id, '2026-08-03', '2.1.0', 'Mẫu', '', 'VND', :relation,"
    " '1', 'C26TAA', 1, :no, 'digest', '2026-08-03 09:00:00')"
)
_DOCUMENT = (
    "INSERT INTO invoice_document (id, digest, file_name, content, received_at)"
    " VALUES (:id, :digest, 'a.xml', :content, '2026-08-03 09:00:00')"
)
_SOURCE = (
    "INSERT INTO invoice_source (document_id, position, invoice_id, conflicting)"
    " VALUES (:document, 1, 2, :conflicting)"
)
_SIGNATURE = (
    "INSERT INTO invoice_signature (document_id, position, role, invoice_id, state, notes,"
    " checked_at) VALUES (:document, 1, 'seller', 2, :state, '[]', '2026-08-03 09:00:00')"
)
_COPIES = ((1, False, "broken"), (2, False, "reformatted"), (3, True, "intact_trusted"))


@pytest.mark.parametrize("kind", KINDS)
def test_invoices_on_record_keep_relations_and_get_their_state(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        check(f"sqlite:///{tmp_path / 'old.db'}")
        return
    template = request.getfixturevalue("migrated_postgres")
    server = make_url(template).set(database="postgres").render_as_string(hide_password=False)
    with fresh_database(server) as address:
        check(address)


def check(address: str) -> None:
    upgrade_to(address, "0006")
    database = Database(address)
    with database.writing() as session:
        for number, relation in ((1, None), (2, "1")):
            facts = {"id": number, "relation": relation, "no": False}
            session.execute(sa.text(_INVOICE), facts)
        for document, conflicting, state in _COPIES:
            facts = {"id": document, "digest": str(document), "content": b"x"}
            session.execute(sa.text(_DOCUMENT), facts)
            source = {"document": document, "conflicting": conflicting}
            session.execute(sa.text(_SOURCE), source)
            session.execute(sa.text(_SIGNATURE), {"document": document, "state": state})
    upgrade(address)
    with database.reading() as session:
        states = {i.id: i.seller_signature for i in session.exec(select(Invoice))}
        assert states == {1: "", 2: "reformatted"}
        [relation] = session.exec(select(InvoiceRelation))
        assert (relation.invoice_id, relation.nature, relation.number) == (2, "1", 1)
        sources = session.exec(select(InvoiceSource).order_by(InvoiceSource.document_id))
        assert [s.content_digest for s in sources] == ["digest", "digest", None]
    database.dispose()
