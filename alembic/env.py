"""Runs migrations: one transaction each, one process at a time."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from app.schema import METADATA
from app.settings import Settings
from traceability.db import Database

# Any fixed number that no other user of the database takes for its own advisory lock.
UPGRADE_LOCK = 893_024_117


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our column types by name, and plain text where SQLModel has its own string type."""
    if kind == "type" and type(item).__module__ == "traceability.db":
        autogen.imports.add("from traceability.db import " + type(item).__name__)
        return f"{type(item).__name__}()"
    if kind == "type" and type(item).__module__.startswith("sqlmodel"):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def run() -> None:
    address = context.config.attributes.get("database_address") or Settings().database_address
    database = Database(address)
    with database.write_session() as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            render_item=render_item,
        )
        context.run_migrations()
        session.commit()
    database.dispose()


run()
