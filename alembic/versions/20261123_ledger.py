"""The ledger of goods, statements about stock, and dated lists of others.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Quantity, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dated_list",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("imported_by_id", BigId(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_list")),
        sa.UniqueConstraint("kind", "digest", name=op.f("uq_dated_list_kind_digest")),
    )
    op.create_table(
        "ledger_day",
        sa.Column("tax_code", sa.String(length=14), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("whole", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tax_code", "product_id", "side", "unit", "day", name=op.f("pk_ledger_day")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "listed_tax_code",
        sa.Column("list_id", BigId(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["dated_list.id"], name=op.f("fk_listed_tax_code_list_id")
        ),
        sa.PrimaryKeyConstraint("list_id", "row", name=op.f("pk_listed_tax_code")),
    )
    op.create_index("ix_listed_tax_code_tax_code", "listed_tax_code", ["tax_code"], unique=False)
    op.create_table(
        "customs_declaration",
        sa.Column("list_id", BigId(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("importer_tax_code", sa.String(length=14), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("quantity", Quantity(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["dated_list.id"], name=op.f("fk_customs_declaration_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_customs_declaration_product_id")
        ),
        sa.PrimaryKeyConstraint("list_id", "row", name=op.f("pk_customs_declaration")),
    )
    op.create_index(
        "ix_customs_declaration_goods",
        "customs_declaration",
        ["product_id", "importer_tax_code"],
        unique=False,
    )
    op.create_table(
        "declared_price",
        sa.Column("list_id", BigId(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("unit_price", Quantity(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["dated_list.id"], name=op.f("fk_declared_price_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_declared_price_product_id")
        ),
        sa.PrimaryKeyConstraint("list_id", "row", name=op.f("pk_declared_price")),
    )
    op.create_index(
        "ix_declared_price_product", "declared_price", ["product_id", "valid_from"], unique=False
    )
    op.create_table(
        "origin_claim",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("invoice_id", BigId(), nullable=False),
        sa.Column("quantity", Quantity(), nullable=False),
        sa.Column("inspected_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", BigId(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_origin_claim_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_origin_claim_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origin_claim")),
        sa.UniqueConstraint("nonce", name=op.f("uq_origin_claim_nonce")),
    )
    op.create_index(
        op.f("ix_origin_claim_invoice_id"), "origin_claim", ["invoice_id"], unique=False
    )
    op.create_index(op.f("ix_origin_claim_tax_code"), "origin_claim", ["tax_code"], unique=False)
    op.create_table(
        "pump_sale",
        sa.Column("list_id", BigId(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=False),
        sa.Column("pump", sa.String(length=20), nullable=False),
        sa.Column("sold_at", UtcDateTime(), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("litres", Quantity(), nullable=False),
        sa.Column("unit_price", Quantity(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["dated_list.id"], name=op.f("fk_pump_sale_list_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_pump_sale_product_id")
        ),
        sa.PrimaryKeyConstraint("list_id", "row", name=op.f("pk_pump_sale")),
    )
    op.create_index("ix_pump_sale_station", "pump_sale", ["tax_code", "sold_on"], unique=False)
    op.create_table(
        "stock_record",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("quantity", Quantity(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("observed_at", UtcDateTime(), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("recorded_by_id", BigId(), nullable=True),
        sa.Column("recorded_role", sa.String(length=20), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_record_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_record")),
        sa.UniqueConstraint("nonce", name=op.f("uq_stock_record_nonce")),
    )
    op.create_index(
        "ix_stock_record_shelf",
        "stock_record",
        ["tax_code", "product_id", "observed_on"],
        unique=False,
    )
    op.add_column("invoice_line", sa.Column("counted_product_id", BigId(), nullable=True))
    op.add_column("invoice_line", sa.Column("counted_quantity", Quantity(), nullable=True))
