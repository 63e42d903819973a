"""What may be opened, and what every form of picture becomes: grey, upright, within bounds."""

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from scanner.bounds import MAX_BYTES, MAX_FRAMES
from scanner.errors import ScannerError
from scanner.image import open_picture, sniff
from tests.scanner.pictures import bomb, ean13, on_paper, photo, png_that_claims, saved

WIDE = Image.new("RGB", (4100, 3000), "black")
"""More than is taken of an animation."""


def refusal(data: bytes) -> ScannerError:
    with pytest.raises(ScannerError) as caught:
        open_picture(data).grey()
    return caught.value


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "scanner.not-an-image"),
        (b"%not an image%", "scanner.not-an-image"),
        (b"PK\x03\x04 a ZIP", "scanner.not-an-image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n(run this) show", "scanner.format"),
        (b"\xc5\xd0\xd3\xc6" + bytes(40), "scanner.format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "scanner.format"),
        (b"<?xml version='1.0'?><svg/>", "scanner.format"),
        (b"%PDF-1.7", "scanner.format"),
        (b"\0\0\x01\0\x01\0", "scanner.format"),
        (b"\0\0\0\x20ftypisom" + bytes(60), "scanner.format"),
        (b"\xff\xd8\xff\xe0 and then nothing of a JPEG", "scanner.truncated"),
        (b"\x89PNG\r\n\x1a\n", "scanner.not-an-image"),
        (png_that_claims(20000, 20000), "scanner.too-many-pixels"),
        (png_that_claims(8000, 7000), "scanner.too-many-pixels"),
        (png_that_claims(1, 63), "scanner.too-small"),
        (png_that_claims(63, 7), "scanner.too-small"),
        (png_that_claims(1, 1), "scanner.too-small"),
        (png_that_claims(0, 0), "scanner.not-an-image"),
        (png_that_claims(100, 100), "scanner.truncated"),
        (b"II*\0\xff\xff\xff\xff", "scanner.not-an-image"),
        (b"GIF89a", "scanner.not-an-image"),
    ],
)
def test_what_is_no_picture_within_bounds_is_refused(data, code):
    assert refusal(data).code == code


def test_a_bomb_of_169_megapixels_in_20_kilobytes_is_refused_by_its_header():
    data = bomb()
    assert len(data) < 25_000
    assert refusal(data).code == "scanner.too-many-pixels"


def test_an_upload_of_30_megabytes_is_refused_unread():
    error = refusal(b"\xff\xd8\xff" + bytes(30_000_000))
    assert (error.code, error.arguments) == (
        "scanner.too-large",
        {"size": 30_000_003, "limit": MAX_BYTES},
    )


@pytest.mark.parametrize("name", ["BMP", "GIF"])
def test_a_picture_cut_off_half_way_says_that_it_is_partial(name):
    data = saved(on_paper(ean13()), name)
    part = open_picture(data[: len(data) // 2])
    assert part.grey().shape == (900, 1200)
    assert part.is_partial


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF"])
def test_of_a_file_cut_off_half_way_the_rows_that_came_are_given(name):
    whole = open_picture(saved(on_paper(ean13()), name))
    data = saved(on_paper(ean13()), name)
    part = open_picture(data[: len(data) // 2])
    # No row of the symbol may differ before the cut; it begins at row 200.
    assert np.array_equal(part.grey()[200:240], whole.grey()[200:240])
    assert (part.is_partial, whole.is_partial) == (True, False)


@pytest.mark.parametrize("name", ["WEBP", "AVIF"])
def test_a_format_that_is_whole_or_nothing_is_refused_when_cut_off(name):
    data = saved(on_paper(ean13()), name)
    assert refusal(data[: len(data) // 2]).code in {"scanner.truncated", "scanner.not-an-image"}


def test_a_file_cut_off_before_its_first_pixel_is_refused():
    data = photo()
    assert refusal(data[: data.index(b"\xff\xda") + 12]).code == "scanner.truncated"


@pytest.mark.parametrize(
    ("name", "size", "options"),
    [
        ("WEBP", (4200, 3600), {"quality": 1, "method": 0}),
        ("WEBP", (4100, 3000), {"save_all": True, "append_images": [WIDE]}),
        ("AVIF", (7000, 4100), {"speed": 10, "quality": 1}),
        ("JPEG", (6000, 5000), {"progressive": True, "subsampling": 0}),
    ],
)
def test_formats_whose_decoders_hold_several_copies_have_a_lower_limit(name, size, options):
    error = refusal(saved(Image.new("RGB", size, "white"), name, **options))
    assert error.code == "scanner.too-many-pixels"
    assert error.arguments["limit"] < size[0] * size[1]


def test_a_large_picture_of_several_bytes_a_pixel_is_given_at_half_its_size():
    picture = open_picture(saved(Image.new("RGB", (5600, 4000), (0, 0, 0)), "PNG"))
    assert (picture.width, picture.height, picture.finest) == (5600, 4000, 2)
    assert picture.grey(2).shape == (2000, 2800)
    assert picture.grey(4).shape == (1000, 1400)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_each_format_is_opened(name):
    picture = open_picture(saved(on_paper(ean13(), (640, 480), (50, 50)), name))
    assert (picture.format, picture.width, picture.height) == (name, 640, 480)
    assert picture.grey().shape == (480, 640)


def test_heic_is_opened():
    pillow_heif.register_heif_opener()
    picture = open_picture(saved(on_paper(ean13()).convert("RGB"), "HEIF"))
    assert picture.format == "HEIF"
    assert picture.grey().shape == (900, 1200)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixel_becomes_the_same_grey(mode):
    ramp = Image.fromarray(np.tile(np.repeat(np.array([0, 255], np.uint8), 20), (20, 1)))
    if mode in {"I;16", "I", "F"}:
        ramp = Image.fromarray(np.asarray(ramp).astype(np.uint16) * 16)
    image = ramp if mode == "I;16" else ramp.convert(mode)
    picture = open_picture(saved(image, "PNG" if mode in {"1", "P", "RGBA", "LA"} else "TIFF"))
    assert picture.grey().tolist() == [[0] * 20 + [255] * 20] * 20


def turned(orientation: int, name: str, **options: object) -> bytes:
    """A picture of 80 by 40, light where it is top left, stored turned as its tag says."""
    upright = np.zeros((40, 80, 3), np.uint8)
    upright[:16, :32] = 255
    across = upright.transpose(1, 0, 2)
    stored = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1],
        5: across, 6: across[::-1], 7: across[::-1, ::-1], 8: across[:, ::-1],
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.ascontiguousarray(stored))
    return saved(image, name, exif=exif.tobytes(), **options)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_a_picture_turned_by_its_exif_tag_is_set_upright(name, orientation):
    pillow_heif.register_heif_opener()
    picture = open_picture(turned(orientation, name))
    assert (picture.width, picture.height) == (80, 40)
    light = picture.grey() > 128
    assert light.shape == (40, 80)
    assert light[:12, :28].all()
    assert not light[20:].any()
    assert not light[:, 36:].any()
    assert (picture.size_of(0), picture.grey(2).shape) == ((80, 40), (20, 40))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_came_of_a_turned_file_that_is_cut_off_is_set_upright(orientation):
    data = turned(orientation, "TIFF")
    picture = open_picture(data[: len(data) * 9 // 10])
    assert picture.grey().shape == (40, 80) == (picture.height, picture.width)
    assert picture.is_partial


@pytest.mark.parametrize("paper", [255, 0])
def test_transparent_parts_show_the_paper_behind_them(paper):
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste((128, 128, 128, 255), (0, 0, 20, 10))
    grey = open_picture(saved(image)).grey(paper=paper)
    assert (grey[0, 0], grey[19, 19]) == (128, paper)


@pytest.mark.parametrize("reduction", [2, 4, 8])
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_a_reduced_picture_has_a_fraction_of_the_sides(name, reduction):
    grey = open_picture(saved(on_paper(ean13(), (1203, 901)), name)).grey(reduction)
    assert grey.shape == (-(-901 // reduction), -(-1203 // reduction))


def test_the_frames_of_an_animation_are_counted_up_to_a_bound():
    frames = [Image.new("L", (20, 20), 20 * shade) for shade in range(12)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    picture = open_picture(data)
    assert picture.frames == MAX_FRAMES
    assert picture.grey(frame=3)[0, 0] == 60


def test_of_a_large_animation_the_first_frame_is_looked_at():
    data = saved(Image.new("RGB", WIDE.size, "white"), "GIF", save_all=True, append_images=[WIDE])
    assert open_picture(data).frames == 1


def test_a_page_larger_than_the_first_is_measured_again():
    pages = [Image.new("1", (100, 100)), Image.new("1", (9000, 9000))]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    picture = open_picture(data)
    with pytest.raises(ScannerError, match="too-many-pixels"):
        picture.grey(frame=1)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"RIFF\0\0\0\0WEBP", "WEBP"),
        (b"RIFF\0\0\0\0WAVE", None),
    ],
)
def test_formats_with_a_shared_container_are_told_apart_by_their_brands(head, name):
    assert sniff(head) == name
