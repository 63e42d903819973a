"""Parties and a product to which the invoices of the tests lead."""

from dataclasses import dataclass

import pytest
from sqlmodel import Session

from tests.traceability.invoices.files import DISTRIBUTOR, GTIN, PRODUCER, RIVAL, SHOP
from traceability.actor import Actor, Role
from traceability.registry.models import Party, PartyKind, Product

ADMIN = Actor(Role.ADMIN)


@dataclass(frozen=True)
class Market:
    producer: Party
    distributor: Party
    shop: Party
    rival: Party
    product: Product

    def member(self, party: Party) -> Actor:
        role = Role.SHOP if party.kind == PartyKind.SHOP else Role.PRODUCER
        return Actor(role, party_id=party.id)


def open_market(session: Session) -> Market:
    parties = [
        Party(name="Nhà máy mẫu", kind=PartyKind.PRODUCER, tax_code=PRODUCER),
        Party(name="Phân phối mẫu", kind=PartyKind.DISTRIBUTOR, tax_code=DISTRIBUTOR),
        Party(name="Cửa hàng mẫu", kind=PartyKind.SHOP, tax_code=SHOP),
        Party(name="Cửa hàng khác", kind=PartyKind.SHOP, tax_code=RIVAL),
    ]
    session.add_all(parties)
    session.flush()
    product = new_product(parties[0], GTIN, "Sữa bột mẫu 400g")
    session.add(product)
    session.flush()
    return Market(*parties, product)


def new_product(producer: Party, gtin: str, name: str) -> Product:
    return Product(gtin=gtin, gtin_format="GTIN-13", name=name, producer_id=producer.id or 0)


@pytest.fixture
def market(session: Session) -> Market:
    return open_market(session)
