"""The agreed form of a question and its answer.

    GET {url}/invoices/{seller tax code}/{form}/{symbol}/{number}

    200 {"seller_tax_code": "9999100017", "form": "1", "symbol": "C26TAA", "number": 12,
         "status": "original", "total": "1100000", "currency": "VND",
         "seller_name": "CÔNG TY VÍ DỤ", "as_of": "2026-11-23T08:00:00Z"}
    404 the same with "status": "unknown"

The key comes back in the answer and must be the one that was asked: an answer that a cache or a
proxy mixed up is no answer. A 404 that does not say "unknown" in this form is none either, for a
wrong address would make every invoice unknown. Money is text, so that no digit is lost.
"""

from datetime import UTC
from decimal import Decimal
from typing import Annotated
from urllib.parse import quote

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from traceability.invoices.outside.answers import InvoiceStatus, RegistryAnswer
from traceability.invoices.symbol import InvoiceKey


def path_of(key: InvoiceKey) -> str:
    """The address of an invoice below the registry's own.

    >>> path_of(InvoiceKey("9999100017-001", "1", "C26TAA", 12))
    '/invoices/9999100017-001/1/C26TAA/12'
    """
    parts = (key.seller_tax_code, key.form, key.symbol, str(key.number))
    return "/invoices/" + "/".join(quote(part, safe="") for part in parts)


class WireAnswer(BaseModel):
    """The JSON of an answer; members that we do not know are left aside."""

    model_config = ConfigDict(extra="ignore", strict=True)

    seller_tax_code: str
    form: str
    symbol: str
    number: int
    # An enumeration comes as text, which the strict mode of JSON accepts.
    status: InvoiceStatus
    total: Annotated[str, Field(pattern=r"^-?[0-9]{1,21}(\.[0-9]{1,6})?$")] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "VND"
    seller_name: Annotated[str, Field(max_length=400)] | None = None
    as_of: AwareDatetime


def read_answer(body: bytes, key: InvoiceKey) -> RegistryAnswer | None:
    """The answer about `key`; None for what is not of the agreed form, or is about another."""
    try:
        found = WireAnswer.model_validate_json(body)
        as_of = found.as_of.astimezone(UTC)
    except (ValidationError, OverflowError):
        return None
    if (found.seller_tax_code, found.form, found.symbol, found.number) != (
        key.seller_tax_code, key.form, key.symbol, key.number,
    ):  # fmt: skip
        return None
    return RegistryAnswer(
        key=key,
        status=found.status,
        as_of=as_of,
        total=None if found.total is None else Decimal(found.total),
        currency=found.currency,
        seller_name=_printable(found.seller_name),
    )


def _printable(name: str | None) -> str | None:
    """Without control characters, which neither a page nor PostgreSQL has a place for."""
    text = "".join(c for c in name or "" if c.isprintable()).strip()
    return text or None
