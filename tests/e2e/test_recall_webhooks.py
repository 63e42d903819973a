"""A webhook of recalls on a phone: added, tried out, its failure read, removed again."""

from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.conftest import log_in
from tests.e2e.looking import look_at
from traceability.actor import Role


def test_a_webhook_is_added_tried_out_and_removed(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/recalls/webhooks")
    page.fill("input[name=dest]", "https://10.0.0.7/recalls")
    page.click("main button[type=submit]")
    look_at(page, screenshots / "shop-webhooks-refused-vi.png")
    page.fill("input[name=dest]", "https://receiver.invalid/recalls")
    page.click("main button[type=submit]")
    assert len(page.inner_text("#secret")) == 64
    look_at(page, screenshots / "shop-webhook-secret-vi.png")
    page.click("main a.button.primary")
    page.click("button[value=test]")
    own = page.url.partition("?")[0]
    for _ in range(50):
        page.goto(own)
        if "Không tìm thấy máy chủ" in page.inner_text("main"):
            break
        page.wait_for_timeout(200)
    assert "đã ngừng gửi" in page.inner_text("main")
    look_at(page, screenshots / "shop-webhook-vi.png")
    page.click("a[href$='ask=token']")
    look_at(page, screenshots / "shop-webhook-token-vi.png")
    page.goto(f"{own}?ask=remove")
    page.click("button[value=remove]")
    assert "receiver.invalid" not in page.inner_text("main")
