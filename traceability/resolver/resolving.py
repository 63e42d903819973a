"""What a request for a Digital Link is answered with.

    elements ──lookup.find──▶ record ──levels──▶ anchors ──in_force──▶ links ──choosing──▶ Answer

Recalled and withdrawn goods lead nowhere but to what is said of them: whoever scans the pack must
not land on a shop's page first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gs1 import Reading
from traceability.db import Execute, ReadAll
from traceability.registry.models import SerialStatus
from traceability.resolver import anchors, choosing, repository, target
from traceability.resolver.link_types import DEFAULT, DEFAULT_MULTI, RECALL_STATUS
from traceability.resolver.repository import Linked
from traceability.verification import lookup

LINKSET = "linkset"
HANDLED_BY = "handledBy"


class Kind(StrEnum):
    REDIRECT = "redirect"
    """To the one link that fits."""
    CHOICES = "choices"
    """The request does not decide between several."""
    LINKSET = "linkset"
    """All links were asked for."""
    OWN_PAGE = "own-page"
    """The owner names no default: our page tells what the data say."""
    GONE = "gone"
    """Recalled or taken out of circulation: our page says so."""
    UNKNOWN = "unknown"
    """Nobody has registered the product here."""
    NO_SUCH_LINK = "no-such-link"
    """A type was asked for of which there is no link."""


@dataclass(frozen=True, slots=True)
class Answer:
    kind: Kind
    levels: tuple[str, ...]
    """Anchors, the most special first."""
    links: Sequence[Linked] = ()
    """One to redirect to, those to choose from, or all of them."""
    tells_recall: bool = False
    """Whether our own page is the recall status, for a linkset."""


def resolve(execute: Execute, read: ReadAll, reading: Reading, wanted: choosing.Wanted) -> Answer:
    """The answer to a request for the thing that a Digital Link is about."""
    keys = reading.keys
    number = keys.gtin.value if keys.gtin else ""
    record = lookup.find(execute, number, keys.lot, keys.serial)
    serial = record.serial if record else None
    levels = anchors.levels(reading.elements, serial.lot if serial else None)
    if record is None:
        return Answer(Kind.UNKNOWN, levels)
    values = target.values_of(reading.elements)
    links = [
        link for link in repository.in_force(read, levels) if target.is_filled(link.href, values)
    ]
    gone = record.recall is not None or (
        serial is not None and serial.status == SerialStatus.WITHDRAWN
    )
    # Our page has the recall status of what the owner names none for.
    told_here = gone and not any(link.link_type == RECALL_STATUS for link in links)
    if wanted.link_type == LINKSET:
        return Answer(Kind.LINKSET, levels, links, told_here)
    if gone and (told_here or wanted.link_type != RECALL_STATUS):
        return Answer(Kind.GONE, levels)
    return _chosen(levels, links, wanted)


def _chosen(levels: tuple[str, ...], links: Sequence[Linked], wanted: choosing.Wanted) -> Answer:
    found = choosing.of_type(links, levels, wanted)
    if not found:
        found = [link for link in links if link.link_type == HANDLED_BY][:1]
    fitting = choosing.best(found, wanted)
    if len(fitting) == 1:
        return Answer(Kind.REDIRECT, levels, fitting)
    if fitting:
        return Answer(Kind.CHOICES, levels, fitting)
    is_default = wanted.link_type in (DEFAULT, DEFAULT_MULTI)
    return Answer(Kind.OWN_PAGE if is_default else Kind.NO_SUCH_LINK, levels)
