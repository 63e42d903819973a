"""Which pages stand in the navigation: read from the access table, so none leads to a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n import N_, Translator
from app.security.access import WEB
from traceability.actor import Role


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    text: str
    current: bool
    """Whether it is the page that is shown, or the list that the page belongs to."""


# Section -> its pages in order. The first page of a section is its home.
_SECTIONS: dict[str, Sequence[tuple[str, str]]] = {
    "/inspect": (
        ("/inspect", N_("Scan")),
        ("/inspect/scans", N_("Scans")),
        ("/inspect/shops", N_("Shops")),
        ("/trace", N_("Trace")),
    ),
    "/shop": (
        ("/shop", N_("To do")),
        ("/shop/products", N_("Products")),
        ("/shop/certificates", N_("Certificates with a quantity")),
        ("/shop/invoices", N_("Invoices")),
        ("/shop/balances", N_("Bought and sold")),
        ("/shop/import", N_("Bulk import")),
        ("/shop/events", N_("Diary")),
        ("/trace", N_("Trace")),
        ("/shop/recalls", N_("Recalls")),
        ("/shop/keys", N_("API keys")),
    ),
    "/office": (
        ("/office", N_("Overview")),
        ("/office/registrations", N_("Registrations")),
        ("/office/codes", N_("Codes")),
        ("/office/certificates", N_("Certificates with a quantity")),
        ("/office/reports", N_("Reports")),
        ("/office/recalls", N_("Recalls")),
        ("/office/lines", N_("Invoice lines")),
        ("/trace", N_("Trace")),
        ("/office/lists", N_("Lists")),
        ("/office/users", N_("Users")),
        ("/office/audit", N_("Audit log")),
    ),
    "/tax": (
        ("/tax", N_("Invoices handed in")),
        ("/office/lists", N_("Lists")),
    ),
}
_SECTION_NAMES = {
    "/inspect": N_("Inspection"),
    "/shop": N_("My goods"),
    "/office": N_("Office"),
    "/tax": N_("Invoices handed in"),
}
_HOMES = {
    Role.INSPECTOR: "/inspect",
    Role.PRODUCER: "/shop",
    Role.SHOP: "/shop",
    Role.ADMIN: "/office",
    Role.SUPERVISOR: "/office",
    Role.AUDITOR: "/office",
    Role.TAX: "/tax",
}


def home_of(role: Role) -> str:
    """Where somebody of this role starts after log-in."""
    return _HOMES.get(role, "/")


def navigation(role: Role, path: str, translate: Translator) -> list[Link]:
    """The pages of the section that is shown, then the homes of the role's other sections."""
    sections = [section for section in _SECTIONS if _may_see(role, section)]
    if not sections:
        return []
    shown = next((section for section in sections if _within(path, section)), home_of(role))
    here = _page_of(path, shown)
    links = [
        Link(address, translate.text(text), address == here)
        for address, text in _SECTIONS[shown]
        if _may_see(role, address)
    ]
    others = [
        Link(section, translate.text(_SECTION_NAMES[section]), current=False)
        for section in sections
        if section != shown
    ]
    return links + others


def _page_of(path: str, section: str) -> str | None:
    """The longest address of the section that the path lies under."""
    under = [address for address, _ in _SECTIONS[section] if _within(path, address)]
    return max(under, key=len, default=None)


def _within(path: str, address: str) -> bool:
    return path == address or path.startswith(f"{address}/")


def _may_see(role: Role, address: str) -> bool:
    rule = WEB.get(f"GET {address}")
    return rule is not None and role in rule.roles
