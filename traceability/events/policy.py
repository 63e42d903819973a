"""What an installation accepts of events, as a person has decided in its settings."""

from dataclasses import dataclass
from enum import StrEnum


class Unknown(StrEnum):
    """What becomes of events that name what the registry does not know."""

    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Policy:
    unknown_parties: Unknown = Unknown.WARN
    unknown_products: Unknown = Unknown.WARN
