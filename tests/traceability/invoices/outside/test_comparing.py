"""What counts as a contradiction between the registry and a record."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.traceability.invoices.outside.conftest import KEY
from traceability.invoices.models import Invoice
from traceability.invoices.outside.answers import InvoiceStatus, RegistryAnswer
from traceability.invoices.outside.comparing import differences

AT = datetime(2026, 11, 23, tzinfo=UTC)


def record(**values: object) -> Invoice:
    known = {
        "seller_tax_code": KEY.seller_tax_code, "form": KEY.form, "symbol": KEY.symbol,
        "number": KEY.number, "issued_on": date(2026, 8, 3), "format_version": "2.1.0",
        "seller_name": "VÍ DỤ", "total": Decimal(1100), "currency": "VND", "content_digest": "0",
    }  # fmt: skip
    return Invoice(**{**known, **values})


def found(
    status: str = "original", total: str | None = "1100", currency: str = "VND",
    *, adjusted_here: bool = False, **values: object,
) -> list[str]:  # fmt: skip
    money = None if total is None else Decimal(total)
    answer = RegistryAnswer(KEY, InvoiceStatus(status), AT, money, currency)
    return [d.code for d in differences(record(**values), answer, adjusted_here=adjusted_here)]


def test_the_same_in_both_is_no_difference() -> None:
    assert found() == []
    assert found("replaced", replaced=True) == []
    assert found("adjusted", adjusted_here=True) == []


def test_an_invoice_that_no_longer_stands_there_and_counts_here_differs() -> None:
    assert found("cancelled") == ["cancelled"]
    assert found("replaced") == ["replaced"]
    assert found("adjusted") == ["adjusted"]
    assert found("cancelled", "5") == ["cancelled", "total"]


@pytest.mark.parametrize(
    ("there", "differ"), [("1101", []), ("1099", []), ("1101.01", ["total"]), ("11000", ["total"])]
)
def test_a_total_may_be_rounded_by_one_dong(there: str, differ: list[str]) -> None:
    assert found(total=there) == differ


def test_totals_are_compared_in_one_currency_and_beyond_the_dong_exactly() -> None:
    assert found(total="1100.01", currency="USD") == []
    in_dollars = record(currency="USD")
    answer = RegistryAnswer(KEY, InvoiceStatus.ORIGINAL, AT, Decimal("1100.01"), "USD")
    assert [d.code for d in differences(in_dollars, answer, adjusted_here=False)] == ["total"]


def test_what_is_not_told_is_not_compared() -> None:
    assert found(total=None) == []
    answer = RegistryAnswer(KEY, InvoiceStatus.ORIGINAL, AT, Decimal(7))
    assert differences(record(total=None), answer, adjusted_here=False) == ()


def test_an_invoice_unknown_there_contradicts_nothing() -> None:
    assert found("unknown", None) == []
