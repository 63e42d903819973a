"""What a worker process needs at its peak for one picture of 50 megapixels, by kind of file."""

import io
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench import load
from bench.camera.clutter import background
from scanner import ScannerError, Supervisor

LIMIT_MB = 300

_SIZE = (8000, 6250)


def peaks(deadline: float) -> dict[str, dict[str, float | str]]:
    """Greatest resident size in MB by kind of file, and what came of the picture."""
    return {name: _peak(data, deadline) for name, data in _files()}


def _peak(data: bytes, deadline: float) -> dict[str, float | str]:
    # A new worker for each: the peak of a process never goes down.
    before = set(load.children(os.getpid()))
    with Supervisor(workers=1, deadline=deadline) as supervisor, ThreadPoolExecutor(1) as pool:
        (pid,) = set(load.children(os.getpid())) - before
        greatest = 0.0
        decoding = pool.submit(_decoded, supervisor, data)
        while not decoding.done():
            greatest = max(greatest, _greatest_mb(pid))
            time.sleep(0.01)
        greatest = max(greatest, _greatest_mb(pid))
    return {
        "mb": round(greatest),
        "file_mb": round(len(data) / 2**20, 1),
        "came_of_it": decoding.result(),
    }


def _decoded(supervisor: Supervisor, data: bytes) -> str:
    try:
        reading = supervisor.decode(data)
    except ScannerError as error:
        return error.code
    texts = ", ".join(symbol.text for symbol in reading.symbols) or "nothing"
    return f"{texts} in {reading.ms / 1000:.1f} s"


def _greatest_mb(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0  # it was killed, and its peak was seen before
    lines = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return next((int(line.split()[1]) / 1024 for line in lines), 0.0)


def _files() -> Iterator[tuple[str, bytes]]:
    # Nothing to read: a worker that finds nothing tries everything it has.
    scene = background(_SIZE, 1)
    for name, save in _SAVERS.items():
        yield name, save(scene)


def _saved(image: Image.Image, format_name: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format_name, **options)
    return file.getvalue()


def _sixteen_bits(scene: Image.Image) -> Image.Image:
    return Image.fromarray(_flat(scene).astype(np.uint16) * 257)


def _flat(scene: Image.Image) -> NDArray[np.uint8]:
    """Few greys, so that a file without losses stays under the limit of a file's size."""
    return np.asarray(scene.convert("L")) & 0xE0


def _coloured(scene: Image.Image, mode: str) -> Image.Image:
    return Image.fromarray(_flat(scene)).convert(mode)


_SAVERS: dict[str, Callable[[Image.Image], bytes]] = {
    "JPEG": lambda scene: _saved(scene.convert("RGB"), "JPEG", quality=80),
    "JPEG, progressive": lambda scene: _saved(
        scene.convert("RGB"), "JPEG", quality=80, progressive=True
    ),
    "JPEG, CMYK": lambda scene: _saved(scene.convert("RGB").convert("CMYK"), "JPEG", quality=80),
    "PNG, grey": lambda scene: _saved(_coloured(scene, "L"), "PNG"),
    "PNG, RGBA": lambda scene: _saved(_coloured(scene, "RGBA"), "PNG", compress_level=4),
    "PNG, 16 bits": lambda scene: _saved(_sixteen_bits(scene), "PNG", compress_level=4),
    "WebP": lambda scene: _saved(scene.convert("RGB"), "WEBP", quality=70, method=1),
    "TIFF, CMYK": lambda scene: _saved(_coloured(scene, "CMYK"), "TIFF", compression="tiff_lzw"),
    "GIF": lambda scene: _saved(_coloured(scene, "L"), "GIF"),
}
