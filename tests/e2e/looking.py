"""What every page has to stand: axe finds nothing, and nothing is wider than a small phone."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROWEST = 360
"""Pixels of the narrowest phone that pages are made for."""
_WIDER = "document.documentElement.scrollWidth - window.innerWidth"


def look_at(page: Page, picture: Path | None = None) -> None:
    """Photograph the page where asked to, and check how it looks."""
    if picture is not None:
        page.screenshot(path=picture, full_page=True)
    size = page.viewport_size
    assert size is not None
    for width in {size["width"], min(size["width"], NARROWEST)}:
        page.set_viewport_size({"width": width, "height": size["height"]})
        wider = page.evaluate(_WIDER)
        assert wider <= 0, f"{wider} px wider than a screen of {width} px"
    page.set_viewport_size(size)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
