"""Which of several links a request gets: by type, then level, context, language and media type.

A request says what it can read as HTTP has it (RFC 9110 sections 12.5.1 and 12.5.4). The nearest
level that has the type wins, so that a lot's certificate goes before the product's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from traceability.resolver.link_types import DEFAULT, DEFAULT_MULTI
from traceability.resolver.repository import Linked


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for."""

    link_type: str = DEFAULT
    """Without prefix."""
    languages: Sequence[str] = ()
    """Tags, the best first."""
    media_types: Sequence[str] = field(default=())
    """The best first; `*/*` and `text/*` stand for any."""
    context: str | None = None


def of_type(links: Sequence[Linked], levels: Sequence[str], wanted: Wanted) -> list[Linked]:
    """The links of the wanted type at the most special level that has one."""
    for level in levels:
        found = [link for link in links if link.anchor == level and _is_of(link, wanted.link_type)]
        if found:
            return found
    return []


def _is_of(link: Linked, link_type: str) -> bool:
    return link.is_default if link_type in (DEFAULT, DEFAULT_MULTI) else link.link_type == link_type


def best(links: Sequence[Linked], wanted: Wanted) -> list[Linked]:
    """The links that fit best: one where the request decides, several where it does not.

    Where none fits, all are left: a certificate in a foreign language is better than no answer.
    """
    left = list(links)
    for fit in (_context_fit, _language_fit, _media_type_fit):
        ranks = [fit(link, wanted) for link in left]
        left = [link for link, rank in zip(left, ranks, strict=True) if rank == min(ranks)]
    return left


def _context_fit(link: Linked, wanted: Wanted) -> int:
    if link.context == wanted.context:
        return 0
    return 1 if link.context is None else 2


def _language_fit(link: Linked, wanted: Wanted) -> int:
    """Its place among the wanted; a link in no language fits after those in a wanted one."""
    if link.language is None:
        return len(wanted.languages)
    tag = link.language.lower()
    for rank, language in enumerate(wanted.languages):
        asked = language.lower()
        if asked == "*" or tag == asked or tag.startswith(asked + "-") or _main(asked) == tag:
            return rank
    return len(wanted.languages) + 1


def _main(tag: str) -> str:
    return tag.partition("-")[0]


def _media_type_fit(link: Linked, wanted: Wanted) -> int:
    if link.media_type is None:
        return len(wanted.media_types)
    for rank, accepted in enumerate(wanted.media_types):
        kind, _, detail = accepted.lower().partition("/")
        own_kind, _, own_detail = link.media_type.lower().partition("/")
        if kind in ("*", own_kind) and detail in ("*", own_detail):
            return rank
    return len(wanted.media_types) + 1


def weighted(header: str | None) -> tuple[str, ...]:
    """The values of an Accept header, the best first; those with weight 0 are left out.

    >>> weighted("en;q=0.5, vi, fr;q=0")
    ('vi', 'en')
    """
    found: list[tuple[float, str]] = []
    for part in (header or "").split(",")[:50]:
        value, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.lower().startswith("q=")), "1")
        try:
            rank = float(weight)
        except ValueError:
            rank = 0.0
        if value and rank > 0:
            found.append((-rank, value))
    return tuple(value for _, value in sorted(found, key=lambda pair: pair[0]))
