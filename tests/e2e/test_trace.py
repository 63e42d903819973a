"""The pages of traceability at the size of a phone: a trace, its picture, an event."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.demo.goods import COFFEE
from tests.e2e.conftest import DESK, Site, log_in
from tests.e2e.looking import look_at
from tests.traceability.events.makers import an_event, written
from traceability.actor import Role

STEM = "https://id.gs1.org"
ROAST, BAG = f"{STEM}/01/0{COFFEE}/10/CF2609", f"{STEM}/01/0{COFFEE}/21/CF{{}}"
FARM, FACTORY, SHOP = (f"urn:vidu:{name}" for name in ("nong-ho", "xuong-rang", "cua-hang"))
BOX, CRATE = f"{STEM}/00/395200000000000012", f"{STEM}/8003/09520000000011C1"
NAMES = {
    FARM: "Nông hộ Ví Dụ, thôn Đăk Lộc",
    FACTORY: "Xưởng rang Ví Dụ",
    SHOP: "Cửa hàng Ví Dụ Một",
}


def cherries(lot: str) -> str:
    return f"{STEM}/01/09520001234569/10/{lot}"


def on(day: int, **fields: object) -> dict[str, object]:
    time = f"2026-09-{day:02}T08:00:00+07:00"
    return an_event(eventTime=time, **{"epcList": None, **fields})


def some(key: str, quantity: float) -> dict[str, object]:
    return {"epcClass": key, "quantity": quantity, "uom": "KGM"}


EVENTS = (
    *(
        on(day, action="ADD", bizStep="creating_class_instance",
           quantityList=[some(cherries(lot), 60)], bizLocation={"id": FARM})
        for day, lot in ((1, "QA"), (2, "QB"))
    ),
    on(3, type="AggregationEvent", action="ADD", bizStep="packing", parentID=CRATE,
       childQuantityList=[some(cherries("QA"), 60)], bizLocation={"id": FARM}),
    on(4, type="TransformationEvent", action=None, bizStep="commissioning",
       inputQuantityList=[some(cherries("QA"), 60), some(cherries("QB"), 60)],
       outputQuantityList=[some(ROAST, 20), some(f"{ROAST}B", 5)],
       outputEPCList=[BAG.format(n) for n in (1, 2, 3)], ilmd={"cbvmda:lotNumber": "CF2609"},
       bizLocation={"id": FACTORY}),
    on(5, type="AggregationEvent", action="ADD", bizStep="packing", parentID=BOX,
       childEPCs=[BAG.format(n) for n in (1, 2)], bizLocation={"id": FACTORY}),
    on(6, bizStep="shipping", epcList=[BOX], readPoint={"id": FACTORY}),
    on(8, bizStep="receiving", epcList=[BOX], bizLocation={"id": SHOP}),
    on(9, bizStep="shipping", epcList=[BAG.format(3)], readPoint={"id": FACTORY}),
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def captured(site: Site) -> None:
    places = [
        {"id": place, "attributes": [{"id": "cbvmda:name", "attribute": name}]}
        for place, name in NAMES.items()
    ]
    master = {"vocabularyList": [
        {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": places}
    ]}  # fmt: skip
    body = json.loads(written(*EVENTS))
    body["epcisHeader"] = {"epcisMasterData": master}
    with site.key(Role.ADMIN) as admin:
        answer = admin.post(f"{site.address}/epcis/v2/capture", json=body)
        assert answer.status_code == 202, answer.text


def test_an_inspector_traces_a_lot_and_opens_an_event(page: Page, screenshots: Path) -> None:
    log_in(page, Role.INSPECTOR)
    page.goto("/trace")
    look_at(page, screenshots / "trace-form-vi.png")
    page.fill("input[name=key]", f"(01)0{COFFEE}(10)CF2609")
    page.click("main form[role=search] button")
    expect(page.locator("#now")).to_be_visible()
    expect(page.locator(".trace-picture a.trace-possible")).to_have_count(3)
    look_at(page, screenshots / "trace-vi.png")
    page.locator(".trace-box").screenshot(path=screenshots / "trace-picture-vi.png")
    events = page.locator("#list ~ table a[href*='/trace/event']")
    expect(events.first).to_have_text("chứa bên trong")  # the oldest: packed before it was roasted
    events.filter(has_text="chế biến").first.click()
    expect(page.locator("h1")).to_contain_text("Chế biến")
    look_at(page, screenshots / "trace-event-vi.png")


def test_the_picture_stands_alone_under_the_same_policy(page: Page, screenshots: Path) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    log_in(page, Role.INSPECTOR)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(f"/trace/picture.svg?key={BOX}")
    page.screenshot(path=screenshots / "trace-alone.png")
    assert [text for text in refused if "Security" in text] == []


def test_what_no_event_names_is_told_with_what_to_do(page: Page, screenshots: Path) -> None:
    log_in(page, Role.SUPERVISOR)
    page.goto(f"/trace?key={COFFEE}")
    expect(page.locator(".empty")).to_be_visible()
    look_at(page, screenshots / "trace-unknown-vi.png")


def test_a_cooperative_tells_an_event_question_by_question(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/events")
    page.locator("a[href='/shop/events/new']").click()
    look_at(page, screenshots / "shop-event-step-vi.png")
    page.locator("a[href='/shop/events/new?step=harvest']").click()
    look_at(page, screenshots / "shop-event-goods-vi.png")
    page.locator("input[name=goods_key]").first.check()
    page.click("main form button")
    page.fill("input[name=quantity]", "12,5")
    look_at(page, screenshots / "shop-event-amount-vi.png")
    page.click("main form button")
    look_at(page, screenshots / "shop-event-place-vi.png")
    page.click("main form button")
    look_at(page, screenshots / "shop-event-time-vi.png")
    page.click("main form button")
    look_at(page, screenshots / "shop-event-check-vi.png")
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("Đã ghi sự kiện.")
    look_at(page, screenshots / "shop-event-recorded-vi.png")
    page.locator("a[href^='/shop/events/error']").click()
    look_at(page, screenshots / "shop-event-error-vi.png")
    page.check("input[name=reason][value=incorrect_data]")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("đã được khai là ghi sai")
    page.goto("/shop/events")
    look_at(page, screenshots / "shop-events-vi.png")


def test_a_wrong_answer_is_told_beside_its_field(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/events/new?step=ship&page=goods&goods_key=other&gtin=123")
    look_at(page, screenshots / "shop-event-wrong-vi.png")
    page.goto("/shop/events/new?step=ship&page=amount&gtin=9521101000016&lot=L1")
    look_at(page, screenshots / "shop-event-partner-vi.png")


def test_a_diary_with_faults_is_shown_by_row_and_column(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/events/table")
    table = "Việc;Thời gian;Mã GTIN;Số lô\nnhảy múa;hôm qua;123;L1\n".encode()
    page.set_input_files(
        "input[type=file]", {"name": "nhat-ky.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.click("main form button[type=submit]")
    expect(page.locator("main table")).to_be_visible()
    look_at(page, screenshots / "shop-event-table-vi.png")


def test_an_owner_sees_and_changes_where_a_code_leads(page: Page, screenshots: Path) -> None:
    log_in(page, Role.PRODUCER)
    page.goto("/shop/products/1/links")
    look_at(page, screenshots / "shop-links-empty-vi.png")
    page.fill("input[name=title]", "Hướng dẫn nấu (ví dụ)")
    page.fill("input[name=href]", "https://vidu.example/{gtin}/huong-dan.pdf")
    page.select_option("select[name=link_type]", "instructions")
    page.fill("input[name=last_day]", "2030-12-31")
    page.click("main section form button[type=submit] >> nth=-1")
    expect(page.locator("main")).to_contain_text("Liên kết đã có hiệu lực.")
    look_at(page, screenshots / "shop-links-vi.png")


def test_a_trace_is_as_good_in_the_dark_on_a_desk_and_in_english(
    browser: Browser, site: Site, screenshots: Path
) -> None:
    context = browser.new_context(
        base_url=site.address, viewport=DESK, locale="en-GB", color_scheme="dark"  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    log_in(page, Role.INSPECTOR)
    page.goto(f"/trace?key=(01)0{COFFEE}(10)CF2609")
    expect(page.locator("#gaps")).to_be_visible()
    look_at(page, screenshots / "trace-desk-en.png")
    context.close()
