"""Looks an XLSX file over before anything opens it.

A workbook is a ZIP of XML. The reader lays the sheet out as one block from the first to the last
cell, so a single cell at XFD1048576 would ask for 17 thousand million places, and a few kB of ZIP
can unfold to many GB. So every part is inflated here first, within a budget of bytes, and the
first sheet is searched for its last cell and for formulas. What is passed on is known to be small.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.parsers import expat

from lxml import etree

from traceability.errors import InvalidError

MAX_PARTS = 500
MAX_UNFOLDED = 160 * 1024 * 1024
"""Bytes of all parts together: 100,000 products with every column filled take about 90 MB."""
_MAX_SMALL_PART = 2 * 1024 * 1024
_STEP = 1 << 18
_ENCODINGS = ("utf-8", "us-ascii")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class SheetExtent:
    """Where the cells of a sheet end; rows and columns count from 1."""

    last_row: int = 0
    last_column: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    """Row and column of the cells with a formula."""


def _damaged() -> InvalidError:
    return InvalidError.of("file", "registry.workbook-damaged")


def check_workbook(data: bytes) -> dict[str, zipfile.ZipInfo]:
    """Inflate every part of a workbook within the budget and throw it away.

    Returns:
        The parts by name.

    Raises:
        InvalidError: `registry.workbook-damaged`, `registry.workbook-too-large` (most, bytes).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise _damaged() from error
    if len(parts) > MAX_PARTS:
        raise InvalidError.of("file", "registry.workbook-too-large", most=MAX_UNFOLDED)
    left = MAX_UNFOLDED
    for part in parts:
        left -= sum(len(piece) for piece in unfold(data, part, left))
    by_name = {part.filename: part for part in parts}
    if len(by_name) < len(parts):
        raise _damaged()
    return by_name


def unfold(data: bytes, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The bytes of one part, piece by piece, as they really are.

    The sizes that the ZIP states are not believed: another reader may not stop at them.

    Raises:
        InvalidError: as `check_workbook`.
    """
    folded = _folded(data, part)
    if part.compress_type == zipfile.ZIP_STORED:
        _refuse_over(len(folded), most)
        yield bytes(folded)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged()
    inflater, total = zlib.decompressobj(-zlib.MAX_WBITS), 0
    pending: bytes = bytes(folded)
    while not inflater.eof:
        try:
            piece = inflater.decompress(pending, _STEP)
        except zlib.error as error:
            raise _damaged() from error
        if not piece and not inflater.unconsumed_tail and not inflater.eof:
            raise _damaged()
        pending = inflater.unconsumed_tail
        total += len(piece)
        _refuse_over(total, most)
        yield piece


def _folded(data: bytes, part: zipfile.ZipInfo) -> memoryview:
    """The compressed bytes of a part, found by its local header."""
    start = part.header_offset
    if part.flag_bits & 0x1 or not 0 <= start <= len(data) - _LOCAL_HEADER.size:
        raise _damaged()
    header = _LOCAL_HEADER.unpack_from(data, start)
    if header[0] != b"PK\x03\x04":
        raise _damaged()
    start += _LOCAL_HEADER.size + header[9] + header[10]
    if part.compress_size < 0 or start + part.compress_size > len(data):
        raise _damaged()
    return memoryview(data)[start : start + part.compress_size]


def _refuse_over(size: int, most: int) -> None:
    if size > most:
        raise InvalidError.of("file", "registry.workbook-too-large", most=MAX_UNFOLDED)


def sheet_part(data: bytes, parts: dict[str, zipfile.ZipInfo], sheet: str) -> zipfile.ZipInfo:
    """The part that holds the sheet of a name.

    Raises:
        InvalidError: `registry.workbook-damaged`.
    """
    workbook = _small_xml(data, parts, "xl/workbook.xml")
    relations = _small_xml(data, parts, "xl/_rels/workbook.xml.rels")
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    for each in workbook.iter(f"{_MAIN}sheet"):
        if each.get("name") == sheet:
            target = targets.get(each.get(_RELATION), "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if name in parts:
                return parts[name]
    raise _damaged()


def _small_xml(data: bytes, parts: dict[str, zipfile.ZipInfo], name: str) -> etree._Element:
    if name not in parts:
        raise _damaged()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(b"".join(unfold(data, parts[name], _MAX_SMALL_PART)), parser)
    except etree.XMLSyntaxError as error:
        raise _damaged() from error


def sheet_extent(data: bytes, part: zipfile.ZipInfo, most_rows: int) -> SheetExtent:
    """Find the last cell with content, and the formulas, without building a tree.

    Raises:
        InvalidError: `registry.workbook-damaged`; `registry.table-too-many-rows` (row, most) at
            the first cell beyond that row.
    """
    search = _SheetSearch(most_rows)
    parser = expat.ParserCreate("utf-8")
    parser.XmlDeclHandler = search.declaration
    parser.StartElementHandler = search.start
    # Without a document type there are no entities that could grow.
    parser.StartDoctypeDeclHandler = search.refuse
    try:
        for piece in unfold(data, part, MAX_UNFOLDED):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise _damaged() from error
    return search.extent


class _SheetSearch:
    """Follows the rows and cells of a sheet; a cell without a reference comes after the last."""

    def __init__(self, most_rows: int) -> None:
        self.extent = SheetExtent()
        self._most_rows = most_rows
        self._row = self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes.get("r"))
        elif tag == "row":
            self._row, self._column = _row_number(attributes.get("r"), self._row + 1), 0
        elif tag in ("v", "is"):
            self._note()
        elif tag == "f":
            self._note()
            self.extent.formulas.add((self._row, self._column))

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise _damaged()

    def refuse(self, *_declaration: object) -> None:
        raise _damaged()

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise _damaged()
        self._row, self._column = int(found[2]), column_number(found[1])

    def _note(self) -> None:
        if self._row > self._most_rows:
            raise InvalidError.of(
                "file", "registry.table-too-many-rows", row=self._row, most=self._most_rows
            )
        extent = self.extent
        extent.last_row = max(extent.last_row, self._row)
        extent.last_column = max(extent.last_column, self._column)


def _row_number(text: str | None, following: int) -> int:
    if text is None:
        return following
    if not text.isdecimal() or len(text) > 9:
        raise _damaged()
    return int(text)


@cache
def column_number(letters: str) -> int:
    """The number of a column, from 1.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
