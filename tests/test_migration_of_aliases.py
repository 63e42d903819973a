"""Links that were confirmed before versions existed stay in force."""

from pathlib import Path

import alembic.command
import pytest
import sqlalchemy as sa
from alembic.config import Config
from sqlalchemy.engine import make_url
from sqlmodel import Session, select

from app.schema import upgrade
from tests.conftest import KINDS
from tests.postgres import fresh_database
from traceability.db import Database
from traceability.invoices.models import AliasState, ItemAlias

_MIGRATIONS = Path(__file__).parents[1] / "alembic"
_PARTY = (
    "INSERT INTO party (id, name, kind, address, created_at) "
    "VALUES (1, 'Ví dụ', 'shop', 'Ví dụ', '2026-08-01')"
)
_PRODUCT = (
    "INSERT INTO product (id, gtin, gtin_format, name, risk_class, producer_id, confirmed, "
    "serialised, display_sample, created_at, changed_at) VALUES (1, '09520123456788', 'GTIN-13', "
    "'Ví dụ', 'low', 1, true, false, false, '2026-08-01', '2026-08-01')"
)
_CONFIRMED = (
    "INSERT INTO item_alias (id, seller_tax_code, item_code, unit, product_id, factor, "
    "confirmed_by_id, confirmed_at) VALUES "
    "(4, '9999100024', 'SUA-400', 'thung', 1, 24000000, 7, '2026-08-01 09:00:00'), "
    "(9, '9999100024', 'SUA-400', '', 1, 1000000, NULL, '2026-08-02 09:00:00')"
)


def upgrade_to(address: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["database_address"] = address
    alembic.command.upgrade(config, revision)


@pytest.mark.parametrize("kind", KINDS)
def test_aliases_on_record_become_first_versions_in_force(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        check(f"sqlite:///{tmp_path / 'old.db'}")
        return
    template = request.getfixturevalue("migrated_postgres")
    server = make_url(template).set(database="postgres").render_as_string(hide_password=False)
    with fresh_database(server) as address:
        check(address)


def check(address: str) -> None:
    upgrade_to(address, "0004")
    database = Database(address)
    with database.writing() as session:
        # Not by the models: they write into the tables of today.
        for statement in (_PARTY, _PRODUCT, _CONFIRMED):
            session.execute(sa.text(statement))
    upgrade(address)
    with database.writing() as session:
        found = versions(session)
        assert [(a.id, a.unit, a.factor, a.state) for a in found] == [
            (4, "thung", 24, AliasState.IN_FORCE),
            (9, "", 1, AliasState.IN_FORCE),
        ]
        assert [a.confirmed_by for a in found] == ["user:7", "command line"]
        session.add(ItemAlias(**{**found[0].model_dump(exclude={"id"}), "item_code": "NEW"}))
        session.flush()
        assert versions(session)[-1].id == 10
    database.dispose()


def versions(session: Session) -> list[ItemAlias]:
    return list(session.exec(select(ItemAlias).order_by(ItemAlias.id)))
