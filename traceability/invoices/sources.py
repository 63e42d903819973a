"""Where a large import takes its files from: stored uploads, a ZIP or a folder of this machine.

A source gives its files in an order that is the same each time it is opened, each with the mark
of the place behind it. A job that goes on after a kill begins there: for a ZIP the mark counts
members, for a folder it is a name, because files may come and go meanwhile.

Names are only names: links are not followed, nothing but plain files is read, and a file that
changes while it is read is refused.
"""

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Protocol

from traceability.invoices.archive import Archive, Member, is_archive, may_be_invoice, shown
from traceability.invoices.document import MAX_BYTES
from traceability.invoices.errors import InvoiceError, refusal

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""Opening a pipe would wait for a writer that never comes."""
_MAGIC_BYTES = 4
AT_ONCE_FILES = 1000
AT_ONCE_BYTES = 40_000_000
"""What is taken in within a request, unpacked: some seconds of work."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A file of a source, and where the next one begins."""

    member: Member
    mark: str


class Source(Protocol):
    """Files to import, opened for one run."""

    total: int
    """Files in all."""

    def after(self, mark: str) -> Iterator[Marked]:
        """The files behind a mark; all of them for an empty one."""

    def check(self) -> None:
        """Raise InvoiceError where what was read may not be what the import began with."""

    def close(self) -> None: ...


class Uploads:
    """Files one after the other, ZIPs by their members; whoever opened them closes them.

    Raises:
        InvoiceError: `invoices.zip`, `invoices.zip-too-large` for a ZIP that cannot be taken in
            when it is the only file; among others it is refused as one of them.
    """

    def __init__(self, files: Sequence[tuple[str, BinaryIO]]) -> None:
        self._parts = [_part(name, file, alone=len(files) == 1) for name, file in files]
        self.total = sum(len(part) for part in self._parts)

    def after(self, mark: str) -> Iterator[Marked]:
        start, at = int(mark or 0), 0
        for part in self._parts:
            skipped = min(max(start - at, 0), len(part))
            for number, member in enumerate(part.members(skipped), at + skipped + 1):
                yield Marked(member, str(number))
            at += len(part)

    def check(self) -> None:
        """Stored uploads never change."""

    def close(self) -> None:
        """Nothing was opened here."""


def is_large(files: Sequence[tuple[str, BinaryIO]]) -> bool:
    """Whether taking these files in would take longer than a request should.

    Only ZIPs make it large; one that cannot be read is refused at once either way.
    """
    count = size = 0
    for _, file in files:
        archive = _archive(file)
        if archive is not None:
            count, size = count + len(archive), size + archive.unpacked_bytes
    return count > AT_ONCE_FILES or size > AT_ONCE_BYTES


def _archive(file: BinaryIO) -> Archive | None:
    file.seek(0)
    begins = file.read(_MAGIC_BYTES)
    try:
        return Archive(file) if is_archive(begins) else None
    except InvoiceError:
        return None
    finally:
        file.seek(0)


class _Part(Protocol):
    def __len__(self) -> int: ...
    def members(self, start: int = 0) -> Iterator[Member]: ...


def _part(name: str, file: BinaryIO, *, alone: bool) -> _Part:
    file.seek(0)
    begins = file.read(_MAGIC_BYTES)
    file.seek(0)
    if not is_archive(begins):
        return _Single(name, file)
    try:
        archive = Archive(file)
    except InvoiceError as error:
        if alone:
            raise
        return _Refused(Member(name, error=error))
    return archive if alone else _Named(name, archive)


class _Single:
    """A file that is no ZIP."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self._name, self._file = name, file

    def __len__(self) -> int:
        return 1

    def members(self, start: int = 0) -> Iterator[Member]:
        if start == 0:
            self._file.seek(0)
            yield _member(self._name, self._file.read(MAX_BYTES + 1))


class _Named:
    """A ZIP among other files: its members go by its name too."""

    def __init__(self, name: str, archive: Archive) -> None:
        self._name, self._archive = name, archive

    def __len__(self) -> int:
        return len(self._archive)

    def members(self, start: int = 0) -> Iterator[Member]:
        for member in self._archive.members(start):
            yield Member(f"{self._name}/{member.name}", member.content, member.error)


class _Refused:
    """A file of which nothing can be read."""

    def __init__(self, member: Member) -> None:
        self._member = member

    def __len__(self) -> int:
        return 1

    def members(self, start: int = 0) -> Iterator[Member]:
        if start == 0:
            yield self._member


def _member(name: str, content: bytes) -> Member:
    if len(content) > MAX_BYTES:
        return Member(name, error=refusal("invoices.too-large", limit=MAX_BYTES))
    return Member(name, content)


class ZipOnDisk:
    """A ZIP of this machine, which must be the same file from the first run to the last.

    Args:
        path: of the file.
        state: what `state` was at the first run; empty at the first.

    Raises:
        InvoiceError: as `Uploads`; `invoices.unreadable` (reason), `invoices.changed`.
    """

    def __init__(self, path: Path, state: str = "") -> None:
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise _unreadable(error) from error
        self.state = state or _state(os.fstat(self._file.fileno()))
        try:
            self.check()
            self._uploads = Uploads([(path.name, self._file)])
        except InvoiceError:
            self._file.close()
            raise
        self.total = self._uploads.total

    def after(self, mark: str) -> Iterator[Marked]:
        return self._uploads.after(mark)

    def check(self) -> None:
        if _state(os.fstat(self._file.fileno())) != self.state:
            raise refusal("invoices.changed")

    def close(self) -> None:
        self._file.close()


class Folder:
    """The plain files of a folder and those below it, by name; ZIPs are imports of their own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = sorted(name for name in _names(path) if not _is_zip(name))
        self.total = len(self._names)

    def after(self, mark: str) -> Iterator[Marked]:
        for name in self._names[bisect_right(self._names, bytes.fromhex(mark)) :]:
            yield Marked(self._member(name), name.hex())

    def _member(self, name: bytes) -> Member:
        title = shown(os.fsdecode(name))
        try:
            content = _content(self._path / os.fsdecode(name))
        except OSError as error:
            return Member(title, error=_unreadable(error))
        except InvoiceError as error:
            return Member(title, error=error)
        return _member(title, content)

    def check(self) -> None:
        """Each file was checked when it was read."""

    def close(self) -> None:
        """No file stays open."""


def zips_in(folder: Path) -> list[Path]:
    """The ZIPs of a folder and those below it, by name."""
    return [folder / os.fsdecode(name) for name in sorted(_names(folder)) if _is_zip(name)]


def _names(folder: Path) -> Iterator[bytes]:
    """Names below the folder, as the file system spells them.

    A folder that cannot be listed is given by its own name: it is refused and not passed over.
    """
    closed: list[str] = []
    for parent, _, names in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        for name in names:
            if may_be_invoice(name):
                yield os.fsencode(os.path.relpath(os.path.join(parent, name), folder))  # noqa: PTH118
    yield from (os.fsencode(os.path.relpath(path, folder)) for path in closed)


def _is_zip(name: bytes) -> bool:
    return name.lower().endswith(b".zip")


def _content(path: Path) -> bytes:
    """A plain file as a whole, which was the same before and after it was read.

    Raises:
        OSError: it cannot be opened; a link is not followed.
        InvoiceError: `invoices.unreadable` for what is no plain file, `invoices.changed`,
            `invoices.zip-nested` for a ZIP under another name.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW | _NO_WAIT), "rb") as file:
        before = os.fstat(file.fileno())
        if not S_ISREG(before.st_mode):
            raise refusal("invoices.unreadable", reason="")
        content = file.read(MAX_BYTES + 1)
        after = os.fstat(file.fileno())
    if _state(before) != _state(after) or len(content) != min(after.st_size, MAX_BYTES + 1):
        raise refusal("invoices.changed")
    if is_archive(content):
        raise refusal("invoices.zip-nested")
    return content


def _unreadable(error: OSError) -> InvoiceError:
    return refusal("invoices.unreadable", reason=error.strerror or "")


def _state(found: os.stat_result) -> str:
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"
