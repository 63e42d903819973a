"""Real photographs with labels: the test sets of two readers, where they lie beside the project.

Each picture has its text in a file of the same name, or its bytes in one that ends in .bin. A few
labels are amended by the lists that lie with the sets: pictures that show more than one symbol, and
labels that say less than the picture.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.decoding.scoring import Truth
from gs1 import check_digit

SHARED = Path(os.environ.get("NGUON_SHARED", Path(__file__).resolve().parents[3] / "shared"))
PHOTOGRAPHS = SHARED / "corpora" / "scanner"
_LISTS = SHARED / "bench" / "scanner"

_ENDINGS = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp"}
_PART = re.compile(r"-\d\d$")
"""A part of a structured append, which is no whole message."""


@dataclass(frozen=True)
class Set:
    """A row of the table."""

    name: str
    folders: tuple[str, ...]
    """Beginnings of the folders' names."""
    collections: tuple[str, ...] = ("zxing-cpp", "zxing-rest")
    right: int | None = None
    """So many have to be right: pictures, or symbols where several are in one picture."""
    wrong: int = 0
    """So many may have a wrong read."""
    by_symbol: bool = False


_RETAIL = ("ean", "upc")
SETS = (
    Set("zxing-cpp retail", _RETAIL, ("zxing-cpp",), right=160, wrong=1),
    Set("zxing-rest retail", _RETAIL, ("zxing-rest",), right=170),
    Set("Code 128", ("code128",), right=49),
    Set("DataBar", ("rss", "databar"), right=282),
    Set("ITF", ("itf",), right=32),
    Set("QR", ("qrcode",), right=195),
    Set("Data Matrix", ("datamatrix",), right=120),
    Set("several symbols", ("multi",), right=18, by_symbol=True),
    Set("nothing to read", ("falsepositives",)),
    Set("Code 39", ("code39",)),
    Set("Micro QR and rMQR", ("microqr", "rmqr")),
)


@dataclass(frozen=True)
class Photograph:
    name: str
    """Collection, folder and file."""
    path: Path
    truth: Truth


def available() -> bool:
    return PHOTOGRAPHS.is_dir()


def photographs(of: Set) -> Iterator[Photograph]:
    amended = _amended()
    for collection in of.collections:
        for folder in sorted((PHOTOGRAPHS / collection).iterdir()):
            for path in sorted(folder.iterdir()) if folder.name.startswith(of.folders) else ():
                name = f"{collection}/{folder.name}/{path.name}"
                truth = amended.get(name) or _truth(path)
                if path.suffix.lower() in _ENDINGS and truth is not None:
                    yield Photograph(name, path, truth)


def _truth(path: Path) -> Truth | None:
    folder = path.parent.name
    if folder.startswith("falsepositives"):
        return Truth(())
    text, data = path.with_suffix(".txt"), path.with_suffix(".bin")
    if text.exists():
        content = text.read_bytes().decode("utf-8", "replace")
        return _with_add_on(content) if "extension" in folder else Truth((content,))
    if data.exists() and not _PART.search(path.stem):
        return Truth((), data=data.read_bytes())
    return None


def _with_add_on(content: str) -> Truth:
    """The label has the number and its add-on in one; the number alone is right."""
    digits = re.sub(r"\D", "", content)
    numbers = [digits[:n] for n in (13, 12, 8) if len(digits) - n in (0, 2, 5)]
    return Truth(tuple(n for n in numbers if check_digit.is_valid(n))[:1], also=(digits,))


def _amended() -> dict[str, Truth]:
    amended: dict[str, Truth] = {}
    for file in _LISTS.glob("*.json"):
        labels: dict[str, list[str]] = json.loads(file.read_text("utf-8"))
        for name, texts in labels.items():
            collection, _, rest = name.partition("/")
            folder = {"zxingcpp": "zxing-cpp", "zxing_rest": "zxing-rest"}.get(collection)
            amended[f"{folder}/{rest}"] = Truth(tuple(texts))
    return amended
