"""Refusals: RFC 9457 problem details, with a stable code and a sentence in the asked language."""

import pytest

from tests.app.client import Client
from tests.app.problem import fields, problem

PRODUCTS = "/api/v1/products"


@pytest.mark.parametrize(
    ("wanted", "language", "title"),
    [
        ("vi", "vi", "Không tìm thấy"), ("en", "en", "Not found"), ("fr", "vi", "Không tìm thấy"),
        ("de, en;q=0.3", "en", "Not found"), ("x" * 10_000, "vi", "Không tìm thấy"),
        (";;q=,", "vi", "Không tìm thấy"), ("en;q=x, vi", "vi", "Không tìm thấy"),
    ],
)  # fmt: skip
def test_a_problem_speaks_the_asked_language_or_vietnamese(
    client: Client, wanted: str, language: str, title: str
) -> None:
    answer = client.speaking(wanted).get("/api/v1/nothing-here")
    body = problem(answer, 404, "web.not-found")
    assert (answer.headers["content-language"], body["title"]) == (language, title)


def test_the_language_may_stand_in_the_address(client: Client) -> None:
    body = problem(client.get("/api/v1/nothing-here?lang=en"), 404)
    assert body["title"] == "Not found"


def test_the_code_stays_the_same_in_both_languages(producer: Client) -> None:
    given = {"gtin": "9521101000017", "name": ""}
    vi, en = (producer.speaking(lang).post(PRODUCTS, json=given).json() for lang in ("vi", "en"))
    assert vi["code"] == en["code"]
    assert fields(vi) == fields(en)
    assert vi["detail"] != en["detail"]


def test_several_faults_are_named_at_once(producer: Client) -> None:
    body = problem(producer.post(PRODUCTS, json={"gtin": 1, "name": "x" * 301, "x": 1}), 422)
    assert fields(body) == {
        "gtin": "web.field-invalid", "name": "web.field-too-long", "x": "web.field-unknown",
    }  # fmt: skip
    too_long = next(error for error in body["errors"] if error["field"] == "name")
    assert "300" in too_long["detail"]


def test_who_is_nobody_is_told_how_to_identify(client: Client) -> None:
    answer = client.get(PRODUCTS)
    problem(answer, 401, "web.key-needed")
    assert answer.headers["www-authenticate"] == "Bearer"
    basic = client.get(PRODUCTS, headers={"Authorization": "Basic YTpi"})
    problem(basic, 401, "web.key-scheme")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", PRODUCTS, "GET, HEAD, POST"), ("PUT", "/api/v1/products/1", "GET, HEAD, PATCH"),
        ("POST", "/api/v1/verify", "GET, HEAD"), ("OPTIONS", "/api/v1/scans", "GET, HEAD, POST"),
        ("BREW", "/api/v1/verify", "GET, HEAD"),
    ],
)  # fmt: skip
def test_another_method_is_refused_and_the_possible_ones_are_named(
    client: Client, method: str, path: str, allowed: str
) -> None:
    answer = client.ask(method, path)
    problem(answer, 405, "web.method")
    assert answer.headers["allow"] == allowed


def test_a_head_has_no_body(client: Client) -> None:
    answer = client.ask("HEAD", "/api/v1/nothing-here")
    assert (answer.status_code, answer.content) == (404, b"")


def test_where_there_is_no_address_there_is_no_record_either(client: Client) -> None:
    for path in ("/api/v1/", "/api/v2/products", "/api/v1/products/1/secrets", "/api/v1/../../x"):
        assert client.get(path).status_code == 404, path


def test_the_type_of_a_problem_is_an_address_that_explains_it(client: Client) -> None:
    body = problem(client.get("/api/v1/nothing-here"), 404)
    page = client.get(body["type"])
    assert page.status_code == 200
    assert "web.not-found" in page.text


def test_a_refusal_keeps_to_the_public_headers(client: Client) -> None:
    headers = client.get("/api/v1/nothing-here").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
