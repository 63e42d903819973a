"""Packing on a phone: a new number for the box, its label, and the event."""

from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.conftest import log_in
from tests.e2e.looking import look_at
from traceability.actor import Role


def test_packing_takes_a_new_number_and_shows_its_label(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/events/new?step=pack")
    page.check("#goods-1")
    page.click("main button.primary")
    page.fill("input[name=quantity]", "12")
    page.click("main button.primary")
    look_at(page, screenshots / "shop-box-question-vi.png")
    page.click("text=Lấy số mới")
    number = page.input_value("input[name=sscc]")
    look_at(page, screenshots / "shop-box-label-vi.png")
    page.click("main button.primary")
    page.click("main button.primary")
    page.click("main button.primary")
    assert number in page.inner_text("main")
    page.click("main button[type=submit]")
    page.goto("/shop/events/boxes")
    assert "đang dùng" in page.inner_text("main")
    page.click(f"text={number}")
    look_at(page, screenshots / "shop-boxes-label-vi.png")
