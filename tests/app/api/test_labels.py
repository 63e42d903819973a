"""Labels over the API: one at once, sheets as a job whose file is taken when it is done."""

from collections.abc import Callable

import pypdfium2
import pytest

from app.background import HANDLERS
from scanner import decode
from tests.app.client import Client
from tests.app.problem import problem
from traceability import jobs
from traceability.db import Database

PRODUCTS = "/api/v1/products"
NewGtin = Callable[[], str]


@pytest.fixture
def product(producer: Client, new_gtin: NewGtin) -> dict[str, object]:
    gtin = new_gtin()
    made = producer.post(PRODUCTS, json={"gtin": gtin, "name": "Trà ví dụ"}).json()
    producer.post("/api/v1/lots", json={"gtin": gtin, "lot": "L1", "expiry_date": "2027-12-31"})
    producer.post("/api/v1/serials", json={"gtin": gtin, "lot": "L1", "serials": ["S1", "S2"]})
    return {"path": f"{PRODUCTS}/{made['id']}", "gtin": gtin}


@pytest.mark.parametrize(
    ("kind", "identifier", "said"),
    [
        ("gs1-data-matrix", "]d2", "010{gtin}1727123110L1\x1d21S1"),
        ("databar-expanded-stacked", "]e0", "010{gtin}1727123110L1\x1d21S1"),
        ("databar-omni", "]e0", "010{gtin}"),
        ("gs1-128", "]C1", "010{gtin}1727123110L1\x1d21S1"),
        ("itf-14", "]I1", "0{gtin}"),
        ("code-128", "]C0", "S1"),
    ],
)
def test_every_kind_of_label_says_what_is_registered(
    producer: Client, product: dict[str, str], kind: str, identifier: str, said: str
) -> None:
    query = {"kind": kind, "format": "png", "lot": "L1", "serial": "S1"}
    answer = producer.get(f"{product['path']}/label", params=query)
    (read,) = decode(answer.content, 10).symbols
    assert read.symbology_identifier == identifier
    assert read.text == said.format(gtin=product["gtin"])


@pytest.mark.parametrize("kind", ["qr", "label"])
def test_a_size_below_the_standard_is_refused_with_the_clause(
    producer: Client, product: dict[str, str], kind: str
) -> None:
    query = {"kind": kind, "x_dimension": 0.2}
    answer = producer.get(f"{product['path']}/label", params=query)
    found = problem(answer, 422, "scanner.size-below-standard")
    assert "GS1 General Specifications" in found["detail"]
    assert "5.12.3.1" in found["detail"]


@pytest.mark.parametrize("query", [{"dpi": 10**9}, {"x_dimension": "nan"}, {"paper": "a0"}])
def test_what_no_label_has_is_refused(
    producer: Client, product: dict[str, str], query: dict[str, object]
) -> None:
    problem(producer.get(f"{product['path']}/label", params=query), 422)


@pytest.mark.parametrize("name", ["lot", "serial"])
def test_a_number_that_only_begins_as_one_on_record_gives_no_label_of_that_one(
    producer: Client, product: dict[str, str], name: str
) -> None:
    gtin, longest = product["gtin"], "ABCDEFGHIJKLMNOPQRST"
    producer.post("/api/v1/lots", json={"gtin": gtin, "lot": longest})
    producer.post("/api/v1/serials", json={"gtin": gtin, "lot": longest, "serials": [longest]})
    path = f"{product['path']}/label"
    assert producer.get(path, params={name: longest}).status_code == 200
    problem(producer.get(path, params={name: f"{longest}-9"}), 422, "web.malformed")


def test_sheets_are_a_job_and_its_file_a_pdf(
    producer: Client, shop: Client, product: dict[str, str], sqlite_database: Database
) -> None:
    order = {"kind": "gs1-data-matrix", "paper": "a4-5x13", "serials": True, "lot": "L1"}
    answer = producer.post(f"{product['path']}/label-sheets", json=order)
    assert answer.status_code == 202
    assert answer.json()["total"] == 2
    path = answer.headers["location"]
    problem(producer.get(f"{path}/file"), 404, "jobs.no-file")
    task = jobs.take(sqlite_database, tuple(HANDLERS))
    assert task is not None
    jobs.run(task, HANDLERS[task.kind])
    assert producer.get(path).json()["result"] == {"labels": 2, "files": 1, "pages": 1}
    file = producer.get(f"{path}/file")
    assert file.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(file.content)
    picture = document[0].render(scale=300 / 72).to_pil()
    document.close()
    assert picture.width == pytest.approx(210 / 25.4 * 300, abs=2)
    for asked in (path, f"{path}/file"):
        problem(shop.get(asked), 404, "jobs.unknown")
    problem(shop.ask("DELETE", path), 404, "jobs.unknown")


def test_a_job_that_waits_can_be_cancelled(producer: Client, product: dict[str, str]) -> None:
    path = producer.post(f"{product['path']}/label-sheets", json={"count": 3}).headers["location"]
    assert producer.ask("DELETE", path).json()["status"] == "cancelled"
    problem(producer.get(f"{path}/file"), 404, "jobs.no-file")


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"count": 100_001}, "web.malformed"),
        ({"count": 0}, "web.malformed"),
        ({"paper": "a0"}, "web.malformed"),
        ({"wish": 1}, "web.malformed"),
        ({"kind": "label", "paper": "roll-40x30"}, "scanner.label-too-small"),
        ({"kind": "itf-14", "scanned_at": "retail"}, "scanner.symbol-not-for-use"),
    ],
)
def test_an_order_that_cannot_be_made_is_refused(
    producer: Client, product: dict[str, str], order: dict[str, object], code: str
) -> None:
    problem(producer.post(f"{product['path']}/label-sheets", json=order), 422, code)


def test_labels_of_anothers_product_are_not_made(shop: Client, product: dict[str, str]) -> None:
    problem(shop.get(f"{product['path']}/label"), 404, "registry.product-unknown")
    problem(shop.post(f"{product['path']}/label-sheets", json={}), 404, "registry.product-unknown")
