"""Numbers of boxes that were given out here, and how far each company prefix is used up.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sscc_range",
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("taken", BigId(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_sscc_range")),
    )
    op.create_table(
        "issued_sscc",
        sa.Column("sscc", sa.String(length=18), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_issued_sscc_party_id")),
        sa.PrimaryKeyConstraint("sscc", name=op.f("pk_issued_sscc")),
    )
    op.create_index("ix_issued_sscc_party", "issued_sscc", ["party_id", "issued_at"])


def downgrade() -> None:
    op.drop_table("issued_sscc")
    op.drop_table("sscc_range")
