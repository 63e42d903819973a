"""A simple camera for tests: turns, shrinks, blurs and dims a symbol as a cheap phone would."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from tests.scanner.pictures import saved


@dataclass(frozen=True)
class Shot:
    """How a picture is taken; the defaults are a good one."""

    pixels_a_module: float = 4.0
    degrees: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    light: float = 1.0
    contrast: float = 1.0
    shadow: float = 0.0
    size: tuple[int, int] = (900, 700)
    quality: int = 85

    def of(self, symbol: Image.Image, modules: int, seed: int = 3) -> bytes:
        """A JPEG of the symbol, whose quiet zones included are so many modules wide."""
        factor = self.pixels_a_module * modules / symbol.width
        size = (round(symbol.width * factor), max(8, round(symbol.height * factor)))
        small = symbol.resize(
            size, Image.Resampling.BOX if factor < 1 else Image.Resampling.BICUBIC
        )
        faint = small.point(lambda grey: 225 - (255 - grey) * 205 / 255 * self.contrast)
        turned = faint.rotate(self.degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=225)
        sheet = Image.new("L", self.size, 225)
        sheet.paste(
            turned, tuple((a - b) // 2 for a, b in zip(self.size, turned.size, strict=True))
        )
        pixels = np.asarray(sheet.filter(ImageFilter.GaussianBlur(self.blur)), np.float32)
        dark_half = np.arange(self.size[0]) > self.size[0] / 2
        pixels = pixels * self.light * np.where(dark_half, 1 - self.shadow, 1)
        pixels = pixels + np.random.default_rng(seed).normal(0, self.noise, pixels.shape)
        exposed = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        return saved(exposed, "JPEG", quality=self.quality)
