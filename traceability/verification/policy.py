"""Thresholds of a verdict. The version is stored with each verdict, so that it can be recomputed.

Change a number, and the version changes with it.
"""

from dataclasses import dataclass
from datetime import timedelta

from traceability.events.policy import TRACE_POLICY, TracePolicy


@dataclass(frozen=True, slots=True)
class Policy:
    version: str = "2026.2"
    repeat_devices: int = 5
    """Devices that looked one serial up from which a repeat is unusual; a product may have a
    threshold of its own."""
    repeat_scans: int = 20
    """Counted consumer scans of one serial from which a repeat is unusual."""
    repeat_areas: int = 5
    """Provinces of those scans from which a repeat is unusual."""
    count_once_within: timedelta = timedelta(hours=24)
    """One device within this time counts once."""
    upload_grace: timedelta = timedelta(hours=48)
    """How long after a lot is registered its serials may still be on their way."""
    impossible_moves: int = 3
    """Pairs of devices too far apart from which a repeat is unusual: one or two may be
    a picture that was sent, or a wrong place."""
    impossible_speed_kmh: float = 900
    """Between two different devices; faster than a passenger aircraft."""
    usable_accuracy_m: float = 50_000
    """Places less accurate than this prove no movement."""
    trace: TracePolicy = TRACE_POLICY
    """When the events of goods do not fit together."""


POLICY = Policy()
