"""The main job from end to end: from a shop's product to an inspector's verdict with its invoices.

A shop registers a product of its own and prints the label; another shop buys it; an inspector
photographs the label there; a consumer opens the address in its QR code.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.demo.goods import gtin_13
from app.demo.invoice_maker import Buyer, InvoiceMaker, Line
from tests.e2e.conftest import Site, log_in
from tests.e2e.photograph import photograph
from traceability.actor import Role

GTIN = gtin_13("9521199", 1)
LOT, SERIAL = "MAT2611", "MO000042"
NAME = "Mật ong Ví Dụ 350 ml"


@dataclass(frozen=True)
class Trade:
    """What happened before the inspector came."""

    maker: str
    maker_tax_code: str
    seller: str
    seller_tax_code: str
    photo: bytes


@pytest.fixture(scope="module")
def trade(site: Site) -> Trade:
    with site.key(Role.ADMIN) as admin:
        maker, seller = (
            _party(admin, name) for name in ("Cửa hàng Ví Dụ Một", "Cửa hàng Ví Dụ Hai")
        )
    with site.key(Role.SHOP, maker["id"]) as shop:
        product = _made(shop.post("/products", json={"gtin": GTIN, "name": NAME, "brand": "Ví Dụ"}))
        _made(shop.post("/lots", json={"gtin": GTIN, "lot": LOT, "expiry_date": "2028-11-01"}))
        _made(shop.post("/serials", json={"gtin": GTIN, "lot": LOT, "serials": [SERIAL]}))
        invoice = _invoice(maker, seller)
        imported = _made(shop.post("/invoices", files={"file": ("hd.xml", invoice)}))
        assert imported["imported"][0]["lines"][0]["gtin"] == GTIN.zfill(14)
        asked = {"kind": "label", "format": "png", "lot": LOT, "serial": SERIAL}
        label = shop.get(f"/products/{product['id']}/label", params=asked)
        label.raise_for_status()
    return Trade(
        maker["name"],
        maker["tax_code"],
        seller["name"],
        seller["tax_code"],
        photograph(label.content),
    )


def _party(admin: httpx.Client, name: str) -> dict[str, str]:
    (party,) = admin.get("/parties", params={"q": name}).json()["items"]
    found: dict[str, str] = party
    return found


def _made(answer: httpx.Response) -> dict[str, object]:
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.json()
    return body


def _invoice(seller: dict[str, str], buyer: dict[str, str]) -> bytes:
    maker = InvoiceMaker()
    issuer = maker.issuer(seller["tax_code"], seller["name"], seller["address"])
    line = Line(NAME, Decimal(24), Decimal(95_000), unit="Chai", item_code=GTIN)
    return maker.invoice(
        issuer, Buyer(buyer["name"], buyer["tax_code"], buyer["address"]), [line],
        symbol="C26TMO", number=11, issued_on=date(2026, 11, 5),
    )  # fmt: skip


def test_an_inspector_sees_from_one_photograph_which_invoices_explain_the_goods(
    page: Page, trade: Trade, tmp_path: Path, screenshots: Path
) -> None:
    log_in(page, Role.INSPECTOR)
    page.goto("/inspect/shops?q=" + trade.seller)
    page.get_by_role("link", name=trade.seller).first.click()
    page.locator("a[href^='/inspect?']").first.click()
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(trade.photo)
    page.set_input_files("input[type=file]", picture)
    page.wait_for_url("**/inspect/photo", timeout=30_000)
    page.screenshot(path=screenshots / "inspect-confirm-vi.png")
    page.locator("form[action='/inspect/scan']").filter(has_text=SERIAL).get_by_role(
        "button"
    ).click()
    page.wait_for_url(re.compile(r"/inspect/scans/\d+"))
    main = page.locator("main")
    expect(main).to_contain_text(NAME)
    expect(main).to_contain_text("1C26TMO 11")
    expect(main).to_contain_text(trade.maker)
    expect(main).to_contain_text("24")
    page.screenshot(path=screenshots / "inspect-verdict-vi.png", full_page=True)


def test_the_consumer_sees_the_product_and_none_of_the_tax_data(
    page: Page, trade: Trade, screenshots: Path
) -> None:
    page.goto(f"/01/{GTIN.zfill(14)}/10/{LOT}/21/{SERIAL}")
    expect(page.locator("main")).to_contain_text(NAME)
    expect(page.locator("main")).to_contain_text("Khớp dữ liệu")
    source = page.content()
    for secret in ("C26TMO", trade.maker_tax_code, trade.seller_tax_code, trade.seller):
        assert secret not in source
