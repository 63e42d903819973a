"""Pages on the origin of goods, on a shop whose papers contradict each other and on one without.

Each is looked at as the other pages are: by axe, on a narrow screen, by its weight.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Site, log_in
from tests.e2e.looking import look_at
from tests.e2e.test_pages import MOST_BYTES, People
from tests.e2e.troubled import Shops, make_trouble
from traceability.actor import Role

LOOKS = ("vi phone light", "en desk dark")
INSPECTED = {
    "inspect-shop-troubled": "/inspect/shops/{troubled}",
    "inspect-count": "/inspect/shops/{troubled}/count",
    "inspect-checks": "/inspect/shops/{troubled}/checks",
    "inspect-path-broken": "/inspect/shops/{troubled}/path/{product}",
    "inspect-path": "/inspect/shops/10/path/1",
    "inspect-claims": "/inspect/shops/{troubled}/claims",
    "inspect-claim": "/inspect/shops/{troubled}/claims?product={product}",
    "inspect-invoice-troubled": "/inspect/invoices/{invoice}",
    "inspect-shop-empty": "/inspect/shops/{quiet}",
    "inspect-count-empty": "/inspect/shops/{quiet}/count",
    "inspect-checks-empty": "/inspect/shops/{quiet}/checks",
}
OFFICE = {
    "office-lists": "/office/lists",
    "office-list": "/office/lists/1",
    "office-list-new": "/office/lists/new",
}


@pytest.fixture(scope="module")
def shops(site: Site) -> Shops:
    return make_trouble(site)


@pytest.fixture(scope="module")
def people(browser: Browser, site: Site) -> Iterator[People]:
    people = People(browser, site)
    yield people
    people.close()


def shown(page: Page, address: str, picture: Path | None) -> None:
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200
    look_at(page, picture)
    assert sum(sizes) <= MOST_BYTES
    page.close()


def picture_of(name: str, look: str, screenshots: Path) -> Path | None:
    return screenshots / f"{name}-vi.png" if look == LOOKS[0] else None


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", INSPECTED)
def test_an_inspectors_page_on_origin_can_be_read_on_the_worst_day_and_the_emptiest(
    people: People, shops: Shops, name: str, look: str, screenshots: Path
) -> None:
    address = INSPECTED[name].format(
        troubled=shops.troubled, quiet=shops.quiet, product=shops.product, invoice=shops.invoice
    )
    page = people.page(Role.INSPECTOR, look)
    shown(page, address, picture_of(name, look, screenshots))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", OFFICE)
def test_a_page_on_lists_can_be_read(
    people: People, shops: Shops, name: str, look: str, screenshots: Path
) -> None:
    assert shops
    shown(people.page(Role.TAX, look), OFFICE[name], picture_of(name, look, screenshots))


@pytest.mark.parametrize("look", LOOKS)
def test_a_shop_reads_what_its_own_documents_say(
    people: People, look: str, screenshots: Path
) -> None:
    page = people.page(Role.SHOP, look)
    shown(page, "/shop/checks", picture_of("shop-checks", look, screenshots))


def test_a_count_is_kept_and_a_wrong_one_stays_beside_its_message(
    page: Page, shops: Shops, screenshots: Path
) -> None:
    log_in(page, Role.INSPECTOR)
    page.goto(f"/inspect/shops/{shops.troubled}")
    page.get_by_role("link", name="Đếm hàng trên kệ").click()
    page.fill(f"#counted-{shops.product}", "bảy chục")
    page.get_by_role("button", name="Lưu số đếm").click()
    expect(page.locator(f"#counted-{shops.product}-error")).to_be_visible()
    look_at(page, screenshots / "inspect-count-wrong-vi.png")
    page.fill(f"#counted-{shops.product}", "70")
    page.get_by_role("button", name="Lưu số đếm").click()
    page.wait_for_url(re.compile("#shelf"))
    expect(page.locator("main")).to_contain_text("70")


def test_the_outside_registry_is_asked_from_the_page_of_an_invoice(
    page: Page, screenshots: Path
) -> None:
    log_in(page, Role.INSPECTOR)
    page.goto("/inspect/invoices/1")
    page.get_by_role("button", name="Tra cứu ngay").click()
    page.wait_for_url(re.compile("#outside"))
    expect(page.locator("#outside")).to_contain_text("dữ liệu")
    look_at(page, screenshots / "inspect-invoice-asked-vi.png")


def test_a_wrong_cell_of_a_list_is_named_by_row_and_column(page: Page, screenshots: Path) -> None:
    log_in(page, Role.TAX)
    page.goto("/office/lists")
    page.get_by_role("link", name="Nhập danh sách").click()
    page.fill("input[name=source]", "Thuế cơ sở Ví Dụ, thông báo 04/VD")
    page.fill("input[name=dated_on]", "2026-11-02")
    rows = "tax_code,valid_from\n9999001168,hôm qua\n9999001167,2026-01-01\n"
    page.set_input_files(
        "input[type=file]", {"name": "ds.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.get_by_role("button", name="Chỉ kiểm tra").click()
    expect(page.locator("main table").first).to_contain_text("valid_from")
    look_at(page, screenshots / "office-list-faults-vi.png")


def test_sheets_of_labels_are_ordered_and_their_page_tells_what_was_made(
    page: Page, screenshots: Path
) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/products/1/labels?paper=a4-3x8")
    look_at(page, screenshots / "shop-labels-sheet-vi.png")
    page.fill("input[name=count]", "24")
    page.get_by_role("button", name="Tạo tệp PDF").click()
    page.wait_for_url(re.compile(r"/shop/jobs/\d+"))
    expect(page.get_by_role("link", name=re.compile("Tải"))).to_be_visible(timeout=60_000)
    look_at(page, screenshots / "shop-job-labels-vi.png")
