"""The records that the transparency log tells of, slice by slice."""

from collections.abc import Mapping

from traceability.enforcement.logged import REPORTS
from traceability.events.logged import RECALLS
from traceability.events.logged_events import EVENTS
from traceability.invoices.logged import INVOICES
from traceability.registry.logged import REGISTRATIONS
from traceability.transparency.checking import Source
from traceability.transparency.models import LeafKind

SOURCES: Mapping[LeafKind, Source] = {
    LeafKind.EVENT: EVENTS,
    LeafKind.REGISTRATION: REGISTRATIONS,
    LeafKind.INVOICE: INVOICES,
    LeafKind.RECALL: RECALLS,
    LeafKind.CASE: REPORTS,
}
