from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session, select

from traceability import audit
from traceability.actor import Actor, Role
from traceability.audit import AuditAction, AuditEntry
from traceability.db import Database
from traceability.registry.models import Lot, Party, Product


def test_a_time_comes_back_in_utc_whatever_zone_it_was_given_in(session: Session) -> None:
    hanoi = datetime(2026, 8, 3, 9, 0, tzinfo=timezone(timedelta(hours=7)))
    party = Party(name="CÔNG TY VÍ DỤ", kind="producer", created_at=hanoi)
    session.add(party)
    session.commit()
    session.expire_all()
    assert session.exec(select(Party.created_at)).one() == datetime(2026, 8, 3, 2, 0, tzinfo=UTC)


def test_a_time_without_zone_is_refused(session: Session) -> None:
    session.add(Party(name="VÍ DỤ", kind="shop", created_at=datetime(2026, 8, 3)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="a time without zone"):
        session.flush()


@pytest.mark.parametrize("quantity", ["0.1", "-5", "9000000000000", "0.000001", "1234.5"])
def test_a_quantity_is_exact(session: Session, quantity: str) -> None:
    party = Party(name="VÍ DỤ", kind="producer")
    session.add(party)
    session.flush()
    product = Product(gtin="09521234567899", gtin_format="GTIN-13", name="x", producer_id=party.id)
    session.add(product)
    session.flush()
    session.add(Lot(product_id=product.id, lot="A", quantity=Decimal(quantity)))
    session.commit()
    assert session.exec(select(Lot.quantity)).one() == Decimal(quantity)


def test_what_raises_in_a_writing_block_leaves_nothing(database: Database) -> None:
    def fail_halfway() -> None:
        with database.writing() as session:
            session.add(Party(name="VÍ DỤ", kind="shop"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with database.reading() as session:
        assert session.exec(select(Party)).all() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET role = 'x'", "DELETE FROM audit_entry"]
)
def test_the_audit_log_can_only_grow(database: Database, statement: str) -> None:
    with database.writing() as session:
        audit.record(session, Actor(Role.ADMIN), AuditAction.PARTY_CREATED, "party:1")
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.connection().execute(sa.text(statement))
    with database.reading() as session:
        assert len(session.exec(select(AuditEntry)).all()) == 1


def test_a_foreign_key_is_enforced(session: Session) -> None:
    session.add(Product(gtin="09521234567899", gtin_format="GTIN-13", name="x", producer_id=99))
    with pytest.raises(DBAPIError):
        session.flush()


def test_a_look_up_gives_rows_by_named_parameters(database: Database) -> None:
    with database.writing() as session:
        session.add_all(Party(name=name, kind="shop") for name in ("VÍ DỤ A", "VÍ DỤ 100%"))
    named = "SELECT name FROM party WHERE kind = :kind AND name LIKE '%%%' ORDER BY name"
    assert database.look_up_all(named, {"kind": "shop"}) == [("VÍ DỤ 100%",), ("VÍ DỤ A",)]
    assert database.look_up(named, {"kind": "agency"}) is None


def test_a_look_up_outlives_the_connections_that_the_server_has_closed(database: Database) -> None:
    assert database.look_up("SELECT 1", {}) == (1,)
    if not database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    assert database.look_up("SELECT 1", {}) == (1,)


def test_a_statement_at_fault_is_no_dead_connection(database: Database) -> None:
    with pytest.raises(Exception, match="no_such_table"):
        database.look_up("SELECT 1 FROM no_such_table", {})
    assert database.look_up("SELECT 1", {}) == (1,)
