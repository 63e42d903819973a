"""How far two places are from each other."""

from math import asin, cos, radians, sin, sqrt


def distance_km(
    latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float
) -> float:
    """Great-circle distance on a sphere of 6,371 km (haversine).

    >>> round(distance_km(14.35, 108.0, 21.03, 105.85))  # Kon Tum to Hà Nội
    777
    """
    dp, dl = radians(latitude_b - latitude_a), radians(longitude_b - longitude_a)
    h = sin(dp / 2) ** 2 + cos(radians(latitude_a)) * cos(radians(latitude_b)) * sin(dl / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))
