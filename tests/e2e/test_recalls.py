"""A recall of what was made from an input, on a phone: foreseen, opened, answered, followed."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.demo.goods import GINSENG, MILK
from tests.e2e.conftest import PHONE, Site, log_in
from tests.e2e.looking import look_at
from tests.traceability.events.makers import an_event, written
from tests.traceability.events.tracing.test_trace import made, on
from traceability.actor import Role

STEM = "https://id.gs1.org"
ROOTS = f"{STEM}/01/0{MILK}/10/ROOTS1"
OTHER_ROOTS = f"{STEM}/01/0{MILK}/10/ROOTS2"
GINSENG_LOT = f"{STEM}/01/0{GINSENG}/10/E2E1"
MIXED_LOT = f"{STEM}/01/0{GINSENG}/10/E2E2"
CODE = f"/01/0{GINSENG}/10/E2E1"


def some(key: str, quantity: int) -> dict[str, Any]:
    return {"epcClass": key, "quantity": quantity, "uom": "KGM"}


@pytest.fixture(scope="module")
def chain(site: Site) -> None:
    """Ginseng of one lot is made of roots alone, of another of roots that were mixed."""
    with site.key(Role.ADMIN) as asking:
        producer = asking.get("/products", params={"query": "sâm"}).json()["items"][0]
    place = {"id": f"{STEM}/414/9520000000011"}
    body = written(
        made(2, inputQuantityList=[some(ROOTS, 40)], outputQuantityList=[some(GINSENG_LOT, 30)],
             bizLocation=place),
        made(3, inputQuantityList=[some(ROOTS, 10), some(OTHER_ROOTS, 10)],
             outputQuantityList=[some(MIXED_LOT, 10), some(f"{MIXED_LOT}B", 5)]),
        on(4, action="ADD", epcList=[f"{STEM}/01/0{GINSENG}/21/E2E{n}" for n in range(3)],
           ilmd={"cbvmda:lotNumber": "E2E1"}, bizLocation=place),
        an_event(epcList=[f"{STEM}/01/0{GINSENG}/21/E2E0"], bizLocation=place),
    )  # fmt: skip
    capture, headers = site.address + "/epcis/v2/capture", {"Content-Type": "application/json"}
    with site.key(Role.PRODUCER, producer["producer"]["id"]) as asking:
        answer = asking.post(capture, content=body, headers=headers)
    assert answer.status_code == 202, json.dumps(answer.json())


def test_a_recall_by_trace_from_the_reach_to_the_answers(
    page: Page, browser: Browser, site: Site, chain: None, screenshots: Path
) -> None:
    log_in(page, Role.SUPERVISOR)
    page.goto("/office/recalls?new=1")
    page.click("a[href*='new=made-from']")
    page.fill("textarea[name=inputs]", ROOTS)
    page.fill("input[name=notice_number]", "TB-77/VD")
    page.fill("input[name=notice_date]", "2026-11-20")
    page.fill("textarea[name=reason]", "Kết quả kiểm nghiệm nguyên liệu (ví dụ).")
    page.fill("textarea[name=advice]", "Ngừng bán và trả lại nơi cung cấp.")
    look_at(page, screenshots / "office-recall-inputs-vi.png")
    page.click("button[value=check]")
    expect(page.locator("main")).to_contain_text("Có thể, do trộn lẫn")
    expect(page.locator("main")).to_contain_text("E2E2")
    page.locator("details summary").click()
    look_at(page, screenshots / "office-recall-reach-vi.png")
    page.click("button[value=open]")
    expect(page.locator("main")).to_contain_text("TB-77/VD đã mở")
    recall = page.url.partition("?")[0]
    look_at(page, screenshots / "office-recall-vi.png")
    _answered(browser, site, screenshots)
    page.goto(recall)
    expect(page.locator("main")).to_contain_text("12 hộp")
    look_at(page, screenshots / "office-recall-progress-vi.png")
    page.goto(CODE)
    expect(page.locator("main")).to_contain_text("TB-77/VD")
    look_at(page, screenshots / "recalled-by-trace-vi.png")


def _answered(browser: Browser, site: Site, screenshots: Path) -> None:
    """The producer is asked on its first page, and answers."""
    context = browser.new_context(base_url=site.address, viewport=PHONE, locale="vi-VN")  # type: ignore[arg-type]
    page = context.new_page()
    log_in(page, Role.PRODUCER)
    page.goto("/shop")
    look_at(page, screenshots / "shop-recall-todo-vi.png")
    page.get_by_role("link", name="Thu hồi TB-77/VD").click()
    page.fill("input[name=found]", "12")
    page.fill("input[name=returned]", "10")
    page.fill("input[name=unit]", "hộp")
    look_at(page, screenshots / "shop-recall-vi.png")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Đã ghi báo cáo của bạn")
    page.goto("/shop/recalls")
    look_at(page, screenshots / "shop-recalls-vi.png")
    page.goto("/shop/recalls?new=made-from&lang=en")
    look_at(page, screenshots / "shop-recall-new-en.png")
    context.close()
