"""Parts of what long jobs make, kept while they are made.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_part",
        sa.Column("job_id", BigId(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("mark", BigId(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_part_job_id")),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_part")),
    )


def downgrade() -> None:
    op.drop_table("job_part")
