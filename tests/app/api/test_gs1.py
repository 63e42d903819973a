"""GET /api/v1/gs1/parse: what a code says, and what is wrong in it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from tests.app.client import Client, Members
from traceability.actor import Role
from traceability.db import Database
from traceability.registry.models import Product

PATH = "/api/v1/gs1/parse"
GTIN = "09520123456788"


def asked(client: Client, data: str, **parameters: str) -> httpx.Response:
    return client.get(PATH, params={"data": data, **parameters})


def reading(client: Client, data: str, **parameters: str) -> dict[str, Any]:
    answer = asked(client.speaking("en"), data, **parameters)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_the_whole_reading_of_a_code_is_answered(client: Client) -> None:
    body = reading(client, f"(01){GTIN}(17)271231(10)A/1(3103)000195")
    assert (body["ok"], body["kind"], body["errors"], body["hints"]) == (
        True, "element-strings", [], [],
    )  # fmt: skip
    assert body["elements"][1] == {
        "ai": "17",
        "title": "USE BY or EXPIRY",
        "name": "Expiry date",
        "meaning": "Not to be used after this day.",
        "value": "271231",
        "words": "31 December 2027",
    }
    assert body["keys"] | {"gtin": GTIN, "lot": "A/1", "expiry": "2027-12-31"} == body["keys"]
    assert (body["keys"]["net_weight_kg"], body["keys"]["gtin_printed"]) == (
        "0.195", "9520123456788",
    )  # fmt: skip
    assert body["hri"][0] == f"(01) {GTIN}"
    assert body["hri_with_titles"][0] == f"GTIN (01) {GTIN}"
    assert body["digital_link"] == f"https://id.gs1.org/01/{GTIN}/10/A%2F1?17=271231&3103=000195"
    assert body["element_string"]["bracketed"] == f"(01){GTIN}(17)271231(10)A/1(3103)000195"
    assert body["element_string"]["unbracketed"] == f"01{GTIN}1727123110A/1\x1d3103000195"


def test_the_prefix_comes_with_the_date_of_its_list_and_no_country(client: Client) -> None:
    found = reading(client, "8934563138165")["prefix"]
    assert (found["range"], found["organisation"], found["kind"]) == (
        "8934", "GS1 Vietnam", "company",
    )  # fmt: skip
    assert (found["company_prefix"], found["company_prefix_length"]) == ("8934563", 7)
    assert found["list_date"] == "2026-10-25"
    assert found["text"] == (
        "Number range licensed through GS1 Vietnam; no conclusion about origin."
    )


def test_what_a_scanner_sent_apart_is_read_with_its_symbology_identifier(client: Client) -> None:
    body = reading(client, f"01{GTIN}10A\x1d21B", symbology_identifier="]d2")
    assert (body["kind"], body["assumed"], body["keys"]["serial"]) == ("scan-data", None, "B")
    assert asked(client, GTIN, symbology_identifier="d2").status_code == 422


def test_a_wrong_code_is_an_answer_with_its_good_parts_and_the_place_of_the_error(
    client: Client,
) -> None:
    body = reading(client, f"(01){GTIN}(17)271331(10)A")
    assert not body["ok"]
    assert [part["ai"] for part in body["elements"]] == ["01"]
    assert body["errors"] == [
        {
            "code": "gs1.date",
            "text": "This date does not exist; dates are written year, month, day (YYMMDD).",
            "value": "271331",
            "span": [2, 4],
            "place": [24, 26],
            "arguments": {"ai": "17", "test": "ILLEGAL_MONTH"},
        }
    ]


def test_the_sentence_is_in_the_reader_s_language(client: Client) -> None:
    answer = asked(client.speaking("vi"), "9520123456789")
    assert answer.headers["content-language"] == "vi"
    assert answer.json()["errors"][0]["text"].startswith("Số kiểm tra chưa đúng (cần là: 8).")


@pytest.fixture
def registered(client: Client, members: Members, new_gtin: Callable[[], str]) -> str:
    gtin = new_gtin()
    producer = client.acting(members.keys[Role.PRODUCER])
    made = producer.post("/api/v1/products", json={"gtin": gtin, "name": "VÍ DỤ Trà"})
    assert made.status_code == 201, made.text
    return gtin


def test_suggestions_that_are_registered_are_marked_by_one_statement(
    client: Client, registered: str, sqlite_database: Database, application: FastAPI
) -> None:
    wrong = registered[:-1] + str((int(registered[-1]) + 1) % 10)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = application.state.services.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    hints = reading(client, wrong)["hints"]
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len([text for text in statements if "product" in text]) == 1
    known = [hint["suggestion"] for hint in hints if hint["registered"]]
    assert registered in known
    assert len(hints) >= 13
    with sqlite_database.reading() as session:
        gtins = set(session.scalars(sa.select(Product.gtin)))  # type: ignore[call-overload]
    assert all((hint["gtin"] in gtins) is hint["registered"] for hint in hints)


def test_a_right_code_asks_the_register_nothing(client: Client, application: FastAPI) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = application.state.services.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    reading(client, "9520123456788")
    sa.event.remove(engine, "before_cursor_execute", note)
    assert statements == []


@pytest.mark.parametrize(
    "data",
    [
        " ",
        "1" * 8191,
        "(01)" * 2000,
        "((((((((((",
        "(10)" + "\\(" * 2000,
        "\x01\x02\x1b[31m",
        "\ufffd\uffff",
        "９５２０１２３４５６７８８",
        "٩٥٢٠١٢٣٤٥٦٧٨٨",
        "%25%2525",
        f"https://a.vn/01/{GTIN}/10/%25%32%35?17=&&=&99=%ED%A0%80",
        f"https://a.vn/01/{GTIN}?",
        "https://" + "a" * 8000,
        "10A\x1d" * 1500,
        "]",
        "]Q3",
        "😀" * 100,
        "'; DROP TABLE product; --",
    ],
    ids=lambda data: ascii(data[:16]),
)
def test_hostile_data_is_answered_with_what_is_wrong(client: Client, data: str) -> None:
    body = reading(client, data)
    assert body["ok"] is not bool(body["errors"])
    assert all(error["text"] for error in body["errors"])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("?data=", 422),
        ("?data=" + "1" * 8192, 422),
        ("?data=%00", 400),
        ("?data=%ED%A0%80", 200),
        ("?data=%FF%FE", 200),
        ("?data=(10)%2525", 200),
        ("?data=%", 200),
        ("?data=(10)A&data=(10)B", 200),
        ("?data=1&symbology_identifier=]C1%0A", 422),
    ],
)
def test_a_hostile_query_is_never_our_error(client: Client, query: str, status: int) -> None:
    answer = client.get(PATH + query)
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
