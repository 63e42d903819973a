"""E-invoices: taken in file by file, kept byte for byte, read by seller, buyer and authority."""

import hashlib
from collections.abc import Callable

import pytest

from app.background import Worker
from app.demo.goods import gtin_13
from tests.app.client import Client
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, rows, stored
from tests.traceability.invoices.files import invoice, line, zipped, zipped_as
from traceability.db import Database
from traceability.invoices import sources

INVOICES = "/api/v1/invoices"
PRODUCER, SHOP, OTHER = "9999100017", "9999100024", "9999100031"
_numbers = iter(range(1, 1000))


def bill(**how: object) -> bytes:
    """An invoice of the producer to the shop, under a number of its own."""
    known: dict[str, object] = {"number": next(_numbers), "seller": PRODUCER, "buyer": SHOP, **how}
    return invoice(**known)  # type: ignore[arg-type]


def upload(*files: bytes) -> dict[str, object]:
    return {"files": [("file", (f"{n}.xml", file)) for n, file in enumerate(files, start=1)]}


def test_an_invoice_is_taken_in_with_its_lines(
    shop: Client, producer: Client, new_gtin: Callable[[], str], sqlite_database: Database
) -> None:
    gtin = new_gtin()
    producer.post("/api/v1/products", json={"gtin": gtin, "name": "Sữa bột mẫu"})
    file = bill(number=900, lines=line(5, code=gtin) + line(2, code="SP-1", name="Khác"))
    with stored(sqlite_database, invoice=1, invoice_line=2, invoice_document=1):
        answer = shop.post(INVOICES, **upload(file))
    assert answer.status_code == 201
    body = answer.json()
    (imported,) = body["imported"]
    assert (body["duplicates"], body["rejected"]) == ([], [])
    key = {name: imported[name] for name in ("seller_tax_code", "form", "symbol", "number")}
    assert key == {"seller_tax_code": PRODUCER, "form": "1", "symbol": "C26TAA", "number": 900}
    assert imported["issued_on"] == "2026-08-03"
    first, second = imported["lines"]
    assert (first["quantity"], first["unit"], first["gtin"]) == ("5", "Hộp", f"0{gtin}")
    assert first["product_id"]
    assert (second["gtin"], second["product_id"]) == (None, None)


def test_the_file_is_given_back_byte_for_byte(shop: Client) -> None:
    file = bill()
    number = shop.post(INVOICES, **upload(file)).json()["imported"][0]["id"]
    answer = shop.get(f"{INVOICES}/{number}/document")
    assert answer.content == file
    assert answer.headers["content-type"] == "application/xml"
    assert hashlib.sha256(file).hexdigest() in answer.headers["digest"]


def test_a_resend_is_no_second_invoice(shop: Client, sqlite_database: Database) -> None:
    file = bill()
    shop.post(INVOICES, **upload(file))
    with stored(sqlite_database, invoice=0, invoice_line=0, invoice_document=0):
        body = shop.post(INVOICES, **upload(file)).json()
    assert (body["imported"], body["rejected"]) == ([], [])
    assert body["duplicates"][0]["same_content"] is True


def test_many_files_and_zips_come_in_one_request(shop: Client) -> None:
    files = [bill(), zipped(a=bill(), b=bill()), bill()]
    body = shop.post(INVOICES, **upload(*files)).json()
    assert len(body["imported"]) == 4
    assert body["rejected"] == []


ENTITIES = '<?xml version="1.0"?><!DOCTYPE HDon [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
EXTERNAL = '<!DOCTYPE HDon SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "invoices.not-xml"),
        (b"no XML", "invoices.not-xml"),
        (b"<HDon>", "invoices.not-xml"),
        (b"<html><body/></html>", "invoices.other-document"),
        (bill(declaration=ENTITIES), "invoices.dtd"),
        (bill(declaration=EXTERNAL), "invoices.dtd"),
        (bill().decode().encode("utf-16"), "invoices.encoding"),
        (bill(version="9.9.9"), "invoices.version"),
        (bill(seller="123"), "invoices.tax-code"),
        (bill(on="2026-02-31"), "invoices.date"),
        (bill(number="x"), "invoices.number"),
        (bill(seller=OTHER, buyer="9999000037"), "invoices.not-yours"),
        (b"PK\x03\x04 broken", "invoices.zip"),
        (zipped_as({"bomb.xml": b"<x>" + b" " * 9_000_000}), "invoices.zip-too-large"),
        (zipped_as({"inner.zip": zipped(a=bill())}), "invoices.zip-nested"),
        (b"<HDon>" + b" " * 5_500_000 + b"</HDon>", "invoices.too-large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refused_file_has_its_own_reason_and_nothing_of_it_is_stored(
    shop: Client, sqlite_database: Database, file: bytes, code: str
) -> None:
    with nothing_stored(sqlite_database):
        answer = shop.post(INVOICES, **upload(file))
    assert answer.status_code == 201
    (rejected,) = answer.json()["rejected"]
    assert (rejected["code"], rejected["file"].partition("/")[0]) in {
        (code, "1.xml"), (code, "inner.zip"),
    }  # fmt: skip
    assert rejected["detail"]
    assert rejected.keys() == {"file", "code", "detail"}


def test_a_bad_file_does_not_keep_the_good_ones_out(shop: Client) -> None:
    body = shop.post(INVOICES, **upload(bill(), b"no XML", bill())).json()
    assert [imported["file"] for imported in body["imported"]] == ["1.xml", "3.xml"]
    assert [rejected["file"] for rejected in body["rejected"]] == ["2.xml"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x.xml", "a\u202eb.xml", "x" * 3000, "é"])
def test_a_file_s_name_is_only_a_name(shop: Client, name: str) -> None:
    answer = shop.post(INVOICES, files=[("file", (name, bill()))])
    assert answer.status_code == 201
    assert len(answer.json()["imported"]) == 1


def test_a_form_without_files_is_refused(shop: Client, sqlite_database: Database) -> None:
    with nothing_stored(sqlite_database):
        assert fields(problem(shop.post(INVOICES, files={"x": b"y"}), 422)) == {
            "file": "web.field-missing"
        }
        problem(shop.post(INVOICES, json={"file": "x"}), 422)


def test_a_code_of_goods_is_said_to_be_a_product_by_two_and_taken_back(
    shop: Client, producer: Client, admin: Client, new_gtin: Callable[[], str]
) -> None:
    gtin = new_gtin()
    product = producer.post("/api/v1/products", json={"gtin": gtin, "name": "Bánh mẫu"}).json()
    shop.post(INVOICES, **upload(bill(lines=line(2, code="BM-1", name="Bánh mẫu", unit="Thùng"))))
    work = shop.get("/api/v1/unlinked-lines").json()["items"]
    (item,) = [each for each in work if each["item_code"] == "BM-1"]
    assert product["id"] in [suggestion["product_id"] for suggestion in item["suggestions"]]
    statement = {
        "seller_tax_code": PRODUCER, "item_code": "BM-1", "product_id": product["id"],
        "unit": "Thùng", "factor": "24",
    }  # fmt: skip
    alias = producer.post("/api/v1/aliases", json=statement)
    assert (alias.status_code, alias.json()["state"]) == (201, "awaiting_second")
    assert "BM-1" in shop.get("/api/v1/unlinked-lines").text
    confirmation = f"/api/v1/aliases/{alias.json()['id']}/confirmation"
    problem(producer.post(confirmation), 409, "invoices.alias-same-person")
    problem(shop.post(confirmation), 403, "invoices.alias-forbidden")
    assert admin.post(confirmation).json()["state"] == "in_force"
    assert "BM-1" not in shop.get("/api/v1/unlinked-lines").text
    taken = producer.ask("DELETE", f"/api/v1/aliases/{alias.json()['id']}")
    assert taken.json() == {"unlinked_lines": 1}
    assert "BM-1" in shop.get("/api/v1/unlinked-lines").text
    problem(producer.ask("DELETE", "/api/v1/aliases/999999"), 404, "invoices.alias-unknown")
    undone = producer.post(f"/api/v1/aliases/{alias.json()['id']}/undoing")
    assert undone.json() == {"changed_lines": 1}
    (version,) = producer.get("/api/v1/aliases?item_code=BM-1").json()["items"]
    assert (version["factor"], version["valid_from"], version["ended_by"]) == ("24", None, None)
    assert "BM-1" not in shop.get("/api/v1/aliases").text


def test_what_one_bought_is_proposed_and_confirmed_by_the_seller(
    shop: Client, producer: Client, new_gtin: Callable[[], str]
) -> None:
    product = producer.post("/api/v1/products", json={"gtin": new_gtin(), "name": "Bún"}).json()
    shop.post(INVOICES, **upload(bill(lines=line(2, code="BM-2", name="Bún", unit="Gói"))))
    statement = {"seller_tax_code": PRODUCER, "item_code": "BM-2", "product_id": product["id"]}
    proposal = shop.post("/api/v1/aliases/proposals", json=statement)
    assert (proposal.status_code, proposal.json()["state"]) == (201, "proposed")
    assert "BM-2" in shop.get("/api/v1/unlinked-lines").text
    producer.post(f"/api/v1/aliases/{proposal.json()['id']}/confirmation")
    assert "BM-2" not in shop.get("/api/v1/unlinked-lines").text
    other = {**statement, "item_code": "NOT-BOUGHT"}
    problem(shop.post("/api/v1/aliases/proposals", json=other), 403, "invoices.alias-forbidden")


def test_aliases_go_out_and_come_in_as_a_table(
    producer: Client, new_gtin: Callable[[], str]
) -> None:
    gtin = new_gtin()
    producer.post("/api/v1/products", json={"gtin": gtin, "name": "Phở"})
    rows = f"MST;Mã hàng;GTIN;Hệ số\r\n{PRODUCER};PH-1;{gtin};1\r\n{PRODUCER};PH-2;{gtin};x\r\n"
    sent = {"files": {"file": ("a.csv", rows.encode())}}
    result = producer.post("/api/v1/aliases/table", **sent, data={"dry_run": "true"}).json()
    assert (result["good"], result["imported"]) == (1, 0)
    assert [(each["row"], each["column"]) for each in result["errors"]] == [(3, "factor")]
    producer.post("/api/v1/aliases/table", **sent, data={"mode": "good_rows"})
    assert "PH-1" in producer.get("/api/v1/aliases").text
    assert producer.get("/api/v1/aliases/table").content.startswith(b"PK")


def test_a_large_zip_is_answered_by_a_job_with_the_same_counts(
    shop: Client, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "AT_ONCE_FILES", 2)
    archive = zipped(a=bill(), b=bill(), bad=b"no XML")
    queued = shop.post(INVOICES, **upload(archive))
    assert (queued.status_code, queued.json()["status"]) == (202, "queued")
    place = queued.headers["location"]
    assert Worker(sqlite_database).step()
    job = shop.get(place).json()
    assert (job["status"], job["done"], job["total"]) == ("done", 3, 3)
    counts = {name: job["result"][name] for name in ("imported", "duplicates", "refused")}
    assert counts == {"imported": 2, "duplicates": 0, "refused": 1}
    assert job["result"]["rejected"][0]["detail"]
    listed = shop.get(f"{place}/refused").text.splitlines()
    assert listed[1].startswith("bad.xml,")


def test_a_queued_import_is_cancelled(
    shop: Client, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "AT_ONCE_FILES", 1)
    place = shop.post(INVOICES, **upload(zipped(a=bill(), b=bill()))).headers["location"]
    assert shop.ask("DELETE", place).json()["status"] == "cancelled"
    assert Worker(sqlite_database).step() is False


def test_a_product_registered_later_finds_its_lines(
    shop: Client, producer: Client, new_gtin: Callable[[], str]
) -> None:
    gtin = new_gtin()
    shop.post(INVOICES, **upload(bill(lines=line(7, code=gtin))))
    product = producer.post("/api/v1/products", json={"gtin": gtin, "name": "Sau"}).json()
    party = shop.get("/api/v1/parties").json()["items"][0]["id"]
    balances = shop.get(f"/api/v1/parties/{party}/balances").json()
    (mine,) = [b for b in balances["items"] if b["product_id"] == product["id"]]
    assert (mine["bought"], mine["sold"], mine["expected"]) == ("7", "0", "7")


def test_invoices_are_read_page_by_page_the_newest_first(shop: Client) -> None:
    whole = [each["id"] for each in shop.get(INVOICES, params={"limit": 200}).json()["items"]]
    found, cursor = [], None
    for _ in range(len(whole) // 3 + 1):
        query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = shop.get(INVOICES, params=query).json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert (found, cursor) == (whole, None)


def test_an_invoice_between_others_is_like_one_that_does_not_exist(
    admin: Client, shop: Client, sqlite_database: Database
) -> None:
    file = bill(seller=OTHER, buyer="9999000037")
    number = admin.post(INVOICES, **upload(file)).json()["imported"][0]["id"]
    before = rows(sqlite_database)
    for path in (f"{INVOICES}/{number}", f"{INVOICES}/{number}/document"):
        unknown = path.replace(str(number), "999999")
        theirs = problem(shop.get(path), 404, "invoices.unknown")
        assert theirs.keys() == problem(shop.get(unknown), 404, "invoices.unknown").keys()
    assert number not in [each["id"] for each in shop.get(INVOICES).json()["items"]]
    assert shop.get(INVOICES, params={"seller": OTHER}).json()["items"] == []
    assert rows(sqlite_database) == before


def test_the_gtin_of_the_demonstration_is_read_from_the_code_of_goods(shop: Client) -> None:
    gtin = gtin_13("9521999", 1)
    body = shop.post(INVOICES, **upload(bill(lines=line(code=gtin)))).json()
    assert body["imported"][0]["lines"][0]["gtin"] == f"0{gtin}"
