"""Signed e-invoices of fictional firms, for the demonstration and for tests.

They follow Decision 1450/QĐ-TCT (PBan 2.1.0) down to the signatures and the printed QR, carry
tax codes that begin with 9999, which no tax office issues, and say in words that they are
specimens. Keys and certificates are made at run time.

>>> from datetime import date
>>> from decimal import Decimal
>>> maker = InvoiceMaker()
>>> seller = maker.issuer(fictional_tax_code(1), "CÔNG TY MẪU")
>>> line = Line("Cà phê mẫu 500g", Decimal(10), Decimal(90000), item_code="CF-500")
>>> file = maker.invoice(seller, CONSUMER, [line], symbol="C26TAA", number=7,
...                      issued_on=date(2026, 5, 4))
>>> from traceability.invoices.reading import read_invoices
>>> read_invoices(file)[0].key.written
'1C26TAA 7'
"""

import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, islice

from lxml import etree

from app.demo.signing import AS_ASKED, CertificateAuthority, Signer, Style, sign
from traceability.registry.tax_code import check_digit

FORMAT_VERSION = "2.1.0"
_TITLES = {
    "1": "Hóa đơn giá trị gia tăng",
    "2": "Hóa đơn bán hàng",
    "6": "Phiếu xuất kho kiêm vận chuyển nội bộ",
}
_IN_WORDS = "Hóa đơn mẫu, không có giá trị thanh toán"
_WITH_TAX = "1"


@dataclass(frozen=True, slots=True)
class Issuer:
    """A fictional seller and the key it signs with."""

    tax_code: str
    name: str
    address: str
    signer: Signer


@dataclass(frozen=True, slots=True)
class Buyer:
    name: str
    tax_code: str | None = None
    address: str = ""


CONSUMER = Buyer("Người mua không lấy hóa đơn")


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    quantity: Decimal
    unit_price: Decimal
    unit: str = "Hộp"
    item_code: str = ""
    """MHHDVu: the seller's code of goods, or a GTIN."""
    vat_rate: str = "10%"
    nature: str = "1"
    """TChat: 1 goods, 2 promotion, 3 trade discount, 4 note, 5 special goods."""
    extras: Mapping[str, str] | None = None
    """Free fields of the line, TTKhac."""

    @property
    def amount(self) -> Decimal:
        """ThTien in whole đồng."""
        return _dong(self.quantity * self.unit_price)


@dataclass(frozen=True, slots=True)
class Related:
    """The earlier invoice that a new one replaces (1) or adjusts (2)."""

    nature: str
    form: str
    symbol: str
    number: int
    issued_on: date


def fictional_tax_code(serial: int) -> str:
    """The `serial`-th tax code of the form 9999NNNNNC, from 1; each has a right check digit.

    >>> fictional_tax_code(1), fictional_tax_code(2)
    ('9999000012', '9999000037')
    """
    bodies = (f"9999{number:05d}" for number in count(1))
    issued = (body + digit for body in bodies if (digit := check_digit(body)))
    return next(islice(issued, serial - 1, None))


class InvoiceMaker:
    """Makes invoices under one test certificate authority."""

    def __init__(self) -> None:
        self.authority = CertificateAuthority()
        self._tax_authority = self.authority.signer("CƠ QUAN THUẾ MẪU")
        self._provider = fictional_tax_code(99)

    def issuer(self, tax_code: str, name: str, address: str = "") -> Issuer:
        """A fictional seller with a new key."""
        return Issuer(tax_code, name, address, self.authority.signer(name, tax_code))

    def invoice(
        self,
        issuer: Issuer,
        buyer: Buyer,
        lines: Sequence[Line],
        *,
        symbol: str,
        number: int,
        issued_on: date,
        form: str = "1",
        related: Related | None = None,
        signed: bool = True,
        style: Style = AS_ASKED,
    ) -> bytes:
        """One HDon as a file.

        A symbol that begins with C gets a code of the tax authority and, unless its fourth letter
        is M (cash register), the authority's signature.

        Args:
            issuer: the seller, who signs.
            buyer: `CONSUMER` for an anonymous one.
            lines: at least one.
            symbol: KHHDon, six characters.
            number: SHDon.
            issued_on: NLap; it is signed at nine in the morning of that day.
            form: KHMSHDon.
            related: the invoice that this one replaces or adjusts.
            signed: without it the file carries no signature, as cash registers may send it.
            style: how the seller's program signs.
        """
        document = etree.Element("HDon")
        identifier = f"HD-{symbol}-{number}"
        content = etree.SubElement(document, "DLHDon", Id=identifier)
        general = {
            "PBan": FORMAT_VERSION, "THDon": _TITLES.get(form, _TITLES["2"]), "KHMSHDon": form,
            "KHHDon": symbol, "SHDon": str(number), "NLap": issued_on.isoformat(),
            "HDCTTChinh": "0", "DVTTe": "VND", "TGia": "1", "HTTToan": "TM/CK",
            "MSTTCGP": self._provider,
        }  # fmt: skip
        _general(content, general, related)
        total = _body(content, issuer, buyer, lines, with_tax=form == _WITH_TAX)
        code = _authority_code(issuer, form, symbol, number)
        if code is not None:
            etree.SubElement(document, "MCCQT", Id=f"CQT-{identifier}").text = code
        qr = qr_text(issuer.tax_code, form, symbol, number, issued_on, total)
        etree.SubElement(document, "DLQRCode").text = qr
        if signed:
            self._sign(document, issuer, issued_on, style)
        else:
            _places(document)
        return etree.tostring(document, xml_declaration=True, encoding="UTF-8")

    def _sign(
        self, document: etree._Element, issuer: Issuer, issued_on: date, style: Style
    ) -> None:
        seller, _, tax_authority = _places(document)
        content, code = document[0], document.find("MCCQT")
        at = datetime.combine(issued_on, time(9))  # local time without zone, as the format has it
        sign(seller, [content], issuer.signer, f"NBan-{content.get('Id')}", at, style)
        cash_register = content.findtext("TTChung/KHHDon", "")[3:4] == "M"
        if code is not None and not cash_register:
            at += timedelta(seconds=5)
            parts = [content, code]
            sign(tax_authority, parts, self._tax_authority, f"CQT-{content.get('Id')}-s", at)


def _places(document: etree._Element) -> list[etree._Element]:
    """DSCKS with the places of seller, buyer and tax authority."""
    places = etree.SubElement(document, "DSCKS")
    return [etree.SubElement(places, name) for name in ("NBan", "NMua", "CQT")]


def in_message(*invoices: bytes) -> bytes:
    """Invoices wrapped as a message to the tax authority, TDiep/DLieu."""
    message = etree.Element("TDiep")
    _add(message, "TTChung", {"PBan": FORMAT_VERSION, "MLTDiep": "202", "SLuong": len(invoices)})
    content = etree.SubElement(message, "DLieu")
    content.extend(etree.fromstring(invoice) for invoice in invoices)
    return etree.tostring(message, xml_declaration=True, encoding="UTF-8")


def qr_text(
    tax_code: str, form: str, symbol: str, number: int, issued_on: date, total: Decimal
) -> str:
    """DLQRCode: EMV fields (tag, length, value), the invoice in tag 99, a CRC-16 at the end.

    >>> qr_text("9999000012", "1", "C26TAA", 7, date(2026, 5, 4), Decimal(990000))
    '00020199700010A00000077501109999000012020110306C26TAA040170508202605040606990000630494EC'
    """
    parts = (
        "A000000775", tax_code.replace("-", ""), form, symbol, str(number),
        issued_on.strftime("%Y%m%d"), _plain(total),
    )  # fmt: skip
    invoice = "".join(_field(f"{tag:02d}", value) for tag, value in enumerate(parts))
    text = f"{_field('00', '01')}{_field('99', invoice)}6304"
    # CRC-16/CCITT-FALSE over everything before it, its own tag and length included.
    return f"{text}{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _general(content: etree._Element, values: Mapping[str, str], related: Related | None) -> None:
    general = _add(content, "TTChung", values)
    if related is not None:
        _add(
            general,
            "TTHDLQuan",
            {
                "TCHDon": related.nature,
                "LHDCLQuan": "1",
                "KHMSHDCLQuan": related.form,
                "KHHDCLQuan": related.symbol,
                "SHDCLQuan": related.number,
                "NLHDCLQuan": related.issued_on.isoformat(),
            },
        )


def _body(
    content: etree._Element, issuer: Issuer, buyer: Buyer, lines: Sequence[Line], *, with_tax: bool
) -> Decimal:
    """NDHDon; returns the total to pay."""
    body = etree.SubElement(content, "NDHDon")
    _add(body, "NBan", {"Ten": issuer.name, "MST": issuer.tax_code, "DChi": issuer.address})
    _add(body, "NMua", {"Ten": buyer.name, "MST": buyer.tax_code, "DChi": buyer.address})
    rows = etree.SubElement(body, "DSHHDVu")
    for position, line in enumerate(lines, 1):
        _line(rows, position, line, with_tax=with_tax)
    return _totals(body, lines, with_tax=with_tax)


def _line(rows: etree._Element, position: int, line: Line, *, with_tax: bool) -> None:
    values = {
        "TChat": line.nature, "STT": position, "MHHDVu": line.item_code, "THHDVu": line.name,
        "DVTinh": line.unit, "SLuong": _plain(line.quantity), "DGia": _plain(line.unit_price),
        "TLCKhau": "0", "STCKhau": "0", "ThTien": _plain(line.amount),
        "TSuat": line.vat_rate if with_tax else None,
    }  # fmt: skip
    row = _add(rows, "HHDVu", values)
    if line.extras:
        extras = etree.SubElement(row, "TTKhac")
        for name, value in line.extras.items():
            _add(extras, "TTin", {"TTruong": name, "KDLieu": "string", "DLieu": value})


def _totals(body: etree._Element, lines: Sequence[Line], *, with_tax: bool) -> Decimal:
    totals = etree.SubElement(body, "TToan")
    net, tax = sum((line.amount for line in lines), Decimal(0)), Decimal(0)
    if with_tax:
        rates = etree.SubElement(totals, "THTTLTSuat")
        for rate in dict.fromkeys(line.vat_rate for line in lines):
            base = sum((line.amount for line in lines if line.vat_rate == rate), Decimal(0))
            part = _tax(base, rate)
            tax += part
            values = {"TSuat": rate, "ThTien": _plain(base), "TThue": _plain(part)}
            _add(rates, "LTSuat", values)
        _values(totals, {"TgTCThue": _plain(net), "TgTThue": _plain(tax)})
    in_all = {"TTCKTMai": "0", "TgTTTBSo": _plain(net + tax), "TgTTTBChu": _IN_WORDS}
    _values(totals, in_all)
    return net + tax


def _tax(base: Decimal, rate: str) -> Decimal:
    """Tax in whole đồng; none for KCT (not subject) and KKKNT (not declared)."""
    return _dong(base * Decimal(rate[:-1]) / 100) if rate.endswith("%") else Decimal(0)


def _authority_code(issuer: Issuer, form: str, symbol: str, number: int) -> str | None:
    """MCCQT: 34 characters, or the cash register's own; none under a K symbol."""
    if symbol[0] != "C":
        return None
    digest = hashlib.sha256(f"{issuer.tax_code}{form}{symbol}{number}".encode()).hexdigest()
    if symbol[3] == "M":
        return f"M{form}-{symbol[1:3]}-{digest[:5].upper()}-{number:011d}"
    return f"00{digest[:32].upper()}"


def _add(parent: etree._Element, name: str, values: Mapping[str, object]) -> etree._Element:
    element = etree.SubElement(parent, name)
    _values(element, values)
    return element


def _values(element: etree._Element, values: Mapping[str, object]) -> None:
    """A child for each value; None leaves it out."""
    for name, value in values.items():
        if value is not None:
            etree.SubElement(element, name).text = str(value)


def _plain(value: Decimal) -> str:
    """With a dot, without exponent and idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dong(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)
