"""Recalls by trace: what they reach, who is told, and what those have found.

Revision: 0013, after 0012
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Quantity, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_IDENTIFIER = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _recall_columns() -> Sequence[sa.Column[object]]:
    return (
        sa.Column("scope", sa.String(length=10), nullable=False, server_default="goods"),
        sa.Column("owner_id", BigId(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("reached_at", UtcDateTime(), nullable=True),
        sa.Column("truncated", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("stale_since", UtcDateTime(), nullable=True),
    )


def upgrade() -> None:
    with op.batch_alter_table("recall") as batch:
        for column in _recall_columns():
            batch.add_column(column)
        batch.alter_column("product_id", existing_type=BigId(), nullable=True)
        batch.create_foreign_key(op.f("fk_recall_owner_id"), "party", ["owner_id"], ["id"])
    with op.batch_alter_table("recall") as batch:
        # The defaults were for the rows on record alone.
        batch.alter_column("scope", existing_type=sa.String(length=10), server_default=None)
        batch.alter_column("truncated", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "recall_start",
        sa.Column("recall_id", BigId(), nullable=False),
        sa.Column("key", _IDENTIFIER, nullable=False),
        _to("recall_start", "recall_id", "recall"),
        sa.PrimaryKeyConstraint("recall_id", "key", name=op.f("pk_recall_start")),
    )
    # Those in force wait to be worked out by the worker.
    op.execute(sa.text("UPDATE recall SET stale_since = opened_at WHERE status = 'active'"))
    op.create_table(
        "recall_goods",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("recall_id", BigId(), nullable=False),
        sa.Column("key", _IDENTIFIER, nullable=False),
        sa.Column("is_carrier", sa.Boolean(), nullable=False),
        sa.Column("product_id", BigId(), nullable=True),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("certainty", sa.String(length=10), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=True),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        _to("recall_goods", "recall_id", "recall"),
        _to("recall_goods", "product_id", "product"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_goods")),
        sa.UniqueConstraint("recall_id", "key", name=op.f("uq_recall_goods_recall_id_key")),
    )
    op.create_index(
        "ix_recall_goods_product", "recall_goods", ["product_id", "in_force", "part"]
    )  # fmt: skip
    op.create_index("ix_recall_goods_key", "recall_goods", ["key"])
    _people()


def _people() -> None:
    op.create_table(
        "recall_holder",
        sa.Column("recall_id", BigId(), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("goods", sa.Integer(), nullable=False),
        sa.Column("last_time", UtcDateTime(), nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        _to("recall_holder", "recall_id", "recall"),
        _to("recall_holder", "party_id", "party"),
        sa.PrimaryKeyConstraint("recall_id", "party_id", name=op.f("pk_recall_holder")),
    )
    op.create_index("ix_recall_holder_party_id", "recall_holder", ["party_id", "recall_id"])
    op.create_table(
        "recall_answer",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("recall_id", BigId(), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("found", Quantity(), nullable=False),
        sa.Column("returned", Quantity(), nullable=False),
        sa.Column("destroyed", Quantity(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("user_id", BigId(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _to("recall_answer", "recall_id", "recall"),
        _to("recall_answer", "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_answer")),
    )
    op.create_index(
        "ix_recall_answer_recall_id", "recall_answer", ["recall_id", "party_id", "id"]
    )  # fmt: skip
    op.create_table(
        "recall_webhook",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("actor", sa.JSON(), nullable=False),
        sa.Column("dest", sa.String(length=2000), nullable=False),
        sa.Column("token", sa.String(length=400), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        _to("recall_webhook", "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_webhook")),
    )
    op.create_index(op.f("ix_recall_webhook_party_id"), "recall_webhook", ["party_id"])
    op.create_table(
        "recall_notice",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("recall_id", BigId(), nullable=False),
        sa.Column("webhook_id", sa.String(length=36), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        _to("recall_notice", "recall_id", "recall"),
        _to("recall_notice", "party_id", "party"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_notice")),
    )
    op.create_index("ix_recall_notice_next_at", "recall_notice", ["next_at"])
    op.create_index(op.f("ix_recall_notice_recall_id"), "recall_notice", ["recall_id"])


def downgrade() -> None:
    for table in (
        "recall_notice", "recall_webhook", "recall_answer", "recall_holder", "recall_goods",
        "recall_start",
    ):  # fmt: skip
        op.drop_table(table)
    # A recall of the new scopes names no product, without which the old table held none.
    op.execute(sa.text("DELETE FROM recall WHERE product_id IS NULL"))
    with op.batch_alter_table("recall") as batch:
        batch.drop_constraint(op.f("fk_recall_owner_id"), type_="foreignkey")
        for column in reversed(_recall_columns()):
            batch.drop_column(column.name)
        batch.alter_column("product_id", existing_type=BigId(), nullable=False)
