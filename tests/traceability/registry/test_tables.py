import contextlib
import io
import random
import struct
import time
import zipfile

import pytest

from tests.traceability.registry.sheets import SHEET, replaced, workbook, workbook_with
from traceability.errors import InvalidError
from traceability.registry import tables, workbook_guard
from traceability.registry.tables import read_table

CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>gtin</t></is></c></row>'


def _rows(data: bytes) -> list[tuple[int, list[object]]]:
    return [(number, list(cells)) for number, cells in read_table(data, "table").rows]


def _code(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(InvalidError) as refused:
        _rows(data)
    (fault,) = refused.value.faults
    assert fault.field == "file"
    return fault.code, dict(fault.arguments)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_with_and_without_mark_by_any_separator(separator: str, mark: bytes) -> None:
    text = f'gtin{separator}name\r\n1{separator}"Trà ""dây""{separator} 1\nx"\r\n'
    assert _rows(mark + text.encode()) == [
        (1, ["gtin", "name"]),
        (2, ["1", f'Trà "dây"{separator} 1\nx']),
    ]


def test_row_numbers_are_those_of_the_sheet_though_empty_rows_are_skipped() -> None:
    assert [number for number, _ in _rows(b"gtin\n\n1\n,,\n\n2\n")] == [1, 3, 6]
    rows = [["gtin"], [None], ["1"], [], ["2"]]
    assert [number for number, _ in _rows(workbook(rows))] == [1, 3, 5]


def test_a_table_may_begin_anywhere_in_the_sheet() -> None:
    found = _rows(workbook([[], [], [None, None, "gtin"], [None, None, "1"]]))
    assert found == [(3, ["", "", "gtin"]), (4, ["", "", "1"])]


def test_the_first_visible_sheet_is_read() -> None:
    assert _rows(workbook([["gtin"], ["1"]], hidden_first=True)) == [(1, ["gtin"]), (2, ["1"])]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "registry.file-empty"),
        (b"  \r\n ", "registry.file-empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "registry.file-type"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "registry.file-type"),
        ("gtin,tên\n1,Trà".encode("utf-16"), "registry.file-encoding"),
        ("gtin,tên\n1,Trà".encode("cp1258", "replace"), "registry.file-encoding"),
        (b"PK\x03\x04 no archive", "registry.workbook-damaged"),
        (workbook([["gtin"]])[:-200], "registry.workbook-damaged"),
        (b'gtin,name\n1,"open', "registry.csv-broken"),
        (b'gtin,name\n1,"a"b\n', "registry.csv-broken"),
        (b"gtin," + b"x" * 200_000, "registry.csv-broken"),
        (b",".join([b"x"] * 61), "registry.table-too-many-columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(data: bytes, code: str) -> None:
    assert _code(data)[0] == code


def test_the_place_of_a_byte_that_is_no_utf8_is_told() -> None:
    assert _code(b"gtin,name\n1,Tr\xe0") == ("registry.file-encoding", {"position": 14})


def test_a_file_over_the_limit_is_not_opened() -> None:
    code, arguments = _code(b"x" * (tables.MAX_BYTES + 1))
    assert (code, arguments["most"]) == ("registry.file-too-large", tables.MAX_BYTES)


def test_ten_million_empty_lines_end_the_table() -> None:
    started = time.process_time()
    assert _rows(b"gtin\n1\n" + b"\n" * 10_000_000) == [(1, ["gtin"]), (2, ["1"])]
    assert _rows(b"gtin\n1\n" + b",\r\n" * 5_000_000) == [(1, ["gtin"]), (2, ["1"])]
    assert time.process_time() - started < 5


def test_rows_behind_a_long_gap_are_not_dropped_in_silence() -> None:
    assert _code(b"gtin\n1\n" + b"\n" * 5000 + b"2\n") == ("registry.table-gap", {"row": 2})


def test_more_rows_than_a_table_may_have_are_refused() -> None:
    too_many = b"gtin\n" + b"1\n" * (tables.MAX_ROWS + 1)
    assert _code(too_many)[0] == "registry.table-too-many-rows"


def test_empty_rows_without_end_in_a_workbook_are_nothing() -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(2, 400_000))
    assert _rows(workbook_with(f"<sheetData>{CELL}{rows}</sheetData>")) == [(1, ["gtin"])]


def test_ten_million_empty_rows_in_a_workbook_are_refused() -> None:
    rows = b'<row r="1048576" spans="1:1"/>' * 10_000_000
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    started = time.process_time()
    code, _ = _code(replaced(workbook([["x"]]), {SHEET: sheet}))
    assert code == "registry.workbook-too-large"
    assert time.process_time() - started < 20  # most of it to make the file


@pytest.mark.parametrize(
    ("sheet_data", "code"),
    [
        # one cell in the last corner: laid out, 17 thousand million places
        (
            CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            "registry.table-too-many-rows",
        ),
        (CELL + '<row r="2"><c r="XFD2"><v>1</v></c></row>', "registry.table-too-many-columns"),
        (CELL + '<row r="4000000000"><c><v>1</v></c></row>', "registry.workbook-damaged"),
        (CELL + '<row r="900000"><c><v>1</v></c></row>', "registry.table-too-many-rows"),
        (CELL + '<row r="2"><c r="a2"><v>1</v></c></row>', "registry.workbook-damaged"),
        (CELL + '<row r="2"><c x="<c "><v>1</v></c></row>', "registry.workbook-damaged"),
        (CELL + '<!-- <c " --><row r="2"><c r="XFD2"><v>"</v></c></row>',
         "registry.table-too-many-columns"),
        (
            CELL + '<row r="190000"><c r="Z190000"><v>1</v></c></row>',
            "registry.table-too-large",
        ),
        (CELL + "<row>", "registry.workbook-damaged"),
    ],
)  # fmt: skip
def test_a_cell_far_away_is_found_before_the_sheet_is_laid_out(sheet_data: str, code: str) -> None:
    assert _code(workbook_with(f"<sheetData>{sheet_data}</sheetData>"))[0] == code


def test_cells_that_are_far_away_and_empty_do_no_harm() -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    head = '<dimension ref="A1:XFD1048576"/>'
    data = workbook_with(f"{head}<sheetData>{CELL}{far}</sheetData>")
    assert _rows(data) == [(1, ["gtin"])]


def test_a_document_type_is_refused() -> None:
    growing = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    assert _code(workbook_with(f"<sheetData>{CELL}</sheetData>", growing))[0] == (
        "registry.workbook-damaged"
    )


def test_formulas_are_found_with_their_place() -> None:
    sheet = read_table(workbook([["gtin", "lot"], ["1", "=1+1"], ["=2", "x"]]), "table.xlsx")
    assert sheet.formulas == {(2, 2), (3, 1)}


def test_a_zip_bomb_is_refused_while_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = replaced(workbook([["gtin"]]), {"xl/media/image1.png": b"\0" * 200_000_000})
    assert len(bomb) < 300_000
    code, arguments = _code(bomb)
    assert (code, arguments) == (
        "registry.workbook-too-large", {"most": workbook_guard.MAX_UNFOLDED},
    )  # fmt: skip


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(replaced(workbook([["gtin"]]), {"xl/big.xml": b"\0" * 200_000_000}))
    real, stated = struct.pack("<I", 200_000_000), struct.pack("<I", 10)
    assert bomb.count(real) >= 1
    assert _code(bytes(bomb.replace(real, stated)))[0] == "registry.workbook-too-large"


def test_a_workbook_of_many_parts_is_refused() -> None:
    parts = {f"xl/x{number}.xml": b"" for number in range(workbook_guard.MAX_PARTS)}
    assert _code(replaced(workbook([["gtin"]]), parts))[0] == "registry.workbook-too-large"


def test_a_workbook_without_content_is_refused() -> None:
    assert _code(workbook([]))[0] == "registry.file-empty"


def test_a_part_that_is_there_twice_is_refused() -> None:
    target = io.BytesIO(workbook([["gtin"]]))
    with (
        zipfile.ZipFile(target, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr(SHEET, "<worksheet/>")
    assert _code(target.getvalue())[0] == "registry.workbook-damaged"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("zip") / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert _code(path.read_bytes())[0] == "registry.workbook-damaged"


@pytest.mark.parametrize("declared", ["utf-16", "UTF-7", "unknown"])
def test_a_sheet_in_an_encoding_that_hides_its_tags_is_refused(declared: str) -> None:
    sheet = f'<?xml version="1.0" encoding="{declared}"?><worksheet><sheetData/></worksheet>'
    data = replaced(workbook([["x"]]), {SHEET: sheet.encode()})
    assert _code(data)[0] == "registry.workbook-damaged"


@pytest.mark.parametrize("seed", range(4))
def test_a_spoiled_workbook_is_read_or_refused_and_nothing_else(seed: int) -> None:
    dice = random.Random(seed)
    whole = workbook([["gtin", "name"], ["1", "Trà"], [1.5, "=1+1"]])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if "xl/" in name}
    for _ in range(100):
        spoiled = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
        name = dice.choice(sorted(parts))
        part = bytearray(parts[name])
        at = dice.randrange(len(part))
        part[at : at + dice.randint(0, 9)] = dice.choices(b'0129<>"/=ABCr svt', k=3)
        for data in (bytes(spoiled), replaced(whole, {name: bytes(part)})):
            with contextlib.suppress(InvalidError):
                assert all(cells for _, cells in read_table(data, "table").rows)
