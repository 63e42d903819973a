"""A farm, a factory and a shop, and what each of them records. All of it is invented."""

from typing import Any, NamedTuple

from sqlmodel import Session

from tests.traceability.events.makers import SSCC
from tests.traceability.events.tracing.test_trace import made, on, told
from tests.traceability.registry.makers import SUPERVISOR, a_party, a_product, gtin, member
from traceability.actor import Actor
from traceability.events import recalls
from traceability.events.models import Recall
from traceability.events.recall_schemas import RecallIn
from traceability.registry.models import Party, Product

STEM = "https://id.gs1.org"
GLNS = ("9520000000011", "9520000000028", "9520000000035")
__all__ = ["SSCC", "STEM", "made", "on", "told"]


def goods(number: int, path: str = "") -> str:
    """The key of a lot (`10/L1`) or a unit (`21/A1`) of the product gtin(number)."""
    return f"{STEM}/01/0{gtin(number)}" + (f"/{path}" if path else "")


def some(number: int, path: str, quantity: float | None = None) -> dict[str, Any]:
    amount = {} if quantity is None else {"quantity": quantity, "uom": "KGM"}
    return {"epcClass": goods(number, path), **amount}


def at(gln: str) -> dict[str, Any]:
    return {"id": f"{STEM}/414/{gln}"}


def becomes(fruit: str, number: int, output: str) -> dict[str, Any]:
    """Fruit of one lot is made into a lot of the product gtin(number)."""
    made_of, to = [some(1, f"10/{fruit}")], [some(number, output)]
    return made(2, inputQuantityList=made_of, outputQuantityList=to)


class Chain(NamedTuple):
    farm: Party
    factory: Party
    shop: Party
    fruit: Product
    jam: Product


def a_chain(session: Session) -> Chain:
    """Fruit is product 1, of the farm; jam is product 2, of the factory."""
    farm, factory, shop = (
        a_party(session, number, gln=gln) for number, gln in enumerate(GLNS, start=1)
    )
    return Chain(farm, factory, shop, a_product(session, farm, 1), a_product(session, factory, 2))


def jam_is_made(session: Session, chain: Chain, *, mixed: bool = False) -> None:
    """Fruit L1 becomes jam J1 (and, mixed with fruit L2, J2 as well), of which a jar is sold."""
    told(
        session,
        on(1, action="ADD", quantityList=[some(1, "10/L1", 100)], bizLocation=at(GLNS[0])),
        actor=member(chain.farm),
    )
    inputs = [some(1, "10/L1", 80), *([some(1, "10/L2", 20)] if mixed else [])]
    outputs = [some(2, "10/J1", 70), *([some(2, "10/J2", 20)] if mixed else [])]
    told(
        session,
        made(2, inputQuantityList=inputs, outputQuantityList=outputs, bizLocation=at(GLNS[1])),
        on(3, action="ADD", epcList=[goods(2, "21/A1")], ilmd={"cbvmda:lotNumber": "J1"},
           bizLocation=at(GLNS[1])),
        actor=member(chain.factory),
    )  # fmt: skip
    told(
        session,
        on(4, bizStep="receiving", epcList=[goods(2, "21/A1")], bizLocation=at(GLNS[2])),
        actor=member(chain.shop),
    )


def a_notice(**given: object) -> RecallIn:
    values = {
        "notice_number": "15/TB-VD", "notice_date": "2026-11-01", "reason": "Ví dụ",
        "advice": "Trả lại nơi bán",
    }  # fmt: skip
    return RecallIn.model_validate(values | given)


def a_recall(session: Session, actor: Actor = SUPERVISOR, **given: object) -> Recall:
    return recalls.open_recall(session, actor, a_notice(**given))
