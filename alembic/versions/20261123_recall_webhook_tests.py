"""Messages to webhooks that belong to no recall: tests; and the newest of a webhook by an index.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

from traceability.db import BigId

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("recall_notice") as batch:
        batch.alter_column("recall_id", existing_type=BigId(), nullable=True)
    op.create_index(op.f("ix_recall_notice_webhook_id"), "recall_notice", ["webhook_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_recall_notice_webhook_id"), "recall_notice")
    op.execute(sa.text("DELETE FROM recall_notice WHERE recall_id IS NULL"))
    with op.batch_alter_table("recall_notice") as batch:
        batch.alter_column("recall_id", existing_type=BigId(), nullable=False)
