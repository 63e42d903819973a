"""The description of the API: whole, resolvable, with an example that works for each body."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.security.access import API, EPCIS
from tests.app.client import Client

Operation = tuple[str, dict[str, Any]]


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_endpoint_of_the_access_table_is_described(document: dict[str, Any]) -> None:
    assert {name for name, _ in operations(document)} == set(API) | set(EPCIS)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(references(document)):
        assert reference.startswith("#/")
        place: Any = document
        for step in reference[2:].split("/"):
            place = place[step]
        assert place


def test_every_endpoint_has_a_summary_and_its_problems(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert {"401", "403"} <= operation["responses"].keys(), name
        for status, response in operation["responses"].items():
            if status >= "4":
                assert list(response["content"]) == ["application/problem+json"], (name, status)


def json_bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            yield name, content["application/json"]["schema"]


def examples(document: dict[str, Any], schema: dict[str, Any]) -> list[Any]:
    """Those beside a reference, else those of the schema that it leads to."""
    if "examples" in schema or "$ref" not in schema:
        return list(schema.get("examples", []))
    return examples(document, document["components"]["schemas"][schema["$ref"].split("/")[-1]])


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    bodies = json_bodies(document)
    assert [name for name, schema in bodies if not examples(document, schema)] == []


def test_an_example_is_of_the_form_that_it_is_an_example_of(
    document: dict[str, Any], admin: Client
) -> None:
    for name, schema in json_bodies(document):
        method, path = name.split(" ")
        for example in examples(document, schema):
            answer = admin.ask(method, re.sub(r"\{\w+\}", "999999", path), json=example)
            assert answer.json().get("code") != "web.malformed", (name, answer.text)


def test_the_example_of_a_scan_is_a_code_that_can_be_read(
    document: dict[str, Any], client: Client
) -> None:
    body = document["paths"]["/api/v1/scans"]["post"]["requestBody"]["content"]
    for example in body["application/json"]["schema"]["examples"]:
        verdict = client.post("/api/v1/scans", json=example).json()["verdict"]
        assert "INVALID_CODE" not in [finding["code"] for finding in verdict["findings"]]


def test_the_document_is_made_once(application: FastAPI) -> None:
    assert application.openapi() is application.openapi()
