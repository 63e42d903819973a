"""Where on a package each pixel of the picture looks: rays from the eye to a plane or a cylinder.

Lengths on the package are modules of its symbol, `u` to the right and `v` down from its middle;
pixels have x to the right and y down from the middle of the picture.
"""

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]

_FOCAL = 0.75
"""Focal length in widths of the picture: the main lens of a phone."""


@dataclass(frozen=True)
class Pose:
    """How a package lies before the camera."""

    pixels_a_module: float
    centre: tuple[float, float]
    """Where its middle is seen, from the middle of the picture."""
    roll: float = 0.0
    """Degrees in the plane of the picture."""
    tilt: float = 0.0
    """Degrees away from it."""
    tilt_axis: float = 0.0
    """Degrees: about which line of the package it is tilted."""
    radius: float | None = None
    """Radius of a can in modules; None where the package is flat."""
    lying: bool = False
    """The can's axis runs along `u`, across the bars; else along `v`."""


class Surface:
    def __init__(self, pose: Pose, picture_width: int) -> None:
        self._pose = pose
        self._focal = _FOCAL * picture_width
        self._turn = _rotation(pose.roll, pose.tilt, pose.tilt_axis)
        depth = self._focal / pose.pixels_a_module
        x, y = pose.centre
        self._middle = depth * np.array([x / self._focal, y / self._focal, 1.0])

    def pixels(self, u: Field, v: Field) -> tuple[Field, Field]:
        """Where points of the package are seen."""
        radius = self._pose.radius
        if radius is None:
            points = np.stack([u, v, np.zeros_like(u)])
        elif self._pose.lying:
            points = np.stack([u, radius * np.sin(v / radius), radius * (1 - np.cos(v / radius))])
        else:
            points = np.stack([radius * np.sin(u / radius), v, radius * (1 - np.cos(u / radius))])
        x, y, z = np.tensordot(self._turn, points, 1) + self._middle.reshape(3, *[1] * u.ndim)
        return self._focal * x / z, self._focal * y / z

    def package(self, x: Field, y: Field) -> tuple[Field, Field, Field]:
        """What pixels see: u, v, and how squarely (cosine of the angle); NaN beside the can."""
        rays = np.stack([x, y, np.full_like(x, self._focal)]) / self._focal
        ray = np.tensordot(self._turn.T, rays, 1)
        eye = -self._turn.T @ self._middle
        if self._pose.radius is None:
            reach = -eye[2] / ray[2]
            length = np.sqrt((ray**2).sum(0))
            return eye[0] + reach * ray[0], eye[1] + reach * ray[1], np.abs(ray[2]) / length
        along, across = (0, 1) if self._pose.lying else (1, 0)
        round_the_can, axis, facing = _cylinder(eye, ray, along, across, self._pose.radius)
        return (axis, round_the_can, facing) if self._pose.lying else (round_the_can, axis, facing)


def _cylinder(
    eye: Field, ray: Field, along: int, across: int, radius: float
) -> tuple[Field, Field, Field]:
    """The nearer point of a cylinder whose skin touches the origin: arc, axis and cosine."""
    p, q = eye[across], eye[2] - radius
    a = ray[across] ** 2 + ray[2] ** 2
    b = p * ray[across] + q * ray[2]
    with np.errstate(invalid="ignore"):
        reach = (-b - np.sqrt(b * b - a * (p * p + q * q - radius * radius))) / a
    side, deep = p + reach * ray[across], q + reach * ray[2]
    facing = -(side * ray[across] + deep * ray[2]) / (radius * np.sqrt((ray**2).sum(0)))
    return radius * np.arctan2(side, -deep), eye[along] + reach * ray[along], facing


def _rotation(roll: float, tilt: float, axis: float) -> Field:
    return _about_z(roll) @ _about_z(axis) @ _about_x(tilt) @ _about_z(-axis)


def _about_z(degrees: float) -> Field:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def _about_x(degrees: float) -> Field:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
