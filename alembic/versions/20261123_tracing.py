"""Tracing: what was in what, what was made from what, which instance is of which lot.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Quantity, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_IDENTIFIER = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")


def _event(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f(f"fk_{table}_event"))


def upgrade() -> None:
    op.create_table(
        "containment",
        sa.Column("child", _IDENTIFIER, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("parent", _IDENTIFIER, nullable=False),
        sa.Column("bond", sa.String(length=11), nullable=False),
        sa.Column("by_class", sa.Boolean(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("event", BigId(), nullable=False),
        sa.Column("quantity", Quantity(), nullable=True),
        sa.Column("uom", sa.String(length=3), nullable=True),
        _event("containment"),
        sa.PrimaryKeyConstraint(
            "child", "since", "parent", "bond", "by_class", name=op.f("pk_containment")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_containment_parent", "containment", ["parent", "until"])
    op.create_table(
        "content_finding",
        sa.Column("parent", _IDENTIFIER, nullable=False),
        sa.Column("event", BigId(), nullable=False),
        sa.Column("child", _IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("time", UtcDateTime(), nullable=False),
        _event("content_finding"),
        sa.PrimaryKeyConstraint(
            "parent", "event", "child", "kind", name=op.f("pk_content_finding")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "derivation",
        sa.Column("key", _IDENTIFIER, nullable=False),
        sa.Column("time", UtcDateTime(), nullable=False),
        sa.Column("event", BigId(), nullable=False),
        sa.Column("role", sa.String(length=6), nullable=False),
        sa.Column("by_class", sa.Boolean(), nullable=False),
        sa.Column("process", _IDENTIFIER, nullable=False),
        sa.Column("quantity", Quantity(), nullable=True),
        sa.Column("uom", sa.String(length=3), nullable=True),
        _event("derivation"),
        sa.PrimaryKeyConstraint(
            "key", "time", "event", "role", "by_class", name=op.f("pk_derivation")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_derivation_process", "derivation", ["process", "time"])
    op.create_index("ix_derivation_event", "derivation", ["event"])
    op.create_table(
        "membership",
        sa.Column("instance", _IDENTIFIER, nullable=False),
        sa.Column("lot", _IDENTIFIER, nullable=False),
        sa.Column("event", BigId(), nullable=False),
        _event("membership"),
        sa.PrimaryKeyConstraint("instance", "lot", "event", name=op.f("pk_membership")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_membership_lot", "membership", ["lot", "instance"])
    op.create_index("ix_membership_event", "membership", ["event"])
