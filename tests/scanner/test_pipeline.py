"""What a cheap phone takes in bad light is read, and what is not sure is not said."""

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from scanner import ScannerError, decode
from scanner.ean import modules
from scanner.engines import zbar
from scanner.render import render_ean13
from tests.scanner.camera import Shot
from tests.scanner.pictures import GTIN, LINK, ean13, noise, on_paper, photo, qr, saved
from tests.shared_material import SHARED, needs_shared

EAN_MODULES = 113
QR_MODULES = 37


def texts(data: bytes) -> list[str]:
    return [symbol.text for symbol in decode(data, deadline=20).symbols]


@pytest.mark.parametrize(
    "shot",
    [
        Shot(),
        Shot(pixels_a_module=1.6),
        *(Shot(degrees=degrees) for degrees in range(15, 360, 30)),
        Shot(blur=2.2),
        Shot(noise=35),
        Shot(light=0.15),
        Shot(contrast=0.12),
        Shot(shadow=0.8),
        Shot(pixels_a_module=2.5, degrees=37, blur=0.8, noise=8, light=0.6, contrast=0.7),
        Shot(quality=8),
        Shot(pixels_a_module=9, size=(4000, 3000)),
        Shot(pixels_a_module=4, degrees=50, size=(4000, 3000), noise=8),
    ],
    ids=str,
)
def test_an_ean_13_is_read(shot):
    assert texts(shot.of(ean13(), EAN_MODULES)) == [GTIN]


@pytest.mark.parametrize(
    "shot",
    [
        Shot(),
        Shot(degrees=30),
        Shot(pixels_a_module=2, blur=0.8),
        Shot(light=0.2, contrast=0.5, noise=4),
        Shot(pixels_a_module=6, size=(4000, 3000), noise=8),
    ],
    ids=str,
)
def test_a_qr_code_is_read(shot):
    assert texts(shot.of(qr(), QR_MODULES)) == [LINK]


def drawn(content: str, name: str, **options: bool) -> Image.Image:
    barcode = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, name), **options)
    return Image.fromarray(np.array(barcode.to_image(scale=4)))


@pytest.mark.parametrize(
    ("name", "content", "gs1", "format_name", "text", "identifier"),
    [
        ("Code128", "LOT-7", False, "Code 128", "LOT-7", "]C0"),
        ("Code128", f"[01]0{GTIN}[10]L7", True, "Code 128", f"010{GTIN}10L7", "]C1"),
        ("Code39", "LOT-7", False, "Code 39", "LOT-7", "]A0"),
        # Six letters that would make a Code 32, the numbering of Italian medicines, are still six.
        ("Code39", "2U7296", False, "Code 39", "2U7296", "]A0"),
        ("ITF", "19520123456785", False, "ITF", "19520123456785", "]I1"),
        ("DataBarOmni", f"0{GTIN}", False, "DataBar", f"010{GTIN}", "]e0"),
        ("DataBarExp", f"[01]0{GTIN}[10]L7", True, "DataBar Expanded", f"010{GTIN}10L7", "]e0"),
        ("DataMatrix", f"[01]0{GTIN}[10]L7[21]5", True, "Data Matrix",
         f"010{GTIN}10L7\x1d215", "]d2"),
        ("MicroQRCode", "12345", False, "Micro QR Code", "12345", "]Q1"),
        ("RMQRCode", "12345678", False, "rMQR Code", "12345678", "]Q1"),
        ("UPCE", "01234565", False, "UPC-E", "0012345000065", "]E0"),
        ("EAN8", "95200002", False, "EAN-8", "95200002", "]E4"),
    ],
)  # fmt: skip
def test_every_symbology_of_the_service_is_read(name, content, gs1, format_name, text, identifier):
    options = {"gs1": True} if gs1 else {}
    symbol = drawn(content, name, **options)
    reading = decode(saved(on_paper(symbol, (1000, 700), (60, 60))))
    assert [(s.format, s.text, s.symbology_identifier) for s in reading.symbols] == [
        (format_name, text, identifier)
    ]
    assert reading.unconfirmed == ()


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("DataBarOmni", "DataBar"),
        ("DataBarStk", "DataBar Stacked"),
        ("DataBarStkOmni", "DataBar Stacked"),
        ("DataBarLtd", "DataBar Limited"),
    ],
)
def test_every_databar_of_a_gtin_is_read(name, format_name):
    symbol = drawn(f"0{GTIN}", name)
    (found,) = decode(saved(on_paper(symbol, (1000, 700), (60, 60)))).symbols
    assert (found.format, found.text, found.symbology_identifier) == (
        format_name, f"010{GTIN}", "]e0",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "number", "text"),
    [("EAN13", GTIN, GTIN), ("EAN8", "95200002", "95200002"), ("UPCA", "012345000065", None)],
)
@pytest.mark.parametrize("add_on", ["12", "52495"])
def test_the_add_on_of_a_periodical_or_book_is_given_with_its_symbol(name, number, text, add_on):
    symbol = drawn(f"{number} {add_on}", name)
    (found,) = decode(saved(on_paper(symbol, (1000, 700), (60, 60)))).symbols
    assert (found.text, found.add_on) == (text or f"0{number}", add_on)


def test_an_add_on_is_given_across_the_widest_gap_that_the_standard_allows():
    symbol = np.array(drawn(f"{GTIN} 52495", "EAN13"))
    behind_last_bar, five_modules = 4 * (11 + 95 + 2), 4 * 5
    wide = np.insert(symbol, [behind_last_bar] * five_modules, 255, axis=1)
    (found,) = decode(saved(on_paper(Image.fromarray(wide), (1000, 700), (60, 60)))).symbols
    assert (found.text, found.add_on) == (GTIN, "52495")


@pytest.mark.parametrize("quarter", range(4))
def test_an_add_on_is_given_where_the_picture_ends_with_its_quiet_zone(quarter):
    symbol = np.array(drawn(f"{GTIN} 12", "EAN13"))
    last_bar = np.flatnonzero((symbol < 128).any(axis=0))[-1]
    page = np.pad(symbol[:, : last_bar + 1], ((30, 30), (30, 4 * 5)), constant_values=255)
    (found,) = decode(saved(Image.fromarray(np.rot90(page, quarter)))).symbols
    assert (found.text, found.add_on) == (GTIN, "12")


def test_a_symbol_without_an_add_on_is_given_none():
    (found,) = decode(saved(on_paper(ean13()))).symbols
    assert found.add_on is None


@pytest.mark.parametrize("neighbour", ["PDF417", "AztecCode"])
def test_what_stands_beside_a_symbol_of_the_service_is_read_with_it(neighbour):
    sheet = on_paper(ean13(), (1600, 900), (100, 150))
    sheet.paste(drawn("ticket 4711", neighbour), (900, 250))
    assert set(texts(saved(sheet))) == {GTIN, "ticket 4711"}


@pytest.mark.parametrize(("shift", "length"), [(7, 40), (12, 65)])
def test_a_qr_code_on_crumpled_cloth_is_read_once_it_is_straight(shift, length):
    flat = np.pad(np.array(drawn(LINK, "QRCode").resize((222, 222))), 40, constant_values=255)
    wave = np.rint(shift * np.sin(np.arange(len(flat)) / length)).astype(int)
    cloth = np.array([np.roll(row, by) for row, by in zip(flat, wave, strict=True)])
    assert zxingcpp.read_barcodes(cloth) == []
    (found,) = decode(saved(Image.fromarray(cloth)), deadline=20).symbols
    assert found.text == LINK
    assert "straight" in found.read_by[-1]


@pytest.mark.parametrize("share", [0.6, 0.9])
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_of_a_file_that_was_cut_off_the_part_received_is_searched_and_the_reading_says_so(
    name, share
):
    whole = saved(on_paper(ean13(), (1200, 1200), (200, 20)), name)
    reading = decode(whole[: int(len(whole) * share)])
    assert ([symbol.text for symbol in reading.symbols], reading.partial) == ([GTIN], True)
    assert decode(whole).partial is False


def test_a_file_cut_off_before_its_symbol_is_an_error_and_not_an_empty_answer():
    whole = saved(on_paper(ean13(), (1200, 1200), (200, 800)), "JPEG")
    with pytest.raises(ScannerError, match="truncated"):
        decode(whole[: len(whole) // 6])


@pytest.mark.parametrize("symbol", [ean13, qr])
def test_a_light_symbol_on_dark_ground_is_read(symbol):
    assert len(texts(saved(Image.eval(on_paper(symbol()), lambda grey: 255 - grey)))) == 1


@pytest.mark.parametrize("ink", [0, 255])
def test_a_symbol_on_transparent_ground_is_read_whatever_its_ink(ink):
    bars = ean13().point(lambda grey: 255 - grey)
    image = Image.new("LA", bars.size, (ink, 0))
    image.putalpha(bars)
    assert texts(saved(image)) == [GTIN]


@pytest.mark.parametrize("name", ["GIF", "TIFF", "WEBP"])
def test_a_symbol_on_a_later_frame_or_page_is_read(name):
    blank = Image.new("L", (1200, 900), 255)
    options = {"lossless": True} if name == "WEBP" else {}
    pages = [blank, on_paper(ean13())]
    assert texts(saved(blank, name, save_all=True, append_images=pages, **options)) == [GTIN]


def test_all_symbols_of_a_picture_are_found_where_they_are():
    sheet = on_paper(ean13(), (1600, 900), (100, 150))
    sheet.paste(qr(), (1000, 250))
    found = {symbol.text: symbol.position for symbol in decode(saved(sheet)).symbols}
    assert set(found) == {GTIN, LINK}
    for text, left, top, symbol in ((GTIN, 100, 150, ean13()), (LINK, 1000, 250, qr())):
        xs, ys = [x for x, _ in found[text]], [y for _, y in found[text]]
        assert left <= min(xs) < max(xs) <= left + symbol.width
        assert top - 4 <= min(ys) < max(ys) <= top + symbol.height


@pytest.mark.parametrize(
    ("size", "degrees"),
    [((900, 700), 0), ((900, 700), 40), ((900, 700), 220), ((4000, 3000), 90)],
)
def test_corners_are_given_in_pixels_of_the_upright_original(size, degrees):
    data = Shot(degrees=degrees, size=size, pixels_a_module=4).of(ean13(), EAN_MODULES)
    (symbol,) = decode(data, deadline=20).symbols
    middle = np.mean(symbol.position, axis=0)
    assert np.abs(middle - np.array(size) / 2).max() < 100
    (ax, ay), (bx, by) = symbol.position[:2]
    assert (np.degrees(np.arctan2(ay - by, bx - ax)) - degrees + 25) % 180 < 50
    assert np.hypot(bx - ax, by - ay) == pytest.approx(95 * 4, rel=0.3)


@pytest.mark.parametrize("rows", [1, 2, 8])
def test_corners_of_a_strip_lie_within_it(rows):
    strip = on_paper(ean13()).crop((0, 250, 1200, 250 + rows))
    (symbol,) = decode(saved(strip)).symbols
    assert {y for _, y in symbol.position} == {0, rows}


@pytest.mark.parametrize("size", [(65_600, 60), (60, 65_600)])
def test_a_picture_longer_than_the_engine_takes_is_read_in_parts(size):
    symbol = ean13() if size[0] > size[1] else ean13().transpose(Image.Transpose.ROTATE_90)
    sheet = on_paper(symbol.crop((0, 0, *np.minimum(symbol.size, size))), size, (0, 0))
    reading = decode(saved(sheet), deadline=20)
    assert (reading.width, reading.height) == size
    assert [symbol.text for symbol in reading.symbols] == [GTIN]


def test_an_exif_turned_photograph_is_read_and_measured_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(on_paper(ean13()).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
    reading = decode(data)
    assert (reading.width, reading.height) == (1200, 900)
    assert [symbol.text for symbol in reading.symbols] == [GTIN]


def test_a_number_whose_check_digit_is_right_but_whose_bars_say_another_is_not_a_symbol():
    """The left half of one symbol beside the right half of another: both check digits would do."""
    torn = np.array([module == "1" for module in modules("EAN-13", "9520123456788")])
    torn[50:92] = [module == "1" for module in modules("EAN-13", "4006381333931")[50:92]]
    row = np.where(np.pad(torn, 11), 0, 255).astype(np.uint8)
    assert texts(saved(Image.fromarray(np.tile(np.repeat(row, 4), (120, 1))))) == []


def test_noise_holds_nothing():
    reading = decode(noise(700, 500), deadline=20)
    assert (reading.symbols, reading.unconfirmed) == ((), ())


@pytest.mark.parametrize("period", [2, 3, 7])
def test_stripes_hold_nothing(period):
    stripes = np.where(np.arange(800) % period, 0, 255).astype(np.uint8)
    assert texts(saved(Image.fromarray(np.tile(stripes, (600, 1))))) == []


def test_the_deadline_ends_the_search():
    reading = decode(noise(3000, 2500), deadline=0.05)
    assert len(reading.stages) <= 3
    assert not reading.complete


def test_a_picture_that_was_searched_to_its_end_says_so():
    assert decode(photo(), 20).complete
    assert decode(saved(Image.new("L", (300, 200), 255)), 20).complete


def test_without_zbar_pictures_are_read_all_the_same(monkeypatch):
    monkeypatch.setattr(zbar, "_library", lambda: None)
    assert texts(Shot(degrees=40, noise=10).of(ean13(), EAN_MODULES)) == [GTIN]


def test_how_it_was_read_is_told():
    (symbol,) = decode(render_ean13(GTIN, "png")).symbols
    assert symbol.read_by == ("zxing", "stage:1/1")
    assert 0.9 < symbol.confidence <= 1


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "gtin"),
    [
        ("upca-4/1", "0023942431015"),
        ("upca-2/48", "0075720003259"),
        ("ean13-1/35", "5030159003930"),
        ("ean13-4/19", "9780441014989"),
    ],
)
def test_photographs_that_engines_read_wrong_are_not_read_wrong(name, gtin):
    photograph = SHARED / "corpora" / "scanner" / "zxing-cpp" / f"{name}.webp"
    assert set(texts(photograph.read_bytes())) <= {gtin}
