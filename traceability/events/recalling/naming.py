"""What a recall names, checked: whose goods they are, and the keys that it begins with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from traceability.actor import Actor
from traceability.errors import Fault, ForbiddenError, InvalidError
from traceability.events.models import RecallScope
from traceability.events.recall_schemas import RecalledIn
from traceability.events.recalling import repository
from traceability.events.recalling.goods import key_of_goods, part_of
from traceability.events.recalling.reach import EVERYTHING
from traceability.events.tracing import repository as traces
from traceability.events.tracing.trace import key_of
from traceability.registry import codes
from traceability.registry import repository as registry
from traceability.registry.access import is_registrar, may_change, require_writer
from traceability.registry.models import Product


@dataclass(frozen=True, slots=True)
class Named:
    scope: RecallScope
    product: Product | None
    """None for inputs: they may be of several."""
    keys: Sequence[str]
    owner_id: int | None
    """The owner that recalls its goods; None for an authority."""


def named(session: Session, actor: Actor, given: RecalledIn) -> Named:
    """What is to be recalled.

    An owner recalls products of its own, and what was made from inputs of its own: goods of its
    products, or what it has recorded events of itself. An authority recalls anything.

    Raises:
        ForbiddenError: `registry.role-may-not-write` (role), `registry.no-party`,
            `registry.not-your-product` (gtin).
        InvalidError: `gs1.…`, `registry.gtin-unknown` (gtin), `input.missing`, `trace.key`,
            `events.recall-scope`, fields that do not go together,
            `events.recall-input-unknown` (key), no event names it, or of the goods of others none
            that the actor may see; `events.recall-input-not-own` (key).
    """
    require_writer(actor)
    owner_id = None if is_registrar(actor) else actor.party_id
    if owner_id is None and not is_registrar(actor):
        raise ForbiddenError("registry.no-party")
    if given.inputs is not None:
        return Named(RecallScope.MADE_FROM, None, _inputs(session, actor, given), owner_id)
    product = _product(session, actor, given)
    if given.serials is None:
        keys = [key_of_goods(product.gtin, given.lot, given.serial)]
        return Named(RecallScope.GOODS, product, keys, owner_id)
    keys = [key_of_goods(product.gtin, None, serial) for serial in set(given.serials)]
    return Named(RecallScope.SERIALS, product, sorted(keys), owner_id)


def _product(session: Session, actor: Actor, given: RecalledIn) -> Product:
    if given.gtin is None:
        raise InvalidError.of("gtin", "input.missing")
    number = codes.gtin(given.gtin).value
    texts = [("lot", given.lot), ("serial", given.serial)]
    texts += [(f"serials.{place}", text) for place, text in enumerate(given.serials or ())]
    faults = [codes.cset82_fault(name, text) for name, text in texts if text is not None]
    if given.serials is not None and (given.lot is not None or given.serial is not None):
        faults.append(Fault("serials", "events.recall-scope"))
    product = registry.product_with_gtin(session, actor, number)
    if product is None:
        faults.append(Fault("gtin", "registry.gtin-unknown", {"gtin": number}))
    elif not may_change(actor, product.producer_id):
        raise ForbiddenError("registry.not-your-product", gtin=number)
    found = [fault for fault in faults if fault is not None]
    if found or product is None:
        raise InvalidError(found)
    return product


def _inputs(session: Session, actor: Actor, given: RecalledIn) -> list[str]:
    if any(each is not None for each in (given.gtin, given.lot, given.serial, given.serials)):
        raise InvalidError.of("inputs", "events.recall-scope")
    faults: list[Fault] = []
    keys: dict[str, None] = {}
    for place, text in enumerate(given.inputs or ()):
        try:
            key = key_of(text)
        except InvalidError as error:
            faults += [Fault(f"inputs.{place}", x.code, x.arguments) for x in error.faults]
            continue
        if code := _refused(session, actor, key):
            faults.append(Fault(f"inputs.{place}", code, {"key": key[:120]}))
        keys[key] = None
    if faults:
        raise InvalidError(faults)
    return sorted(keys)


def _refused(session: Session, actor: Actor, key: str) -> str | None:
    """Why the actor may not recall what was made from this, if it may not."""
    part = part_of(key)
    product = registry.product_with_gtin(session, actor, part.gtin) if part else None
    is_own = product is not None and may_change(actor, product.producer_id)
    is_whole = part is not None and not part.name and repository.keys_within(session, key, 1)
    # What others did with one's own goods one need not see to recall them.
    known = traces.is_known(session, EVERYTHING if is_own else actor, key)
    if not known and not (is_own and is_whole):
        return "events.recall-input-unknown"
    if is_registrar(actor) or is_own:
        return None
    if repository.handled_by(session, actor.party_id or 0, key):
        return None
    return "events.recall-input-not-own"
