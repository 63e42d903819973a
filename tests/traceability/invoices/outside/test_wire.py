"""What is taken for an answer, and what is not."""

import json
from decimal import Decimal

import pytest

from tests.traceability.invoices.outside.conftest import KEY
from traceability.invoices.outside.answers import InvoiceStatus
from traceability.invoices.outside.wire import read_answer

GOOD: dict[str, object] = {
    "seller_tax_code": "9999100017",
    "form": "1",
    "symbol": "C26TAA",
    "number": 12,
    "status": "replaced",
    "total": "1234567890123456.123456",
    "currency": "USD",
    "seller_name": "CÔNG TY VÍ DỤ",
    "as_of": "2026-11-23T15:00:00+07:00",
}


def body(**changed: object) -> bytes:
    return json.dumps({**GOOD, **changed}).encode()


def test_every_digit_of_the_total_arrives_and_the_date_in_utc() -> None:
    found = read_answer(body(), KEY)
    assert found is not None
    assert (found.status, found.currency) == (InvoiceStatus.REPLACED, "USD")
    assert found.total == Decimal("1234567890123456.123456")
    assert found.as_of.isoformat() == "2026-11-23T08:00:00+00:00"


def test_what_is_not_known_may_be_left_out_and_more_may_be_said() -> None:
    found = read_answer(body(total=None, seller_name=None, more={"x": [1]}), KEY)
    assert found is not None
    assert (found.total, found.seller_name) == (None, None)


def test_a_name_brings_no_control_characters_along() -> None:
    found = read_answer(body(seller_name=" A\0B\u202e\n "), KEY)
    assert found is not None
    assert found.seller_name == "AB"


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 13}, {"seller_tax_code": "9999100024"}, {"symbol": "C26TAB"}, {"form": "2"},
        {"number": "12"}, {"number": True}, {"status": "fine"}, {"status": None},
        {"total": 1.5}, {"total": "NaN"}, {"total": "1e9"}, {"total": "9" * 22}, {"total": ""},
        {"currency": "đồng"}, {"seller_name": "x" * 401}, {"seller_name": 5},
        {"as_of": "2026-11-23T15:00:00"}, {"as_of": "0001-01-01T00:00:00+07:00"},
        {"as_of": 0}, {"as_of": None},
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_about_another_invoice_or_with_a_wrong_value_is_none(
    wrong: dict[str, object],
) -> None:
    assert read_answer(body(**wrong), KEY) is None


@pytest.mark.parametrize(
    "text", [b"", b"null", b"[]", b"{}", b"{", b"\xff\xfe", b"[" * 60_000, b'{"status":"original"}']
)
def test_what_is_no_such_json_is_no_answer(text: bytes) -> None:
    assert read_answer(text, KEY) is None
