"""The demonstration shows each level of verdict, and both kinds of shop."""

import pytest
from sqlmodel import select

from app.demo.loading import CODES, load_once
from app.demo.people import LOG_INS
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices.models import Invoice
from traceability.registry.models import Party, Product
from traceability.verification import service
from traceability.verification.case import Context, Place

INSPECTOR = Actor(Role.INSPECTOR, user_id=1)


@pytest.fixture
def loaded(sqlite_database: Database) -> Database:
    assert load_once(sqlite_database)
    return sqlite_database


def test_it_is_loaded_once(loaded: Database) -> None:
    with loaded.reading() as session:
        before = len(session.exec(select(Invoice)).all())
    assert not load_once(loaded)
    with loaded.reading() as session:
        assert len(session.exec(select(Invoice)).all()) == before


def test_each_code_shows_the_level_it_is_named_for(loaded: Database) -> None:
    for code in CODES:
        link = f"https://id.gs1.org{code.path}"
        verdict = service.public_verdict(loaded.look_up, loaded.look_up_all, link, Context())
        assert verdict.level == code.shows, code
    assert {code.shows for code in CODES} == {"ok", "info", "care", "stop"}


def test_one_shop_is_explained_and_the_other_is_not(loaded: Database) -> None:
    said = {}
    with loaded.writing() as session:
        milk = session.exec(select(Product).where(Product.category == "milk")).one()
        for shop in session.exec(select(Party).where(Party.kind == "shop")).all():
            context = Context(INSPECTOR, "user:1", Place(shop_id=shop.id))
            _, verdict = service.scan(session, service.Symbol(milk.gtin), context)
            said[shop.name] = {str(finding.code) for finding in verdict.findings}
    assert "INVOICE_EXPLAINED" in said["Cửa hàng Ví Dụ Một"]
    assert "INVOICE_OVERSOLD" in said["Cửa hàng Ví Dụ Hai"]


def test_everybody_and_everything_in_it_is_marked_as_made_up(loaded: Database) -> None:
    with loaded.reading() as session:
        names = list(session.exec(select(Party.name))) + list(session.exec(select(Product.name)))
    assert all("Ví Dụ" in name or "minh họa" in name for name in names)
    assert all(log_in.email.endswith("@vidu.example") for log_in in LOG_INS)
