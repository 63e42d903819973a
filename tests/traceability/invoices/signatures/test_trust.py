"""Whom the operator trusts, and what a folder of PEM files makes of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from sqlmodel import Session

from app.demo.signing import CertificateAuthority
from tests.traceability.invoices.conftest import ADMIN
from tests.traceability.invoices.signatures.signed import Desk
from traceability.audit import AuditAction, entries
from traceability.db import Database
from traceability.errors import InvalidError
from traceability.invoices import service
from traceability.invoices.rechecking import recheck
from traceability.invoices.signatures import repository
from traceability.invoices.signatures.folder import load_folder, read_folder
from traceability.invoices.signatures.trust import TrustStore

THEN = datetime(2026, 8, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def root() -> CertificateAuthority:
    return CertificateAuthority()


def test_a_certificate_is_trusted_through_its_issuer_or_by_itself(
    root: CertificateAuthority,
) -> None:
    leaf = root.signer("MẪU").certificate
    assert TrustStore([root.certificate]).anchor(leaf, THEN) == root.certificate
    assert TrustStore([leaf]).anchor(leaf, THEN) == leaf
    assert TrustStore().anchor(leaf, THEN) is None


def test_another_authority_of_the_same_name_vouches_for_nothing(root: CertificateAuthority) -> None:
    namesake = CertificateAuthority()
    leaf = root.signer("MẪU").certificate
    assert namesake.certificate.subject == root.certificate.subject
    assert TrustStore([namesake.certificate]).anchor(leaf, THEN) is None
    both = TrustStore([namesake.certificate, root.certificate])
    assert both.anchor(leaf, THEN) == root.certificate


def test_an_authority_vouches_only_for_its_own_time(root: CertificateAuthority) -> None:
    leaf, store = root.signer("MẪU").certificate, TrustStore([root.certificate])
    assert store.anchor(leaf, datetime(2041, 1, 1, tzinfo=UTC)) is None
    assert store.anchor(leaf, datetime(2019, 1, 1, tzinfo=UTC)) is None


def test_who_may_not_issue_certificates_vouches_for_nobody(root: CertificateAuthority) -> None:
    holder = root.signer("KHÔNG PHẢI CA")
    pretender = CertificateAuthority()
    pretender._key = holder.key
    pretender.certificate = holder.certificate
    leaf = pretender.signer("MẪU").certificate
    store = TrustStore([root.certificate])
    assert store.anchor(leaf, THEN, between=[holder.certificate]) is None
    assert TrustStore([holder.certificate]).anchor(leaf, THEN) is None


@pytest.fixture
def folder(tmp_path: Path, root: CertificateAuthority) -> Path:
    (tmp_path / "root.pem").write_bytes(root.pem())
    (tmp_path / "notes.txt").write_text("not read")
    return tmp_path


def test_a_folder_is_looked_over_with_a_remark_for_each_oddity(
    folder: Path, root: CertificateAuthority
) -> None:
    leaf = root.signer("MẪU").certificate
    from cryptography.hazmat.primitives.serialization import Encoding

    (folder / "leaf.crt").write_bytes(leaf.public_bytes(Encoding.PEM))
    (folder / "none.cer").write_text("no certificate")
    found = {entry.file_name: entry.remarks for entry in read_folder(folder, THEN)}
    assert found == {
        "leaf.crt": ("trust.not-an-authority",),
        "none.cer": ("trust.not-a-certificate",),
        "root.pem": (),
    }
    late = read_folder(folder, datetime(2041, 1, 1, tzinfo=UTC))
    assert "trust.expired" in {remark for entry in late for remark in entry.remarks}


def test_loading_makes_the_store_what_the_folder_says(folder: Path, session: Session) -> None:
    first = load_folder(session, ADMIN, folder)
    assert (len(first.added), first.removed, first.kept) == (1, [], 0)
    again = load_folder(session, ADMIN, folder)
    assert (again.added, again.removed, again.kept) == ([], [], 1)
    (folder / "root.pem").write_bytes(CertificateAuthority().pem())
    other = load_folder(session, ADMIN, folder)
    assert (len(other.added), len(other.removed), other.kept) == (1, 1, 0)
    assert len(repository.trusted(session)) == 1
    found = entries(session, action=AuditAction.TRUST_LOADED)
    assert len(found) == 2


@pytest.mark.parametrize(("name", "code"), [("missing", "trust.folder"), ("empty", "trust.empty")])
def test_a_folder_without_certificates_changes_nothing(
    folder: Path, session: Session, name: str, code: str
) -> None:
    load_folder(session, ADMIN, folder)
    (folder / "empty").mkdir()
    with pytest.raises(InvalidError) as refused:
        load_folder(session, ADMIN, folder / name)
    assert refused.value.code == code
    assert len(repository.trusted(session)) == 1


def states(database: Database, invoice_id: int) -> list[str]:
    with database.reading() as session:
        return [s.state for s in service.signatures_of(session, ADMIN, invoice_id)]


def test_invoices_on_record_are_judged_anew_after_the_trust_store_changed(
    database: Database, desk: Desk, tmp_path: Path
) -> None:
    with database.writing() as session:
        [imported] = service.import_files(session, ADMIN, [("a.xml", desk.invoice())]).imported
    assert states(database, imported.id) == ["intact_untrusted", "intact_untrusted"]
    (tmp_path / "ca.pem").write_bytes(desk.maker.authority.pem())
    with database.writing() as session:
        load_folder(session, ADMIN, tmp_path)
    done = recheck(database)
    assert (done.documents, done.invoices, done.changed) == (1, 1, 2)
    assert states(database, imported.id) == ["intact_trusted", "intact_trusted"]
    assert recheck(database).changed == 0


def test_new_invoices_are_judged_by_the_trust_store_of_now(
    database: Database, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_bytes(desk.maker.authority.pem())
    with database.writing() as session:
        load_folder(session, ADMIN, tmp_path)
        [imported] = service.import_files(session, ADMIN, [("a.xml", desk.invoice())]).imported
    assert {s.state for s in imported.signatures} == {"intact_trusted"}
    assert states(database, imported.id) == ["intact_trusted", "intact_trusted"]


def test_a_better_copy_of_the_same_content_speaks_for_the_invoice(
    database: Database, desk: Desk
) -> None:
    from tests.traceability.invoices.signatures.signed import pretty

    data = desk.invoice()
    with database.writing() as session:
        [imported] = service.import_files(session, ADMIN, [("a.xml", pretty(data))]).imported
    assert states(database, imported.id) == ["reformatted", "reformatted"]
    with database.writing() as session:
        service.import_files(session, ADMIN, [("b.xml", data)])
    assert states(database, imported.id) == ["intact_untrusted", "intact_untrusted"]


def test_a_document_that_says_something_else_says_nothing_of_the_signature(
    database: Database, desk: Desk
) -> None:
    data = desk.invoice()
    changed = data.replace(b"<SLuong>10<", b"<SLuong>100<")
    with database.writing() as session:
        result = service.import_files(session, ADMIN, [("a.xml", data), ("b.xml", changed)])
    assert [s.state for s in result.duplicates[0].signatures] == ["broken"] * 2
    assert states(database, result.imported[0].id) == ["intact_untrusted"] * 2


def test_the_certificate_of_the_store_is_kept_as_loaded(
    folder: Path, session: Session, root: CertificateAuthority
) -> None:
    load_folder(session, ADMIN, folder)
    [row] = repository.trusted(session)
    assert x509.load_der_x509_certificate(row.der) == root.certificate
    assert (row.file_name, row.valid_from) == ("root.pem", datetime(2020, 1, 1, tzinfo=UTC))


def test_the_states_of_many_invoices_are_told_at_once(database: Database, desk: Desk) -> None:
    files = [("a.xml", desk.invoice()), ("b.xml", desk.invoice(symbol="K26TAA"))]
    with database.writing() as session:
        first, second = service.import_files(session, ADMIN, files).imported
        found = repository.states_of(session, [first.id, second.id, 99999])
    assert found == {
        first.id: {"seller": "intact_untrusted", "authority": "intact_untrusted"},
        second.id: {"seller": "intact_untrusted", "authority": "unsigned"},
    }
