"""Light, lens, sensor and file: a JPEG of a package among other things.

Light adds up in linear amounts, the eye's greys are its power of 1 / 2.2: shadow, glare and blur
are worked out on the former, noise of the electronics on the latter.
"""

import io
from dataclasses import dataclass, replace
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from bench.camera.clutter import background
from bench.camera.pack import PITCH, Pack
from bench.camera.surface import Pose, Surface

Frame = NDArray[np.float32]

_GAMMA = 2.2
_LEVELS = 4096
_ELECTRONS = 6000
"""Of a white pixel in good light; their number varies by its square root."""

_APPROACHES = 3

_LINEAR = ((np.arange(256) / 255) ** _GAMMA).astype(np.float32)
_MARGIN = 24
"""Pixels around the package that are blurred with it."""


@dataclass(frozen=True)
class Shot:
    """How a picture is taken; the defaults are a good one."""

    size: tuple[int, int] = (4000, 3000)
    pixels_a_module: float = 4.0
    place: tuple[float, float] = (0.5, 0.5)
    """Where the package is, as shares of the room it has in the picture."""
    roll: float = 0.0
    tilt: float = 0.0
    tilt_axis: float = 0.0
    bend: float = 0.0
    """Degrees of a can's turn from the middle of the panel to its edge."""
    lying: bool = False
    defocus: float = 0.0
    """Radius in pixels of the disc that a point becomes."""
    motion: float = 0.0
    """Length in pixels of the line that a point becomes."""
    motion_direction: float = 0.0
    noise: float = 2.0
    """Standard deviation in greys, beside that of the light itself."""
    light: float = 1.0
    """Share of the light of a good picture."""
    shadow: float = 0.0
    """Share of the light that a hard shadow over half the package takes."""
    shadow_direction: float = 0.0
    glare: float = 0.0
    """Light of a lamp's reflection in its middle, white paper being 1."""
    glare_place: tuple[float, float] = (0.3, 0.5)
    quality: int = 90
    sent: int | None = None
    """Longer side to which a messenger shrinks the file before saving it again at quality 70."""


def photograph(pack: Pack, shot: Shot, seed: int) -> bytes:
    """A JPEG of the package."""
    chance = np.random.default_rng(seed)
    frame, middle, reach = _scene(pack, shot, seed)
    _illuminate(frame, shot, middle, reach)
    greys = _exposed(frame, shot, chance)
    return _sent(_saved(_coloured(greys, chance), shot.quality), shot.sent)


def _scene(pack: Pack, shot: Shot, seed: int) -> tuple[Frame, tuple[float, float], float]:
    """The light that reaches the sensor, where the panel is in it, and half its width."""
    surface, corners = _placed(pack, shot)
    ground = background(shot.size, seed)
    spread = shot.defocus / 2 + shot.motion / 4
    frame = _LINEAR[np.asarray(ground.filter(ImageFilter.GaussianBlur(spread)))]
    left, top, right, bottom = _window(corners, shot)
    window = _LINEAR[np.asarray(ground.crop((left, top, right, bottom)))]
    _lay(pack, surface, window, (left - shot.size[0] / 2, top - shot.size[1] / 2), shot)
    frame[top:bottom, left:right] = blurred(window, _spread(shot))
    middle = (corners[0].mean(), corners[1].mean())
    return frame, middle, pack.size[0] * shot.pixels_a_module / 2


def _placed(pack: Pack, shot: Shot) -> tuple[Surface, tuple[Frame, Frame]]:
    """The package where it is wanted, wholly in the picture if it fits, and its outline."""
    half = np.array([pack.print.width, pack.print.height]) / 2 / PITCH
    panel = pack.size[1 if shot.lying else 0] / 2
    radius = panel / radians(shot.bend) if shot.bend else None
    pose = Pose(
        shot.pixels_a_module, (0, 0), shot.roll, shot.tilt, shot.tilt_axis, radius, shot.lying
    )
    # What is seen aside looks different, so that its place is found step by step.
    for _ in range(_APPROACHES):
        x, y = Surface(pose, shot.size[0]).pixels(*_outline(*half))
        centre = (
            _moved(x - pose.centre[0], shot.size[0], shot.place[0]),
            _moved(y - pose.centre[1], shot.size[1], shot.place[1]),
        )
        pose = replace(pose, centre=centre)
    surface = Surface(pose, shot.size[0])
    x, y = surface.pixels(*_outline(*half))
    return surface, (x + shot.size[0] / 2, y + shot.size[1] / 2)


def _outline(half_width: float, half_height: float) -> tuple[Frame, Frame]:
    side = np.linspace(-1, 1, 21)
    ends = np.ones_like(side)
    u = np.concatenate([side, ends, side, -ends]) * half_width
    v = np.concatenate([-ends, side, ends, side]) * half_height
    return u, v


def _moved(offsets: Frame, length: int, share: float) -> float:
    """The middle's coordinate so that all offsets stay inside."""
    low, high = -length / 2 - offsets.min(), length / 2 - offsets.max()
    return float(low + share * (high - low)) if low < high else 0.0


def _window(corners: tuple[Frame, Frame], shot: Shot) -> tuple[int, int, int, int]:
    margin = _MARGIN + int(2 * shot.defocus + shot.motion)
    x, y = corners
    width, height = shot.size
    return (
        int(max(0, x.min() - margin)),
        int(max(0, y.min() - margin)),
        int(min(width, x.max() + margin)),
        int(min(height, y.max() + margin)),
    )


def _lay(
    pack: Pack, surface: Surface, window: Frame, corner: tuple[float, float], shot: Shot
) -> None:
    """Put what the package shows into the window, several rays a pixel."""
    rays = 2 if shot.pixels_a_module >= 3 else 4
    rows, columns = window.shape
    steps_x = (np.arange(columns * rays) + 0.5) / rays + corner[0]
    steps_y = (np.arange(rows * rays) + 0.5) / rays + corner[1]
    u, v, facing = surface.package(*np.meshgrid(steps_x, steps_y))
    greys = np.asarray(pack.print)
    column = np.nan_to_num(u * PITCH + greys.shape[1] / 2, nan=-1)
    row = np.nan_to_num(v * PITCH + greys.shape[0] / 2, nan=-1)
    hit = (column >= 0) & (row >= 0) & (column < greys.shape[1]) & (row < greys.shape[0])
    light = np.zeros(hit.shape, np.float32)
    # A bent side turns away from the lamp beside the camera.
    lambert = np.sqrt(np.clip(facing[hit], 0.05, 1)) if shot.bend else 1.0
    light[hit] = _LINEAR[greys[row[hit].astype(int), column[hit].astype(int)]] * lambert
    covered = _averaged(hit.astype(np.float32), rays)
    window[...] = window * (1 - covered) + _averaged(light, rays)


def _averaged(samples: Frame, rays: int) -> Frame:
    rows, columns = (side // rays for side in samples.shape)
    return samples.reshape(rows, rays, columns, rays).mean((1, 3))


def _spread(shot: Shot) -> Frame:
    """What the lens and the hand make of a point: a disc drawn along a line."""
    reach = int(np.ceil(shot.defocus + shot.motion / 2)) + 1
    finer = 5
    axis = (np.arange((2 * reach + 1) * finer) + 0.5) / finer - reach - 0.5
    x, y = np.meshgrid(axis, axis)
    c, s = cos(radians(shot.motion_direction)), sin(radians(shot.motion_direction))
    along, across = x * c + y * s, y * c - x * s
    beyond = np.maximum(np.abs(along) - shot.motion / 2, 0)
    # Half a pixel of softness: no lens is better than its sensor.
    inside = np.hypot(beyond, across) <= max(shot.defocus, 0.5)
    kernel = _averaged(inside.astype(np.float32), finer)
    return kernel / kernel.sum()


def blurred(light: Frame, kernel: Frame) -> Frame:
    """Convolve, the edge repeated."""
    reach = kernel.shape[0] // 2
    wide = np.pad(light, reach, mode="edge")
    shape = (wide.shape[0] + 2 * reach, wide.shape[1] + 2 * reach)
    product = np.fft.rfft2(wide, shape) * np.fft.rfft2(kernel, shape)
    whole = np.fft.irfft2(product, shape)
    rows, columns = light.shape
    clipped = whole[2 * reach : 2 * reach + rows, 2 * reach : 2 * reach + columns]
    return np.maximum(clipped, 0).astype(np.float32)


def _illuminate(frame: Frame, shot: Shot, middle: tuple[float, float], reach: float) -> None:
    """Shadow over one half of the package, and a lamp's reflection on it."""
    rows = np.arange(frame.shape[0], dtype=np.float32)[:, None] - middle[1]
    columns = np.arange(frame.shape[1], dtype=np.float32)[None] - middle[0]
    if shot.shadow:
        c, s = cos(radians(shot.shadow_direction)), sin(radians(shot.shadow_direction))
        # A penumbra of a few pixels, and the lens's own softness.
        softness = 2 + shot.defocus
        frame *= 1 - shot.shadow * np.clip((columns * c + rows * s) / softness + 0.5, 0, 1)
    if shot.glare:
        x, y = (share * reach for share in shot.glare_place)
        size = 0.5 * reach
        across = np.exp(-(((columns - x) / size) ** 2))
        frame += shot.glare * across * np.exp(-(((rows - y) / (0.7 * size)) ** 2))


def _exposed(frame: Frame, shot: Shot, chance: np.random.Generator) -> NDArray[np.uint8]:
    """Greys of the sensor, each with its noise."""
    amount = np.arange(_LEVELS) / (_LEVELS - 1)
    greys = 255 * amount ** (1 / _GAMMA)
    # What the light's own noise is in greys: its root, by the steepness of the curve there.
    steep = 255 / _GAMMA * np.maximum(amount, 1e-3) ** (1 / _GAMMA - 1)
    own = steep * np.sqrt(amount / _ELECTRONS)
    level = np.clip(frame * (shot.light * (_LEVELS - 1)), 0, _LEVELS - 1).astype(np.uint16)
    deviation = np.hypot(own, shot.noise).astype(np.float32)[level]
    noisy = greys.astype(np.float32)[level]
    noisy += deviation * chance.standard_normal(frame.shape, dtype=np.float32)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def _coloured(greys: NDArray[np.uint8], chance: np.random.Generator) -> Image.Image:
    """The same with the faint colours of a room, which the file has to carry as well."""
    light = Image.fromarray(greys)
    spots = chance.integers(112, 145, (2, 6, 8), dtype=np.uint8)
    blue, red = (
        Image.fromarray(each).resize(light.size, Image.Resampling.BILINEAR) for each in spots
    )
    return Image.merge("YCbCr", (light, blue, red))


def _saved(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _sent(data: bytes, longer: int | None) -> bytes:
    if longer is None:
        return data
    image = Image.open(io.BytesIO(data))
    image.thumbnail((longer, longer), Image.Resampling.BICUBIC)
    return _saved(image, 70)
