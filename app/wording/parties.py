"""Words of the parties in the register: what kind they are, where their registration stands."""

from collections.abc import Mapping

from app.i18n import N_
from traceability.registry.models import PartyKind
from traceability.registry.registrations import RegistrationState

KIND_WORDS: Mapping[str, str] = {
    PartyKind.PRODUCER: N_("Producer"),
    PartyKind.IMPORTER: N_("Importer"),
    PartyKind.DISTRIBUTOR: N_("Distributor"),
    PartyKind.SHOP: N_("Shop"),
    PartyKind.AGENCY: N_("Agency"),
    PartyKind.TAX: N_("Tax authority"),
}

STATE_WORDS: Mapping[str, tuple[str, str]] = {
    RegistrationState.PENDING: (N_("Waiting for approval"), "info"),
    RegistrationState.ACTIVE: (N_("In force"), "ok"),
    RegistrationState.SUSPENDED: (N_("Suspended"), "care"),
    RegistrationState.REVOKED: (N_("Revoked"), "care"),
    RegistrationState.REFUSED: (N_("Refused"), ""),
    RegistrationState.EXPIRED: (N_("Expired"), "care"),
    RegistrationState.DISSOLVED: (N_("Dissolved"), ""),
}
"""Word and level of each state."""
