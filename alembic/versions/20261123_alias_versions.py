"""Aliases as versions with a first day and two confirmations; large inputs of jobs in pieces.

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Quantity, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEPT = "id, seller_tax_code, item_code, unit, product_id, factor"


def upgrade() -> None:
    op.add_column("job", sa.Column("stalled", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE job SET stalled = attempts")
    op.create_table(
        "job_input",
        sa.Column("job_id", BigId(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_job_input_job_id")),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_input")),
    )
    op.drop_index(op.f("ix_item_alias_product_id"), table_name="item_alias")
    op.rename_table("item_alias", "item_alias_before")
    _free_the_names_of_constraints()
    op.create_table(
        "item_alias",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("seller_tax_code", sa.String(length=14), nullable=False),
        sa.Column("item_code", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("factor", Quantity(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("proposed_by_party_id", BigId(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=40), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("seconded_by", sa.String(length=40), nullable=True),
        sa.Column("seconded_at", UtcDateTime(), nullable=True),
        sa.Column("replaces_id", BigId(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_item_alias_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_alias")),
    )
    # What was confirmed under the old rules stays in force: one person was enough then.
    by = "CASE WHEN confirmed_by_id IS NULL THEN 'command line' ELSE 'user:' || confirmed_by_id END"
    op.execute(
        f"INSERT INTO item_alias ({_KEPT}, valid_from, state, proposed_by, proposed_at, "  # noqa: S608 -- names of our own columns
        f"confirmed_by, confirmed_at) SELECT {_KEPT}, '0001-01-01', 'in_force', {by}, "
        f"confirmed_at, {by}, confirmed_at FROM item_alias_before"
    )
    op.drop_table("item_alias_before")
    _number_from_here()
    _index()


def _free_the_names_of_constraints() -> None:
    """SQLite names constraints by their table, PostgreSQL by the schema."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_item_alias_product_id", "item_alias_before")
        op.drop_constraint("uq_item_alias_seller_tax_code_item_code_unit", "item_alias_before")
        op.drop_constraint("pk_item_alias", "item_alias_before")
        op.execute("ALTER SEQUENCE item_alias_id_seq RENAME TO item_alias_before_id_seq")


def _number_from_here() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('item_alias', 'id'), "
            "(SELECT coalesce(max(id), 0) + 1 FROM item_alias), false)"
        )


def _index() -> None:
    op.create_index(op.f("ix_item_alias_product_id"), "item_alias", ["product_id"])
    op.create_index("ix_item_alias_code", "item_alias", ["seller_tax_code", "item_code"])
    op.create_index("ix_item_alias_state", "item_alias", ["state"])
    in_force = sa.text("state = 'in_force'")
    op.create_index(
        "uq_item_alias_in_force",
        "item_alias",
        ["seller_tax_code", "item_code", "unit", "valid_from"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def downgrade() -> None:
    op.drop_table("item_alias")
    op.create_table(
        "item_alias",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("seller_tax_code", sa.String(length=14), nullable=False),
        sa.Column("item_code", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("factor", Quantity(), nullable=False),
        sa.Column("confirmed_by_id", BigId(), nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_item_alias_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_alias")),
        sa.UniqueConstraint(
            "seller_tax_code",
            "item_code",
            "unit",
            name=op.f("uq_item_alias_seller_tax_code_item_code_unit"),
        ),
    )
    op.create_index(op.f("ix_item_alias_product_id"), "item_alias", ["product_id"])
    op.drop_table("job_input")
    op.drop_column("job", "stalled")
