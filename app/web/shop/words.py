"""Words of the registry as a producer reads them: elements, statuses, risk classes."""

from collections.abc import Mapping

from app.i18n import N_, Translator
from traceability.invoices.models import AliasState
from traceability.jobs import JobStatus
from traceability.registry.columns import Table
from traceability.registry.models import RiskClass, SerialStatus
from traceability.registry.registrations import RegistrationState

ELEMENTS: Mapping[str, str] = {
    "product-name": N_("Product name"),
    "image": N_("Picture"),
    "trader-name": N_("Name of the producer or trader"),
    "trader-address": N_("Address of the producer or trader"),
    "stages": N_("When and where a lot was made"),
    "production-time": N_("Date of production of a lot"),
    "traceability-code": N_("Traceability code: a lot or serial number"),
    "brand-model-serial": N_("Brand, model or serial number"),
    "shelf-life": N_("Shelf life"),
    "standards": N_("Standards applied"),
    "gtin": N_("GTIN"),
    "party-identifier": N_("Tax code or GLN of the producer"),
    "origin-place": N_("Place of origin or last finishing"),
    "certificates": N_("Certificates"),
    "safety-warnings": N_("Safety warnings"),
    "management-number": N_("Registration or announcement number"),
    "description": N_("Description"),
    "product-group": N_("Product group"),
    "market": N_("Market"),
}
SOURCES: Mapping[str, str] = {
    "TT 02/2024/TT-BKHCN": N_("Circular 02/2024/TT-BKHCN"),
    "Decree 37/2026/NĐ-CP, art. 32": N_("Decree 37/2026/NĐ-CP, article 32"),
    "Decree 37/2026/NĐ-CP, art. 28": N_("Decree 37/2026/NĐ-CP, article 28"),
}
"""The texts that ask for elements, in the order in which they are shown."""

_FORM_FIELDS = {
    "product-name": "name",
    "brand-model-serial": "brand",
    "shelf-life": "shelf_life",
    "standards": "standards",
    "origin-place": "origin_place",
    "certificates": "certificates",
    "safety-warnings": "safety_warnings",
    "management-number": "management_number",
    "description": "description",
    "product-group": "category",
    "market": "market",
}
_LOT_ELEMENTS = frozenset({"stages", "production-time", "traceability-code"})


def place_of(element: str, product_id: int) -> str | None:
    """Where an element is filled in; None for what only the authority changes."""
    product = f"/shop/products/{product_id}"
    if element in _FORM_FIELDS:
        return f"{product}/edit#{_FORM_FIELDS[element]}"
    if element == "image":
        return f"{product}#photo"
    return f"{product}/lots#lot" if element in _LOT_ELEMENTS else None


def options(translate: Translator, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of value and word, for the choices of a form."""
    return [(str(value), translate.text(word)) for value, word in words.items()]


TABLES: Mapping[str, str] = {
    Table.PRODUCTS: N_("Products"),
    Table.LOTS: N_("Lots"),
    Table.SERIALS: N_("Serial numbers"),
}
RISKS: Mapping[str, str] = {
    RiskClass.LOW: N_("Low"),
    RiskClass.MEDIUM: N_("Medium"),
    RiskClass.HIGH: N_("High: full traceability is mandatory"),
}
SERIAL_STATUSES: Mapping[str, tuple[str, str]] = {
    SerialStatus.ISSUED: (N_("Issued"), ""),
    SerialStatus.SUPPLIED: (N_("Sold or used"), "info"),
    SerialStatus.WITHDRAWN: (N_("Withdrawn"), "care"),
}
"""Word and level of each status."""

JOB_STATUSES: Mapping[str, tuple[str, str]] = {
    JobStatus.QUEUED: (N_("Waiting"), "info"),
    JobStatus.RUNNING: (N_("At work"), "info"),
    JobStatus.DONE: (N_("Done"), "ok"),
    JobStatus.FAILED: (N_("Not done"), "care"),
    JobStatus.CANCELLED: (N_("Cancelled"), ""),
}
REGISTRATIONS: Mapping[str, tuple[str, str]] = {
    RegistrationState.PENDING: (
        N_("Your registration is waiting for the authority's approval"),
        N_("Until then, people who look up your products read that the approval is awaited."),
    ),
    RegistrationState.SUSPENDED: (
        N_("Your registration is suspended"),
        N_("Ask the authority what is needed to lift the suspension."),
    ),
    RegistrationState.REVOKED: (
        N_("Your registration was revoked"),
        N_("Ask the authority about a new registration."),
    ),
    RegistrationState.REFUSED: (
        N_("Your registration was not accepted"),
        N_("Correct what the reason names, and ask the authority to decide again."),
    ),
    RegistrationState.EXPIRED: (
        N_("Your registration has expired"),
        N_("Ask the authority to extend it."),
    ),
    RegistrationState.DISSOLVED: (
        N_("Your organisation is on record as ended"),
        N_("If that is a mistake, ask the authority to correct it."),
    ),
}
"""What a registration that is not in force means, and what to do."""

ALIAS_STATES: Mapping[str, tuple[str, str]] = {
    AliasState.PROPOSED: (N_("Proposed"), "info"),
    AliasState.AWAITING_SECOND: (N_("Awaits a second person"), "care"),
    AliasState.IN_FORCE: (N_("Holds"), "ok"),
    AliasState.REPLACED: (N_("Replaced"), ""),
    AliasState.WITHDRAWN: (N_("Withdrawn"), ""),
}
"""Word and level of each state of a link of a code of goods."""
