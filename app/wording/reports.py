"""Words of the reports from the public."""

from collections.abc import Mapping

from app.i18n import N_
from traceability.enforcement.models import ReportReason, ReportStatus

REASON_WORDS: Mapping[str, str] = {
    ReportReason.LABEL_DIFFERS: N_("The label differs from the data shown"),
    ReportReason.PACK_LOOKS_DIFFERENT: N_("The pack looks different from before"),
    ReportReason.BOUGHT_EXPIRED: N_("It was sold after its expiry date"),
    ReportReason.MADE_ME_ILL: N_("Somebody felt ill after using it"),
    ReportReason.CODE_NOT_FOUND: N_("The code was not found"),
    ReportReason.OTHER: N_("Something else"),
}

STATUS_WORDS: Mapping[str, str] = {
    ReportStatus.RECEIVED: N_("Received"),
    ReportStatus.IN_REVIEW: N_("Being looked at"),
    ReportStatus.CLOSED: N_("Closed"),
}
