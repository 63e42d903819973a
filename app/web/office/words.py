"""Words of the pages of the authorities."""

from collections.abc import Mapping

from app.i18n import N_
from traceability.audit import AuditAction
from traceability.events.models import RecallScope, RecallStatus
from traceability.events.tracing.schemas import Certainty
from traceability.registry.models import RegistrationStatus

DECISIONS: Mapping[str, str] = {
    RegistrationStatus.ACTIVE: N_("Approve"),
    RegistrationStatus.REFUSED: N_("Refuse"),
    RegistrationStatus.SUSPENDED: N_("Suspend"),
    RegistrationStatus.REVOKED: N_("Revoke"),
}
"""What can be decided, by the status that it leads to."""

RECALL_STATUSES: Mapping[str, tuple[str, str]] = {
    RecallStatus.ACTIVE: (N_("In force"), "stop"),
    RecallStatus.CLOSED: (N_("Closed"), ""),
}
RECALL_SCOPES: Mapping[str, str] = {
    RecallScope.GOODS: N_("A product, a lot or a unit"),
    RecallScope.SERIALS: N_("Several serial numbers"),
    RecallScope.MADE_FROM: N_("Everything made from inputs"),
}
CERTAINTIES: Mapping[str, tuple[str, str]] = {
    Certainty.CERTAIN: (N_("certain"), "stop"),
    Certainty.POSSIBLE: (N_("possible"), "care"),
}
"""Word and level of each status."""

REPORT_LEVELS: Mapping[str, str] = {"received": "info", "in_review": "inspector", "closed": ""}

ACTIONS: Mapping[str, str] = {
    AuditAction.PARTY_CREATED: N_("Organisation entered"),
    AuditAction.PARTY_CHANGED: N_("Organisation changed"),
    AuditAction.REGISTRATION_DECIDED: N_("Registration decided"),
    AuditAction.PRODUCT_CREATED: N_("Product entered"),
    AuditAction.PRODUCT_CHANGED: N_("Product changed"),
    AuditAction.CODE_AUTHORISED: N_("Use of a code authorised"),
    AuditAction.CODE_ENDED: N_("Use of a code ended"),
    AuditAction.CODE_CONFIRMED: N_("Use of a code confirmed"),
    AuditAction.LOT_CREATED: N_("Lot entered"),
    AuditAction.LOT_CHANGED: N_("Lot changed"),
    AuditAction.SERIALS_ISSUED: N_("Serial numbers issued"),
    AuditAction.SERIAL_CHANGED: N_("Serial number changed"),
    AuditAction.SAMPLE_LISTED: N_("Display sample listed"),
    AuditAction.CERTIFICATE_REGISTERED: N_("Certificate registered"),
    AuditAction.CERTIFICATE_DECIDED: N_("Certificate decided"),
    AuditAction.REGISTRY_IMPORTED: N_("Table imported"),
    AuditAction.INVOICE_IMPORTED: N_("Invoice imported"),
    AuditAction.INVOICE_CONFLICTED: N_("Second invoice under the same number"),
    AuditAction.INVOICE_TAKEN_OVER: N_("An intact invoice took over from one that is not"),
    AuditAction.INVOICE_READ: N_("Invoice read"),
    AuditAction.OUTSIDE_ASKED: N_("Outside invoice registry asked"),
    AuditAction.TRUST_LOADED: N_("Trust store loaded"),
    AuditAction.STOCK_STATED: N_("Stock stated"),
    AuditAction.ORIGIN_CLAIMED: N_("Invoice shown for goods"),
    AuditAction.LIST_IMPORTED: N_("Dated list brought in"),
    AuditAction.ALIAS_PROPOSED: N_("Link of a code of goods proposed"),
    AuditAction.ALIAS_CONFIRMED: N_("Code of goods linked"),
    AuditAction.ALIAS_WITHDRAWN: N_("Link of a code of goods withdrawn"),
    AuditAction.ALIAS_RESTORED: N_("Link of a code of goods brought back"),
    AuditAction.ALIASES_IMPORTED: N_("Links of codes of goods imported"),
    AuditAction.RECALL_OPENED: N_("Recall opened"),
    AuditAction.RECALL_CLOSED: N_("Recall closed"),
    AuditAction.RECALL_EXTENDED: N_("Recall reaches more"),
    AuditAction.RECALL_CONFIRMED: N_("Recall confirmed for all goods"),
    AuditAction.RECALL_ANSWERED: N_("Recall answered"),
    AuditAction.SSCC_ISSUED: N_("Number of a box given out"),
    AuditAction.SCAN_RECORDED: N_("Scan recorded"),
    AuditAction.SCAN_NOTED: N_("Note on a scan"),
    AuditAction.REPORT_RECEIVED: N_("Report received"),
    AuditAction.REPORT_DECIDED: N_("Report decided"),
    AuditAction.USER_CREATED: N_("Account made"),
    AuditAction.USER_CHANGED: N_("Account changed"),
    AuditAction.LOGGED_IN: N_("Logged in"),
    AuditAction.LOG_IN_FAILED: N_("Log-in refused"),
    AuditAction.LOGGED_OUT: N_("Logged out"),
    AuditAction.KEY_CREATED: N_("API key made"),
    AuditAction.KEY_REVOKED: N_("API key revoked"),
}
"""What the audit log says, in the order of the log's own list."""
