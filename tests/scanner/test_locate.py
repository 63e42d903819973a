"""Where bars and modules are, how they are turned, and the way back to the original's pixels."""

import numpy as np
import pytest
from PIL import Image

from scanner.image import open_picture
from scanner.locate import locate
from scanner.region import outline, upright
from scanner.view import View, cropped, reduced, resized, scaling, turned
from tests.scanner.camera import Shot
from tests.scanner.pictures import ean13, photo, qr


def grey(data: bytes) -> np.ndarray:
    return open_picture(data).grey()


@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_bars_are_found_with_their_direction(degrees):
    shot = Shot(degrees=degrees, size=(1600, 1200), pixels_a_module=5)
    region = locate(grey(shot.of(ean13(), 113)))[0]
    assert region.is_linear
    assert abs(region.x - 800) < 40
    assert abs(region.y - 600) < 60
    across = (np.degrees(-region.angle) - degrees + 90) % 180 - 90
    assert abs(across) < 5
    assert region.length == pytest.approx(95 * 5, rel=0.15)


def test_a_matrix_symbol_has_edges_of_two_directions():
    region = locate(grey(Shot(size=(1600, 1200), pixels_a_module=8).of(qr(), 37)))[0]
    assert not region.is_linear
    assert abs(region.x - 800) < 40


def test_a_blank_sheet_has_no_regions():
    assert locate(np.full((600, 800), 200, np.uint8)) == []


@pytest.mark.parametrize("shape", [(16, 16), (16, 4000), (9, 9)])
def test_pictures_too_small_to_search_have_none(shape):
    assert locate(np.zeros(shape, np.uint8)) == []


def test_a_region_cut_upright_has_upright_bars():
    shot = Shot(degrees=50, size=(1600, 1200), pixels_a_module=5)
    pixels = grey(shot.of(ean13(), 113))
    region = locate(pixels)[0]
    cut = upright(View("1/1", pixels, scaling(1.0)), region)
    middle = cut.grey[cut.grey.shape[0] // 3 : -(cut.grey.shape[0] // 3)].astype(float)
    assert middle.std(axis=0).mean() < 0.5 * middle.mean(axis=0).std()


@pytest.mark.parametrize(
    "change",
    [
        lambda view: resized(view, 2),
        lambda view: resized(view, 0.7),
        lambda view: turned(view, 30),
        lambda view: turned(view, -75),
        lambda view: cropped(view, ((30, 30), (90, 30), (90, 90), (30, 90)), 0.1),
        lambda view: turned(resized(view, 1.5), 45),
    ],
)
def test_every_view_knows_the_way_back(change):
    """A dark spot is where the view says it is."""
    pixels = np.full((120, 160), 220, np.uint8)
    pixels[48:53, 68:73] = 0
    view = change(View("1/1", pixels, scaling(1.0)))
    y, x = np.unravel_index(view.grey.argmin(), view.grey.shape)
    spot = ((float(x), float(y)),) * 4
    assert view.to_original(spot)[0] == pytest.approx((70, 50), abs=3.5)
    assert view.from_original(view.to_original(spot))[0] == pytest.approx(spot[0], abs=0.2)


def test_a_reduced_view_maps_to_the_whole():
    view = reduced(open_picture(photo()), 4)
    assert view.to_original(((300.0, 225.0),) * 4)[0] == (1200.0, 900.0)


def test_the_outline_of_a_region_is_its_turned_rectangle():
    region = locate(grey(Shot(size=(1600, 1200), pixels_a_module=5).of(ean13(), 113)))[0]
    (ax, ay), (bx, _), (_, cy), _ = outline(region)
    assert bx - ax == pytest.approx(region.length, abs=1) or ax - bx == pytest.approx(
        region.length, abs=1
    )
    assert abs(cy - ay) == pytest.approx(region.height, abs=8)


def test_an_image_of_one_grey_is_no_region():
    assert locate(np.asarray(Image.new("L", (800, 600), 128))) == []
