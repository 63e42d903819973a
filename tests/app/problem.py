"""What every refusal looks like: problem details of RFC 9457."""

from typing import Any

import httpx


def problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The body of a refusal, its form checked."""
    assert answer.status_code == status, (answer.status_code, answer.text[:500])
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "instance", "code"} <= body.keys() <= {
        "type", "title", "status", "detail", "instance", "code", "errors",
    }  # fmt: skip
    assert body["status"] == status
    assert body["type"] == f"/problems/{body['code']}"
    assert body["instance"] == answer.request.url.path
    assert body["title"]
    assert body["detail"]
    assert answer.headers["content-language"] in ("vi", "en")
    assert code is None or body["code"] == code, body
    return body


def fields(body: dict[str, Any]) -> dict[str, str]:
    """Code of the fault of each field."""
    assert all(error["detail"] for error in body["errors"])
    return {error["field"]: error["code"] for error in body["errors"]}
