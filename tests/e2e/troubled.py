"""A shop whose papers contradict each other in every way, and one of which nothing is on record.

For pictures: what people see on the worst day has to be as clear as on the best.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import httpx

from app.demo.goods import COFFEE, GINSENG, MILK
from app.demo.invoice_maker import CONSUMER, Buyer, InvoiceMaker, Issuer, Line, Related
from app.demo.invoice_maker import fictional_tax_code as tax_code
from tests.e2e.conftest import Site
from traceability.actor import Role

TROUBLED, QUIET = tax_code(401), tax_code(402)
_ADDRESS = "Xã Ví Dụ, tỉnh Quảng Ngãi (dữ liệu minh họa)"
_BEGAN = "2026-11-10T02:00:00+00:00"


@dataclass(frozen=True)
class Shops:
    """Ids of the two, of a product on the troubled one's shelf, and of one of its invoices."""

    troubled: int
    quiet: int
    product: int
    invoice: int


def make_trouble(site: Site) -> Shops:
    with site.key(Role.ADMIN) as admin:
        troubled = _shop(admin, "Tạp hóa và siêu thị mini gia đình Ví Dụ Ba Lê Lợi", TROUBLED)
        quiet = _shop(admin, "Hộ kinh doanh Ví Dụ Bốn", QUIET)
        (product,) = admin.get("/products", params={"q": COFFEE}).json()["items"]
        for number, file in enumerate(_invoices()):
            answer = admin.post("/invoices", files={"file": (f"hd-{number}.xml", file)})
            assert answer.status_code == 201, answer.text
        for kind, source, text in _lists():
            form = {"kind": kind, "source": source, "dated_on": "2026-11-01"}
            answer = admin.post("/lists", data=form, files={"file": (f"{kind}.csv", text)})
            assert answer.status_code == 201, answer.text
        invoice = _number_one(admin)
        _state(admin, troubled, product["id"], "opening", "10", "2026-10-01T02:00:00+00:00")
        _state(admin, troubled, product["id"], "counted", "64", _BEGAN)
        for shop in (troubled, quiet):
            _claim(admin, shop, product["id"], invoice)
    return Shops(troubled, quiet, product["id"], invoice)


def _shop(admin: httpx.Client, name: str, code: str) -> int:
    body = {"name": name, "kind": "shop", "tax_code": code, "address": _ADDRESS}
    answer = admin.post("/parties", json=body)
    assert answer.status_code == 201, answer.text
    found: int = answer.json()["id"]
    return found


def _number_one(admin: httpx.Client) -> int:
    found = admin.get("/invoices", params={"seller": tax_code(405)}).json()["items"]
    first: int = next(e["id"] for e in found if (e["symbol"], e["number"]) == ("C26TVB", 1))
    return first


def _state(admin: httpx.Client, shop: int, product: int, kind: str, quantity: str, at: str) -> None:
    body = {
        "product_id": product, "kind": kind, "quantity": quantity, "observed_at": at,
        "nonce": f"troubled-{kind}", "document": "BB-12/VD",
    }  # fmt: skip
    assert admin.post(f"/parties/{shop}/stock", json=body).status_code == 201


def _claim(admin: httpx.Client, shop: int, product: int, invoice: int) -> None:
    body = {
        "product_id": product, "invoice_id": invoice, "quantity": "20", "inspected_at": _BEGAN,
        "nonce": f"troubled-claim-{shop}",
    }  # fmt: skip
    assert admin.post(f"/parties/{shop}/claims", json=body).status_code == 201


def _lists() -> Iterator[tuple[str, str, str]]:
    seller = tax_code(405)
    head = "tax_code,valid_from\n"
    yield "inactive", "Thuế cơ sở Ví Dụ, thông báo 01/VD", f"{head}{seller},2026-01-01\n"
    yield "inactive", "Cổng tra cứu Ví Dụ", f"{head}{tax_code(300)},2026-01-01\n"
    yield (
        "violation-signs",
        "Cục Thuế Ví Dụ, văn bản 02/VD",
        f"tax_code,document\n{seller},QĐ-03/VD\n",
    )
    rows = "".join(
        f"{TROUBLED},1,2026-10-{day:02d}T{hour:02d}:00,{MILK},1,25000\n"
        for day in (5, 6)
        for hour in range(7, 19)
    )
    yield "pump-log", "Cột bơm Ví Dụ", f"tax_code,pump,sold_at,gtin,litres,unit_price\n{rows}"
    yield "prices", "Sở Công Thương Ví Dụ", f"gtin,valid_from,unit_price\n{MILK},2026-10-01,20000\n"


def _invoices() -> Iterator[bytes]:
    """Of each kind of trouble at least one."""
    maker = InvoiceMaker()
    seller = maker.issuer(tax_code(405), "Công ty Cung ứng Ví Dụ", _ADDRESS)
    friend = maker.issuer(tax_code(406), "Công ty Vòng Tròn Ví Dụ", _ADDRESS)
    shop = maker.issuer(TROUBLED, "Tạp hóa Ví Dụ Ba", _ADDRESS)
    buyer = Buyer(shop.name, TROUBLED, _ADDRESS)

    def sold(
        issuer: Issuer, to: Buyer, number: int, quantity: int, day: date, **more: object
    ) -> bytes:
        price = more.pop("price", 90_000)
        line = Line("Cà phê Ví Dụ 500 g", Decimal(quantity), Decimal(str(price)), item_code=COFFEE)
        given = {"symbol": "C26TVB", "number": number, "issued_on": day, **more}
        return maker.invoice(issuer, to, [line], **given)  # type: ignore[arg-type]

    yield sold(seller, buyer, 1, 24, date(2026, 10, 12))
    yield sold(seller, buyer, 2, 24, date(2026, 10, 13)).replace(b"<SLuong>24<", b"<SLuong>42<")
    yield sold(seller, buyer, 3, 24, date(2026, 10, 14), symbol="C25TVB")
    yield sold(seller, buyer, 1, 30, date(2026, 10, 12))
    related = Related("1", "1", "C26TVB", 900, date(2026, 10, 1))
    yield sold(seller, buyer, 4, 12, date(2026, 10, 15), related=related)
    yield sold(seller, buyer, 9, 2, date(2026, 10, 3))
    for number in range(10, 17):
        yield sold(seller, buyer, number, 2, date(2026, 10, 16))
    yield sold(seller, buyer, 17, 1, date(2026, 10, 16), price=24 * 90_000)
    yield sold(shop, CONSUMER, 1, 150, date(2026, 10, 17), symbol="C26MVC")
    yield sold(shop, Buyer(friend.name, friend.tax_code), 2, 40, date(2026, 10, 18))
    yield sold(friend, Buyer(seller.name, seller.tax_code), 3, 40, date(2026, 10, 19))
    yield sold(seller, buyer, 30, 40, date(2026, 10, 20))
    line = Line("Sâm củ Ví Dụ", Decimal(6), Decimal(2_000_000), item_code=GINSENG)
    yield maker.invoice(
        friend, buyer, [line], symbol="C26TVD", number=1, issued_on=date(2026, 10, 5)
    )
    yield maker.invoice(
        shop, CONSUMER, [line], symbol="C26MVC", number=4, issued_on=date(2026, 10, 2)
    )
