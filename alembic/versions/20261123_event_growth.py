"""Indexes for questions that looked through every event: quantities, and declared errors.

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ERROR = sa.text("error_time IS NOT NULL")
_QUANTITY = sa.text("quantity IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_event_error", "event", ["error_time"], sqlite_where=_ERROR, postgresql_where=_ERROR
    )
    op.create_index(
        "ix_event_epc_quantity", "event_epc", ["quantity", "event"], sqlite_where=_QUANTITY,
        postgresql_where=_QUANTITY,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_event_epc_quantity", "event_epc")
    op.drop_index("ix_event_error", "event")
