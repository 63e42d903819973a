"""EPCIS events: what is kept of them, captures, master data, named queries, webhooks.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Quantity, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_IDENTIFIER = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("event_id", _IDENTIFIER, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=7), nullable=True),
        sa.Column("event_time", UtcDateTime(), nullable=False),
        sa.Column("record_time", UtcDateTime(), nullable=False),
        sa.Column("biz_step", _IDENTIFIER, nullable=True),
        sa.Column("disposition", _IDENTIFIER, nullable=True),
        sa.Column("read_point", _IDENTIFIER, nullable=True),
        sa.Column("biz_location", _IDENTIFIER, nullable=True),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("capture_id", sa.String(length=36), nullable=True),
        sa.Column("in_error", sa.Boolean(), nullable=False),
        sa.Column("error_time", UtcDateTime(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_event_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_event_id")),
    )
    op.create_index("ix_event_event_time", "event", ["event_time", "id"])
    op.create_index("ix_event_record_time", "event", ["record_time", "id"])
    op.create_index("ix_event_step", "event", ["biz_step", "event_time"])
    op.create_index("ix_event_disposition", "event", ["disposition"])
    op.create_index("ix_event_location", "event", ["biz_location", "event_time"])
    op.create_index("ix_event_read_point", "event", ["read_point", "event_time"])
    op.create_index("ix_event_party", "event", ["party_id", "id"])
    op.create_table(
        "event_epc",
        sa.Column("key", _IDENTIFIER, nullable=False),
        sa.Column("time", UtcDateTime(), nullable=False),
        sa.Column("event", BigId(), nullable=False),
        sa.Column("role", sa.String(length=6), nullable=False),
        sa.Column("by_class", sa.Boolean(), nullable=False),
        sa.Column("quantity", Quantity(), nullable=True),
        sa.Column("uom", sa.String(length=3), nullable=True),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_event_epc_event")),
        sa.PrimaryKeyConstraint(
            "key", "time", "event", "role", "by_class", name=op.f("pk_event_epc")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_epc_event", "event_epc", ["event"])
    op.create_table(
        "event_value",
        sa.Column("name", _IDENTIFIER, nullable=False),
        sa.Column("value", _IDENTIFIER, nullable=False),
        sa.Column("event", BigId(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_event_value_event")),
        sa.PrimaryKeyConstraint("name", "value", "event", name=op.f("pk_event_value")),
        sqlite_with_rowid=False,
    )
    _captures()
    _described()


def _captures() -> None:
    op.create_table(
        "capture",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("success", sa.Boolean(), nullable=False),
        sa.Column("behaviour", sa.String(length=10), nullable=False),
        sa.Column("captured", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("job_id", BigId(), nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_capture_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
    )
    op.create_index("ix_capture_party", "capture", ["party_id", "created_at"])
    op.create_table(
        "capture_part",
        sa.Column("capture_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name=op.f("fk_capture_part_capture_id")
        ),
        sa.PrimaryKeyConstraint("capture_id", "number", name=op.f("pk_capture_part")),
    )


def _described() -> None:
    op.create_table(
        "master_data",
        sa.Column("id", _IDENTIFIER, nullable=False),
        sa.Column("vocabulary", _IDENTIFIER, nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("parent", _IDENTIFIER, nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_master_data_party_id")),
        sa.PrimaryKeyConstraint("id", "vocabulary", name=op.f("pk_master_data")),
    )
    op.create_index("ix_master_data_parent", "master_data", ["parent"])
    op.create_table(
        "named_query",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_named_query_party_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_named_query")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("query_name", sa.String(length=100), nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("actor", sa.JSON(), nullable=False),
        sa.Column("dest", sa.String(length=2000), nullable=False),
        sa.Column("token", sa.String(length=200), nullable=False),
        sa.Column("last_event", BigId(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_subscription_party_id")),
        sa.ForeignKeyConstraint(
            ["query_name"], ["named_query.name"], name=op.f("fk_subscription_query_name")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_next_at", "subscription", ["next_at"])
    op.create_index(op.f("ix_subscription_query_name"), "subscription", ["query_name"])


def downgrade() -> None:
    for table in (
        "subscription", "named_query", "master_data", "capture_part", "capture", "event_value",
        "event_epc", "event",
    ):  # fmt: skip
        op.drop_table(table)
