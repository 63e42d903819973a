"""Parties: producers, importers, distributors, shops, agencies.

What an administrator or a supervisor enters is active at once; what a member enters waits for
their decision (`registrations`). Until then the member may correct it; afterwards the name, the
tax code and the company prefixes are changed by the authority alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from traceability import audit
from traceability.actor import MEMBERS, Actor
from traceability.audit import AuditAction
from traceability.clock import today
from traceability.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    InvalidError,
    NotFoundError,
)
from traceability.registry import areas, codes, registrations, repository, search
from traceability.registry.access import is_registrar, require_writer
from traceability.registry.models import CompanyPrefix, Party, PartyKind, RegistrationStatus
from traceability.registry.once import once_only
from traceability.registry.registrations import RegistrationState
from traceability.registry.schemas import (
    CompanyPrefixIn,
    CompanyPrefixOut,
    PartyIn,
    PartyOut,
    PartyPatch,
    PartySummary,
    RegistrationOut,
)
from traceability.registry.tax_code import TaxCode

_BY_AUTHORITY = frozenset(
    {"name", "kind", "tax_code", "company_prefixes", "valid_from", "valid_to", "successor_id"}
)
"""What the authority has approved, and a member cannot change afterwards."""
_ALWAYS_BY_AUTHORITY = frozenset({"valid_from", "valid_to", "successor_id"})
_STATE_KINDS = frozenset({PartyKind.AGENCY, PartyKind.TAX})


def get_party(session: Session, actor: Actor, party_id: int) -> Party:
    """The party of an id.

    Raises:
        NotFoundError: `registry.party-unknown` (party_id), also when the actor may not see it.
    """
    found = repository.party(session, actor, party_id)
    if found is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    return found


def create_party(session: Session, actor: Actor, given: PartyIn) -> Party:
    """Enter a party with its first registration.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.kind-by-authority` (kind).
        InvalidError: `registry.tax-code…`, `registry.tax-code-missing`, `gs1.…` for the GLN,
            `registry.area-unknown`, `registry.area-ended`, `registry.prefix-repeated`.
        ConflictError: `registry.tax-code-taken` (tax_code), `registry.gln-taken` (gln),
            `registry.prefix-taken` (prefix).
    """
    require_writer(actor)
    _check_kind(actor, given.kind)
    _check_area(session, given.area_code)
    entered_by = actor.party_id if actor.role in MEMBERS else None
    party = Party(
        **given.model_dump(exclude={"company_prefixes", "kind"}),
        kind=given.kind.value,
        registered_by_id=entered_by,
    )
    party.tax_code, party.gln = _checked_codes(party.kind, given.tax_code, given.gln)
    _refuse_taken(session, None, party.tax_code, party.gln)
    with once_only(session):
        session.add(party)
    if party.id is None:
        raise RuntimeError("a flushed party has an id")
    set_company_prefixes(session, actor, party.id, given.company_prefixes)
    status = RegistrationStatus.ACTIVE if is_registrar(actor) else RegistrationStatus.PENDING
    registrations.open_registration(session, party.id, status)
    search.index_party(session, party)
    audit.record(
        session, actor, AuditAction.PARTY_CREATED, f"party:{party.id}",
        kind=party.kind, status=status.value,
    )  # fmt: skip
    session.flush()
    return party


def change_party(session: Session, actor: Actor, party_id: int, patch: PartyPatch) -> Party:
    """Change a party.

    Raises:
        NotFoundError: `registry.party-unknown` (party_id).
        ForbiddenError: `registry.role-may-not-write` (role), `registry.field-by-authority`
            (field), `registry.kind-by-authority` (kind).
        InvalidError: as `create_party`, `input.null`, `registry.period-reversed` (first, last).
        ConflictError: as `create_party`.
    """
    require_writer(actor)
    party = get_party(session, actor, party_id)
    changes = patch.changes(required=("name", "kind", "address"))
    _check_rights(session, actor, party, changes)
    prefixes = changes.pop("company_prefixes", None)
    if "area_code" in changes:
        _check_area(session, changes["area_code"])
    merged = {**party.model_dump(), **changes}
    tax_code, gln = _checked_codes(merged["kind"], merged["tax_code"], merged["gln"])
    _refuse_taken(session, party_id, tax_code, gln)
    _check_end(session, party_id, merged)
    with once_only(session):
        party.sqlmodel_update({**changes, "tax_code": tax_code, "gln": gln})
        session.add(party)
    if "company_prefixes" in patch.model_fields_set:
        set_company_prefixes(session, actor, party_id, prefixes or [])
    search.index_party(session, party)
    fields = sorted(patch.model_fields_set)
    audit.record(session, actor, AuditAction.PARTY_CHANGED, f"party:{party_id}", fields=fields)
    session.flush()
    return party


def _check_kind(actor: Actor, kind: str) -> None:
    if kind in _STATE_KINDS and not is_registrar(actor):
        raise ForbiddenError("registry.kind-by-authority", kind=str(kind))


def _check_rights(session: Session, actor: Actor, party: Party, changes: dict[str, object]) -> None:
    """Members change their own party, or the pending one they entered; not what was approved."""
    if is_registrar(actor):
        return
    pending = registrations.registration_state(session, party) is RegistrationState.PENDING
    if not actor.owns(party.id) and not pending:
        raise ForbiddenError("registry.party-approved", party_id=party.id)
    closed = _ALWAYS_BY_AUTHORITY if pending else _BY_AUTHORITY
    if actor.owns(party.id):
        # Whoever could choose the tax code it acts under would read the invoices of any firm.
        closed |= {"tax_code"}
    refused = sorted(closed & changes.keys())
    if refused:
        raise ForbiddenError("registry.field-by-authority", field=refused[0])
    if "kind" in changes:
        _check_kind(actor, str(changes["kind"]))


def _check_area(session: Session, code: str | None) -> None:
    fault = areas.area_fault(session, code)
    if fault is not None:
        raise InvalidError([fault])


def _checked_codes(
    kind: str, tax_text: str | None, gln_text: str | None
) -> tuple[str | None, str | None]:
    """Tax code and GLN in their one written form; what is wrong with both is said at once."""
    faults: list[Fault] = []
    tax_code = gln = None
    if tax_text is None and kind not in _STATE_KINDS:
        faults.append(Fault("tax_code", "registry.tax-code-missing"))
    try:
        tax_code = TaxCode.parse(tax_text).value if tax_text is not None else None
    except InvalidError as error:
        faults.extend(error.faults)
    try:
        gln = codes.gln(gln_text) if gln_text is not None else None
    except InvalidError as error:
        faults.extend(error.faults)
    if faults:
        raise InvalidError(faults)
    return tax_code, gln


def _refuse_taken(
    session: Session, party_id: int | None, tax_code: str | None, gln: str | None
) -> None:
    other = repository.party_with_tax_code(session, tax_code) if tax_code else None
    if other is not None and other.id != party_id:
        raise ConflictError("registry.tax-code-taken", tax_code=tax_code)
    other = repository.party_with_gln(session, gln) if gln else None
    if other is not None and other.id != party_id:
        raise ConflictError("registry.gln-taken", gln=gln)


def _check_end(session: Session, party_id: int, merged: Mapping[str, Any]) -> None:
    first, last = merged["valid_from"], merged["valid_to"]
    if first is not None and last is not None and last < first:
        raise InvalidError.of(
            "valid_to", "registry.period-reversed", first=str(first), last=str(last)
        )
    successor = merged["successor_id"]
    known = successor is None or repository.parties_by_id(session, [successor])
    if not known or successor == party_id:
        raise InvalidError.of("successor_id", "registry.party-unknown", party_id=successor)


def set_company_prefixes(
    session: Session, actor: Actor, party_id: int, given: Sequence[CompanyPrefixIn]
) -> None:
    """Make these the company prefixes of a party; what is not among them is given up.

    A claim that no authority has approved yet does not stand in the way of one that it makes.

    Raises:
        InvalidError: `registry.prefix-repeated` (prefix), `registry.period-reversed`.
        ConflictError: `registry.prefix-taken` (prefix) when it overlaps another party's.
    """
    known = {row.prefix: row for row in repository.prefixes_of(session, [party_id])}
    wanted = [each.prefix for each in given]
    for position, each in enumerate(given):
        if each.prefix in wanted[:position]:
            field = f"company_prefixes.{position}.prefix"
            raise InvalidError.of(field, "registry.prefix-repeated", prefix=each.prefix)
        _displace_claims(session, actor, party_id, each.prefix)
    for prefix, row in known.items():
        if prefix not in wanted:
            session.delete(row)
    for each in given:
        row = known.get(each.prefix) or CompanyPrefix(prefix=each.prefix, party_id=party_id)
        row.document, row.valid_from, row.valid_to = each.document, each.valid_from, each.valid_to
        session.add(row)
    session.flush()


def _displace_claims(session: Session, actor: Actor, party_id: int, prefix: str) -> None:
    overlapping = repository.overlapping_prefixes(session, prefix)
    others = [row for row in overlapping if row.party_id != party_id]
    held = repository.prefix_holders(session, today(), [row.prefix for row in others])
    if held or (others and not is_registrar(actor)):
        raise ConflictError("registry.prefix-taken", prefix=prefix)
    for claim in others:
        session.delete(claim)
    session.flush()


def summary(party: Party) -> PartySummary:
    """What the public may know of a party."""
    return PartySummary.model_validate(party, from_attributes=True)


def describe(session: Session, parties: Sequence[Party]) -> list[PartyOut]:
    """Parties with their registration as of today and their company prefixes."""
    standings = registrations.standings(session, parties, today())
    prefixes: dict[int, list[CompanyPrefixOut]] = {}
    for row in repository.prefixes_of(session, standings):
        shown = CompanyPrefixOut.model_validate(row, from_attributes=True)
        prefixes.setdefault(row.party_id, []).append(shown)
    return [
        PartyOut(
            **party.model_dump(exclude={"registered_by_id"}),
            registration=RegistrationOut.model_validate(
                standings[party.id or 0], from_attributes=True
            ),
            company_prefixes=prefixes.get(party.id or 0, []),
        )
        for party in parties
    ]
