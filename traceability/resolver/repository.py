"""SQL of links."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select

from traceability import plain
from traceability.clock import now
from traceability.db import ReadAll
from traceability.resolver.models import Link


class Linked(NamedTuple):
    """A link in force, as the path of every scan reads it."""

    id: int
    anchor: str
    link_type: str
    href: str
    title: str
    language: str | None
    media_type: str | None
    context: str | None
    is_default: bool


_IN_FORCE = """
SELECT id, anchor, link_type, href, title, language, media_type, context, is_default,
       valid_from, valid_to
FROM link WHERE anchor IN (:a, :b, :c, :d) AND ended_at IS NULL ORDER BY id
"""


def in_force(read: ReadAll, anchors: Sequence[str]) -> list[Linked]:
    """Links of up to four anchors that are valid now, the oldest first (ix_link_anchor)."""
    at = now()
    keys = dict(zip("abcd", [*anchors, None, None, None], strict=False))
    return [
        Linked(*row[:9])
        for row in read(_IN_FORCE, keys)
        if plain.time(row[9]) <= at and (row[10] is None or plain.time(row[10]) > at)
    ]


def of_product(session: Session, product_id: int) -> Sequence[Link]:
    """Every link of a product, its lots and serials; the ended ones too, at the end."""
    return session.exec(
        select(Link)
        .where(Link.product_id == product_id)
        .order_by(col(Link.ended_at).is_not(None), col(Link.anchor), col(Link.id))
    ).all()


def same_default(session: Session, link: Link) -> Link | None:
    """Another default of the same anchor that the same requests would get."""
    return session.exec(
        select(Link).where(
            Link.anchor == link.anchor,
            col(Link.is_default),
            col(Link.ended_at).is_(None),
            col(Link.language).is_not_distinct_from(link.language),
            col(Link.media_type).is_not_distinct_from(link.media_type),
            col(Link.context).is_not_distinct_from(link.context),
            Link.id != link.id,
        )
    ).first()
