"""Small makers of parties and products for the tests of the registry. All of it is invented."""

from sqlmodel import Session

from gs1 import check_digit
from traceability.actor import Actor, Role
from traceability.registry import areas, parties, products
from traceability.registry.models import Party, Product
from traceability.registry.schemas import PartyIn, ProductIn
from traceability.registry.tax_code import check_digit as tax_digit

ADMIN = Actor(Role.ADMIN, name="admin")
SUPERVISOR = Actor(Role.SUPERVISOR, name="supervisor")


def member(party: Party, role: Role = Role.PRODUCER) -> Actor:
    return Actor(role, party_id=party.id)


def tax_code(number: int) -> str:
    """A tax code with a right check digit, in a range that is not issued: 9999…"""
    while tax_digit(f"9999{number:05}") is None:
        number += 50_000
    return f"9999{number:05}{tax_digit(f'9999{number:05}')}"


def gtin(number: int, prefix: str = "952") -> str:
    """A GTIN-13 under a prefix, by default that of demonstrations."""
    body = prefix + str(number).zfill(12 - len(prefix))
    return body + str(check_digit.compute(body))


def a_party(session: Session, number: int = 1, *, actor: Actor = ADMIN, **given: object) -> Party:
    areas.seed_areas(session)
    values = {
        "name": f"Công ty Ví dụ {number}",
        "kind": "producer",
        "tax_code": tax_code(number),
        "address": "Thôn Ví Dụ, xã Măng Ri, tỉnh Quảng Ngãi",
        "area_code": "51",
    }
    return parties.create_party(session, actor, PartyIn.model_validate(values | given))


def a_product(
    session: Session, producer: Party, number: int = 1, *, actor: Actor = ADMIN, **given: object
) -> Product:
    values = {"gtin": gtin(number), "name": f"Cà phê ví dụ {number}", "producer_id": producer.id}
    return products.create_product(session, actor, ProductIn.model_validate(values | given))
