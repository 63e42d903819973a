"""The first tables, and the triggers that keep the audit log append-only.

Revision: 0001, the first one
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId, Money, Quantity, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("parent_code", sa.String(length=10), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_code", sa.String(length=10), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_area_code_valid_from")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("user_id", BigId(), nullable=True),
        sa.Column("key_id", BigId(), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"], unique=False)
    op.create_index(op.f("ix_audit_entry_subject"), "audit_entry", ["subject"], unique=False)
    op.create_table(
        "idempotency_record",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "key", name=op.f("pk_idempotency_record")),
    )
    op.create_index(
        op.f("ix_idempotency_record_created_at"), "idempotency_record", ["created_at"], unique=False
    )
    op.create_table(
        "job",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_due", "job", ["status", "run_after"], unique=False)
    op.create_index(op.f("ix_job_party_id"), "job", ["party_id"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=True),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("area_code", sa.String(length=10), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", BigId(), nullable=True),
        sa.Column("registered_by_id", BigId(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["party.id"], name=op.f("fk_party_registered_by_id")
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["party.id"], name=op.f("fk_party_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("gln", name=op.f("uq_party_gln")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_party_tax_code")),
    )
    op.create_index(op.f("ix_party_area_code"), "party", ["area_code"], unique=False)
    op.create_index(op.f("ix_party_registered_by_id"), "party", ["registered_by_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("tracking_code", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("code_text", sa.String(length=4000), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("area_code", sa.String(length=10), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("photo_media_type", sa.String(length=30), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("tracking_code", name=op.f("uq_report_tracking_code")),
    )
    op.create_index(op.f("ix_report_area_code"), "report", ["area_code"], unique=False)
    op.create_index(op.f("ix_report_gtin"), "report", ["gtin"], unique=False)
    op.create_index(op.f("ix_report_status"), "report", ["status"], unique=False)
    op.create_table(
        "scan",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("scanned_by", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("user_id", BigId(), nullable=True),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("scan_data", sa.String(length=4000), nullable=True),
        sa.Column("symbology_identifier", sa.String(length=3), nullable=True),
        sa.Column("image_digest", sa.String(length=64), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("lot", sa.String(length=20), nullable=True),
        sa.Column("serial", sa.String(length=20), nullable=True),
        sa.Column("product_id", BigId(), nullable=True),
        sa.Column("shop_id", BigId(), nullable=True),
        sa.Column("area_code", sa.String(length=10), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.LargeBinary(), nullable=False),
        sa.Column("policy_version", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    op.create_index("ix_scan_serial", "scan", ["product_id", "serial", "id"], unique=False)
    op.create_index("ix_scan_user", "scan", ["user_id", "id"], unique=False)
    op.create_index("uq_scan_nonce", "scan", ["scanned_by", "nonce"], unique=True)
    op.create_table(
        "api_key",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("created_by_id", BigId(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_api_key_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_key_digest")),
    )
    op.create_index(op.f("ix_api_key_party_id"), "api_key", ["party_id"], unique=False)
    op.create_table(
        "company_prefix",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_company_prefix_party_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_prefix")),
        sa.UniqueConstraint("prefix", name=op.f("uq_company_prefix_prefix")),
    )
    op.create_index(
        op.f("ix_company_prefix_party_id"), "company_prefix", ["party_id"], unique=False
    )
    op.create_table(
        "invoice",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("seller_tax_code", sa.String(length=14), nullable=False),
        sa.Column("form", sa.String(length=1), nullable=False),
        sa.Column("symbol", sa.String(length=6), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("format_version", sa.String(length=10), nullable=False),
        sa.Column("seller_name", sa.String(length=400), nullable=False),
        sa.Column("seller_address", sa.String(length=500), nullable=False),
        sa.Column("buyer_tax_code", sa.String(length=14), nullable=True),
        sa.Column("buyer_name", sa.String(length=400), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net_total", Money(), nullable=True),
        sa.Column("tax_total", Money(), nullable=True),
        sa.Column("total", Money(), nullable=True),
        sa.Column("authority_code", sa.String(length=40), nullable=True),
        sa.Column("qr_text", sa.String(length=512), nullable=True),
        sa.Column("relation", sa.String(length=1), nullable=True),
        sa.Column("related_form", sa.String(length=11), nullable=True),
        sa.Column("related_symbol", sa.String(length=8), nullable=True),
        sa.Column("related_number", sa.BigInteger(), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("received_from_id", BigId(), nullable=True),
        sa.ForeignKeyConstraint(
            ["received_from_id"], ["party.id"], name=op.f("fk_invoice_received_from_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint(
            "seller_tax_code",
            "form",
            "symbol",
            "number",
            name=op.f("uq_invoice_seller_tax_code_form_symbol_number"),
        ),
    )
    op.create_index(op.f("ix_invoice_buyer_tax_code"), "invoice", ["buyer_tax_code"], unique=False)
    op.create_index(op.f("ix_invoice_issued_on"), "invoice", ["issued_on"], unique=False)
    op.create_index(
        op.f("ix_invoice_received_from_id"), "invoice", ["received_from_id"], unique=False
    )
    op.create_index(
        "ix_invoice_related",
        "invoice",
        ["seller_tax_code", "related_symbol", "related_number"],
        unique=False,
    )
    op.create_table(
        "invoice_document",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("received_from_id", BigId(), nullable=True),
        sa.ForeignKeyConstraint(
            ["received_from_id"], ["party.id"], name=op.f("fk_invoice_document_received_from_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_document")),
        sa.UniqueConstraint("digest", name=op.f("uq_invoice_document_digest")),
    )
    op.create_table(
        "party_term",
        sa.Column(
            "term",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("party_id", BigId(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_party_term_party_id")),
        sa.PrimaryKeyConstraint("term", "party_id", name=op.f("pk_party_term")),
    )
    op.create_index(op.f("ix_party_term_party_id"), "party_term", ["party_id"], unique=False)
    op.create_table(
        "product",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("gtin_format", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("brand", sa.String(length=200), nullable=True),
        sa.Column("model", sa.String(length=200), nullable=True),
        sa.Column("description", sa.String(length=4000), nullable=True),
        sa.Column("category", sa.String(length=100), nullable=True),
        sa.Column("risk_class", sa.String(length=10), nullable=False),
        sa.Column("producer_id", BigId(), nullable=False),
        sa.Column("shelf_life", sa.String(length=200), nullable=True),
        sa.Column("standards", sa.String(length=500), nullable=True),
        sa.Column("origin_place", sa.String(length=300), nullable=True),
        sa.Column("market", sa.String(length=200), nullable=True),
        sa.Column("certificates", sa.String(length=1000), nullable=True),
        sa.Column("safety_warnings", sa.String(length=2000), nullable=True),
        sa.Column("management_number", sa.String(length=200), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("serialised", sa.Boolean(), nullable=False),
        sa.Column("display_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["producer_id"], ["party.id"], name=op.f("fk_product_producer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("gtin", name=op.f("uq_product_gtin")),
    )
    op.create_index(op.f("ix_product_category"), "product", ["category"], unique=False)
    op.create_index(op.f("ix_product_producer_id"), "product", ["producer_id"], unique=False)
    op.create_table(
        "registration",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("decision_number", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_registration_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
    )
    op.create_index(op.f("ix_registration_party_id"), "registration", ["party_id"], unique=False)
    op.create_index(op.f("ix_registration_status"), "registration", ["status"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("party_id", BigId(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_user_account_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_index(op.f("ix_user_account_party_id"), "user_account", ["party_id"], unique=False)
    op.create_table(
        "code_authorisation",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("party_id", BigId(), nullable=False),
        sa.Column("document_number", sa.String(length=100), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_code_authorisation_party_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_code_authorisation_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_authorisation")),
        sa.UniqueConstraint(
            "product_id", "party_id", name=op.f("uq_code_authorisation_product_id_party_id")
        ),
    )
    op.create_index(
        op.f("ix_code_authorisation_party_id"), "code_authorisation", ["party_id"], unique=False
    )
    op.create_table(
        "invoice_line",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("invoice_id", BigId(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(length=1), nullable=False),
        sa.Column("item_code", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("quantity", Quantity(), nullable=True),
        sa.Column("unit_price", Money(), nullable=True),
        sa.Column("discount", Money(), nullable=True),
        sa.Column("amount", Money(), nullable=True),
        sa.Column("vat_rate", sa.String(length=20), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("product_id", BigId(), nullable=True),
        sa.Column("base_quantity", Quantity(), nullable=True),
        sa.Column("seller_tax_code", sa.String(length=14), nullable=False),
        sa.Column("buyer_tax_code", sa.String(length=14), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_invoice_line_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
    )
    op.create_index(
        "ix_invoice_line_bought",
        "invoice_line",
        ["buyer_tax_code", "product_id", "issued_on"],
        unique=False,
    )
    op.create_index(op.f("ix_invoice_line_gtin"), "invoice_line", ["gtin"], unique=False)
    op.create_index(
        op.f("ix_invoice_line_invoice_id"), "invoice_line", ["invoice_id"], unique=False
    )
    op.create_index(
        "ix_invoice_line_item", "invoice_line", ["seller_tax_code", "item_code"], unique=False
    )
    op.create_index(
        "ix_invoice_line_sold",
        "invoice_line",
        ["seller_tax_code", "product_id", "issued_on"],
        unique=False,
    )
    op.create_table(
        "invoice_source",
        sa.Column("document_id", BigId(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("invoice_id", BigId(), nullable=False),
        sa.Column("conflicting", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["invoice_document.id"], name=op.f("fk_invoice_source_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_source_invoice_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_invoice_source")),
    )
    op.create_index(
        op.f("ix_invoice_source_invoice_id"), "invoice_source", ["invoice_id"], unique=False
    )
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
    op.create_index(op.f("ix_item_alias_product_id"), "item_alias", ["product_id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("lot", sa.String(length=20), nullable=False),
        sa.Column("production_date", sa.Date(), nullable=True),
        sa.Column("expiry_date", sa.Date(), nullable=True),
        sa.Column("quantity", Quantity(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_lot_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("product_id", "lot", name=op.f("uq_lot_product_id_lot")),
    )
    op.create_table(
        "product_photo",
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("media_type", sa.String(length=30), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_photo_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_photo")),
    )
    op.create_table(
        "product_term",
        sa.Column(
            "term",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("product_id", BigId(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_term_product_id")
        ),
        sa.PrimaryKeyConstraint("term", "product_id", name=op.f("pk_product_term")),
    )
    op.create_index(
        op.f("ix_product_term_product_id"), "product_term", ["product_id"], unique=False
    )
    op.create_table(
        "recall",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("lot", sa.String(length=20), nullable=True),
        sa.Column("serial", sa.String(length=20), nullable=True),
        sa.Column("notice_number", sa.String(length=100), nullable=False),
        sa.Column("notice_date", sa.Date(), nullable=False),
        sa.Column("issuer_id", BigId(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("advice", sa.String(length=1000), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closing_decision", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["party.id"], name=op.f("fk_recall_issuer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_recall_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
    )
    op.create_index("ix_recall_product_status", "recall", ["product_id", "status"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", BigId(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_web_session_user_id")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_web_session")),
    )
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_web_session_user_id"), "web_session", ["user_id"], unique=False)
    op.create_table(
        "serial",
        sa.Column("id", BigId(), nullable=False),
        sa.Column("product_id", BigId(), nullable=False),
        sa.Column("serial", sa.String(length=20), nullable=False),
        sa.Column("lot_id", BigId(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("status_reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_serial_lot_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_serial_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial")),
        sa.UniqueConstraint("product_id", "serial", name=op.f("uq_serial_product_id_serial")),
    )
    op.create_index(op.f("ix_serial_lot_id"), "serial", ["lot_id"], unique=False)
    op.create_table(
        "serial_activity",
        sa.Column("serial_id", BigId(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("first_area_code", sa.String(length=10), nullable=True),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("area_codes", sa.JSON(), nullable=False),
        sa.Column("last_latitude", sa.Float(), nullable=True),
        sa.Column("last_longitude", sa.Float(), nullable=True),
        sa.Column("last_device", sa.String(length=40), nullable=True),
        sa.Column("impossible_moves", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["serial_id"], ["serial.id"], name=op.f("fk_serial_activity_serial_id")
        ),
        sa.PrimaryKeyConstraint("serial_id", name=op.f("pk_serial_activity")),
    )
    for statement in _triggers(op.get_bind().dialect.name):
        op.execute(statement)


def _triggers(dialect: str) -> list[str]:
    """Refuse to change or remove what the audit log holds."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        (
            "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only()"
        ),
    ]


def downgrade() -> None:
    """There is nothing before the first tables: restore a backup instead."""
    msg = "there is nothing before the first tables"
    raise RuntimeError(msg)
