"""Tables of products, lots and serials: in with every fault named, out with the same columns."""

import csv
import io
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook

from app.background import HANDLERS
from tests.app.client import Client, Members
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from tests.traceability.registry.sheets import workbook, workbook_with
from traceability import jobs
from traceability.actor import Role
from traceability.db import Database
from traceability.registry.columns import Table

IMPORTS = "/api/v1/imports"


def products(*numbers: str) -> bytes:
    return ("gtin,name\n" + "".join(f"{number},VD {number}\n" for number in numbers)).encode()


def test_a_table_is_taken_in_whole(
    producer: Client, new_gtin: Callable[[], str], sqlite_database: Database
) -> None:
    numbers = [new_gtin() for _ in range(3)]
    with stored(sqlite_database, product=3):
        answer = producer.post(f"{IMPORTS}/products", files={"file": ("a.csv", products(*numbers))})
    assert answer.status_code == 200
    result = answer.json()
    assert (result["rows"], result["imported"], result["errors"]) == (3, 3, [])


def test_one_bad_row_keeps_all_out_and_is_named_by_row_and_column(
    producer: Client, new_gtin: Callable[[], str], sqlite_database: Database
) -> None:
    table = workbook([["Mã GTIN", "Tên sản phẩm"], [new_gtin(), "A"], ["9521101000017", "B"]])
    with nothing_stored(sqlite_database):
        result = producer.post(f"{IMPORTS}/products", files={"file": ("a.xlsx", table)}).json()
    assert (result["imported"], result["error_count"]) == (0, 1)
    (fault,) = result["errors"]
    assert (fault["row"], fault["code"]) == (3, "gs1.check-digit")
    assert fault["column"]
    assert fault["detail"]


def test_good_rows_alone_are_taken_where_asked(
    producer: Client, new_gtin: Callable[[], str], sqlite_database: Database
) -> None:
    table, form = products(new_gtin(), "9521101000017"), {"mode": "good_rows"}
    with stored(sqlite_database, product=1):
        answer = producer.post(f"{IMPORTS}/products", files={"file": ("a.csv", table)}, data=form)
    assert (answer.json()["imported"], answer.json()["error_count"]) == (1, 1)


def test_a_dry_run_writes_nothing(
    producer: Client, new_gtin: Callable[[], str], sqlite_database: Database
) -> None:
    files, form = {"file": ("a.csv", products(new_gtin()))}, {"dry_run": "true"}
    with nothing_stored(sqlite_database):
        result = producer.post(f"{IMPORTS}/products", files=files, data=form).json()
    assert (result["good"], result["imported"], result["dry_run"]) == (1, 0, True)


ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>gtin</t></is></c></row>'
FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MANY = '<dimension ref="A1:C10000000"/>'


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "registry.file-empty"),
        ("a.csv", b"gtin,name\n\xff\xfe,x\n", "registry.file-encoding"),
        ("a.csv", b"\x00\x01\x02", "registry.file-type"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "registry.file-type"),
        ("a.xlsx", b"PK\x03\x04 broken", "registry.workbook-damaged"),
        ("a.xlsx", workbook([["gtin", "name"]]), "registry.table-no-rows"),
        ("a.xlsx", workbook_with(f"<sheetData>{ROW}{FAR}</sheetData>"),
         "registry.table-too-many-rows"),
        ("a.csv", b"x,y\n1,2\n", "registry.heading-missing"),
        ("a.csv", b"gtin,gtin,name\n1,2,3\n", "registry.heading-repeated"),
    ],
)  # fmt: skip
def test_what_is_no_table_within_bounds_is_refused(
    producer: Client, sqlite_database: Database, name: str, data: bytes, code: str
) -> None:
    with nothing_stored(sqlite_database):
        answer = producer.post(f"{IMPORTS}/products", files={"file": (name, data)})
        assert code in fields(problem(answer, 422)).values()


def test_formulas_are_faults_of_their_cells_and_never_worked_out(
    producer: Client, new_gtin: Callable[[], str], sqlite_database: Database
) -> None:
    table = workbook([["gtin", "name"], [new_gtin(), '=HYPERLINK("http://127.0.0.1:9","x")']])
    with nothing_stored(sqlite_database):
        result = producer.post(f"{IMPORTS}/products", files={"file": ("a.xlsx", table)}).json()
    assert [fault["code"] for fault in result["errors"]] == ["registry.cell-formula"]


def test_a_sheet_that_claims_ten_million_empty_rows_costs_nothing(producer: Client) -> None:
    table = workbook_with(f"{MANY}<sheetData>{ROW}</sheetData>")
    answer = producer.post(f"{IMPORTS}/products", files={"file": ("a.xlsx", table)})
    assert answer.status_code == 422
    assert answer.elapsed.total_seconds() < 2


def test_an_unknown_kind_mode_or_second_file_is_refused(producer: Client) -> None:
    file = ("a.csv", products("9521101000016"))
    problem(producer.post(f"{IMPORTS}/wishes", files={"file": file}), 422, "web.malformed")
    wrong = producer.post(f"{IMPORTS}/products", files={"file": file}, data={"mode": "some"})
    assert fields(problem(wrong, 422)) == {"mode": "web.field-choice"}
    two = producer.post(f"{IMPORTS}/products", files=[("file", file), ("file", file)])
    assert fields(problem(two, 422)) == {"file": "web.one-file"}


def test_a_large_table_becomes_a_job_that_its_owner_alone_may_ask_about(
    producer: Client, shop: Client, admin: Client, new_gtin: Callable[[], str],
    sqlite_database: Database,
) -> None:  # fmt: skip
    numbers = [new_gtin() for _ in range(3)]
    table = products(*numbers) + b"\n" * 300_000
    answer = producer.post(f"{IMPORTS}/products", files={"file": ("big.csv", table)})
    assert answer.status_code == 202
    path = answer.headers["location"]
    assert producer.get(path).json()["status"] == "queued"
    for number in (path, "/api/v1/jobs/999999"):
        problem(shop.get(number), 404, "jobs.unknown")
    task = jobs.take(sqlite_database, tuple(HANDLERS))
    assert task is not None
    jobs.run(task, HANDLERS[task.kind])
    job = producer.get(path).json()
    assert (job["status"], job["result"]["imported"]) == ("done", 3)
    assert admin.get(path).json() == job


def test_a_supervisor_may_ask_about_the_job_it_queued(
    client: Client, members: Members, new_gtin: Callable[[], str]
) -> None:
    supervisor = client.acting(members.keys[Role.SUPERVISOR])
    table = {"file": ("big.csv", products(new_gtin()) + b"\n" * 300_000)}
    queued = supervisor.post(f"{IMPORTS}/products", files=table)
    assert supervisor.get(queued.headers["location"]).status_code == 200


def test_an_export_has_the_columns_of_the_import_and_own_rows_alone(
    producer: Client, shop: Client, new_gtin: Callable[[], str]
) -> None:
    gtin = new_gtin()
    producer.post("/api/v1/products", json={"gtin": gtin, "name": "=1+1"})
    producer.post("/api/v1/lots", json={"gtin": gtin, "lot": "L1"})
    answer = producer.get("/api/v1/exports/products", params={"format": "csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert any(gtin in cell for row in table for cell in row)
    lots = shop.get("/api/v1/exports/lots", params={"format": "csv"})
    assert gtin not in lots.text
    excel = producer.get("/api/v1/exports/lots")
    assert excel.content.startswith(b"PK")
    assert 'filename="lots.xlsx"' in excel.headers["content-disposition"]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", list(Table))
def test_a_template_has_its_example_where_nothing_is_read(
    producer: Client, kind: Table, language: str
) -> None:
    template = producer.speaking(language).get(f"/api/v1/templates/{kind}").content
    answer = producer.post(f"{IMPORTS}/{kind}", files={"file": ("t.xlsx", template)})
    assert problem(answer, 422)["errors"][0]["code"] == "registry.table-no-rows"
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(template))
    (headings,) = sheets.get_sheet_by_index(0).to_python()
    guide = sheets.get_sheet_by_index(1).to_python(skip_empty_area=False)
    examples = {row[0]: row[2] for row in guide}
    rows = [headings, [examples[heading] for heading in headings]]
    form = {"dry_run": "true"}
    files = {"file": ("t.xlsx", workbook(rows))}
    copied = producer.post(f"{IMPORTS}/{kind}", files=files, data=form).json()
    assert [each["code"] for each in copied["errors"]] == ["registry.row-is-example"]
    assert copied["errors"][0]["detail"]
