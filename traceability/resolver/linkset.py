"""All links of an item as a linkset in JSON (RFC 9264 section 4.2), its lot's and product's too.

It is also valid by the narrower schema of GS1-Conformant Resolver 1.2.0
(https://ref.gs1.org/standards/resolver/1.2.0/linkset-schema), which knows languages as `vi` and
`vi-VN` alone; its JSON-LD context is the standard's own artefact.

{"linkset": [{"anchor": "https://nguon.example/01/09521101000016",
              "https://ref.gs1.org/voc/pip": [{"href": "…", "title": "…"}]}]}
"""

import re
from collections.abc import Sequence
from typing import Any

from traceability.resolver.link_types import DEFAULT, DEFAULT_MULTI, NAMESPACE, RECALL_STATUS
from traceability.resolver.repository import Linked
from traceability.resolver.target import filled

MEDIA_TYPE = "application/linkset+json"
JSON_LD = "application/ld+json"
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:-[A-Za-z]{2})?(?=-|$)")


def linkset(
    stem: str,
    levels: Sequence[str],
    links: Sequence[Linked],
    own_title: str,
    values: dict[str, str],
    *,
    tells_recall: bool = False,
) -> dict[str, Any]:
    """The linkset of every level, the most special first.

    `stem` stands before the anchors (`https://nguon.example`), `own_title` is the title of our own
    page, the default where the owner has named none; `values` fill the placeholders of targets.
    `tells_recall`: our page is the recall status as well.
    """
    sets = [_of_level(stem, level, links, own_title, values) for level in levels]
    if tells_recall:
        page = {"href": stem + levels[0], "title": own_title, "type": "text/html"}
        sets[0][NAMESPACE + RECALL_STATUS] = [page]
    return {"linkset": sets}


def _of_level(
    stem: str, level: str, links: Sequence[Linked], own_title: str, values: dict[str, str]
) -> dict[str, Any]:
    anchor = stem + level
    found: dict[str, Any] = {"anchor": anchor}
    here = [link for link in links if link.anchor == level]
    defaults = [link for link in here if link.is_default]
    if not defaults:
        found[NAMESPACE + DEFAULT] = [{"href": anchor, "title": own_title, "type": "text/html"}]
    elif len(defaults) == 1:
        found[NAMESPACE + DEFAULT] = [_target(defaults[0], values)]
    else:
        found[NAMESPACE + DEFAULT] = [_target(_plainest(defaults), values)]
        found[NAMESPACE + DEFAULT_MULTI] = [_target(link, values) for link in defaults]
    for link in here:
        found.setdefault(NAMESPACE + link.link_type, []).append(_target(link, values))
    return found


def _plainest(links: Sequence[Linked]) -> Linked:
    """Of several defaults the one with the fewest conditions, then the oldest."""
    return min(
        links,
        key=lambda link: (
            bool(link.context) + bool(link.language) + bool(link.media_type),
            link.id,
        ),
    )


def _target(link: Linked, values: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"href": filled(link.href, values), "title": link.title}
    language = _LANGUAGE.match(link.language or "")
    if language is not None:
        found["hreflang"] = [language[0]]
    if link.media_type:
        found["type"] = link.media_type
    if link.context:
        found["context"] = [link.context]
    return found
