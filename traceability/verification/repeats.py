"""Repeated and impossible scans: what the public's scans of one serial add up to, and what is odd.

A code that was copied is scanned by many buyers; so is a pack that goes round a family. What is
kept of a serial's scans is a few sums, no list of people. One device within 24 hours counts once;
of the devices that look within two and a half hours at most three count, and only one where two
phones are seen behind one address, for families look together and the buyers of copies do not.
Places less accurate than 50 km, and provinces without a position, prove no movement.

>>> from traceability.verification.case import Context
>>> activity = new_activity(1, Context(device="device:a"))
>>> [count(activity, Context(device=f"device:{name}")) for name in "aab"]
[True, False, True]
>>> activity.scans, activity.device_count
(2, 2)
>>> evening = [count(activity, Context(device=f"device:{name}")) for name in "cdef"]
>>> activity.scans, activity.device_count
(6, 3)
"""

from collections.abc import Mapping
from enum import StrEnum

from traceability.events.distance import distance_km
from traceability.verification.case import Context
from traceability.verification.lookup import Record
from traceability.verification.models import SerialActivity
from traceability.verification.policy import Policy

NAMES_KEPT = 100
"""Addresses and marks of the last devices."""
PROVINCES_KEPT = 63
_KM_OF_A_METRE = 0.001


class Sign(StrEnum):
    """What is unusual about the scans of a serial."""

    SCANS = "scans"
    DEVICES = "devices"
    PROVINCES = "provinces"
    MOVES = "moves"


def signs(record: Record, policy: Policy, *, uncounted: bool = False) -> tuple[Sign, ...]:
    """What is unusual about the scans of the record's serial, by the product's own threshold.

    Nothing is, of a product or a serial that is listed as a display sample. A look that is not
    counted (of staff) is one device more to the one who looks.
    """
    serial = record.serial
    if serial is None or record.display_sample or serial.display_sample:
        return ()
    devices = record.repeat_devices or policy.repeat_devices
    scans = max(policy.repeat_scans, devices)
    found = {
        Sign.SCANS: serial.scans >= scans,
        Sign.DEVICES: serial.device_count + uncounted >= devices,
        Sign.PROVINCES: len(serial.area_codes) >= policy.repeat_areas,
        Sign.MOVES: serial.impossible_moves >= policy.impossible_moves,
    }
    return tuple(sign for sign, there in found.items() if there)


def new_activity(serial_id: int, context: Context) -> SerialActivity:
    """The empty sums of a serial that is scanned for the first time."""
    return SerialActivity(
        serial_id=serial_id,
        first_at=context.at,
        last_at=context.at,
        first_area_code=context.place.area_code,
    )


def count(activity: SerialActivity, context: Context) -> bool:
    """Add one public scan; False where the device was counted within 24 hours."""
    place, at = context.place, context.at
    seen = seen_at(activity.devices, context)
    _count_device(activity, context, new=seen is None)
    once_within = context.policy.count_once_within.total_seconds()
    fresh = seen is None or at.timestamp() - seen >= once_within
    counted_at = at.timestamp() if seen is None or fresh else seen
    known = {**activity.devices, **dict.fromkeys(_names(activity, context), str(counted_at))}
    activity.devices = dict(sorted(known.items(), key=lambda d: float(d[1]))[-NAMES_KEPT:])
    if not fresh:
        return False
    activity.scans += 1
    if place.area_code and place.area_code not in activity.area_codes:
        activity.area_codes = [*activity.area_codes, place.area_code][:PROVINCES_KEPT]
    activity.last_at = at
    if _is_usable(context):
        activity.impossible_moves += _is_impossible(activity, context)
        activity.last_latitude, activity.last_longitude = place.latitude, place.longitude
        activity.last_accuracy_m = place.accuracy_m
        activity.last_placed_at, activity.last_device = at, context.device
    return True


def seen_at(devices: Mapping[str, str], context: Context) -> float | None:
    """When this device was last counted (seconds since 1970), by its address or its mark."""
    found = [devices.get(name) for name in (context.device, context.mark or "")]
    return max((float(at) for at in found if at is not None), default=None)


def _count_device(activity: SerialActivity, context: Context, *, new: bool) -> None:
    """Count a new device on its occasion, or note that an occasion is one of a home.

    Each occasion with a new device counts as one at least, so that nobody who looks again and
    again with new marks hides the buyers of copies.
    """
    at_home = _shares_address(activity, context)
    if not (new or at_home):
        return
    policy, since = context.policy, activity.occasion_since
    if since is None or context.at - since >= policy.occasion:
        activity.occasion_since, activity.occasion_devices = context.at, 0
        activity.occasion_at_home = False
    counted = _counting(activity, policy)
    activity.occasion_devices += new
    activity.occasion_at_home |= at_home
    activity.device_count += _counting(activity, policy) - counted


def _counting(activity: SerialActivity, policy: Policy) -> int:
    """How many devices of the last occasion count."""
    most = 1 if activity.occasion_at_home else policy.occasion_devices
    return min(activity.occasion_devices, most)


def _shares_address(activity: SerialActivity, context: Context) -> bool:
    """Whether this is a second phone behind an address, and not a page that is loaded again."""
    seen = activity.devices.get(context.device)
    if seen is None or context.mark is None or context.mark in activity.devices:
        return False
    return context.at.timestamp() - float(seen) >= context.policy.loaded_again.total_seconds()


def _names(activity: SerialActivity, context: Context) -> list[str]:
    """What the device is known by from now on.

    The address of a phone that is known by its mark alone is not kept: else one phone could walk
    through the shared addresses of a carrier, and hide all who come from there after it.
    """
    if context.mark is None:
        return [context.device]
    by_mark_alone = context.mark in activity.devices and context.device not in activity.devices
    return [context.mark] if by_mark_alone else [context.device, context.mark]


def _is_usable(context: Context) -> bool:
    place = context.place
    return (
        place.latitude is not None
        and place.longitude is not None
        and place.accuracy_m is not None
        and place.accuracy_m < context.policy.usable_accuracy_m
    )


def _is_impossible(activity: SerialActivity, context: Context) -> bool:
    """Whether two devices are too far apart for the time between them, wherever they really were.

    Each may be off by its accuracy, so both are taken from the distance.
    """
    place, since = context.place, activity.last_placed_at
    if activity.last_latitude is None or since is None or activity.last_device == context.device:
        return False
    km = distance_km(
        activity.last_latitude,
        activity.last_longitude or 0,
        place.latitude or 0,
        place.longitude or 0,
    )
    off = ((activity.last_accuracy_m or 0) + (place.accuracy_m or 0)) * _KM_OF_A_METRE
    hours = max(abs((context.at - since).total_seconds()) / 3600, 1 / 3600)
    return (km - off) / hours > context.policy.impossible_speed_kmh
