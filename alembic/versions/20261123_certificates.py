"""Certificates with a quantity; thresholds and display samples; the last place of a serial.

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Quantity, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quantity_certificate",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("quantity", Quantity(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("per_serial", Quantity(), nullable=False),
        sa.Column("area", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("document_digest", sa.String(length=64), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("exceeding", sa.String(length=10), nullable=False),
        sa.Column("decision_number", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_quantity_certificate_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quantity_certificate")),
        sa.UniqueConstraint(
            "party_id", "number", name=op.f("uq_quantity_certificate_party_id_number")
        ),
    )
    op.create_index(op.f("ix_quantity_certificate_status"), "quantity_certificate", ["status"])
    op.create_table(
        "certificate_product",
        sa.Column("certificate_id", BigId(), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["quantity_certificate.id"],
            name=op.f("fk_certificate_product_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_certificate_product_product_id")
        ),
        sa.PrimaryKeyConstraint(
            "certificate_id", "product_id", name=op.f("pk_certificate_product")
        ),
    )
    op.create_index(
        op.f("ix_certificate_product_product_id"), "certificate_product", ["product_id"]
    )
    # No foreign key: SQLite could add one only by writing millions of serials anew, and no
    # certificate is ever removed.
    for table in ("lot", "serial"):
        op.add_column(table, sa.Column("certificate_id", BigId(), nullable=True))
        some = sa.text("certificate_id IS NOT NULL")
        op.create_index(
            op.f(f"ix_{table}_certificate_id"), table, ["certificate_id"],
            sqlite_where=some, postgresql_where=some,
        )  # fmt: skip
    op.add_column("product", sa.Column("repeat_devices", sa.Integer(), nullable=True))
    op.add_column(
        "serial",
        sa.Column("display_sample", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "serial_activity",
        sa.Column("device_count", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("serial_activity", sa.Column("last_accuracy_m", sa.Float(), nullable=True))
    op.add_column("serial_activity", sa.Column("last_placed_at", UtcDateTime(), nullable=True))
    _keep_what_is_known()


def _keep_what_is_known() -> None:
    """Devices are counted from their marks; the last place was kept with the last scan's time."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    keys = "json_object_keys(devices)" if is_postgresql else "json_each(devices)"
    op.execute(
        f"UPDATE serial_activity SET device_count = (SELECT count(*) FROM {keys})"  # noqa: S608 -- our own words
    )
    op.execute(
        "UPDATE serial_activity SET last_placed_at = last_at WHERE last_latitude IS NOT NULL"
    )


def downgrade() -> None:
    for column in ("last_placed_at", "last_accuracy_m", "device_count"):
        op.drop_column("serial_activity", column)
    op.drop_column("serial", "display_sample")
    op.drop_column("product", "repeat_devices")
    for table in ("serial", "lot"):
        op.drop_index(op.f(f"ix_{table}_certificate_id"), table_name=table)
        op.drop_column(table, "certificate_id")
    op.drop_table("certificate_product")
    op.drop_table("quantity_certificate")
