import numpy as np
import pytest

from bench.camera.surface import Pose, Surface

WIDTH = 4000

U, V = (grid.astype(float) for grid in np.meshgrid(np.arange(-40, 41, 10), np.arange(-30, 31, 10)))

POSES = [
    Pose(4, (300, -200), roll=33, tilt=40, tilt_axis=20),
    Pose(4, (300, -200), roll=33, tilt=15, tilt_axis=20, radius=60),
    Pose(4, (-100, 50), roll=200, tilt=10, tilt_axis=70, radius=60, lying=True),
]


@pytest.mark.parametrize("pose", POSES)
def test_a_pixel_sees_the_point_of_the_package_that_is_seen_there(pose: Pose) -> None:
    surface = Surface(pose, WIDTH)
    u, v, facing = surface.package(*surface.pixels(U, V))
    assert np.allclose(u, U)
    assert np.allclose(v, V)
    assert ((facing > 0) & (facing <= 1)).all()


def test_a_flat_package_has_its_pixels_a_module() -> None:
    x, _ = Surface(Pose(4, (500, 100)), WIDTH).pixels(np.array([0.0, 1.0]), np.zeros(2))
    assert x == pytest.approx([500, 504])


def test_a_can_hides_what_is_behind_its_edge() -> None:
    surface = Surface(Pose(4, (0, 0), radius=50), WIDTH)
    u, _, _ = surface.package(np.array([0.0, 180.0, 195.0]), np.zeros(3))
    assert u[0] == pytest.approx(0)
    assert np.isfinite(u[1])
    assert np.isnan(u[2])
