"""Nothing that is sent to the API ends in a 500: bodies made by chance after its description."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.main import create_app
from app.settings import Settings
from tests.app.client import Client

OPENAPI = create_app(Settings(data=Path("unused"))).openapi()
BODIES = sorted(
    (method.upper(), path)
    for path, methods in OPENAPI["paths"].items()
    for method, operation in methods.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
)

TEXTS = st.one_of(
    st.sampled_from(
        [
            "9521101000016", "96385074", "9999100017", "2026-11-23", "2026-11-23T00:00:00Z", "1",
            "0.5", "L1", "", "\0", "\ud800", "]d2010952110100001610L\x1d21S", "(01)09521101000016",
            "https://id.gs1.org/01/09521101000016", "a@example.vn",
        ]
    ),
    st.text(max_size=40),
)  # fmt: skip
NUMBERS = st.one_of(
    st.sampled_from([0, 1, 2, -1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**40]), st.integers()
)
ODD: SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.floats(), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def values(schema: dict[str, Any]) -> SearchStrategy[Any]:
    """Values of a schema: mostly of its form, now and then of none."""
    return st.one_of(_of_its_form(schema), _of_its_form(schema), _of_its_form(schema), ODD)


def _of_its_form(schema: dict[str, Any]) -> SearchStrategy[Any]:
    if "$ref" in schema:
        return _of_its_form(OPENAPI["components"]["schemas"][schema["$ref"].split("/")[-1]])
    if "anyOf" in schema:
        return st.one_of([_of_its_form(each) for each in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "object":
            return _objects(schema)
        case "array":
            return st.lists(values(schema.get("items", {})), max_size=3)
        case "integer":
            return NUMBERS
        case "number":
            return st.one_of(NUMBERS, st.floats())
        case "boolean":
            return st.booleans()
        case "string":
            return TEXTS
        case _:
            return ODD


def _objects(schema: dict[str, Any]) -> SearchStrategy[Any]:
    known = schema.get("properties", {})
    required = {name: values(known[name]) for name in schema.get("required", [])}
    optional = {name: values(each) for name, each in known.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


@pytest.mark.parametrize(("method", "path"), BODIES, ids=[" ".join(each) for each in BODIES])
def test_no_body_ends_in_a_500(admin: Client, method: str, path: str) -> None:
    schema = OPENAPI["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]

    @settings(
        max_examples=25, deadline=None, database=None, derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    @given(body=values(schema["schema"]), number=st.sampled_from(["1", "2", "7"]))
    def send(body: Any, number: str) -> None:
        address = path
        for name in ("party_id", "product_id", "lot_id", "serial_id", "scan_id", "report_id",
                     "recall_id", "user_id"):  # fmt: skip
            address = address.replace(f"{{{name}}}", number)
        headers = {"content-type": "application/json"}
        answer = admin.ask(method, address, content=json.dumps(body).encode(), headers=headers)
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"

    send()
