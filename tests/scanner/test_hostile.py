"""Pictures made to harm: each gets an answer, and the service and its workers live on."""

import io
import os
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
import zxingcpp
from PIL import Image

from scanner import CODES, ScannerError, Supervisor, decode
from scanner.reading import Reading
from tests.scanner.pictures import GTIN, bomb, noise, on_paper, photo, png_that_claims, qr, saved


def truncations() -> Iterator[bytes]:
    """Every kind of file, cut off at several places."""
    for name in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"):
        whole = saved(on_paper(qr(), (400, 400), (10, 10)), name)
        yield from (whole[: len(whole) * share // 12] for share in range(12))


def damaged() -> Iterator[bytes]:
    """Files with bytes overwritten at random, headers included."""
    generator = random.Random(11)
    for name in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF"):
        whole = saved(on_paper(qr(), (400, 400), (10, 10)), name)
        for _ in range(12):
            spoiled = bytearray(whole)
            for _ in range(generator.randrange(1, 30)):
                spoiled[generator.randrange(len(spoiled))] = generator.randrange(256)
            yield bytes(spoiled)


def lies() -> Iterator[bytes]:
    """Headers that claim what does not follow."""
    for size in (0, 1, 7, 100, 8000, 65535, 2**31 - 1):
        yield png_that_claims(size, 100)
        yield png_that_claims(100, size)
        yield png_that_claims(size, size, bytes(1000))
    yield bomb()
    yield bomb(100_000, 499)


def other_formats() -> Iterator[bytes]:
    for head in (
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"<svg>",
        b"%PDF-1.7",
        b"8BPS",
        b"\0\0\x01\0",
        b"PK",
    ):
        yield head + bytes(100)
    yield from (b"", b"\0" * 1000, b"GIF89a" + b"\xff" * 500, b"BM" + b"\xff" * 500)
    yield from (os.urandom(1000) for _ in range(5))


def slow() -> Iterator[bytes]:
    """Pictures that keep a decoder busy: noise, stripes, grids of finder patterns."""
    yield noise(1500, 1200)
    for period in (2, 3, 4):
        row = np.where(np.arange(1600) % period, 0, 255).astype(np.uint8)
        yield saved(Image.fromarray(np.tile(row, (1200, 1))))
    finder = np.array([[1] * 7, [1, 0, 0, 0, 0, 0, 1], *[[1, 0, 1, 1, 1, 0, 1]] * 3,
                       [1, 0, 0, 0, 0, 0, 1], [1] * 7])  # fmt: skip
    tile = np.where(np.kron(np.pad(finder, 1), np.ones((3, 3))), 0, 255).astype(np.uint8)
    yield saved(Image.fromarray(np.tile(tile, (45, 60))))
    yield saved(Image.fromarray(np.tile(tile[::3, ::3], (316, 317))))


def long() -> Iterator[bytes]:
    """Pictures with a side that engines or decoders may not take."""
    for size in ((65_535, 8), (65_536, 8), (8, 65_536), (70_000, 300), (100_000, 1)):
        yield from (saved(Image.new("L", size, 200), name) for name in ("PNG", "TIFF", "BMP"))


def moving_and_paged() -> Iterator[bytes]:
    """Animations and files of many pages, also cut off, and pages that lie about their size."""
    frames = [on_paper(qr(), (400, 400), (10, 10 + 2 * step)) for step in range(12)]
    for name in ("GIF", "WEBP", "TIFF", "PNG"):
        whole = saved(frames[0], name, save_all=True, append_images=frames[1:])
        yield from (whole, whole[: len(whole) // 2], whole[: len(whole) - 7])
    pages = [Image.new("1", (100, 100)), Image.new("1", (9000, 9000))]
    yield saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")


def of_a_phone() -> Iterator[bytes]:
    """HEIC, whole, cut off and with bytes overwritten."""
    file = io.BytesIO()
    pillow_heif.from_pillow(on_paper(qr(), (400, 400), (10, 10)).convert("RGB")).save(file)
    whole = file.getvalue()
    generator = random.Random(12)
    yield from (whole[: len(whole) * share // 6] for share in range(1, 7))
    for _ in range(6):
        spoiled = bytearray(whole)
        for _ in range(20):
            spoiled[generator.randrange(len(spoiled))] = generator.randrange(256)
        yield bytes(spoiled)


def damaged_matrices() -> Iterator[bytes]:
    """PDF417, Aztec and QR codes with bars overprinted: their decoders have read out of bounds."""
    generator = np.random.default_rng(13)
    for name in ("PDF417", "AztecCode", "QRCode", "DataMatrix", "RMQRCode"):
        barcode = zxingcpp.create_barcode("9520123456788" * 3, getattr(zxingcpp, name))
        pixels = np.pad(np.array(barcode.to_image(scale=4)), 20, constant_values=255)
        for _ in range(6):
            spoiled = pixels.copy()
            for _ in range(4):
                top, left = (int(generator.integers(0, side)) for side in pixels.shape)
                spoiled[top : top + 25, left : left + 40] = generator.integers(0, 2) * 255
            yield saved(Image.fromarray(spoiled))


HOSTILE = [
    *truncations(), *damaged(), *lies(), *other_formats(), *slow(), *moving_and_paged(),
    *of_a_phone(), *damaged_matrices(), *long(),
]  # fmt: skip


def answered(supervisor: Supervisor, data: bytes) -> Reading | ScannerError:
    try:
        return supervisor.decode(data)
    except ScannerError as error:
        return error


def test_two_hundred_hostile_files_cost_no_worker_and_each_is_answered():
    assert len(HOSTILE) >= 200
    with Supervisor(workers=1, deadline=0.1) as supervisor:
        for data in HOSTILE:
            result = answered(supervisor, data)
            if isinstance(result, ScannerError):
                assert result.code in CODES
                assert result.code not in {"scanner.crashed", "scanner.timeout"}, data[:40]
            else:
                assert {symbol.text for symbol in result.symbols} <= {
                    "https://example.com/01/09520123456788",
                    "9520123456788" * 3,
                }
        assert supervisor.decode(photo()).symbols[0].text == GTIN
        assert supervisor.statistics()["restarts"] == 0
        assert peak_megabytes(supervisor) < 300


def peak_megabytes(supervisor: Supervisor) -> float:
    """The most memory that the worker ever held."""
    process = supervisor._workers[0]._process
    assert process is not None
    status = Path(f"/proc/{process.pid}/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


@pytest.mark.parametrize(
    "picture",
    [
        lambda: saved(Image.new("RGB", (8600, 5800), (9, 90, 200)), "JPEG"),
        lambda: saved(Image.new("CMYK", (8600, 5800), (9, 90, 20, 0)), "JPEG"),
        lambda: saved(Image.new("L", (8600, 5800), 200), "JPEG", progressive=True),
        lambda: saved(Image.new("L", (8600, 5800), 200), "JPEG", exif=turned()),
        lambda: saved(Image.new("RGB", (8600, 5800), (9, 90, 200)), "PNG", compress_level=1),
        lambda: saved(Image.new("RGBA", (8600, 5800), (9, 90, 200, 40)), "PNG", compress_level=1),
        lambda: saved(Image.new("1", (8600, 5800)), "TIFF", compression="group4"),
    ],
    ids=["JPEG", "CMYK JPEG", "progressive JPEG", "turned JPEG", "RGB", "RGBA", "bilevel"],
)
def test_fifty_megapixels_are_read_in_less_than_300_megabytes(picture):
    with Supervisor(deadline=0.5) as supervisor:
        reading = supervisor.decode(picture())
        assert {reading.width, reading.height} == {8600, 5800}
        assert peak_megabytes(supervisor) < 300


@pytest.mark.parametrize("name", ["GIF", "WEBP"])
def test_animations_as_large_as_are_taken_need_less_than_300_megabytes(name):
    frames = [Image.new("RGB", (4000, 3000), (50 * step, 9, 200)) for step in range(4)]
    with Supervisor(deadline=3) as supervisor:
        reading = supervisor.decode(
            saved(frames[0], name, save_all=True, append_images=frames[1:], quality=1, method=0)
        )
        assert (reading.width, reading.height) == (4000, 3000)
        assert peak_megabytes(supervisor) < 300


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def test_fifty_megapixels_in_a_format_that_takes_more_are_refused_unread():
    data = saved(Image.new("RGB", (8600, 5800)), "WEBP", quality=1, method=0)
    with Supervisor(deadline=0.5) as supervisor:
        with pytest.raises(ScannerError, match="too-many-pixels"):
            supervisor.decode(data)
        assert peak_megabytes(supervisor) < 100


def cell(text: str) -> np.ndarray:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    bars = np.asarray(barcode.to_image(scale=2, add_quiet_zones=False))[:40]
    return np.pad(bars, ((6, 6), (24, 24)), constant_values=255)


def test_a_page_full_of_symbols_is_judged_in_time():
    # Each read is compared with its neighbours, and not all with all once more for each.
    rows = [np.hstack([cell(f"LOT{row * 8 + at:04}") for at in range(8)]) for row in range(30)]
    reading = decode(saved(Image.fromarray(np.vstack(rows))))
    assert len(reading.symbols) == 240
    assert reading.ms < 8000  # 30 seconds, otherwise
