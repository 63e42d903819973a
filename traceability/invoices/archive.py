"""ZIP files of invoices, opened within bounds.

The official look-up page and accounting programs hand out ZIPs with the XML beside its printed
copy (PDF, HTML, pictures), which is passed over. Names are only names: nothing is written to a
path. Sizes are checked from the directory first, so a bomb is refused before it is unpacked, and
again while unpacking, because a directory can lie.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from traceability.invoices.document import MAX_BYTES
from traceability.invoices.errors import InvoiceError, refusal

_END_BYTES = 1 << 17
"""The end record with the longest comment is within these."""
_IN_THE_WIDE_RECORD = 0xFFFF
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_COMPANIONS = frozenset(
    {"pdf", "html", "htm", "xsl", "xslt", "css", "js", "png", "jpg", "jpeg", "gif", "bmp", "svg"}
    | {"ico", "txt", "doc", "docx", "xls", "xlsx"}
)
_PROBLEMS = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    zlib.error,
)  # fmt: skip
"""What zipfile and zlib raise on a broken, encrypted or unknown kind of member."""


@dataclass(frozen=True, slots=True)
class Limits:
    members: int = 250_000
    """A hundred thousand invoices, each with its printed copy beside it; 150 MB of directory."""
    total_bytes: int = 5_000_000_000
    """Unpacked, all members together."""
    ratio: int = 200
    """Unpacked to packed bytes of the whole file; signed invoices pack about 5 to 1."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a ZIP: its content, or why it cannot be read."""

    name: str
    content: bytes = b""
    error: InvoiceError | None = None


def is_archive(data: bytes) -> bool:
    """Whether the bytes begin as a ZIP does."""
    return data.startswith(_MAGIC)


class Archive:
    """A ZIP whose directory is within the limits.

    Args:
        data: its bytes, or a file that is open as long as the archive is used.
        limits: what it may unpack to.

    Raises:
        InvoiceError: `invoices.zip` when it cannot be read, `invoices.zip-too-large` (what: one
            of members, bytes, ratio; limit) when it would unpack to too much.
    """

    def __init__(self, data: bytes | BinaryIO, limits: Limits | None = None) -> None:
        file = io.BytesIO(data) if isinstance(data, bytes) else data
        limits = limits or Limits()
        _check_stated_members(file, limits)
        try:
            self._zip = zipfile.ZipFile(file)
        except _PROBLEMS as error:
            raise refusal("invoices.zip") from error
        entries = self._zip.infolist()
        _check(entries, file.seek(0, io.SEEK_END), limits)
        self._entries = [entry for entry in entries if _is_of_interest(entry)]

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def unpacked_bytes(self) -> int:
        """Of all files together, as the directory states them."""
        return sum(entry.file_size for entry in self._entries)

    def members(self, start: int = 0) -> Iterator[Member]:
        """The files from the `start`-th on, in the order of the directory."""
        for entry in self._entries[start:]:
            name = shown(entry.filename)
            try:
                yield Member(name, self._content(entry))
            except InvoiceError as error:
                yield Member(name, error=error)

    def _content(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.file_size > MAX_BYTES:
            raise refusal("invoices.too-large", limit=MAX_BYTES)
        try:
            with self._zip.open(entry) as file:
                content = file.read(MAX_BYTES + 1)
        except _PROBLEMS as error:
            raise refusal("invoices.zip") from error
        if is_archive(content) or entry.filename.lower().endswith(".zip"):
            raise refusal("invoices.zip-nested")
        return content


def _check_stated_members(file: BinaryIO, limits: Limits) -> None:
    """Refuse by the number at the end of the file, before a directory of millions is read."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(end - _END_BYTES, 0))
    tail = file.read(_END_BYTES)
    at = tail.rfind(b"PK\x05\x06")
    stated = int.from_bytes(tail[at + 10 : at + 12], "little") if at >= 0 else 0
    wide = tail.rfind(b"PK\x06\x06", 0, max(at, 0))
    if stated == _IN_THE_WIDE_RECORD and tail[at - 20 : at - 16] == b"PK\x06\x07" and wide >= 0:
        stated = int.from_bytes(tail[wide + 32 : wide + 40], "little")
    if stated > limits.members:
        raise refusal("invoices.zip-too-large", what="members", limit=limits.members)


def _check(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    total = sum(entry.file_size for entry in entries)
    facts = (
        ("members", len(entries), limits.members),
        ("bytes", total, limits.total_bytes),
        ("ratio", total // max(packed, 1), limits.ratio),
    )
    for what, found, limit in facts:
        if found > limit:
            raise refusal("invoices.zip-too-large", what=what, limit=limit)


def _is_of_interest(entry: zipfile.ZipInfo) -> bool:
    return not entry.is_dir() and may_be_invoice(entry.filename)


def may_be_invoice(path: str) -> bool:
    """Whether a name is none of a printed copy or a note of a file manager.

    >>> may_be_invoice("T10/1.XML"), may_be_invoice("T10/1.pdf"), may_be_invoice("a/.DS_Store")
    (True, False, False)
    """
    path = path.lower().replace("\\", "/")
    base = path.rpartition("/")[2]
    if path.startswith("__macosx/") or base.startswith("."):
        return False
    return base.rpartition(".")[2] not in _COMPANIONS


def shown(name: str) -> str:
    """The name without control characters, for lists and logs."""
    return "".join(c for c in name if c.isprintable())[:255]
