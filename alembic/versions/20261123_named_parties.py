"""Whom an event names is found by an index: a recall asked all events for it.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_PARTIES = sa.text("name = 'party'")


def upgrade() -> None:
    op.create_index(
        "ix_event_value_party",
        "event_value",
        ["event"],
        sqlite_where=_PARTIES,
        postgresql_where=_PARTIES,
    )


def downgrade() -> None:
    op.drop_index("ix_event_value_party", table_name="event_value")
