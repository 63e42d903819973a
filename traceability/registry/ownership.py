"""Whose code is it: the rules for a GTIN and the party that wants to register it.

The single product of a form and the 100,000 of a table are judged by the same functions; the
callers bring what the database knows (`prefix_holders`), so that a table needs one query.
"""

from collections.abc import Mapping

from gs1.gtin import Gtin
from traceability.actor import Actor
from traceability.clock import today
from traceability.errors import Fault, ForbiddenError, InvalidError
from traceability.registry import codes
from traceability.registry.access import is_registrar
from traceability.registry.models import Party, PartyKind
from traceability.registry.schemas import DocumentIn

_TRADERS = frozenset(
    {PartyKind.PRODUCER, PartyKind.IMPORTER, PartyKind.DISTRIBUTOR, PartyKind.SHOP}
)


def producer_id(actor: Actor, given: int | None, *, has_document: bool) -> int:
    """The party in whose name a product is registered.

    Members register for their own party, and for another with the document that allows it.

    Raises:
        InvalidError: `registry.producer-missing` when there is no own party to stand in.
        ForbiddenError: `registry.no-party` for a member without a party,
            `registry.not-your-party` (party_id).
    """
    if not is_registrar(actor) and actor.party_id is None:
        raise ForbiddenError("registry.no-party")
    if given is None and actor.party_id is None:
        raise InvalidError.of("producer_id", "registry.producer-missing")
    wanted = given if given is not None else actor.party_id
    if not is_registrar(actor) and not actor.owns(wanted) and not has_document:
        raise ForbiddenError("registry.not-your-party", party_id=wanted)
    return wanted or 0


def producer_fault(party: Party | None, party_id: int) -> Fault | None:
    """A producer must be on record and be one that trades: agencies own no codes."""
    if party is None:
        return Fault("producer_id", "registry.party-unknown", {"party_id": party_id})
    if party.kind not in _TRADERS:
        return Fault("producer_id", "registry.party-no-trader", {"kind": party.kind})
    return None


def prefix_holder(number: Gtin, holders: Mapping[str, int]) -> tuple[str, int] | None:
    """The company prefix over a number and the party that holds it; the longest wins."""
    for prefix in codes.company_prefixes(number):
        if prefix in holders:
            return prefix, holders[prefix]
    return None


def foreign_prefix(
    number: Gtin, owner_id: int, holders: Mapping[str, int], *, has_document: bool
) -> tuple[str, int] | None:
    """The prefix and its holder when that is another party and no document allows the use."""
    found = prefix_holder(number, holders)
    if found is None or found[1] == owner_id or has_document:
        return None
    return found


def foreign_prefix_fault(prefix: str, holder: Party) -> Fault:
    """Decree 37/2026, art. 28: a code is not sold or passed on; a partner needs it in writing."""
    arguments = {"prefix": prefix, "holder_name": holder.name}
    return Fault("gtin", "registry.prefix-of-another", arguments)


def is_confirmed(actor: Actor, document: DocumentIn | None) -> bool:
    """Whether a new product counts at once.

    A document that a member names itself has to be confirmed by the owner of the code or by an
    authority (`authorisations.authorise`).
    """
    return document is None or is_registrar(actor)


def document_faults(document: DocumentIn, field: str = "authorisation.") -> list[Fault]:
    """What is wrong with the dates of an authorising document."""
    first, last = document.document_date, document.valid_to
    faults = []
    if first > today():
        faults.append(
            Fault(f"{field}document_date", "registry.date-in-future", {"date": str(first)})
        )
    if last is not None and last < first:
        reversed_period = {"first": str(first), "last": str(last)}
        faults.append(Fault(f"{field}valid_to", "registry.period-reversed", reversed_period))
    elif last is not None and last < today():
        arguments = {"valid_to": str(last)}
        faults.append(Fault(f"{field}valid_to", "registry.authorisation-ended", arguments))
    return faults
