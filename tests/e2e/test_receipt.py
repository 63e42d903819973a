"""A kept receipt is checked by the reader's own browser, without a word to the server."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from app.demo import goods
from tests.e2e.conftest import Site, log_in
from traceability.actor import Role

RECALLED = f"(01)0{goods.MILK}(10){goods.RECALLED[1]}"


@pytest.fixture(scope="module")
def receipt(site: Site) -> dict[str, Any]:
    """Of a recalled lot, as soon as the worker has placed the demonstration's entries."""
    import httpx

    for _ in range(40):
        query = {"code": RECALLED}
        found: dict[str, Any] = httpx.get(f"{site.address}/api/v1/receipt", params=query).json()
        if len(found["records"]) == 7:  # its registration, its recall, and five events
            return found
        time.sleep(0.5)
    raise AssertionError(found)


@pytest.fixture
def log_page(visitor: BrowserContext) -> Iterator[Page]:
    page = visitor.new_page()
    page.goto("/log")
    return page


def outcome(page: Page, receipt: object, folder: Path) -> str:
    file = folder / "receipt.json"
    file.write_text(receipt if isinstance(receipt, str) else json.dumps(receipt))
    page.set_input_files("#kept", file)
    for _ in range(50):
        state = page.get_attribute("#kept-outcome", "data-state")
        if state not in (None, "busy"):
            return str(state)
        page.wait_for_timeout(100)
    return "busy"


def test_a_kept_receipt_holds_and_is_told(
    log_page: Page, receipt: dict[str, Any], tmp_path: Path, screenshots: Path
) -> None:
    sent: list[str] = []
    log_page.on("request", lambda request: sent.append(request.url))
    assert outcome(log_page, receipt, tmp_path) == "good"
    assert log_page.inner_text("#told [data-of=level]") == "Dừng lại"
    assert log_page.inner_text("#told [data-of=findings]").startswith("RECALLED")
    assert "recall:" in log_page.inner_text("#told [data-of=proved]")
    # The browser may fetch the page's icon at any time.
    assert [url for url in sent if "/static/icon" not in url] == []
    log_page.screenshot(path=screenshots / "receipt.png", full_page=True)


@pytest.mark.parametrize(
    ("path", "value", "state"),
    [
        (("statement", "level"), "ok", "statement"),
        (("records", 1, "facts", "lot"), "X", "record"),
        (("records", 1, "place"), 0, "proof"),
        (("records", 1, "proof"), [], "proof"),
        (("signature",), "x\n\n— x AAAAAAAA\n", "key"),
        (("checkpoint",), None, "form"),
        (("format",), "other", "form"),
        (("records",), [], "record"),
    ],
)
def test_a_receipt_that_was_changed_is_refused_with_its_reason(
    log_page: Page, receipt: dict[str, Any], tmp_path: Path,
    path: tuple[str | int, ...], value: object, state: str,
) -> None:  # fmt: skip
    changed = json.loads(json.dumps(receipt))
    here = changed
    for name in path[:-1]:
        here = here[name]
    here[path[-1]] = value
    assert outcome(log_page, changed, tmp_path) == state
    assert not log_page.is_visible("#told")


def test_the_text_of_a_receipt_can_be_pasted(log_page: Page, receipt: dict[str, Any]) -> None:
    log_page.fill("#kept-text", json.dumps(receipt))
    log_page.wait_for_selector("#kept-outcome[data-state=good]")
    assert log_page.inner_text("#told [data-of=code]") == RECALLED
    log_page.fill("#kept-text", "x")
    log_page.wait_for_selector("#kept-outcome[data-state=form]")


@pytest.mark.parametrize("text", ["", "x", "[]", "null", "{}"])
def test_what_is_no_receipt_is_told_so(log_page: Page, tmp_path: Path, text: str) -> None:
    assert outcome(log_page, text, tmp_path) == "form"


def test_an_inspector_downloads_a_receipt_and_the_log_s_page_checks_it(
    visitor: BrowserContext, tmp_path: Path, screenshots: Path
) -> None:
    page = visitor.new_page()
    log_in(page, Role.INSPECTOR)
    page.goto("/inspect")
    page.fill("input[name=scan_data]", RECALLED)
    page.press("input[name=scan_data]", "Enter")
    page.wait_for_url("**/inspect/scans/*")
    page.screenshot(path=screenshots / "inspect-receipt.png", full_page=True)
    with page.expect_download() as download:
        page.click("a[href$='/receipt']")
    kept = tmp_path / "kept.json"
    download.value.save_as(kept)
    page.goto("/log")
    assert outcome(page, kept.read_text(), tmp_path) == "good"
    assert page.inner_text("#told [data-of=code]") == RECALLED


def test_the_receipt_of_an_entry_on_the_page_is_checked_too(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/log?kind=registration&number=1")
    for _ in range(50):
        if page.get_attribute("#outcome", "data-state") not in (None, "busy"):
            break
        page.wait_for_timeout(100)
    assert page.get_attribute("#outcome", "data-state") == "good"
