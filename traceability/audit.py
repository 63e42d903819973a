"""The append-only log of who did what: a trigger of the database refuses change and removal.

The name of an action is `source:subject:action`, past tense. Details carry ids, codes and the
reason given for a change, no personal data and no secrets.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from traceability.actor import Actor
from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class AuditAction(StrEnum):
    PARTY_CREATED = "registry:party:created"
    PARTY_CHANGED = "registry:party:changed"
    REGISTRATION_DECIDED = "registry:registration:decided"
    PRODUCT_CREATED = "registry:product:created"
    PRODUCT_CHANGED = "registry:product:changed"
    CODE_AUTHORISED = "registry:code:authorised"
    CODE_ENDED = "registry:code:ended"
    CODE_CONFIRMED = "registry:code:confirmed"
    CERTIFICATE_REGISTERED = "registry:certificate:registered"
    CERTIFICATE_DECIDED = "registry:certificate:decided"
    LOT_CREATED = "registry:lot:created"
    LOT_CHANGED = "registry:lot:changed"
    SERIALS_ISSUED = "registry:serials:issued"
    SERIAL_CHANGED = "registry:serial:changed"
    SAMPLE_LISTED = "registry:serial:listed"
    REGISTRY_IMPORTED = "registry:file:imported"
    INVOICE_IMPORTED = "invoices:invoice:imported"
    INVOICE_CONFLICTED = "invoices:invoice:conflicted"
    INVOICE_TAKEN_OVER = "invoices:invoice:taken-over"
    INVOICE_READ = "invoices:invoice:read"
    OUTSIDE_ASKED = "invoices:outside:asked"
    TRUST_LOADED = "invoices:trust:loaded"
    STOCK_STATED = "invoices:stock:stated"
    ORIGIN_CLAIMED = "invoices:origin:claimed"
    LIST_IMPORTED = "invoices:list:imported"
    ALIAS_PROPOSED = "invoices:alias:proposed"
    ALIAS_CONFIRMED = "invoices:alias:confirmed"
    ALIAS_WITHDRAWN = "invoices:alias:withdrawn"
    ALIAS_RESTORED = "invoices:alias:restored"
    ALIASES_IMPORTED = "invoices:aliases:imported"
    LINK_ADDED = "resolver:link:added"
    LINK_ENDED = "resolver:link:ended"
    RECALL_OPENED = "events:recall:opened"
    RECALL_CLOSED = "events:recall:closed"
    RECALL_EXTENDED = "events:recall:extended"
    RECALL_CONFIRMED = "events:recall:confirmed"
    RECALL_ANSWERED = "events:recall:answered"
    SSCC_ISSUED = "events:sscc:issued"
    SCAN_RECORDED = "verification:scan:recorded"
    SCAN_NOTED = "verification:scan:noted"
    REPORT_RECEIVED = "enforcement:report:received"
    REPORT_DECIDED = "enforcement:report:decided"
    USER_CREATED = "identity:user:created"
    USER_CHANGED = "identity:user:changed"
    LOGGED_IN = "identity:session:opened"
    LOG_IN_FAILED = "identity:session:refused"
    LOGGED_OUT = "identity:session:closed"
    KEY_CREATED = "identity:key:created"
    KEY_REVOKED = "identity:key:revoked"


class AuditEntry(SQLModel, table=True):
    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(sa_type=UtcDateTime)
    action: str = Field(index=True, max_length=60)
    role: str = Field(max_length=20)
    party_id: int | None = Field(default=None, sa_type=BigId)
    user_id: int | None = Field(default=None, sa_type=BigId)
    key_id: int | None = Field(default=None, sa_type=BigId)
    subject: str = Field(index=True, max_length=120)
    """What was acted on: `product:42`, `scan:17`."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


def record(
    session: Session, actor: Actor, action: AuditAction, subject: str, **detail: Any
) -> None:
    """Append one entry to the caller's transaction."""
    record_each(session, actor, action, [subject], **detail)


def record_each(
    session: Session, actor: Actor, action: AuditAction, subjects: Sequence[str], **detail: Any
) -> None:
    """Append an entry for each subject, in one statement."""
    at = now()
    rows = [
        {
            "at": at,
            "action": action,
            "role": actor.role,
            "party_id": actor.party_id,
            "user_id": actor.user_id,
            "key_id": actor.key_id,
            "subject": subject,
            "detail": detail,
        }
        for subject in subjects
    ]
    if rows:
        session.connection().execute(
            sa.insert(AuditEntry.__table__),  # type: ignore[attr-defined]
            rows,
        )


def entries(
    session: Session,
    *,
    subject: str | None = None,
    action: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> Sequence[AuditEntry]:
    """The log, newest first; `before_id` is the last entry of the page before."""
    statement = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)
    if subject is not None:
        statement = statement.where(AuditEntry.subject == subject)
    if action is not None:
        statement = statement.where(AuditEntry.action == action)
    if before_id is not None:
        statement = statement.where(col(AuditEntry.id) < before_id)
    return session.exec(statement).all()
