"""Links of the resolver: where a product, a lot or an item leads to.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("anchor", sa.String(length=200), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("link_type", sa.String(length=60), nullable=False),
        sa.Column("href", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("context", sa.String(length=60), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("valid_to", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_link_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index("ix_link_anchor", "link", ["anchor", "ended_at"])
    op.create_index(op.f("ix_link_product_id"), "link", ["product_id"])


def downgrade() -> None:
    op.drop_table("link")
