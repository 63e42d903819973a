"""A photograph of a label that nobody took: printed, stuck on a pack, snapped in a hurry."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 4000, 3000


def photograph(label: bytes, *, seed: int = 7, turned: float = 9.0, size: int = 1500) -> bytes:
    """The label in a cluttered, tilted, noisy JPEG of 12 megapixels.

    Args:
        label: PNG of the label.
        seed: another number is another scene.
        turned: degrees by which the pack lies askew.
        size: pixels of the longer side of the label.
    """
    chance = np.random.default_rng(seed)
    scene = _shelf(chance)
    pack = Image.open(io.BytesIO(label)).convert("RGB")
    pack.thumbnail((size, size), Image.Resampling.LANCZOS)
    mask = Image.new("L", pack.size, 255)
    leaning = _lean(pack.size)
    shape = (pack.width, pack.height)
    pack = pack.transform(shape, Image.Transform.PERSPECTIVE, leaning, Image.Resampling.BICUBIC)
    mask = mask.transform(shape, Image.Transform.PERSPECTIVE, leaning)
    pack = pack.rotate(turned, expand=True, resample=Image.Resampling.BICUBIC)
    mask = mask.rotate(turned, expand=True)
    scene.paste(pack, (WIDTH // 2 - pack.width // 2, HEIGHT // 2 - pack.height // 2), mask)
    return _snap(scene.filter(ImageFilter.GaussianBlur(1.0)), chance)


def _shelf(chance: np.random.Generator) -> Image.Image:
    """Boxes, price tags and stripes in shop light."""
    scene = Image.new("RGB", (WIDTH, HEIGHT), (120, 110, 100))
    draw = ImageDraw.Draw(scene)
    for _ in range(250):
        x, y = int(chance.integers(0, WIDTH)), int(chance.integers(0, HEIGHT))
        w, h = (int(side) for side in chance.integers(60, 700, 2))
        draw.rectangle(
            (x, y, x + w, y + h), fill=tuple(int(c) for c in chance.integers(20, 235, 3))
        )
    for x in range(200, 900, 14):  # a grille that looks like bars from afar
        draw.line((x, 2500, x, 2900), fill=(30, 30, 30), width=5)
    return scene


def _lean(size: tuple[int, int]) -> tuple[float, ...]:
    """Coefficients of a perspective in which the far edge is a little shorter."""
    width, height = size
    inset = 0.04 * width
    source = [(0, 0), (width, 0), (width, height), (0, height)]
    target = [(inset, 0), (width - inset, 0), (width, height), (0, height)]
    rows, values = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(np.linalg.solve(np.array(rows, float), np.array(values, float)))


def _snap(scene: Image.Image, chance: np.random.Generator) -> bytes:
    """Uneven light, sensor noise, JPEG."""
    pixels = np.asarray(scene, np.float32)
    light = np.linspace(0.75, 1.1, WIDTH, dtype=np.float32)[None, :, None]
    noise = chance.normal(0, 9, pixels.shape[:2]).astype(np.float32)[..., None]
    snapped = np.clip(pixels * light + noise, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(snapped).save(file, "JPEG", quality=82)
    return file.getvalue()
