"""Which of two documents under one number speaks, and whose lines explain goods."""

from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from tests.traceability.invoices.conftest import ADMIN, Market, open_market
from tests.traceability.invoices.files import (
    PRODUCER,
    RIVAL,
    SHOP,
    SPOILT,
    invoice,
    line,
    related,
)
from tests.traceability.invoices.signatures.signed import Desk
from traceability.audit import AuditAction, AuditEntry
from traceability.db import Database
from traceability.invoices import chain, ledger, rechecking, service, standing
from traceability.invoices.intake_results import ImportResult
from traceability.invoices.models import (
    Invoice,
    InvoiceDocument,
    InvoiceLine,
    InvoiceRelation,
    InvoiceSource,
)
from traceability.invoices.signatures.models import InvoiceSignature
from traceability.invoices.standing import is_intact
from traceability.transparency.hiding import NAME, commitment
from traceability.transparency.models import LeafKind, LogEntry


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def bring(session: Session, *contents: bytes) -> ImportResult:
    files = [(f"{place}.xml", content) for place, content in enumerate(contents, 1)]
    found = service.import_files(session, ADMIN, files)
    assert found.rejected == []
    session.expire_all()
    return found


def till(number: int = 12, quantity: int = 10, **facts: object) -> bytes:
    """An invoice of a cash register, which is intact without a signature."""
    given = {"symbol": "C26MYY", "lines": line(quantity), "buyer": SHOP, **facts}
    return invoice(number, **given)  # type: ignore[arg-type]


def spoilt(number: int = 12, quantity: int = 99, **facts: object) -> bytes:
    return till(number, quantity, seal=SPOILT, **facts)


def bought(session: Session, market: Market, tax_code: str = SHOP) -> Decimal:
    return ledger.balance(session, tax_code, market.product.id or 0).bought


def the(session: Session, number: int = 12) -> Invoice:
    return session.exec(select(Invoice).where(Invoice.number == number)).one()


@pytest.mark.parametrize(
    ("state", "symbol", "expected"),
    [
        ("intact_trusted", "C26TAA", True),
        ("intact_untrusted", "C26TAA", True),
        ("reformatted", "C26TAA", True),
        ("unsigned", "C26MAA", True),
        ("unsigned", "C26TAA", False),
        ("unsigned", "K26TAA", False),
        ("wrong_signer", "C26MAA", False),
        ("ambiguous", "C26TAA", False),
        ("broken", "C26TAA", False),
    ],
)
def test_a_document_is_intact_by_its_signature_or_lawfully_without(
    state: str, symbol: str, expected: bool
) -> None:
    assert is_intact(state, symbol) is expected


def test_an_intact_copy_takes_over_from_one_that_is_not(session: Session, market: Market) -> None:
    bring(session, spoilt(quantity=99, buyer=RIVAL, total=1))
    [imported] = bring(session, till(quantity=10)).imported
    assert imported.took_over
    found = the(session)
    assert (found.id, found.buyer_tax_code, found.total) == (imported.id, SHOP, Decimal(10800))
    [kept] = session.exec(select(InvoiceLine))
    assert (kept.quantity, kept.product_id) == (Decimal(10), market.product.id)
    assert (bought(session, market), bought(session, market, RIVAL)) == (10, 0)
    states = [s.state for s in service.signatures_of(session, ADMIN, imported.id)]
    assert states == ["unsigned", "unsigned"]


def test_the_displaced_document_stays_byte_for_byte_and_as_a_conflict(
    session: Session, market: Market
) -> None:
    first, second = spoilt(), till()
    bring(session, first)
    [imported] = bring(session, second).imported
    carrying = service.documents_of(session, ADMIN, imported.id)
    assert [(c.document.content, c.conflicting) for c in carrying] == [
        (second, False),
        (first, True),
    ]
    [entry] = session.exec(
        select(AuditEntry).where(AuditEntry.action == AuditAction.INVOICE_TAKEN_OVER)
    )
    assert entry.subject == f"invoice:{imported.id}"
    assert (entry.detail["state_before"], entry.detail["state"]) == ("broken", "unsigned")


def test_the_log_tells_of_each_content_that_spoke(session: Session, market: Market) -> None:
    bring(session, spoilt())
    before = the(session).content_digest
    bring(session, till(), spoilt(quantity=5))
    entries = session.exec(select(LogEntry).where(LogEntry.kind == LeafKind.INVOICE)).all()
    subject, after = f"invoice:{the(session).id}", the(session).content_digest
    assert [entry.subject for entry in entries] == [subject, subject]
    for entry, digest in zip(entries, (before, after), strict=True):
        told = {NAME: commitment(entry.salt or b"", "sha256", digest)}
        assert entry.facts["sha256"] == told


@pytest.mark.parametrize("later", [spoilt(), till(quantity=11), spoilt(quantity=10)])
def test_nothing_takes_over_from_an_intact_one(
    session: Session, market: Market, later: bytes
) -> None:
    bring(session, till(quantity=10))
    result = bring(session, later)
    assert result.imported == []
    assert bought(session, market) == 10


def test_of_two_that_are_not_intact_the_first_stays(session: Session, market: Market) -> None:
    bring(session, spoilt(quantity=5))
    [duplicate] = bring(session, spoilt(quantity=7)).duplicates
    assert not duplicate.same_content
    assert session.exec(select(InvoiceLine.quantity)).one() == 5


def test_within_one_import_the_intact_copy_speaks_wherever_it_stands(
    session: Session, market: Market
) -> None:
    result = bring(session, spoilt(), till(), spoilt(quantity=3))
    assert [each.file for each in result.imported] == ["2.xml"]
    assert [(d.file, d.same_content) for d in result.duplicates] == [
        ("1.xml", False),
        ("3.xml", False),
    ]
    assert bought(session, market) == 10


def test_a_signed_copy_takes_over_from_an_unsigned_one_that_must_be_signed(
    session: Session, desk: Desk
) -> None:
    signed = desk.invoice()
    unsigned = desk.invoice(signed=False).replace(b"<SLuong>10<", b"<SLuong>77<")
    bring(session, unsigned)
    assert bring(session, signed).imported[0].took_over
    assert the(session).seller_signature == "intact_untrusted"


def test_a_copy_of_another_signer_gives_way_to_the_sellers(session: Session, desk: Desk) -> None:
    bring(session, desk.signed_by("9999100024"))
    assert the(session).seller_signature == "wrong_signer"
    bring(session, desk.invoice())
    assert the(session).seller_signature == "intact_untrusted"


def test_a_stripped_or_foreign_signature_on_the_same_content_harms_no_lawful_invoice(
    session: Session, market: Market
) -> None:
    bring(session, till())
    bring(session, till(seal=SPOILT))
    assert the(session).seller_signature == "unsigned"
    assert bought(session, market) == 10


def test_an_intact_copy_of_the_same_content_lets_its_lines_count(
    session: Session, market: Market
) -> None:
    bring(session, till(seal=SPOILT))
    assert bought(session, market) == 0
    [duplicate] = bring(session, till()).duplicates
    assert duplicate.same_content
    assert bought(session, market) == 10


def test_what_the_displaced_document_replaced_counts_again(
    session: Session, market: Market
) -> None:
    bring(session, till(1, 5), spoilt(2, 9, general=related(1, 1, "C26MYY")))
    assert bought(session, market) == 5, "a refuted one replaces nothing"
    bring(session, invoice(3, general=related(1, 1, "C26MYY"), lines=line(6)))
    assert bought(session, market) == 6
    bring(session, till(2, 4, general=related(1, 3)))
    assert bought(session, market) == 4
    assert {i.number for i in session.exec(select(Invoice).where(Invoice.replaced))} == {1, 3}
    assert session.exec(select(InvoiceRelation.number).order_by(InvoiceRelation.invoice_id)).all()


def test_an_invoice_that_was_replaced_before_stays_so_when_another_document_takes_over(
    session: Session, market: Market
) -> None:
    bring(session, till(2, 4, general=related(1, 1, "C26MYY")), spoilt(1, 50))
    bring(session, till(1, 5))
    assert the(session, 1).replaced
    assert bought(session, market) == 4


def test_each_conflict_is_settled_against_what_is_on_record_now(
    session: Session, market: Market
) -> None:
    """A copy of the new content that had come before as a conflict is none any more."""
    bring(session, spoilt(quantity=99))
    bring(session, spoilt(quantity=10))
    bring(session, till(quantity=10))
    sources = session.exec(select(InvoiceSource).order_by(InvoiceSource.document_id))
    assert [source.conflicting for source in sources] == [True, False, False]


def test_a_document_that_was_resent_takes_over_where_an_early_version_kept_it_as_a_conflict(
    session: Session, market: Market
) -> None:
    _as_kept_by_an_early_version(session)
    assert bring(session, till()).imported[0].took_over
    sources = session.exec(select(InvoiceSource).order_by(InvoiceSource.document_id))
    assert [source.conflicting for source in sources] == [False, True]
    assert bought(session, market) == 10


def _as_kept_by_an_early_version(session: Session) -> None:
    """The intact document came second and stayed a conflict."""
    bring(session, till(), spoilt())
    invoice_id = the(session).id
    documents = session.exec(select(InvoiceDocument.id).order_by(InvoiceDocument.id)).all()
    ledger.withdraw(session, [invoice_id or 0])
    session.execute(sa.update(InvoiceLine).values(counted_product_id=None, counted_quantity=None))
    conflict = InvoiceSource.document_id == documents[0]
    session.execute(
        sa.update(InvoiceSource).where(conflict).values(conflicting=True, content_digest=None)
    )
    session.execute(sa.update(InvoiceSource).where(~conflict).values(conflicting=False))
    digest = sa.select(InvoiceSource.content_digest).where(~conflict).scalar_subquery()
    session.execute(sa.update(Invoice).values(seller_signature="broken", content_digest=digest))
    session.expire_all()


def test_rechecking_lets_an_intact_document_speak_that_was_kept_as_a_conflict(
    database: Database,
) -> None:
    with database.writing() as session:
        market = open_market(session)
        _as_kept_by_an_early_version(session)
        assert bought(session, market) == 0
    rechecking.recheck(database)
    with database.reading() as session:
        assert bought(session, market) == 10
        assert the(session).seller_signature == "unsigned"


def test_when_rechecking_changes_a_state_the_ledger_follows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        market = open_market(session)
        bring(session, till())
        assert bought(session, market) == 10
        session.execute(sa.update(Invoice).values(seller_signature="broken"))
        session.execute(sa.update(InvoiceSignature).values(state="broken"))
        ledger.apply(session, [the(session).id or 0])
        assert bought(session, market) == 0
    assert rechecking.recheck(database).changed == 2
    with database.reading() as session:
        assert bought(session, market) == 10


@pytest.mark.parametrize("state", sorted(standing.POLICY.refuted))
def test_lines_of_a_refuted_invoice_explain_no_goods_and_lead_nowhere(
    session: Session, market: Market, state: str
) -> None:
    bring(session, till(seller=PRODUCER))
    session.execute(sa.update(Invoice).values(seller_signature=state))
    ledger.apply(session, [the(session).id or 0])
    assert bought(session, market) == 0
    path = chain.path_to_producer(session, SHOP, market.product)
    assert (path.hops, path.complete) == ((), False)
    assert service.unlinked(session, ADMIN) == []


def test_unsigned_invoices_of_cash_registers_count(session: Session, market: Market) -> None:
    bring(session, till(seller=PRODUCER))
    assert bought(session, market) == 10
    assert chain.path_to_producer(session, SHOP, market.product).complete


def test_the_ledger_made_anew_follows_the_policy(session: Session, market: Market) -> None:
    bring(session, till(1), till(2))
    session.execute(
        sa.update(Invoice).where(Invoice.number == 1).values(seller_signature="ambiguous")
    )
    ledger.rebuild(session)
    assert bought(session, market) == 10


def test_whichever_of_two_uploads_at_once_comes_first_the_intact_one_speaks(
    database: Database,
) -> None:
    rounds = 3
    with database.writing() as session:
        market = open_market(session)
    for number in range(1, rounds + 1):
        barrier = Barrier(2)

        def upload(content: bytes, together: Barrier = barrier) -> None:
            together.wait()
            with database.writing() as session:
                bring(session, content)

        threads = [
            Thread(target=upload, args=[content]) for content in (till(number), spoilt(number))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with database.reading() as session:
        assert bought(session, market) == 10 * rounds
        conflicts = session.exec(select(InvoiceSource.conflicting)).all()
        assert sorted(conflicts) == [False] * rounds + [True] * rounds
        assert {i.seller_signature for i in session.exec(select(Invoice))} == {"unsigned"}


def test_the_day_of_a_document_moves_with_it(session: Session, market: Market) -> None:
    bring(session, spoilt(on=date(2026, 8, 1)))
    bring(session, till(on=date(2026, 8, 9)))
    found = ledger.balance(session, SHOP, market.product.id or 0)
    assert (found.first_on, found.last_on) == (date(2026, 8, 9), date(2026, 8, 9))
