"""Pages behind a form: what is asked before something is done, and what is said afterwards."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.demo.goods import GINSENG, MILK, gtin_13
from app.demo.invoice_maker import fictional_tax_code
from tests.e2e.conftest import Site, log_in
from tests.e2e.looking import look_at
from traceability.actor import Role

COFFEE_TAX_CODE = fictional_tax_code(102)


def test_who_reports_something_gets_a_receipt(page: Page, screenshots: Path) -> None:
    page.goto(f"/report?code={GINSENG}")
    page.check("input[name=reason][value=label_differs]")
    page.fill("textarea[name=text]", "Hạn dùng trên hộp khác với dữ liệu (ví dụ).")
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/report/\w+"))
    expect(page.locator(".tracking code")).to_be_visible()
    look_at(page, screenshots / "report-receipt-vi.png")


def test_a_recall_is_shown_before_it_is_opened(page: Page, screenshots: Path) -> None:
    log_in(page, Role.SUPERVISOR)
    page.goto("/office/recalls?new=1")
    look_at(page, screenshots / "office-recall-new-vi.png")
    page.fill("input[name=gtin]", MILK)
    page.fill("input[name=lot]", "SB2608")
    page.fill("input[name=notice_number]", "TB-09/VD")
    page.fill("input[name=notice_date]", "2026-11-20")
    page.fill("textarea[name=reason]", "Kết quả kiểm nghiệm lô hàng (ví dụ).")
    page.fill("textarea[name=advice]", "Ngừng sử dụng và trả lại nơi bán.")
    page.click("button[value=check]")
    expect(page.locator("main")).to_contain_text("TB-09/VD")
    look_at(page, screenshots / "office-recall-check-vi.png")


def test_closing_a_recall_asks_for_its_decision(page: Page, screenshots: Path) -> None:
    log_in(page, Role.SUPERVISOR)
    page.goto("/office/recalls?status=active")
    page.locator("a[href*='closing=']").first.click()
    expect(page.locator("input[name=closing_decision]")).to_be_visible()
    look_at(page, screenshots / "office-recall-closing-vi.png")


def test_a_withdrawn_serial_number_is_asked_about_first(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/products/1/serials")
    page.locator("main td a[href*='/serials/']").first.click()
    page.check("input[name=status][value=withdrawn]")
    page.fill("input[name=status_reason]", "Đã tiêu hủy")
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_contain_text("Rút số sê-ri này khỏi lưu thông?")
    look_at(page, screenshots / "shop-serial-check-vi.png")
    page.click("button[value=confirm]")
    expect(page.locator("main")).to_contain_text("Đã ghi nhận thay đổi")
    look_at(page, screenshots / "shop-serial-vi.png")


def test_an_authorised_user_is_entered_and_ended(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/products/1/authorisations")
    page.fill("input[name=tax_code]", COFFEE_TAX_CODE)
    page.fill("input[name=document_number]", "UQ-01/VD")
    page.fill("input[name=document_date]", "2026-10-01")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Văn bản UQ-01/VD ngày 1/10/2026")
    look_at(page, screenshots / "shop-authorisations-vi.png")
    page.locator("a[href$='/end']").click()
    look_at(page, screenshots / "shop-authorisation-end-vi.png")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Đã chấm dứt")


def test_a_key_is_shown_once_and_its_end_is_asked_about(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/keys")
    page.fill("input[name=name]", "Máy tính tiền (ví dụ)")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("nguon_")
    look_at(page)
    page.goto("/shop/keys")
    page.locator("a[href$='/revoke']").first.click()
    look_at(page, screenshots / "shop-key-revoke-vi.png")


@pytest.fixture
def claimed(site: Site) -> str:
    """Name of a product that a shop registered under the ginseng cooperative's numbers."""
    name = "Trà sâm đóng gói lại (ví dụ)"
    document = {"document_number": "UQ-02/VD", "document_date": "2026-10-15"}
    with site.key(Role.ADMIN) as admin:
        (shop,) = admin.get("/parties", params={"q": "Cửa hàng Ví Dụ Một"}).json()["items"]
    with site.key(Role.SHOP, shop["id"]) as member:
        body = {"gtin": gtin_13("9521101", 90), "name": name, "authorisation": document}
        answer = member.post("/products", json=body)
        assert answer.status_code == 201, answer.text
    return name


def test_a_code_that_its_user_claims_is_confirmed_and_taken_back(
    page: Page, claimed: str, screenshots: Path
) -> None:
    log_in(page, Role.SUPERVISOR)
    page.goto("/office/codes")
    expect(page.locator("main")).to_contain_text(claimed)
    look_at(page, screenshots / "office-codes-vi.png")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text(f"Đã xác nhận: {claimed}")
    look_at(page)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("main")).to_contain_text(f"{claimed} lại chờ xác nhận")


def test_the_tax_authority_reads_which_files_were_not_taken_in(
    page: Page, site: Site, screenshots: Path
) -> None:
    with site.key(Role.ADMIN) as admin:
        (office,) = admin.get("/parties", params={"q": "Thuế cơ sở Ví Dụ"}).json()["items"]
    with site.key(Role.TAX, office["id"]) as feed:
        sent = feed.post("/invoices", files={"file": ("hoa-don-hong.xml", b"<html></html>")})
        assert len(sent.json()["rejected"]) == 1, sent.text
    log_in(page, Role.TAX)
    page.goto("/tax")
    expect(page.locator("main")).to_contain_text("hoa-don-hong.xml")
    look_at(page, screenshots / "tax-vi.png")
