"""Salts of what the leaves of the log commit to without saying it; room for sealed tokens.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("log_entry", sa.Column("salt", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("subscription") as table:
        table.alter_column("token", type_=sa.String(400), existing_type=sa.String(200))


def downgrade() -> None:
    with op.batch_alter_table("subscription") as table:
        table.alter_column("token", type_=sa.String(200), existing_type=sa.String(400))
    op.drop_column("log_entry", "salt")
