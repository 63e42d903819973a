"""What invoices count by their signature; all they replace or adjust; the exchange rate.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Money

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BEST_FIRST = (
    "intact_trusted", "intact_untrusted", "reformatted", "unsigned", "wrong_signer", "ambiguous",
    "broken",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("invoice", sa.Column("exchange_rate", Money(), nullable=True))
    op.add_column(
        "invoice",
        sa.Column("seller_signature", sa.String(length=20), nullable=False, server_default=""),
    )
    op.add_column("invoice_source", sa.Column("content_digest", sa.String(length=64)))
    op.create_table(
        "invoice_relation",
        sa.Column("invoice_id", BigId(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=1), nullable=False),
        sa.Column("seller_tax_code", sa.String(length=14), nullable=False),
        sa.Column("form", sa.String(length=11), nullable=True),
        sa.Column("symbol", sa.String(length=8), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("statement", sa.String(length=50), nullable=True),
        sa.Column("statement_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_relation_invoice_id_invoice")
        ),
        sa.PrimaryKeyConstraint("invoice_id", "position", name=op.f("pk_invoice_relation")),
    )
    op.create_index(
        "ix_invoice_relation_named",
        "invoice_relation",
        ["seller_tax_code", "symbol", "number"],
        unique=False,
    )
    op.drop_index("ix_invoice_related", table_name="invoice")
    _keep_what_is_known()


def _keep_what_is_known() -> None:
    """Of the invoices on record; `nguon trust recheck` lets the ledger follow."""
    op.execute(
        "INSERT INTO invoice_relation"
        " (invoice_id, position, nature, seller_tax_code, form, symbol, number)"
        " SELECT id, 1, relation, seller_tax_code, related_form, related_symbol, related_number"
        " FROM invoice WHERE relation IS NOT NULL"
    )
    op.execute(
        "UPDATE invoice_source SET content_digest = (SELECT invoice.content_digest FROM invoice"
        " WHERE invoice.id = invoice_source.invoice_id) WHERE NOT conflicting"
    )
    # From the worst to the best: the last that is there stands.
    for state in reversed(_BEST_FIRST):
        op.execute(
            sa.text(
                "UPDATE invoice SET seller_signature = :state WHERE id IN"
                " (SELECT s.invoice_id FROM invoice_signature AS s JOIN invoice_source AS o"
                " ON o.document_id = s.document_id AND o.position = s.position"
                " WHERE s.role = 'seller' AND s.state = :state AND NOT o.conflicting)"
            ).bindparams(state=state)
        )


def downgrade() -> None:
    op.create_index(
        "ix_invoice_related",
        "invoice",
        ["seller_tax_code", "related_symbol", "related_number"],
        unique=False,
    )
    op.drop_index("ix_invoice_relation_named", table_name="invoice_relation")
    op.drop_table("invoice_relation")
    op.drop_column("invoice_source", "content_digest")
    op.drop_column("invoice", "seller_signature")
    op.drop_column("invoice", "exchange_rate")
