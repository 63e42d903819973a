"""Pictures made to harm: each gets an answer, and the service and its workers live on."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner import CODES, ScannerError, Supervisor
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


HOSTILE = [*truncations(), *damaged(), *lies(), *other_formats(), *slow()]


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
                    "https://example.com/01/09520123456788"
                }
        assert supervisor.decode(photo()).symbols[0].text == GTIN
        assert supervisor.statistics()["restarts"] == 0
        process = supervisor._workers[0]._process
        assert process is not None
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    assert int(peak.split()[1]) < 300 * 1024


@pytest.mark.parametrize(
    "picture",
    [
        lambda: saved(Image.new("L", (8600, 5800), 200), "JPEG"),
        lambda: saved(Image.new("RGB", (8600, 5800), (9, 90, 200)), "PNG", compress_level=1),
        lambda: saved(Image.new("RGBA", (8600, 5800), (9, 90, 200, 40)), "PNG", compress_level=1),
        lambda: saved(Image.new("1", (8600, 5800)), "TIFF", compression="group4"),
    ],
    ids=["JPEG", "RGB", "RGBA", "bilevel"],
)
def test_fifty_megapixels_are_read_within_the_memory_of_a_worker(picture):
    with Supervisor(deadline=0.5) as supervisor:
        assert supervisor.decode(picture()).width == 8600
