"""Every page as people see it: accessible, no wider than the screen, small enough for a slow line.

The Vietnamese phone pages are kept as screenshots for the README.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.demo.goods import CLONED, GINSENG, MILK, NOT_REGISTERED
from tests.e2e.conftest import DESK, PHONE, Site, log_in
from tests.e2e.looking import look_at
from traceability.actor import Role

MOST_BYTES = 100_000
"""Of a page with its style and script, before the product's picture."""


@dataclass(frozen=True)
class Shown:
    name: str
    path: str
    role: Role = Role.ANONYMOUS
    status: int = 200


PAGES = (
    Shown("check", "/"),
    Shown("consumer", f"/01/0{GINSENG}/10/SAM2610/21/VD000002"),
    Shown("consumer-recalled", f"/01/0{MILK}/10/SB2607", status=410),
    Shown("consumer-repeated", f"/01/0{CLONED[0]}/10/{CLONED[1]}/21/{CLONED[2]}"),
    Shown("consumer-unknown", "/check?code=8934560000014"),
    Shown("consumer-unregistered", f"/01/{NOT_REGISTERED}", status=404),
    Shown("consumer-unreadable", "/check?code=123"),
    Shown("gs1", f"/gs1?code=(01)0{GINSENG}(17)271231(10)SAM2610(3103)000195"),
    Shown("gs1-wrong", "/gs1?code=8934563138166"),
    Shown("report", f"/report?code={GINSENG}"),
    Shown("log", "/log?record=15/TB-VIDU"),
    Shown("login", "/login"),
    Shown("problem", "/problems/gs1.check-digit"),
    Shown("inspect-scan", "/inspect", Role.INSPECTOR),
    Shown("inspect-scans", "/inspect/scans", Role.INSPECTOR),
    Shown("inspect-shops", "/inspect/shops?q=vi+du", Role.INSPECTOR),
    Shown("inspect-shop", "/inspect/shops/11", Role.INSPECTOR),
    Shown("inspect-invoice", "/inspect/invoices/2", Role.INSPECTOR),
    Shown("trace-asked", "/trace", Role.INSPECTOR),
    Shown("shop", "/shop", Role.PRODUCER),
    Shown("shop-products", "/shop/products", Role.PRODUCER),
    Shown("shop-product-new", "/shop/products/new", Role.PRODUCER),
    Shown("shop-product", "/shop/products/1", Role.PRODUCER),
    Shown("shop-lots", "/shop/products/1/lots", Role.PRODUCER),
    Shown("shop-lot", "/shop/products/1/lots/1", Role.PRODUCER),
    Shown("shop-serials", "/shop/products/1/serials", Role.PRODUCER),
    Shown("shop-certificates", "/shop/certificates", Role.PRODUCER),
    Shown("shop-labels", "/shop/products/1/labels", Role.PRODUCER),
    Shown("shop-lines", "/shop/lines", Role.SHOP),
    Shown("account", "/account", Role.PRODUCER),
    Shown("shop-invoices", "/shop/invoices", Role.PRODUCER),
    Shown("shop-balances", "/shop/balances", Role.SHOP),
    Shown("shop-import", "/shop/import", Role.PRODUCER),
    Shown("shop-diary", "/shop/events", Role.PRODUCER),
    Shown("shop-diary-new", "/shop/events/new", Role.PRODUCER),
    Shown("shop-diary-table", "/shop/events/table", Role.PRODUCER),
    Shown("shop-boxes", "/shop/events/boxes", Role.PRODUCER),
    Shown("shop-code-links", "/shop/products/1/links", Role.PRODUCER),
    Shown("shop-keys", "/shop/keys", Role.PRODUCER),
    Shown("shop-webhooks", "/shop/recalls/webhooks", Role.PRODUCER),
    Shown("shop-api", "/shop/api", Role.PRODUCER),
    Shown("office", "/office", Role.SUPERVISOR),
    Shown("office-registrations", "/office/registrations", Role.SUPERVISOR),
    Shown("office-party", "/office/parties/5", Role.SUPERVISOR),
    Shown("office-user-new", "/office/users?new=1", Role.ADMIN),
    Shown("office-certificates", "/office/certificates", Role.SUPERVISOR),
    Shown("office-certificate-new", "/office/certificates/new", Role.SUPERVISOR),
    Shown("office-certificate", "/office/certificates/2", Role.SUPERVISOR),
    Shown("office-lines", "/office/lines", Role.SUPERVISOR),
    Shown("office-reports", "/office/reports", Role.SUPERVISOR),
    Shown("office-report", "/office/reports/1", Role.SUPERVISOR),
    Shown("office-recalls", "/office/recalls", Role.SUPERVISOR),
    Shown("office-users", "/office/users", Role.ADMIN),
    Shown("office-audit", "/office/audit", Role.ADMIN),
    Shown("inspect-auditor", "/inspect", Role.AUDITOR),
)


class People:
    """A browser context for each role and look, logged in once."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self._browser, self._site = browser, site
        self._known: dict[tuple[Role, str], BrowserContext] = {}

    def page(self, role: Role, look: str) -> Page:
        if (role, look) not in self._known:
            self._known[role, look] = self._context(role, look)
        return self._known[role, look].new_page()

    def _context(self, role: Role, look: str) -> BrowserContext:
        language, size, scheme = look.split()
        context = self._browser.new_context(
            base_url=self._site.address,
            viewport=PHONE if size == "phone" else DESK,  # type: ignore[arg-type]
            locale="vi-VN" if language == "vi" else "en-GB",
            color_scheme="dark" if scheme == "dark" else "light",
        )
        if role is not Role.ANONYMOUS:
            log_in(context.new_page(), role)
        return context

    def close(self) -> None:
        for context in self._known.values():
            context.close()


@pytest.fixture(scope="module")
def people(browser: Browser, site: Site) -> Iterator[People]:
    people = People(browser, site)
    yield people
    people.close()


@pytest.mark.parametrize("look", ["vi phone light", "en desk dark"])
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_is_accessible_fits_the_screen_and_is_small(
    people: People, shown: Shown, look: str, screenshots: Path
) -> None:
    page = people.page(shown.role, look)
    sizes: list[int] = []
    page.on(
        "response", lambda answer: sizes.append(len(answer.body())) if _counts(answer.url) else None
    )
    answer = page.goto(shown.path)
    assert answer is not None
    assert answer.status == shown.status
    look_at(page, screenshots / f"{shown.name}-vi.png" if look == "vi phone light" else None)
    assert sum(sizes) <= MOST_BYTES
    page.close()


def _counts(address: str) -> bool:
    return "/photos/" not in address and not address.startswith("data:")
