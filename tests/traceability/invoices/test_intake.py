"""Taking invoices in: what is stored, what is not, who may bring what."""

import hashlib
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from tests.traceability.invoices.conftest import ADMIN, Market, open_market
from tests.traceability.invoices.files import (
    DISTRIBUTOR,
    PRODUCER,
    RIVAL,
    SHOP,
    invoice,
    line,
    related,
    zipped,
)
from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditAction, AuditEntry
from traceability.db import Database
from traceability.errors import ForbiddenError
from traceability.invoices import intake
from traceability.invoices.intake import import_files
from traceability.invoices.intake_results import ImportResult
from traceability.invoices.models import Invoice, InvoiceDocument, InvoiceLine, InvoiceSource


def bring(session: Session, *contents: bytes, actor: Actor = ADMIN) -> ImportResult:
    files = [(f"{place}.xml", content) for place, content in enumerate(contents, 1)]
    return import_files(session, actor, files)


def count(session: Session, table: type) -> int:
    return session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def stored(session: Session) -> dict[str, int]:
    tables = (Invoice, InvoiceDocument, InvoiceSource, InvoiceLine)
    return {table.__tablename__: count(session, table) for table in tables}


def replaced(session: Session) -> set[int]:
    session.expire_all()
    return {i.number for i in session.exec(select(Invoice).where(Invoice.replaced))}


def test_the_file_is_kept_byte_for_byte_with_its_digest(session: Session) -> None:
    data = invoice(declaration="<?xml version='1.0' encoding='utf-8'?>\r\n")
    bring(session, data)
    [document] = session.exec(select(InvoiceDocument))
    assert document.content == data
    assert document.digest == hashlib.sha256(data).hexdigest()
    assert document.file_name == "1.xml"


def test_the_same_bytes_again_add_nothing(session: Session) -> None:
    first = bring(session, invoice())
    before = stored(session)
    again = bring(session, invoice(), invoice())
    assert stored(session) == before
    assert [(d.id, d.same_content) for d in again.duplicates] == 2 * [(first.imported[0].id, True)]


def test_a_reformatted_copy_is_kept_but_is_no_conflict(session: Session) -> None:
    result = bring(session, invoice(), invoice().replace(b"><", b">\n<"))
    assert [d.same_content for d in result.duplicates] == [True]
    counts = stored(session)
    assert (counts["invoice"], counts["invoice_document"], counts["invoice_line"]) == (1, 2, 1)


def test_another_document_under_the_same_number_is_kept_as_a_conflict(session: Session) -> None:
    result = bring(session, invoice(lines=line(10)), invoice(lines=line(1000)))
    [duplicate] = result.duplicates
    assert (duplicate.file, duplicate.same_content) == ("2.xml", False)
    assert [s.conflicting for s in session.exec(select(InvoiceSource))] == [False, True]
    [kept] = session.exec(select(InvoiceLine))
    assert kept.quantity == 10
    actions = [entry.action for entry in session.exec(select(AuditEntry))]
    assert sorted(actions) == [AuditAction.INVOICE_CONFLICTED, AuditAction.INVOICE_IMPORTED]


def test_a_conflict_that_is_sent_again_is_still_a_conflict(session: Session) -> None:
    bring(session, invoice(lines=line(10)), invoice(lines=line(1000)))
    again = bring(session, invoice(lines=line(1000)))
    assert [d.same_content for d in again.duplicates] == [False]


def test_padding_and_case_of_the_number_make_no_second_invoice(session: Session) -> None:
    result = bring(session, invoice("12"), invoice("00000012", symbol=" c26taa"))
    assert (len(result.imported), len(result.duplicates)) == (1, 1)


def test_a_refused_file_stores_nothing_and_stops_nobody(session: Session) -> None:
    bad = b"<TDiep><DLieu>" + invoice(2) + invoice(3, on="2026-02-30") + b"</DLieu></TDiep>"
    result = bring(session, invoice(1), bad, b"no XML", invoice(4))
    assert [i.key.number for i in result.imported] == [1, 4]
    assert [(r.file, r.code) for r in result.rejected] == [
        ("2.xml", "invoices.date"),
        ("3.xml", "invoices.not-xml"),
    ]
    assert stored(session)["invoice_document"] == 2


def test_one_file_may_carry_several_invoices(session: Session) -> None:
    both = b"<TDiep><DLieu>" + invoice(1) + invoice(2) + b"</DLieu></TDiep>"
    bring(session, both)
    sources = [(s.document_id, s.position) for s in session.exec(select(InvoiceSource))]
    [document] = session.exec(select(InvoiceDocument))
    assert sources == [(document.id, 1), (document.id, 2)]


def test_a_zip_is_taken_in_file_by_file(session: Session) -> None:
    data = zipped(a=invoice(1), b=b"no XML", c=invoice(2))
    result = import_files(session, ADMIN, [("all.zip", data), ("broken.zip", b"PK\x03\x04")])
    assert [i.file for i in result.imported] == ["all.zip/a.xml", "all.zip/c.xml"]
    assert [(r.file, r.code) for r in result.rejected] == [
        ("all.zip/b.xml", "invoices.not-xml"),
        ("broken.zip", "invoices.zip"),
    ]


def test_a_zip_member_that_cannot_be_read_is_named(session: Session) -> None:
    data = zipped(a=invoice(1), b=zipped(c=invoice(2)))
    result = import_files(session, ADMIN, [("all.zip", data)])
    assert [i.file for i in result.imported] == ["all.zip/a.xml"]
    assert [(r.file, r.code) for r in result.rejected] == [("all.zip/b.xml", "invoices.zip-nested")]


def test_batches_know_of_each_other(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "BATCH", 2)
    files = [invoice(13, general=related(1, 12)), invoice(1), invoice(12), invoice(1), invoice(2)]
    result = bring(session, *files)
    assert [i.key.number for i in result.imported] == [13, 1, 12, 2]
    assert [d.file for d in result.duplicates] == ["4.xml"]
    assert replaced(session) == {12}


def test_a_member_may_bring_what_it_sold_and_what_it_bought(
    session: Session, market: Market
) -> None:
    bought = invoice(1, seller=DISTRIBUTOR, buyer=SHOP)
    sold = invoice(2, seller=SHOP, buyer="", form="2", symbol="C26MYY")
    others = invoice(3, seller=DISTRIBUTOR, buyer=RIVAL)
    result = bring(session, bought, sold, others, actor=market.member(market.shop))
    assert [i.key.number for i in result.imported] == [1, 2]
    assert [(r.file, r.code, r.arguments) for r in result.rejected] == [
        ("3.xml", "invoices.not-yours", {"invoice": "1C26TAA 3"})
    ]
    [first, _] = session.exec(select(Invoice))
    assert first.received_from_id == market.shop.id


def test_a_file_with_one_foreign_invoice_is_refused_whole(session: Session, market: Market) -> None:
    own, others = invoice(1, buyer=SHOP), invoice(2, buyer=RIVAL)
    both = b"<TDiep><DLieu>" + own + others + b"</DLieu></TDiep>"
    result = bring(session, both, actor=market.member(market.shop))
    assert [r.code for r in result.rejected] == ["invoices.not-yours"]
    assert stored(session)["invoice"] == 0


def test_a_member_without_an_organisation_owns_no_invoice(session: Session) -> None:
    result = bring(session, invoice(buyer=""), actor=Actor(Role.SHOP))
    assert [r.code for r in result.rejected] == ["invoices.not-yours"]


def test_a_claim_on_anothers_number_does_not_show_whose_it_is(
    session: Session, market: Market
) -> None:
    bring(session, invoice(1, buyer=RIVAL))
    result = bring(session, invoice(1, buyer=SHOP), actor=market.member(market.shop))
    assert [(d.id, d.same_content) for d in result.duplicates] == [(None, False)]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.TAX, Role.SUPERVISOR, Role.INSPECTOR])
def test_authorities_and_the_tax_feed_bring_anybodys(session: Session, role: Role) -> None:
    assert len(bring(session, invoice(), actor=Actor(role)).imported) == 1


@pytest.mark.parametrize("actor", [PUBLIC, Actor(Role.AUDITOR)])
def test_the_public_and_auditors_bring_nothing(session: Session, actor: Actor) -> None:
    with pytest.raises(ForbiddenError) as refused:
        bring(session, invoice(), actor=actor)
    assert refused.value.code == "invoices.import-forbidden"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
def test_a_replaced_invoice_is_marked_in_whatever_order_they_come(
    session: Session, order: tuple[int, int], together: bool
) -> None:
    pair = [invoice(12), invoice(13, general=related(1, 12))]
    turned = [pair[place] for place in order]
    for batch in [turned] if together else [[one] for one in turned]:
        bring(session, *batch)
    assert replaced(session) == {12}


def test_a_chain_of_replacements_leaves_the_last(session: Session) -> None:
    second, third = invoice(2, general=related(1, 1)), invoice(3, general=related(1, 2))
    bring(session, third, invoice(1), second)
    assert replaced(session) == {1, 2}


def test_an_adjustment_replaces_nothing(session: Session) -> None:
    bring(session, invoice(12), invoice(13, general=related(2, 12)))
    assert replaced(session) == set()


def test_only_the_seller_can_replace_its_invoice(session: Session) -> None:
    bring(session, invoice(12), invoice(13, seller=DISTRIBUTOR, general=related(1, 12)))
    assert replaced(session) == set()


def test_an_invoice_that_names_itself_is_not_replaced(session: Session) -> None:
    bring(session, invoice(12, general=related(1, 12)))
    assert replaced(session) == set()


def test_each_imported_invoice_is_in_the_audit_log(session: Session) -> None:
    result = bring(session, invoice(1), invoice(2), actor=Actor(Role.TAX, key_id=7))
    entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.action, e.subject, e.key_id) for e in entries] == [
        (AuditAction.INVOICE_IMPORTED, f"invoice:{i.id}", 7) for i in result.imported
    ]


def test_the_same_invoice_from_two_sides_at_once_is_one_row(database: Database) -> None:
    ready = Barrier(4)
    results: list[ImportResult] = []

    def upload(content: bytes) -> None:
        ready.wait()
        with database.writing() as session:
            results.append(bring(session, content))

    copies = [invoice(), invoice(), invoice().replace(b"><", b">\n<"), invoice(lines=line(11))]
    threads = [Thread(target=upload, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        counts = stored(session)
    assert len(results) == 4
    assert sum(len(result.imported) for result in results) == 1
    assert sum(len(result.duplicates) for result in results) == 3
    assert (counts["invoice"], counts["invoice_document"], counts["invoice_line"]) == (1, 3, 1)


def test_original_and_replacement_at_once_are_still_told_apart(database: Database) -> None:
    ready = Barrier(2)

    def upload(content: bytes) -> None:
        ready.wait()
        with database.writing() as session:
            bring(session, content)

    pair = [invoice(12), invoice(13, general=related(1, 12))]
    threads = [Thread(target=upload, args=(one,)) for one in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert replaced(session) == {12}


def test_more_lines_need_no_more_statements(database: Database) -> None:
    def statements(lines: int, first_number: int) -> int:
        seen: list[str] = []
        goods = "".join(line(code=f"SP-{place}") for place in range(lines))
        files = [invoice(first_number + n, lines=goods) for n in range(30)]
        with database.writing() as session:
            sa.event.listen(
                session.connection(), "before_cursor_execute", lambda *args: seen.append(args[2])
            )
            bring(session, *files)
        return len(seen)

    with database.writing() as session:
        open_market(session)
    assert statements(20, 1000) <= statements(1, 1) + 2


def test_the_seller_decides_nothing_about_another_sellers_numbers(session: Session) -> None:
    result = bring(session, invoice(12, seller=PRODUCER), invoice(12, seller=DISTRIBUTOR))
    assert len(result.imported) == 2
