"""What an inspector sees and does: scan, verdict, shop, invoice path, note."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlmodel import select

from scanner import Reading, ScannerError, Symbol, Unconfirmed
from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from traceability.actor import PUBLIC, Role
from traceability.audit import AuditAction, AuditEntry
from traceability.clock import now
from traceability.db import Database
from traceability.invoices import ledger
from traceability.invoices.models import Invoice, InvoiceDocument, InvoiceLine, InvoiceSource
from traceability.registry import areas, search
from traceability.registry.models import Party
from traceability.verification import service
from traceability.verification.case import Context, Place
from traceability.verification.models import Scan

PRODUCER, MIDDLE, SHOP = "9999100017", "9999100024", "9999100031"
CORNERS = ((10.0, 10.0), (90.0, 10.0), (90.0, 60.0), (10.0, 60.0))
EAN = Symbol("EAN-13", GTIN[1:], GTIN[1:].encode(), "]E0", CORNERS, 1.0, ("test",))
FULL = Symbol(
    "Data Matrix", f"01{GTIN}10L1\x1d21SN1", b"", "]d2", CORNERS, 1.0, ("test",)
)  # fmt: skip
OTHER = Symbol("EAN-13", "8938505974194", b"", "]E0", CORNERS, 1.0, ("test",))


@dataclass
class FakeScanner:
    answer: Reading | ScannerError

    def decode(self, data: bytes) -> Reading:
        if isinstance(self.answer, ScannerError):
            raise self.answer
        return self.answer


@pytest.fixture
def shows(pages: FastAPI) -> Callable[..., None]:
    """Decide what the next photograph shows."""

    def set_up(*symbols: Symbol, doubtful: tuple[Symbol, ...] = (), complete: bool = True) -> None:
        unconfirmed = tuple(Unconfirmed(each, "profile-disagrees") for each in doubtful)
        reading = Reading(symbols, unconfirmed, 100, 80, 1.0, complete=complete)
        pages.state.services = replace(pages.state.services, scanner=FakeScanner(reading))

    return set_up


class Trade:
    """A shop, and the invoices by which the tea of `goods` came to it."""

    def __init__(self, database: Database, goods: Goods) -> None:
        self.database, self.product_id, self._number = database, goods.product_id, 0
        with database.writing() as session:
            areas.seed_areas(session)
            self.middle = self._party(session, "VÍ DỤ Phân phối", "distributor", MIDDLE)
            self.shop = self._party(session, "VÍ DỤ Tạp hóa Bờ Y", "shop", SHOP)
            self.agency = self._party(session, "VÍ DỤ Chi cục", "agency", None)

    def _party(self, session, name: str, kind: str, tax_code: str | None) -> int:  # type: ignore[no-untyped-def]
        party = Party(name=name, kind=kind, tax_code=tax_code, address="Xã Bờ Y", area_code="51")
        session.add(party)
        session.flush()
        search.index_party(session, party)
        return party.id or 0

    def sold(self, seller: str, buyer: str | None, quantity: int, day: int) -> int:
        self._number += 1
        on = date(2026, 8, day)
        with self.database.writing() as session:
            invoice = Invoice(
                seller_tax_code=seller, form="1", symbol="C26TVD", number=self._number,
                issued_on=on, format_version="2.1.0", seller_name=f"VÍ DỤ {seller}",
                buyer_tax_code=buyer, total=Decimal(110_000), content_digest="0" * 64,
            )  # fmt: skip
            document = InvoiceDocument(
                digest=f"{self._number:064d}", file_name="x.xml", content=b"x"
            )
            session.add_all([invoice, document])
            session.flush()
            invoice_id = invoice.id or 0
            session.add(
                InvoiceSource(document_id=document.id or 0, position=1, invoice_id=invoice_id)
            )
            session.add(
                InvoiceLine(
                    invoice_id=invoice_id, position=1, nature="1", name="Trà minh họa", unit="hộp",
                    quantity=Decimal(quantity), base_quantity=Decimal(quantity),
                    product_id=self.product_id, seller_tax_code=seller, buyer_tax_code=buyer,
                    issued_on=on,
                )
            )  # fmt: skip
            session.flush()
            ledger.apply(session, [invoice_id])
            return invoice_id


@pytest.fixture
def trade(sqlite_database: Database, goods: Goods) -> Trade:
    return Trade(sqlite_database, goods)


@pytest.fixture
def explained(trade: Trade) -> Trade:
    """100 from the producer to the distributor, 60 on to the shop, 20 sold."""
    trade.sold(PRODUCER, MIDDLE, 100, 3)
    trade.sold(MIDDLE, SHOP, 60, 10)
    trade.sold(SHOP, None, 20, 15)
    return trade


@pytest.fixture
def inspector(visitor: Visitor, people: People) -> Visitor:
    assert visitor.log_in(people[Role.INSPECTOR]).headers["location"] == "/inspect"
    return visitor


def jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (100, 80), "grey").save(file, "JPEG")
    return file.getvalue()


def photograph(visitor: Visitor, shop: str = "") -> httpx.Response:
    files = {"photo": ("pack.jpg", jpeg(), "image/jpeg")}
    return visitor.send("/inspect", "/inspect/photo", files=files, shop_id=shop)


def scan(visitor: Visitor, code: str = GTIN, **form: str) -> httpx.Response:
    return visitor.send("/inspect", "/inspect/scan", scan_data=code, **form)


def scanned(visitor: Visitor, code: str = GTIN, **form: str) -> str:
    """The page of a new scan, as text."""
    answer = scan(visitor, code, **form)
    assert answer.status_code == 303, text_of(answer)
    return text_of(visitor.get(answer.headers["location"]))


def hidden(answer: httpx.Response, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', answer.text)


def kept(database: Database) -> list[Scan]:
    with database.reading() as session:
        return list(session.exec(select(Scan).order_by(Scan.id)))  # type: ignore[arg-type]


# Photograph and confirm


def test_a_photograph_shows_its_codes_and_stores_nothing(
    inspector: Visitor, shows: Callable[..., None], sqlite_database: Database
) -> None:
    shows(EAN, OTHER)
    answer = photograph(inspector)
    assert answer.status_code == 200
    assert answer.text.count("<polygon") == 2
    assert hidden(answer, "scan_data") == [EAN.text, OTHER.text]
    assert answer.text.count("data-once") >= 2
    assert kept(sqlite_database) == []


def test_one_tap_on_a_code_is_a_scan_with_its_symbology(
    inspector: Visitor, shows: Callable[..., None], sqlite_database: Database
) -> None:
    shows(FULL)
    answer = photograph(inspector)
    text, identifier = hidden(answer, "scan_data")[0], hidden(answer, "symbology_identifier")[0]
    assert (text, identifier) == (FULL.text, "]d2")
    assert scan(inspector, text, symbology_identifier=identifier).status_code == 303
    (row,) = kept(sqlite_database)
    assert (row.gtin, row.lot, row.serial, row.symbology_identifier) == (GTIN, "L1", "SN1", "]d2")


def test_doubtful_reads_are_shown_as_not_confirmed(
    inspector: Visitor, shows: Callable[..., None]
) -> None:
    shows(doubtful=(EAN,))
    answer = photograph(inspector)
    assert answer.status_code == 422
    assert "Chưa xác nhận" in text_of(answer)
    assert "hãy so từng chữ số" in text_of(answer)


@pytest.mark.parametrize("page", ["inspector", "consumer"])
def test_a_picture_that_was_not_searched_to_its_end_says_so(
    inspector: Visitor, shows: Callable[..., None], page: str
) -> None:
    shows(complete=False)
    file = {"photo": ("pack.jpg", b"any", "image/jpeg")}
    answer = (
        photograph(inspector) if page == "inspector" else inspector.send("/", "/check", files=file)
    )
    assert answer.status_code == 422
    assert "trong ảnh vẫn có thể có mã" in text_of(answer)


def test_a_picture_without_a_code_is_helped_along(
    inspector: Visitor, shows: Callable[..., None]
) -> None:
    shows()
    answer = photograph(inspector)
    assert answer.status_code == 422
    assert "Chưa tìm thấy mã trong ảnh" in text_of(answer)
    assert 'name="scan_data"' in answer.text


def test_no_picture_is_said_beside_the_field(inspector: Visitor) -> None:
    answer = inspector.send("/inspect", "/inspect/photo")
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text


def test_what_is_no_picture_is_said_beside_the_field(inspector: Visitor) -> None:
    files = {"photo": ("pack.jpg", b"not a picture", "image/jpeg")}
    answer = inspector.send("/inspect", "/inspect/photo", files=files)
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text


# Scans


def test_a_scan_is_kept_whatever_came_of_it(inspector: Visitor, sqlite_database: Database) -> None:
    page = scanned(inspector, "9521234500010")
    assert "Đọc hoặc nhập sai? Sửa lại mã" in page
    (row,) = kept(sqlite_database)
    assert row.scan_data == "9521234500010"


@pytest.mark.parametrize("code", ["", "   ", "1\x002", "1" * 4001])
def test_a_code_that_cannot_be_kept_is_refused_beside_the_field(
    inspector: Visitor, sqlite_database: Database, code: str
) -> None:
    answer = scan(inspector, code)
    assert answer.status_code == 422
    assert 'id="scan_data-error"' in answer.text
    assert kept(sqlite_database) == []


def test_the_same_form_sent_twice_is_one_scan(
    inspector: Visitor, sqlite_database: Database
) -> None:
    places = {scan(inspector, nonce="n1").headers["location"] for _ in range(2)}
    assert len(places) == 1
    assert len(kept(sqlite_database)) == 1


def test_a_form_corrected_after_going_back_is_another_scan(
    inspector: Visitor, sqlite_database: Database
) -> None:
    scan(inspector, GTIN, nonce="n1")
    scan(inspector, "8938505974194", nonce="n1")
    assert [row.scan_data for row in kept(sqlite_database)] == [GTIN, "8938505974194"]


def test_own_scans_are_listed_newest_first_by_pages(inspector: Visitor) -> None:
    for number in range(27):
        scan(inspector, f"(01){GTIN}(21)A{number:02d}")
    first = inspector.get("/inspect/scans")
    places = re.findall(r'href="(/inspect/scans/\d+)"', first.text)
    assert len(places) == 25
    assert places == sorted(places, key=lambda place: -int(place.rsplit("/", 1)[1]))
    following = re.search(r'href="(/inspect/scans\?before=\d+)"', first.text)
    assert following
    second = inspector.get(following[1])
    assert len(re.findall(r'href="/inspect/scans/\d+"', second.text)) == 2


def test_a_scan_of_another_inspector_is_not_found(
    inspector: Visitor, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        theirs, _ = service.scan(session, service.Symbol(GTIN), Context(PUBLIC, "device:x"))
    for method, path in (("GET", f"/inspect/scans/{theirs.id}"), ("GET", "/inspect/scans/999999")):
        assert inspector.ask(method, path).status_code == 404
    assert inspector.send("/inspect", f"/inspect/scans/{theirs.id}", note="x").status_code == 404


@pytest.mark.parametrize("path", ["scans/0", "scans/x", f"scans/{2**63}", f"shops/{10**30}"])
def test_an_id_that_is_none_is_a_page_and_no_accident(inspector: Visitor, path: str) -> None:
    assert inspector.get(f"/inspect/{path}").status_code == 422


def test_a_note_is_saved_and_the_scan_marked(inspector: Visitor, sqlite_database: Database) -> None:
    place = scan(inspector).headers["location"]
    answer = inspector.send(place, place, note="Kệ 3", kept="1")
    assert answer.status_code == 303
    page = inspector.get(answer.headers["location"].split("#")[0])
    assert "Kệ 3" in page.text
    assert "Đã lưu." in text_of(page)
    (row,) = kept(sqlite_database)
    assert (row.note, row.kept) == ("Kệ 3", True)


def test_a_note_that_is_too_long_keeps_what_was_typed(inspector: Visitor) -> None:
    place = scan(inspector).headers["location"]
    answer = inspector.send(place, place, note="ă" * 4001, kept="1")
    assert answer.status_code == 422
    assert 'id="note-error"' in answer.text
    assert "ă" * 4001 in answer.text


# The shop


def test_the_chosen_shop_stays_chosen(inspector: Visitor, trade: Trade) -> None:
    inspector.get(f"/inspect?shop={trade.shop}")
    assert "VÍ DỤ Tạp hóa Bờ Y" in text_of(inspector.get("/inspect"))
    inspector.get("/inspect?shop=")
    assert "Chưa chọn cửa hàng" in text_of(inspector.get("/inspect"))


def test_a_shop_chosen_on_a_device_is_not_the_next_inspectors(
    inspector: Visitor, trade: Trade, people: People
) -> None:
    inspector.get(f"/inspect?shop={trade.shop}")
    inspector.send("/inspect", "/logout")
    inspector.log_in(people[Role.SUPERVISOR])
    assert "Chưa chọn cửa hàng" in text_of(inspector.get("/inspect"))


@pytest.mark.parametrize("shop", ["999999", "x", "-1", "9" * 30])
def test_a_shop_that_is_none_is_refused_and_the_code_kept(
    inspector: Visitor, sqlite_database: Database, shop: str
) -> None:
    answer = scan(inspector, GTIN, shop_id=shop)
    assert answer.status_code == 422
    assert 'id="shop_id-error"' in answer.text
    assert f'value="{GTIN}"' in answer.text
    assert kept(sqlite_database) == []


def test_an_agency_has_no_shelves(inspector: Visitor, trade: Trade) -> None:
    assert inspector.get(f"/inspect?shop={trade.agency}").status_code == 422
    assert inspector.get(f"/inspect/shops/{trade.agency}").status_code == 404


@pytest.mark.parametrize("count", ["mười", "-1", "1e99", "1.200", "9" * 10])
def test_a_count_that_is_none_is_refused_beside_the_field_and_kept(
    inspector: Visitor, trade: Trade, sqlite_database: Database, count: str
) -> None:
    again = scan(inspector, shop_id=str(trade.shop)).headers["location"].rsplit("/", 1)[1]
    answer = scan(inspector, shop_id=str(trade.shop), counted=count, again=again)
    assert answer.status_code == 422
    assert 'id="counted-error"' in answer.text
    assert f'value="{count}"' in answer.text
    assert "Sản phẩm này tại cửa hàng" in text_of(answer)
    assert len(kept(sqlite_database)) == 1


def test_a_count_without_a_shop_is_refused(inspector: Visitor) -> None:
    answer = scan(inspector, counted="3")
    assert answer.status_code == 422
    assert "hãy chọn cửa hàng trước" in text_of(answer)


def test_a_scan_in_a_shop_is_recorded_in_its_province(
    inspector: Visitor, trade: Trade, sqlite_database: Database
) -> None:
    scan(inspector, shop_id=str(trade.shop))
    (row,) = kept(sqlite_database)
    assert (row.shop_id, row.area_code) == (trade.shop, "51")


def test_a_province_is_one_of_the_list(inspector: Visitor, trade: Trade) -> None:
    assert scan(inspector, area_code="51").status_code == 303
    answer = scan(inspector, area_code="999")
    assert answer.status_code == 422
    assert 'id="area_code-error"' in answer.text


def test_the_page_shows_bought_sold_expected_counted_and_the_rest(
    inspector: Visitor, explained: Trade
) -> None:
    page = scanned(inspector, shop_id=str(explained.shop), counted="45")
    assert "Chưa đủ chứng cứ" in page
    assert "Mua vào 60 Bán ra 20 Dự kiến còn 40 Đếm được 45 Chưa giải trình 5" in page
    assert "hàng tồn trước hóa đơn đầu tiên" in page


def test_goods_that_the_invoices_explain_match(inspector: Visitor, explained: Trade) -> None:
    page = scanned(inspector, shop_id=str(explained.shop), counted="40")
    assert "Đếm được 40 Chưa giải trình 0" in page
    assert "hàng tồn trước" not in page


def test_more_sold_than_bought_is_a_conflict_that_counts_the_shelf_too(
    inspector: Visitor, explained: Trade
) -> None:
    explained.sold(SHOP, None, 50, 20)
    page = scanned(inspector, shop_id=str(explained.shop), counted="5")
    assert "Mâu thuẫn" in page
    assert "Dự kiến còn -10 Đếm được 5 Chưa giải trình 15" in page


def test_invoices_that_came_in_after_the_scan_are_pointed_out(
    inspector: Visitor, explained: Trade
) -> None:
    place = scan(inspector, shop_id=str(explained.shop)).headers["location"]
    explained.sold(MIDDLE, SHOP, 10, 12)
    page = text_of(inspector.get(place))
    assert "Mua vào 60" in page
    assert "nay mua vào 70, bán ra 20, dự kiến còn 50" in page


def test_the_path_leads_to_the_producer_with_each_invoice_linked(
    inspector: Visitor, explained: Trade
) -> None:
    place = scan(inspector, shop_id=str(explained.shop)).headers["location"]
    answer = inspector.get(place)
    steps = re.findall(r'<li class="(\w[\w -]*)">', answer.text.split('<ol class="path">')[1])
    assert steps[:5] == ["party", "hop", "party", "hop", "party source"]
    assert "Hóa đơn 1C26TVD 2 10/8/2026 · 60 đơn vị" in text_of(answer)
    assert answer.text.index("/inspect/invoices/2") < answer.text.index("/inspect/invoices/1")
    assert "Đứt ở đây" not in text_of(answer)


def test_a_path_that_breaks_is_marked_with_the_innocent_reason(
    inspector: Visitor, trade: Trade
) -> None:
    trade.sold(MIDDLE, SHOP, 60, 10)
    place = scan(inspector, shop_id=str(trade.shop)).headers["location"]
    answer = inspector.get(place)
    page = text_of(answer)
    assert 'class="break-mark"' in answer.text
    assert "Đứt ở đây VÍ DỤ Phân phối:" in page
    assert "Có thể hóa đơn chưa được gửi đến" in page
    assert "VÍ DỤ Trà Minh Họa Chủ sở hữu mã" in page


def test_a_scan_without_a_shop_can_be_given_one(inspector: Visitor, explained: Trade) -> None:
    place = scan(inspector).headers["location"]
    answer = inspector.get(f"/inspect/shops?scan={place.rsplit('/', 1)[1]}")
    assert GTIN in hidden(answer, "scan_data")
    assert str(explained.shop) in hidden(answer, "shop_id")


def test_nothing_is_said_of_goods_being_fake(inspector: Visitor, explained: Trade) -> None:
    explained.sold(SHOP, None, 50, 20)
    page = scanned(inspector, shop_id=str(explained.shop), counted="99")
    main = page.split("Nguồn cho biết")[0]
    assert "hàng giả" not in main
    assert "vi phạm" not in main


# Who else scanned


def test_other_scans_of_a_serial_are_summed_up(
    inspector: Visitor, trade: Trade, sqlite_database: Database
) -> None:
    for number, province in enumerate(["51", "48", "51"]):
        with sqlite_database.writing() as session:
            at = now() - timedelta(days=3 - number)
            context = Context(PUBLIC, f"device:{number}", Place(area_code=province), at=at)
            service.scan(session, service.Symbol(f"(01){GTIN}(10)L1(21)SN1"), context)
    page = scanned(inspector, f"(01){GTIN}(10)L1(21)SN1")
    assert "Người dân 3 lượt tra cứu · 3 thiết bị" in page
    assert "Đà Nẵng, Quảng Ngãi" in page


def test_the_first_to_scan_a_serial_is_told_so(inspector: Visitor, goods: Goods) -> None:
    page = scanned(inspector, f"(01){GTIN}(10)L1(21)SN1")
    assert "Chưa ghi nhận ai khác" in page


# Shops and invoices


@pytest.mark.parametrize("query", ["Tap hoa", "tạp hóa", "bo y", "9999 1000 31", SHOP])
def test_a_shop_is_found_by_name_place_or_tax_code(
    inspector: Visitor, trade: Trade, query: str
) -> None:
    page = text_of(inspector.get(f"/inspect/shops?q={query}"))
    assert "VÍ DỤ Tạp hóa Bờ Y" in page
    assert "VÍ DỤ Chi cục" not in page


def test_a_search_without_result_says_what_to_do(inspector: Visitor, trade: Trade) -> None:
    page = text_of(inspector.get("/inspect/shops?q=khongcoai"))
    assert "Không tìm thấy" in page
    assert "Quét không chọn cửa hàng" in page


def test_the_shops_page_shows_its_products_and_invoices(
    inspector: Visitor, explained: Trade
) -> None:
    explained.sold(SHOP, None, 50, 20)
    answer = inspector.get(f"/inspect/shops/{explained.shop}?product={explained.product_id}")
    page = text_of(answer)
    assert "chưa biết 60 70 -10 – Mâu thuẫn 10 chưa giải trình" in page
    assert len(set(re.findall(r"/inspect/invoices/\d+", answer.text))) == 3


def test_a_party_that_is_not_there_is_not_found(inspector: Visitor) -> None:
    assert inspector.get("/inspect/shops/999999").status_code == 404


def test_opening_an_invoice_is_written_down(
    inspector: Visitor, explained: Trade, sqlite_database: Database
) -> None:
    answer = inspector.get("/inspect/invoices/2")
    assert "Hóa đơn 1C26TVD 2" in text_of(answer)
    assert "Trà minh họa, hộp 20 gói" in text_of(answer)
    assert inspector.get("/inspect/invoices/999999").status_code == 404
    with sqlite_database.reading() as session:
        entries = session.exec(
            select(AuditEntry.subject).where(AuditEntry.action == AuditAction.INVOICE_READ)
        ).all()
    assert entries == ["invoice:2"]


def test_another_document_under_the_same_number_is_a_conflict(
    inspector: Visitor, explained: Trade, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        document = InvoiceDocument(digest="f" * 64, file_name="y.xml", content=b"y")
        session.add(document)
        session.flush()
        session.add(
            InvoiceSource(document_id=document.id or 0, position=1, invoice_id=2, conflicting=True)
        )
    assert "Mâu thuẫn: có 1 tài liệu khác" in text_of(inspector.get("/inspect/invoices/2"))


# Who may


@pytest.mark.parametrize("role", [Role.SHOP, Role.PRODUCER, Role.TAX])
def test_a_role_without_the_right_is_turned_away(
    visitor: Visitor, people: People, role: Role
) -> None:
    visitor.log_in(people[role])
    for page in ("/inspect", "/inspect/scans", "/inspect/shops", "/inspect/invoices/1"):
        assert visitor.get(page).status_code == 403


def test_a_stranger_is_sent_to_log_in(visitor: Visitor) -> None:
    answer = visitor.get("/inspect/scans")
    assert answer.headers["location"] == "/login?next=/inspect/scans"


def test_a_form_without_its_token_changes_nothing(
    inspector: Visitor, sqlite_database: Database
) -> None:
    answer = inspector.send("/inspect", "/inspect/scan", scan_data=GTIN, csrf_token="x")
    assert answer.status_code == 403
    assert kept(sqlite_database) == []
