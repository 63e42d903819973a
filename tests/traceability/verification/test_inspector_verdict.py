"""What the authorities are told beside the public verdict, and that nobody else is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.traceability.verification import goods
from traceability.actor import PUBLIC, Actor, Role
from traceability.clock import now
from traceability.db import Database
from traceability.invoices import ledger
from traceability.invoices.models import Invoice, InvoiceDocument, InvoiceLine, InvoiceSource
from traceability.registry.models import CodeAuthorisation, CompanyPrefix
from traceability.verification import service
from traceability.verification.case import Context, Place
from traceability.verification.findings import INVOICE_CODES, Finding
from traceability.verification.verdict import Audience, Verdict

INSPECTOR = Actor(Role.INSPECTOR, user_id=7)
PRODUCER_MST, MIDDLE_MST, SHOP_MST = "9999100017", "9999100024", "9999100031"


class Case:
    """A producer, a distributor and a shop, with the product between them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.writing() as session:
            self.producer = goods.party(session, tax_code=PRODUCER_MST)
            self.middle = goods.party(
                session, name="PHÂN PHỐI VÍ DỤ", kind="distributor", tax_code=MIDDLE_MST
            )
            self.shop = goods.party(session, name="CỬA HÀNG VÍ DỤ", kind="shop", tax_code=SHOP_MST)
            self.product = goods.product(session, self.producer)
        self.numbers = 0

    def sold(self, seller: str, buyer: str | None, quantity: int, on: date) -> int:
        self.numbers += 1
        with self.database.writing() as session:
            invoice = Invoice(
                seller_tax_code=seller,
                form="1",
                symbol="C26TAA",
                number=self.numbers,
                issued_on=on,
                format_version="2.1.0",
                seller_name=seller,
                buyer_tax_code=buyer,
                total=Decimal(1),
                content_digest="0" * 64,
            )
            session.add(invoice)
            session.flush()
            session.add(
                InvoiceLine(
                    invoice_id=invoice.id, position=1, nature="1", name="Sâm", unit="hộp",
                    quantity=Decimal(quantity), base_quantity=Decimal(quantity),
                    product_id=self.product, gtin=goods.GTIN,
                    seller_tax_code=seller, buyer_tax_code=buyer, issued_on=on,
                )
            )  # fmt: skip
            session.flush()
            ledger.apply(session, [invoice.id or 0])
            return invoice.id or 0

    def verdict(self, actor: Actor = INSPECTOR, counted: int | None = None) -> Verdict:
        place = Place(shop_id=self.shop, counted=None if counted is None else Decimal(counted))
        with self.database.writing() as session:
            return service.scan(session, service.Symbol(goods.GTIN), Context(actor, "x", place))[1]

    def finding(self, code: str, counted: int | None = None) -> Finding | None:
        return next((f for f in self.verdict(counted=counted).findings if f.code == code), None)


@pytest.fixture
def case(database: Database) -> Case:
    return Case(database)


@pytest.fixture
def explained(case: Case) -> Case:
    """100 from the producer to the distributor, 60 on to the shop, 20 sold."""
    case.sold(PRODUCER_MST, MIDDLE_MST, 100, date(2026, 8, 3))
    case.sold(MIDDLE_MST, SHOP_MST, 60, date(2026, 8, 10))
    case.sold(SHOP_MST, None, 20, date(2026, 8, 15))
    return case


def test_goods_that_the_invoices_explain_match(explained: Case) -> None:
    finding = explained.finding("INVOICE_EXPLAINED", counted=40)
    assert finding is not None
    arguments = finding.arguments
    assert (arguments["bought"], arguments["sold"], arguments["expected"]) == (60, 20, 40)
    assert explained.finding("INVOICE_CHAIN_BROKEN") is None


def test_more_on_the_shelf_than_the_invoices_explain_is_named_by_number(explained: Case) -> None:
    finding = explained.finding("INVOICE_UNEXPLAINED", counted=45)
    assert finding is not None
    assert finding.arguments["missing"] == 5


def test_a_shop_without_purchase_is_not_explained(case: Case) -> None:
    assert case.finding("INVOICE_UNEXPLAINED") is not None
    assert case.finding("INVOICE_CHAIN_BROKEN") is None


def test_more_sold_than_bought_is_a_conflict_of_the_records(explained: Case) -> None:
    explained.sold(SHOP_MST, None, 50, date(2026, 8, 20))
    finding = explained.finding("INVOICE_OVERSOLD")
    assert finding is not None
    assert finding.arguments["missing"] == 10


def test_a_path_that_ends_before_the_producer_is_said_to_break_there(case: Case) -> None:
    case.sold(MIDDLE_MST, SHOP_MST, 60, date(2026, 8, 10))
    finding = case.finding("INVOICE_CHAIN_BROKEN")
    assert finding is not None
    assert (finding.arguments["at"], finding.arguments["reason"]) == (
        "PHÂN PHỐI VÍ DỤ",
        "no-purchase",
    )
    assert [e.reference for e in finding.evidence] == ["1C26TAA 1"]


def test_two_documents_under_one_number_on_the_path_are_named(explained: Case) -> None:
    with explained.database.writing() as session:
        document = InvoiceDocument(digest="a" * 64, file_name="x.xml", content=b"x")
        session.add(document)
        session.flush()
        session.add(
            InvoiceSource(document_id=document.id, position=1, invoice_id=2, conflicting=True)
        )
    finding = explained.finding("INVOICE_CONFLICT")
    assert finding is not None
    assert finding.arguments["invoices"] == "1C26TAA 2"


@pytest.mark.parametrize("actor", [PUBLIC, Actor(Role.PRODUCER, 1), Actor(Role.SHOP, 3), INSPECTOR])
def test_no_projection_for_consumers_holds_invoice_or_reserved_findings(
    explained: Case, actor: Actor
) -> None:
    with explained.database.writing() as session:
        session.add(CompanyPrefix(prefix="8934560", party_id=explained.middle))
    consumer = explained.verdict(actor, counted=99).for_audience(Audience.CONSUMER)
    said = repr(consumer.findings)
    assert {f.code for f in consumer.findings}.isdisjoint(INVOICE_CODES)
    assert "PREFIX_CONFLICT" not in said
    for secret in (PRODUCER_MST, MIDDLE_MST, SHOP_MST, "C26TAA"):
        assert secret not in said


def test_the_public_s_scan_does_not_even_compute_them(explained: Case) -> None:
    assert {f.code for f in explained.verdict(PUBLIC).findings}.isdisjoint(INVOICE_CODES)


def test_a_prefix_of_another_party_is_a_conflict_until_a_document_authorises(case: Case) -> None:
    with case.database.writing() as session:
        session.add(CompanyPrefix(prefix="8934560", party_id=case.middle))
    assert case.finding("PREFIX_CONFLICT") is not None
    with case.database.writing() as session:
        session.add(
            CodeAuthorisation(
                product_id=case.product, party_id=case.producer,
                document_number="01/UQ", document_date=date(2026, 1, 1),
            )
        )  # fmt: skip
    assert case.finding("PREFIX_CONFLICT") is None


def test_a_foreign_prefix_of_a_vietnamese_producer_is_for_inspectors_to_look_at(
    database: Database,
) -> None:
    with database.writing() as session:
        producer = goods.party(session, area_code="51")
        goods.product(session, producer, goods.FOREIGN)
    with database.writing() as session:
        _, verdict = service.scan(session, service.Symbol(goods.FOREIGN), Context(INSPECTOR, "x"))
    assert "FOREIGN_PREFIX_DOMESTIC_CLAIM" in [f.code for f in verdict.findings]
    assert verdict.level == "inspector"
    assert verdict.for_audience(Audience.CONSUMER).level == "ok"


def test_more_serials_than_the_lot_s_quantity_is_a_conflict(database: Database) -> None:
    with database.writing() as session:
        product = goods.product(session, goods.party(session))
        lot = goods.lot(session, product, quantity=Decimal(2), created_at=now() - timedelta(days=9))
        for name in ("A", "B", "C"):
            goods.serial(session, product, name, lot_id=lot)
    with database.writing() as session:
        code = service.Symbol(f"(01){goods.GTIN}(10)LOT1")
        _, verdict = service.scan(session, code, Context(INSPECTOR, "x"))
    finding = next(f for f in verdict.findings if f.code == "QUOTA_EXCEEDED")
    assert (finding.arguments["issued"], finding.arguments["quantity"]) == (3, 2)
