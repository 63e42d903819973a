"""The schema of the database: every table, and bringing it up to date."""

from importlib import resources
from pathlib import Path

import alembic.command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from app.security import models as identity
from traceability import audit, jobs
from traceability.db import Database
from traceability.enforcement import models as enforcement
from traceability.events import models as events
from traceability.events import sscc_models as ssccs
from traceability.events.recalling import models as recalling
from traceability.events.tracing import models as tracing
from traceability.invoices import ledger_models as ledger
from traceability.invoices import list_models as lists
from traceability.invoices import models as invoices
from traceability.invoices.outside import models as outside
from traceability.invoices.signatures import models as signatures
from traceability.registry import certificate_models as certificates
from traceability.registry import models as registry
from traceability.resolver import models as resolver
from traceability.transparency import models as transparency
from traceability.verification import models as verification

# Importing a module declares its tables in the one metadata that they share.
_MODULES = (
    audit,
    jobs,
    registry,
    certificates,
    events,
    invoices,
    ledger,
    lists,
    signatures,
    outside,
    verification,
    enforcement,
    identity,
    resolver,
    tracing,
    recalling,
    ssccs,
    transparency,
)
METADATA = SQLModel.metadata
"""Every table of the service."""


def _migrations() -> Path:
    """The migrations: in the source tree beside the packages, in a wheel inside this one."""
    packaged = Path(str(resources.files("app"))) / "_alembic"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "alembic"


def is_current(database: Database) -> bool:
    """Whether the schema is at the newest revision; a missing SQLite file is not made."""
    if database.is_sqlite and not Path(str(database.url.database)).is_file():
        return False
    newest = ScriptDirectory(str(_migrations())).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def upgrade(database_address: str) -> None:
    """Bring the schema to the newest revision; does nothing where it is there already."""
    config = Config()
    config.set_main_option("script_location", str(_migrations()))
    config.set_main_option("path_separator", "os")
    config.attributes["database_address"] = database_address
    alembic.command.upgrade(config, "head")
