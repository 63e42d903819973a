"""Where a link leads: an address on the web, with the request's own values in it where it wants."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlsplit

from gs1.element_string import ElementString
from traceability.errors import Fault
from traceability.hosts import may_be_public

PLACEHOLDERS: Mapping[str, str] = {"gtin": "01", "lot": "10", "serial": "21"}
_PLACEHOLDER = re.compile(r"{([a-z]*)}")
_NO_ADDRESS = re.compile(r"[\s<>\"\\^`|\x00-\x1f\x7f]")


def values_of(elements: Iterable[ElementString]) -> dict[str, str]:
    """What the placeholders stand for in a request; those it does not name are empty."""
    by_ai = dict(elements)
    return {name: by_ai.get(ai, "") for name, ai in PLACEHOLDERS.items()}


def filled(href: str, values: Mapping[str, str]) -> str:
    """An address with the placeholders filled in, each value percent-encoded.

    >>> filled("https://a.example/{gtin}?l={lot}", {"gtin": "0952", "lot": "A/1"})
    'https://a.example/0952?l=A%2F1'
    """
    return _PLACEHOLDER.sub(lambda found: quote(values.get(found[1], ""), safe=""), href)


def is_filled(href: str, values: Mapping[str, str]) -> bool:
    """Whether each placeholder of the path has a value; in a query a page reads an empty one.

    >>> is_filled("https://a.example/{gtin}/{lot}", {"gtin": "0952", "lot": ""})
    False
    """
    path = href.partition("?")[0]
    return all(values.get(name) for name in _PLACEHOLDER.findall(path))


def with_query(address: str, query: str) -> str:
    """The address with the request's query passed on.

    >>> with_query("https://a.example/x?y=1#z", "17=271231")
    'https://a.example/x?y=1&17=271231#z'
    """
    if not query:
        return address
    before, hash_, fragment = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{query}{hash_}{fragment}"


def fault_of(href: str) -> Fault | None:
    """Why a text cannot be a link's address: not of the web, or of this machine's own network."""
    parts = urlsplit(_PLACEHOLDER.sub("x", href)) if not _NO_ADDRESS.search(href) else None
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        return Fault("href", "resolver.address", {})
    if (
        parts.username
        or parts.password
        or _PLACEHOLDER.search(href.partition("//")[2].partition("/")[0])
    ):
        return Fault("href", "resolver.address", {})
    unknown = [name for name in _PLACEHOLDER.findall(href) if name not in PLACEHOLDERS]
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        return Fault("href", "resolver.placeholder", {"name": unknown[0], "names": names})
    if not may_be_public(parts.hostname):
        return Fault("href", "resolver.address-private", {})
    return None
