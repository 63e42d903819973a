"""Occasions: of the devices that look one serial up together, few count.

Revision: 0016, after 0015
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("serial_activity", sa.Column("occasion_since", UtcDateTime(), nullable=True))
    op.add_column(
        "serial_activity",
        sa.Column("occasion_devices", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column(
        "serial_activity",
        sa.Column("occasion_at_home", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    for column in ("occasion_at_home", "occasion_devices", "occasion_since"):
        op.drop_column("serial_activity", column)
