"""Thresholds of a verdict. The version is stored with each verdict, so that it can be recomputed.

Change a number, and the version changes with it.
"""

from dataclasses import dataclass
from datetime import timedelta

from traceability.events.policy import TRACE_POLICY, TracePolicy


@dataclass(frozen=True, slots=True)
class Policy:
    version: str = "2026.3"
    repeat_devices: int = 5
    """Devices that looked one serial up from which a repeat is unusual; a product may have a
    threshold of its own."""
    repeat_scans: int = 20
    """Counted consumer scans of one serial from which a repeat is unusual."""
    repeat_areas: int = 5
    """Provinces of those scans from which a repeat is unusual."""
    count_once_within: timedelta = timedelta(hours=24)
    """One device within this time counts once."""
    occasion: timedelta = timedelta(hours=2.5)
    """Devices that look within this time of the first of them are on one occasion: a family's
    evening, a picture sent to friends."""
    occasion_devices: int = 3
    """Devices of one occasion that count at most."""
    loaded_again: timedelta = timedelta(minutes=15)
    """Within this time a new mark behind an address proves no second phone: it may be a page that
    is loaded again by a browser that keeps nothing."""
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
