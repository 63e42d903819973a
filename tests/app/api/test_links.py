"""Links of the resolver: made, ended and brought back by who manages the code."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.app.client import Client
from tests.app.problem import fields, problem

LINKS = "/api/v1/links"
HREF = "https://maker.example/{gtin}"


@pytest.fixture
def gtin(producer: Client, new_gtin: Callable[[], str]) -> str:
    number = new_gtin()
    producer.post("/api/v1/products", json={"gtin": number, "name": "Trà ví dụ"})
    return number


def given(gtin: str, **more: Any) -> dict[str, Any]:
    return {"gtin": gtin, "link_type": "gs1:pip", "href": HREF, "title": "Trang", **more}


def test_a_link_is_made_used_ended_and_brought_back(
    client: Client, producer: Client, gtin: str
) -> None:
    made = producer.post(LINKS, json=given(gtin, lot="L1", is_default=True))
    assert made.status_code == 201
    link = made.json()
    assert (link["anchor"], link["link_type"]) == (f"/01/0{gtin}/10/L1", "pip")

    def led_to() -> str | None:
        return client.get(f"/01/0{gtin}/10/L1").headers.get("location")

    assert led_to() == f"https://maker.example/0{gtin}"
    ended = producer.ask("DELETE", f"{LINKS}/{link['id']}").json()
    assert ended["ended_at"]
    assert led_to() is None
    assert producer.post(f"{LINKS}/{link['id']}/restoration").json()["ended_at"] is None
    assert led_to() is not None
    assert producer.get(LINKS, params={"gtin": gtin}).json() == [link]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"href": "ftp://maker.example/"}, {"href": "resolver.address"}),
        ({"href": "javascript:alert(1)"}, {"href": "resolver.address"}),
        ({"href": "https://user:pass@maker.example/"}, {"href": "resolver.address"}),
        ({"href": "https://{gtin}.example/"}, {"href": "resolver.address"}),
        ({"href": "https://maker.example/a b"}, {"href": "resolver.address"}),
        ({"href": "https://127.0.0.1/"}, {"href": "resolver.address-private"}),
        ({"href": "http://[::1]/"}, {"href": "resolver.address-private"}),
        ({"href": "http://printer.local/"}, {"href": "resolver.address-private"}),
        ({"href": "https://2130706433/"}, {"href": "resolver.address-private"}),
        ({"href": "https://0x7f.1/"}, {"href": "resolver.address-private"}),
        ({"href": "https://maker.example/{name}"}, {"href": "resolver.placeholder"}),
        ({"link_type": "gs1:nothing"}, {"link_type": "resolver.link-type"}),
        ({"lot": "LÔ 1"}, {"lot": "gs1.charset"}),
        ({"valid_to": "2020-01-01T00:00:00Z"}, {"valid_to": "registry.period-reversed"}),
        ({"language": "tiếng Việt"}, {"language": "web.field-invalid"}),
        ({"media_type": "pdf"}, {"media_type": "web.field-invalid"}),
        ({"media_type": "page/html"}, {"media_type": "web.field-invalid"}),
        ({"media_type": "text/ html"}, {"media_type": "web.field-invalid"}),
        ({"title": ""}, {"title": "web.field-too-short"}),
        ({"gtin": "9529999999993"}, {"gtin": "registry.gtin-unknown"}),
    ],
)  # fmt: skip
def test_each_fault_of_a_link_is_named(
    producer: Client, gtin: str, wrong: dict[str, Any], expected: dict[str, str]
) -> None:
    answer = producer.post(LINKS, json={**given(gtin), **wrong})
    assert fields(problem(answer, 422)) == expected


def test_there_is_one_default_for_the_same_readers(producer: Client, gtin: str) -> None:
    producer.post(LINKS, json=given(gtin, is_default=True))
    problem(producer.post(LINKS, json=given(gtin, is_default=True)), 409, "resolver.default-taken")
    other = producer.post(LINKS, json=given(gtin, is_default=True, language="en"))
    assert other.status_code == 201


def test_another_s_code_cannot_be_given_links(producer: Client, shop: Client, gtin: str) -> None:
    problem(shop.post(LINKS, json=given(gtin)), 403, "registry.not-your-product")
    problem(shop.get(LINKS, params={"gtin": gtin}), 403)
    link = producer.post(LINKS, json=given(gtin)).json()
    problem(shop.ask("DELETE", f"{LINKS}/{link['id']}"), 403)
    problem(producer.ask("DELETE", f"{LINKS}/999999"), 404, "resolver.link-unknown")
