"""Pictures of the demonstration's products, drawn: a pack in the producer's colour that says so."""

import io
from hashlib import sha256

from PIL import Image, ImageDraw

from scanner.drawing import font

SIDE = 640
_NOTICE = "MINH HỌA"


def pack(name: str) -> bytes:
    """A JPEG of a plain box with the product's name on it."""
    hue = sha256(name.encode()).digest()[0] * 360 // 256
    picture = Image.new("RGB", (SIDE, SIDE), "#f3f4f2")
    draw = ImageDraw.Draw(picture)
    draw.polygon([(150, 130), (450, 130), (500, 90), (200, 90)], fill=f"hsl({hue}, 35%, 62%)")
    draw.polygon([(450, 130), (500, 90), (500, 520), (450, 560)], fill=f"hsl({hue}, 40%, 34%)")
    draw.rectangle((150, 130, 450, 560), fill=f"hsl({hue}, 42%, 44%)")
    draw.rectangle((175, 230, 425, 420), fill="white")
    _write(draw, name.split(",")[0], 30, (300, 310), "#1c2422")
    _write(draw, _NOTICE, 26, (300, 490), "white")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=82, optimize=True)
    return file.getvalue()


def _write(
    draw: ImageDraw.ImageDraw, text: str, size: int, middle: tuple[int, int], colour: str
) -> None:
    """The text in lines of a few words around a point."""
    words, lines = text.split(), [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if font(size).getlength(longer) > 235 and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    draw.multiline_text(
        middle, "\n".join(lines), fill=colour, font=font(size), anchor="mm", align="center"
    )
