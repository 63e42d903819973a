"""Products of a table: the rules of `products.create_product`, asked once for all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import Actor
from traceability.clock import now, today
from traceability.errors import ForbiddenError, InvalidError
from traceability.registry import bulk_repository, codes, ownership, repository, search
from traceability.registry.access import is_registrar
from traceability.registry.models import Party
from traceability.registry.row_checks import CheckedRow, Faults
from traceability.registry.schemas import ProductIn

_TERMS_AT_ONCE = 5000
"""Products whose terms are written in one statement."""


@dataclass(slots=True)
class NewProduct:
    row: CheckedRow
    given: ProductIn
    owner_id: int


@dataclass(slots=True)
class _Known:
    """What the database knows about the rows of a table."""

    by_tax_code: Mapping[str, int]
    owners: Mapping[int, Party]
    holders: Mapping[str, int]
    taken: Mapping[str, tuple[int, int]]


def judge(
    session: Session, actor: Actor, rows: Sequence[CheckedRow], faults: Faults
) -> list[NewProduct]:
    """The rows that may be registered; what is wrong with the others goes to `faults`."""
    known = _known(session, actor, rows)
    good = []
    for row in rows:
        given = row.given
        if not isinstance(given, ProductIn):
            raise TypeError(type(given))
        owner_id = _owner_id(actor, row, given, known, faults)
        if owner_id is not None and _is_free(row, given, owner_id, known, faults):
            good.append(NewProduct(row, given, owner_id))
    return good


def _known(session: Session, actor: Actor, rows: Sequence[CheckedRow]) -> _Known:
    tax_codes = {row.producer_tax_code for row in rows if row.producer_tax_code is not None}
    by_tax_code = bulk_repository.parties_by_tax_code(session, tax_codes)
    holders = repository.prefix_holders(session, today(), None)
    taken = bulk_repository.owners_of_gtins(session, (row.gtin.value for row in rows))
    ids = {row.given.producer_id for row in rows if isinstance(row.given, ProductIn)}
    ids |= {actor.party_id, *by_tax_code.values(), *holders.values()}
    ids |= {producer_id for _, producer_id in taken.values()}
    owners = repository.parties_by_id(session, (number for number in ids if number is not None))
    return _Known(by_tax_code, owners, holders, taken)


def _owner_id(
    actor: Actor, row: CheckedRow, given: ProductIn, known: _Known, faults: Faults
) -> int | None:
    """Whose product it is; None when that is not allowed or not known."""
    wanted = given.producer_id
    if row.producer_tax_code is not None:
        by_tax_code = known.by_tax_code.get(row.producer_tax_code)
        if by_tax_code is None or wanted not in (None, by_tax_code):
            faults.add(
                row.number, "producer_tax_code", "registry.producer-unknown",
                {"tax_code": row.producer_tax_code}, row.producer_tax_code,
            )  # fmt: skip
            return None
        wanted = by_tax_code
    has_document = given.authorisation is not None
    try:
        owner_id = ownership.producer_id(actor, wanted, has_document=has_document)
    except ForbiddenError as error:
        faults.add(row.number, "producer_id", error.code, error.arguments, wanted)
        return None
    except InvalidError as error:
        faults.take(row.number, error.faults, {})
        return None
    fault = ownership.producer_fault(known.owners.get(owner_id), owner_id)
    if fault is not None:
        faults.take(row.number, [fault], {"producer_id": owner_id})
        return None
    return owner_id


def _is_free(
    row: CheckedRow, given: ProductIn, owner_id: int, known: _Known, faults: Faults
) -> bool:
    """Whether the code is nobody else's and the document, if any, holds."""
    before, number = faults.count, row.gtin
    document = given.authorisation
    if document is not None:
        faults.take(row.number, ownership.document_faults(document), {})
    foreign = ownership.foreign_prefix(
        number, owner_id, known.holders, has_document=document is not None
    )
    if foreign is not None:
        fault = ownership.foreign_prefix_fault(foreign[0], known.owners[foreign[1]])
        faults.take(row.number, [fault], {"gtin": given.gtin})
    if number.value in known.taken:
        _, producer_id = known.taken[number.value]
        name = known.owners[producer_id].name
        taken = {"gtin": number.value, "producer_name": name}
        faults.add(row.number, "gtin", "registry.gtin-taken", taken, given.gtin)
    return faults.count == before


def write(session: Session, actor: Actor, good: Sequence[NewProduct]) -> None:
    """Add the products, their search terms, and the documents that authorise."""
    at = now()
    ids = bulk_repository.insert_products(
        session,
        [
            {
                **new.given.model_dump(exclude={"authorisation"}),
                "gtin": new.row.gtin.value,
                "gtin_format": codes.gtin_format(new.row.gtin),
                "producer_id": new.owner_id,
                "risk_class": new.given.risk_class.value,
                "confirmed": ownership.is_confirmed(actor, new.given.authorisation),
                "serialised": False,
                "created_at": at,
                "changed_at": at,
            }
            for new in good
        ],
    )
    numbered = [(ids[new.row.gtin.value], new) for new in good]
    for some in repository.chunks(numbered, _TERMS_AT_ONCE):
        search.insert_product_terms(
            session, [(number, _text(new.given), new.row.gtin.value) for number, new in some]
        )
    _write_documents(session, actor, numbered)


def _text(given: ProductIn) -> str:
    return search.text_of(given.name, given.brand, given.category)


def _write_documents(
    session: Session, actor: Actor, numbered: Sequence[tuple[int, NewProduct]]
) -> None:
    rows = []
    for number, new in numbered:
        document = new.given.authorisation
        if document is not None:
            user_id = new.owner_id if is_registrar(actor) else actor.party_id
            rows.append({"product_id": number, "party_id": user_id, **document.model_dump()})
    bulk_repository.insert_authorisations(session, rows)
