"""Every file that an import of invoices refused, as CSV with the reason in words."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from app.i18n import N_, Translator
from app.wording.errors import sentence

_HEADINGS = (N_("File"), N_("Reason"), N_("Code"))
_TOGETHER = 500
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def refused_csv(translate: Translator, files: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """UTF-8 with the mark by which spreadsheets recognise it, piece by piece.

    Args:
        translate: into the language of the reader.
        files: `file`, `code` and `arguments` of each, gone through once.
    """
    yield b"\xef\xbb\xbf" + _lines([[translate.text(heading) for heading in _HEADINGS]])
    left = iter(files)
    while some := list(islice(left, _TOGETHER)):
        yield _lines(
            [each["file"], sentence(translate, each["code"], each["arguments"]), each["code"]]
            for each in some
        )


def _lines(rows: Iterable[list[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_plain(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def _plain(text: str) -> str:
    """With an apostrophe in front of what a spreadsheet would take for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_SIGNS) else text
