"""The QR code printed on an invoice (DLQRCode), made and read.

By the format it is EMV TLV: each field is a tag of two digits, a length of two, a value. Tag 99
holds the invoice, 63 a CRC-16/CCITT-FALSE over all before its value.

    00 01   99 {00 A000000775  01 tax code  02 form  03 symbol  04 number  05 day  06 total}   63

Providers differ, so reading goes by tiers, each named in the answer, the strictest first: as the
format says; with lengths that lie or a wrong CRC (one provider prints the constant 383C); the
invoice in tag 62; values between bars; a link. No signature covers this text: it is compared with
the signed XML, and a difference is information, no accusation.

>>> text = "00020199700010A00000077501109999000012020110306C26TAA04017050820260504"
>>> text += "0606990000630494EC"
>>> found = parse_qr(text)
>>> found.tier.value, found.symbol, found.number, found.crc.value
('strict', 'C26TAA', 7, 'right')
>>> as_qr(found) == text
True
>>> parse_qr("https://example.com/p/1") is None
True
"""

import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from traceability.errors import InvalidError
from traceability.invoices import symbol as symbols
from traceability.invoices.errors import InvoiceError
from traceability.invoices.fields import decimal
from traceability.invoices.symbol import InvoiceKey
from traceability.registry.tax_code import TaxCode

MAX_LENGTH = 512
"""Characters of DLQRCode; a link may hold twice as many."""
GUID = "A000000775"
CONSTANT_CRC = "383C"
"""What one provider prints whatever stands before it."""
_BEGINNING = "000201"
"""Version 01 of EMV's format, with which a text in it begins."""

_TAX_CODE, _FORM, _SYMBOL, _NUMBER, _DATE, _TOTAL = "01", "02", "03", "04", "05", "06"
_DATES = ("%Y%m%d", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d%m%Y")
_WRITTEN_SYMBOL = re.compile(r"[1-9]?[CK][0-9]{2}[A-Z]{3}")
_PARAMETERS: Mapping[str, str] = {
    "mst": _TAX_CODE, "msthue": _TAX_CODE, "mstnban": _TAX_CODE, "nbmst": _TAX_CODE,
    "khmshdon": _FORM, "khmshd": _FORM, "mauso": _FORM, "ms": _FORM,
    "khhdon": _SYMBOL, "khhd": _SYMBOL, "kyhieu": _SYMBOL, "kh": _SYMBOL,
    "shdon": _NUMBER, "shd": _NUMBER, "sohd": _NUMBER, "sohoadon": _NUMBER, "so": _NUMBER,
    "nlap": _DATE, "ngaylap": _DATE, "tdlap": _DATE, "ngay": _DATE,
    "tgtttbso": _TOTAL, "tongtien": _TOTAL, "tien": _TOTAL, "total": _TOTAL,
}  # fmt: skip
"""Names of parameters in links, in lower case without marks."""


class QrTier(StrEnum):
    """How far from the format the text had to be read."""

    STRICT = "strict"
    TOLERANT = "tolerant"
    """Lengths or CRC are not right."""
    TAG_62 = "62"
    """The invoice stands in EMV's tag for additional data."""
    PIPE = "pipe"
    URL = "url"


class QrCrc(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    CONSTANT = "constant"
    """The one constant that a provider prints on every invoice."""
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class InvoiceQr:
    """What a printed QR says of its invoice."""

    tier: QrTier
    crc: QrCrc
    tax_code: str
    form: str | None
    symbol: str
    number: int
    issued_on: date | None
    total: Decimal | None

    @property
    def key(self) -> InvoiceKey | None:
        """The invoice's key; None where the form is not said and could be any."""
        return InvoiceKey(self.tax_code, self.form, self.symbol, self.number) if self.form else None


def parse_qr(text: str) -> InvoiceQr | None:
    """What the text of a symbol says of an invoice; None when it is no invoice's QR."""
    text = text.strip()
    if not text or len(text) > 2 * MAX_LENGTH:
        return None
    for tier, read in _TIERS:
        values = read(text)
        found = _invoice_qr(tier, _crc_of(text), values) if values else None
        if found is not None:
            return found
    return None


def as_qr(invoice: "InvoiceQr | Printed") -> str:
    """DLQRCode as the format asks for it."""
    parts = (
        GUID, invoice.tax_code.replace("-", ""), invoice.form or "", invoice.symbol,
        str(invoice.number), f"{invoice.issued_on:%Y%m%d}" if invoice.issued_on else "",
        plain(invoice.total),
    )  # fmt: skip
    inside = "".join(_field(f"{tag:02d}", value) for tag, value in enumerate(parts) if value)
    text = f"{_field('00', '01')}{_field('99', inside)}6304"
    return f"{text}{_crc(text)}"


@dataclass(frozen=True, slots=True)
class Printed:
    """What is to be printed in a QR code."""

    tax_code: str
    form: str
    symbol: str
    number: int
    issued_on: date
    total: Decimal | None


def plain(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _crc(text: str) -> str:
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _crc_of(text: str) -> QrCrc:
    text = text[max(text.find(_BEGINNING), 0) :]  # a link may carry it
    if text[-8:-4] != "6304":
        return QrCrc.ABSENT
    if text[-4:].upper() == _crc(text[:-4]):
        return QrCrc.RIGHT
    return QrCrc.CONSTANT if text[-4:].upper() == CONSTANT_CRC else QrCrc.WRONG


Values = Mapping[str, str]
"""Values by the tag they have inside tag 99."""


def _strict(text: str) -> Values | None:
    outer = _fields(text)
    if outer is None or _crc_of(text) is not QrCrc.RIGHT or outer.get("00") != "01":
        return None
    inner = _fields(outer.get("99", ""))
    return inner if inner and inner.get("00") == GUID else None


def _fields(text: str) -> dict[str, str] | None:
    """Tag, length, value, to the end; None when it does not come out even."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (tag.isdigit() and length.isdigit() and len(length) == 2) or tag in found:
            return None
        end = at + 4 + int(length)
        if end > len(text):
            return None
        found[tag] = text[at + 4 : end]
        at = end
    return found


_INSIDE = re.compile(
    r"00(?:10|0?9|9)?(?P<guid>A000000775)01[0-9]{1,2}?(?P<tax>[0-9]{10}(?:-?[0-9]{3})?|[0-9]{12})"
    r"02[0-9]{1,2}?(?P<form>[1-9])03[0-9]{1,2}?(?P<symbol>[CKck][0-9]{2}[A-Za-z]{3})"
    r"04(?P<rest>[0-9.\-]+)"
)


def _tolerant(text: str) -> Values | None:
    """The fields in their order, whatever lengths are written before them."""
    if not text.startswith("00"):
        return None
    outer = _fields(text)
    if outer is not None:
        inner = _fields(outer.get("99", ""))
        if inner and inner.get("00") == GUID:
            return inner
        if "62" in outer:
            return None
    match = _INSIDE.search(text)
    return _ordered(match) if match else None


def _ordered(match: "re.Match[str]") -> Values | None:
    """Number, date and total, where a length of one digit shifts everything after it."""
    body = match["rest"].rpartition("6304")[0] or match["rest"]
    found = {_TAX_CODE: match["tax"], _FORM: match["form"], _SYMBOL: match["symbol"]}
    for width in (2, 1):
        length = body[:width]
        if not length.isdigit():
            continue
        end = width + int(length)
        after = re.match(r"05(?:08|8)(20[0-9]{6})(?:06([0-9]{1,2}))?", body[end:])
        if after is None:
            continue
        total = _total(body[end:], after)
        return {**found, _NUMBER: body[width:end], _DATE: after[1], _TOTAL: total}
    return None


def _total(rest: str, after: "re.Match[str]") -> str:
    if after[2] is None:
        return ""
    start = after.start(2)
    for width in (2, 1):
        length = rest[start : start + width]
        value = rest[start + width :]
        if length.isdigit() and int(length) == len(value):
            return value
    return ""


def _tag_62(text: str) -> Values | None:
    outer = _fields(text) or _fields(text.rpartition("6304")[0])
    if outer is None or "62" not in outer:
        return None
    inside = outer["62"]
    inner = _fields(inside)
    if inner and _TAX_CODE in inner and _SYMBOL in inner:
        return inner
    for value in (inner or {}).values():
        deeper = _fields(value)
        if deeper and _TAX_CODE in deeper and _SYMBOL in deeper:
            return deeper
    return _pipe(inside) or (_pipe(next(iter(inner.values()), "")) if inner else None)


def _pipe(text: str) -> Values | None:
    """Values between bars; each is known by its shape, the number stands after the symbol."""
    parts = [part.strip() for part in re.split(r"[|;]", text)]
    if not 3 <= len(parts) <= 20:
        return None
    places = [n for n, part in enumerate(parts) if _WRITTEN_SYMBOL.fullmatch(part.upper())]
    codes = [part for part in parts if _tax_code(part) is not None]
    if len(places) != 1 or not codes or places[0] + 1 >= len(parts):
        return None
    place = places[0]
    form = parts[place - 1] if place and re.fullmatch("[1-9]", parts[place - 1]) else ""
    rest = parts[place + 2 :]
    days = [part for part in rest if _day(part) is not None]
    amounts = [part for part in rest if part not in days and re.fullmatch(r"-?[0-9.]+", part)]
    return {
        _TAX_CODE: codes[0],
        _FORM: form,
        _SYMBOL: parts[place],
        _NUMBER: parts[place + 1],
        _DATE: days[0] if days else "",
        _TOTAL: amounts[0] if amounts else "",
    }


def _url(text: str) -> Values | None:
    try:
        address = urlsplit(text)
        pairs = parse_qsl(address.query, max_num_fields=40)
    except ValueError:
        return None
    if address.scheme not in {"http", "https"}:
        return None
    found = {_PARAMETERS[name.lower()]: v for name, v in pairs if name.lower() in _PARAMETERS}
    if _TAX_CODE in found and _SYMBOL in found:
        return found
    return next(_inside_of_link(pairs, address.fragment, address.path), None)


def _inside_of_link(pairs: list[tuple[str, str]], fragment: str, path: str) -> Iterator[Values]:
    """The text of another tier, carried in a part of the link."""
    for value in (*(v for _, v in pairs), unquote(fragment), unquote(path.rpartition("/")[2])):
        inner = _strict(value) or _tolerant(value) or _pipe(value)
        if inner:
            yield inner


_TIERS: tuple[tuple[QrTier, Callable[[str], Values | None]], ...] = (
    (QrTier.STRICT, _strict),
    (QrTier.TOLERANT, _tolerant),
    (QrTier.TAG_62, _tag_62),
    (QrTier.PIPE, _pipe),
    (QrTier.URL, _url),
)


def _invoice_qr(tier: QrTier, crc: QrCrc, values: Values) -> InvoiceQr | None:
    tax_code = _tax_code(values.get(_TAX_CODE, ""))
    form, symbol = symbols.split(values.get(_FORM, ""), values.get(_SYMBOL, ""))
    if tax_code is None or not _WRITTEN_SYMBOL.fullmatch(symbol) or len(symbol) != 6:
        return None
    try:
        number = symbols.invoice_number(values.get(_NUMBER, ""), "SHDon")
    except InvoiceError:
        return None
    return InvoiceQr(
        tier=tier,
        crc=crc,
        tax_code=tax_code,
        form=form if re.fullmatch("[1-9]", form) else None,
        symbol=symbol,
        number=number,
        issued_on=_day(values.get(_DATE, "")),
        total=_amount(values.get(_TOTAL, "")),
    )


def _tax_code(text: str) -> str | None:
    try:
        return TaxCode.parse(text).value
    except InvalidError:
        return None


def _day(text: str) -> date | None:
    for form in _DATES:
        try:
            found = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
        if 2015 <= found.year <= 2099:
            return found
    return None


def _amount(text: str) -> Decimal | None:
    try:
        return decimal(text, "TgTTTBSo") if text else None
    except InvoiceError:
        return None
