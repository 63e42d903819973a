"""Tokens that name the next page of a query, and the headers and addresses around them.

A token belongs to its query: with another one it is refused, as is one that was never given out.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import orjson

from traceability.clock import now
from traceability.events.queries import Place
from traceability.events.query_parameters import QueryInvalidError

PER_PAGE = "perPage"
TOKEN = "nextPageToken"  # noqa: S105 -- the name of a parameter
MOST = 1000
USUAL = 100

Given = dict[str, list[str]]


def split(pairs: Sequence[tuple[str, str]]) -> tuple[Given, int, str | None]:
    """The parameters of a query, the size of a page, and the token.

    Raises:
        QueryInvalidError: `events.parameter-value` for a size that is no count,
            `events.parameter-values` for two sizes or tokens.
    """
    given: Given = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    given.pop("lang", None)
    size, token = _only(given, PER_PAGE) or str(USUAL), _only(given, TOKEN)
    if not size.isascii() or not size.isdecimal() or int(size[:9]) < 1:
        raise QueryInvalidError.of(PER_PAGE, "events.parameter-value", name=PER_PAGE,
                                   value=size[:80])  # fmt: skip
    return given, min(int(size[:9]), MOST), token


def take_no_others(given: Given) -> None:
    """Where only pages are asked for.

    Raises:
        QueryInvalidError: `events.parameter-unknown` (name).
    """
    for name in given:
        raise QueryInvalidError.of(name[:80], "events.parameter-unknown", name=name[:80])


def _only(given: Given, name: str) -> str | None:
    """Take out a parameter that stands at most once."""
    values = given.pop(name, [])
    if len(values) > 1:
        raise QueryInvalidError.of(name, "events.parameter-values", name=name)
    return values[0] if values else None


def token_of(given: Mapping[str, Sequence[str]], place: Place) -> str:
    time = place.time.astimezone(UTC).isoformat() if place.time else None
    return _encoded([_digest(given), place.id, time, place.seen])


def text_token(given: Mapping[str, Sequence[str]], last: str) -> str:
    """The same for a list of values."""
    return _encoded([_digest(given), last])


def place_of(given: Mapping[str, Sequence[str]], token: str | None) -> Place | None:
    """The place that a token names.

    Raises:
        QueryInvalidError: `events.token`.
    """
    if token is None:
        return None
    match _decoded(given, token):
        case [int(number), None | str() as time, int(seen)] if 0 <= number < 2**63 and seen >= 0:
            return Place(number, _time(time) if time else None, seen)
    raise QueryInvalidError.of(TOKEN, "events.token")


def text_of(given: Mapping[str, Sequence[str]], token: str | None) -> str | None:
    """The last value of the page before.

    Raises:
        QueryInvalidError: `events.token`.
    """
    if token is None:
        return None
    match _decoded(given, token):
        case [str(last)]:
            return last
    raise QueryInvalidError.of(TOKEN, "events.token")


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryInvalidError.of(TOKEN, "events.token") from error


def _digest(given: Mapping[str, Sequence[str]]) -> str:
    return hashlib.sha256(orjson.dumps(sorted(given.items()))).hexdigest()[:16]


def _encoded(parts: list[object]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def _decoded(given: Mapping[str, Sequence[str]], token: str) -> list[object]:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        parts = orjson.loads(raw)
    except (binascii.Error, UnicodeError, ValueError):
        parts = None
    if not isinstance(parts, list) or not parts or parts[0] != _digest(given):
        raise QueryInvalidError.of(TOKEN, "events.token")
    return parts[1:]


def headers_of(
    path: str, given: Mapping[str, Sequence[str]], size: int, token: str | None
) -> dict[str, str]:
    """The Link to the next page, if there is one, and how long it holds."""
    if token is None:
        return {}
    pairs: list[tuple[str, object]] = [
        (name, each) for name, all_ in given.items() for each in all_
    ]
    query = urlencode([*pairs, (PER_PAGE, size), (TOKEN, token)])
    return {"Link": f'<{path}?{query}>; rel="next"', **expiry()}


def expiry() -> dict[str, str]:
    """A token names a place, which does not pass away; the header is there for clients that ask."""
    expires = (now() + timedelta(days=365)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"GS1-Next-Page-Token-Expires": expires}
