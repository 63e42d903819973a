"""The sections of the site: in rows on a desk, behind one button on a phone."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESK, log_in
from tests.e2e.looking import look_at
from traceability.actor import Role


def test_sections_open_over_the_page_on_a_phone(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    opener = page.get_by_role("button", name="Danh mục Việc cần làm")
    recalls = page.get_by_role("link", name="Thu hồi", exact=True)
    expect(recalls).to_be_hidden()
    opener.press("Enter")
    expect(recalls).to_be_visible()
    look_at(page, screenshots / "sections-vi.png")
    page.keyboard.press("Escape")
    expect(recalls).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("button", name="Đóng danh mục").click()
    expect(recalls).to_be_hidden()
    opener.click()
    recalls.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thu hồi")


def test_sections_stand_in_rows_on_a_desk(page: Page) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    log_in(page, Role.PRODUCER)
    expect(page.get_by_role("link", name="Thu hồi", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Danh mục")).to_be_hidden()


def test_few_sections_need_no_button(page: Page) -> None:
    log_in(page, Role.INSPECTOR)
    expect(page.get_by_role("link", name="Lượt quét", exact=True)).to_be_visible()
    assert page.get_by_role("button", name="Danh mục").count() == 0
