"""Reading an e-invoice of the 1450 format (Decision 1450/QĐ-TCT and its successors, PBan 2.x).

    HDon
    ├── DLHDon @Id        what the seller signs: TTChung, NDHDon{NBan NMua DSHHDVu TToan}, TTKhac
    ├── MCCQT, DLQRCode   code of the tax authority, printed QR
    └── DSCKS             signatures

Values are read from the one DLHDon only. Of a file that has it twice, each reader could see
another invoice under the same signature: only the one that the seller signed is read, its
signatures are called ambiguous, and without such a one the file is refused. The order of
elements, padding and unknown elements do not matter.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lxml import etree

from traceability.errors import InvalidError
from traceability.invoices import symbol as symbols
from traceability.invoices.document import Element, InvoiceTree, invoice_trees, local_name
from traceability.invoices.errors import refusal
from traceability.invoices.fields import (
    Fields,
    children,
    day,
    optional_decimal,
    quantity,
    required,
    text,
)
from traceability.invoices.goods_code import gtin_in
from traceability.invoices.rules import needed_totals
from traceability.invoices.signatures.checking import (
    Sides,
    as_wrapped,
    contents,
    signatures_of,
    signed_copy,
)
from traceability.invoices.signatures.states import Signature
from traceability.invoices.signatures.trust import NOBODY, TrustStore
from traceability.invoices.symbol import InvoiceKey
from traceability.registry.tax_code import TaxCode

GOODS = frozenset("125")
"""Natures (TChat) that move goods: sold, given as promotion, special goods."""

_DOCUMENT = frozenset({"DLHDon", "MCCQT", "DLQRCode"})
_CONTENT = frozenset({"TTChung", "NDHDon"})
_GENERAL = frozenset(
    {"PBan", "KHMSHDon", "KHHDon", "SHDon", "NLap", "DVTTe", "TGia"}
)  # fmt: skip
_BODY = frozenset({"NBan", "NMua", "DSHHDVu", "TToan"})
_PARTY = frozenset({"Ten", "MST", "DChi"})
_TOTALS = frozenset({"TgTCThue", "TgTThue", "TgTTTBSo"})
_RELATED = frozenset(
    {"TCHDon", "KHMSHDCLQuan", "KHHDCLQuan", "SHDCLQuan", "NLHDCLQuan", "SBKCLQuan", "NBKCLQuan"}
)  # fmt: skip
_LINE = frozenset(
    {"TChat", "MHHDVu", "THHDVu", "DVTinh", "SLuong", "DGia", "STCKhau", "ThTien", "TSuat"}
)
_VERSION = re.compile(r"2\.[0-9]{1,2}\.[0-9]{1,2}")
_MAX_TAX_CODE = 14
_MAX_RELATED = 1000


@dataclass(frozen=True, slots=True)
class LineData:
    """One line of goods, HHDVu."""

    position: int
    """Its place in the list, from 1; STT is the seller's own and may repeat."""
    nature: str
    """TChat: 1 goods or service, 2 promotion, 3 trade discount, 4 note, 5 special goods."""
    item_code: str | None
    """MHHDVu, the seller's code of goods."""
    name: str
    unit: str | None
    quantity: Decimal | None
    """Signed: an adjustment takes back with a minus."""
    unit_price: Decimal | None
    discount: Decimal | None
    amount: Decimal | None
    vat_rate: str | None
    """`8%`, `KCT` (not subject to VAT, which is not 0%), `KHAC:…`."""
    gtin: str | None
    """A GTIN found in the line, 14 digits."""

    @property
    def moves_goods(self) -> bool:
        return self.nature in GOODS


@dataclass(frozen=True, slots=True)
class RelatedInvoice:
    """TTHDLQuan: the earlier invoice of the same seller that this one replaces or adjusts.

    Since PBan 2.1.0 one invoice may adjust or replace many, which a statement lists; then the
    number and the day of the statement stand instead of those of an invoice.
    """

    nature: str
    """TCHDon: 1 replaces, 2 adjusts."""
    form: str | None
    symbol: str | None
    number: int | None
    issued_on: date | None = None
    """NLHDCLQuan."""
    statement: str | None = None
    """SBKCLQuan, number of the statement of several invoices."""
    statement_on: date | None = None
    """NBKCLQuan."""


@dataclass(frozen=True, slots=True)
class InvoiceData:
    """What one HDon says."""

    key: InvoiceKey
    issued_on: date
    format_version: str
    seller_name: str
    seller_address: str
    buyer_tax_code: str | None
    """In its one written form where it is a tax code, else as printed; None for a consumer."""
    buyer_name: str | None
    currency: str
    net_total: Decimal | None
    tax_total: Decimal | None
    total: Decimal | None
    authority_code: str | None
    qr_text: str | None
    related: RelatedInvoice | None
    lines: tuple[LineData, ...]
    content_digest: str
    """SHA-256 of the canonical DLHDon: the same for a copy that is wrapped or reformatted."""
    further_related: tuple[RelatedInvoice, ...] = ()
    """Those after the first, where TTHDLQuan is repeated."""
    exchange_rate: Decimal | None = None
    """TGia: đồng for one unit of the currency."""


@dataclass(frozen=True, slots=True)
class SignedInvoice:
    """What one HDon says, and what its signatures are worth."""

    invoice: InvoiceData
    signatures: tuple[Signature, Signature]
    """The seller's and the tax authority's."""


def read_invoices(data: bytes) -> list[InvoiceData]:
    """Read every invoice of one file, passing its signatures over.

    Raises:
        InvoiceError: any of `errors.CODES` but those about ZIP files and actors; the file is
            then refused as a whole.
    """
    return [_read(_to_be_read(tree).plain) for tree in invoice_trees(data)]


def read_signed(data: bytes, trust: TrustStore = NOBODY) -> list[SignedInvoice]:
    """Read every invoice of one file and check its signatures.

    Args:
        data: the file.
        trust: whose certificates are trusted.

    Raises:
        InvoiceError: as `read_invoices`; `invoices.signature-transform` and
            `invoices.signature-reference` for signatures that would compute or fetch something.
    """
    return [_read_signed(tree, trust) for tree in invoice_trees(data)]


def _read_signed(tree: InvoiceTree, trust: TrustStore) -> SignedInvoice:
    chosen = _to_be_read(tree)
    invoice = _read(chosen.plain)
    sides = Sides(invoice.key.seller_tax_code, invoice.key.symbol)
    found = signatures_of(chosen, sides, trust)
    return SignedInvoice(invoice, found if chosen is tree else as_wrapped(found))


def _to_be_read(tree: InvoiceTree) -> InvoiceTree:
    """The tree itself; where it holds several contents, the signed one alone."""
    if len(contents(tree.plain)) < 2:
        return tree
    signed = signed_copy(tree)
    if signed is None:
        raise refusal("invoices.ambiguous", field="DLHDon")
    return signed


def _read(invoice: Element) -> InvoiceData:
    document = children(invoice, _DOCUMENT)
    signed = document.get("DLHDon")
    if signed is None:
        raise refusal("invoices.missing", field="DLHDon")
    content = children(signed, _CONTENT)
    general = _part(content, "TTChung", _GENERAL)
    body = _part(content, "NDHDon", _BODY)
    seller = _part(body, "NBan", _PARTY)
    buyer = children(body["NMua"], _PARTY) if "NMua" in body else {}
    totals = children(body["TToan"], _TOTALS) if "TToan" in body else {}
    key = InvoiceKey.of(
        _seller_tax_code(seller), text(general, "KHMSHDon"), required(general, "KHHDon"),
        required(general, "SHDon"),
    )  # fmt: skip
    issued_on = day(required(general, "NLap"), "NLap")
    for name in needed_totals(key.form, issued_on):
        required(totals, name)
    related = _related(content["TTChung"])
    return InvoiceData(
        key=key,
        issued_on=issued_on,
        format_version=_version(general),
        seller_name=required(seller, "Ten")[:400],
        seller_address=text(seller, "DChi")[:500],
        buyer_tax_code=_buyer_tax_code(buyer),
        buyer_name=text(buyer, "Ten")[:400] or None,
        currency=_currency(general),
        net_total=optional_decimal(totals, "TgTCThue"),
        tax_total=optional_decimal(totals, "TgTThue"),
        total=optional_decimal(totals, "TgTTTBSo"),
        authority_code=text(document, "MCCQT")[:40] or None,
        qr_text=_qr_text(document),
        related=related[0] if related else None,
        lines=_lines(body),
        content_digest=_digest(signed),
        further_related=related[1:],
        exchange_rate=optional_decimal(general, "TGia"),
    )


def _digest(content: Element) -> str:
    # Exclusive: what a message around it declares is no part of it.
    canonical = etree.tostring(content, method="c14n", exclusive=True)
    return hashlib.sha256(canonical).hexdigest()


def _part(fields: Fields, name: str, single: frozenset[str]) -> Fields:
    if name not in fields:
        raise refusal("invoices.missing", field=name)
    return children(fields[name], single)


def _version(general: Fields) -> str:
    version = required(general, "PBan")
    if not _VERSION.fullmatch(version):
        raise refusal("invoices.version", value=version[:20])
    return version


def _seller_tax_code(seller: Fields) -> str:
    """The seller's tax code: the authority lets no invoice pass whose seller has a wrong one."""
    value = required(seller, "MST")
    try:
        return TaxCode.parse(value).value
    except InvalidError as error:
        raise refusal("invoices.tax-code", field="NBan/MST", value=value[:40]) from error


def _buyer_tax_code(buyer: Fields) -> str | None:
    """The buyer's tax code as the seller typed it: also foreign ones, and mistaken ones."""
    value = symbols.compact(text(buyer, "MST"))
    try:
        return TaxCode.parse(value).value if value else None
    except InvalidError:
        if len(value) > _MAX_TAX_CODE:
            raise refusal("invoices.tax-code", field="NMua/MST", value=value[:40]) from None
        return value


def _currency(general: Fields) -> str:
    currency = text(general, "DVTTe").upper() or "VND"
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise refusal("invoices.value", field="DVTTe", value=currency[:20])
    return currency


def _qr_text(document: Fields) -> str | None:
    """DLQRCode with the blanks inside it: its fields count characters."""
    element = document.get("DLQRCode")
    return None if element is None else (element.text or "").strip()[:512] or None


def _related(general: Element) -> tuple[RelatedInvoice, ...]:
    """Every TTHDLQuan; those that name nothing at all are left empty by some programs."""
    elements = [child for child in general if local_name(child) == "TTHDLQuan"]
    if len(elements) > _MAX_RELATED:
        raise refusal("invoices.value", field="TTHDLQuan", value=str(len(elements)))
    named = (children(element, _RELATED) for element in elements)
    return tuple(_related_invoice(fields) for fields in named if fields)


def _related_invoice(fields: Fields) -> RelatedInvoice:
    nature = text(fields, "TCHDon")
    if nature not in {"1", "2"}:
        raise refusal("invoices.value", field="TCHDon", value=nature[:20])
    form, symbol = symbols.split(text(fields, "KHMSHDCLQuan"), text(fields, "KHHDCLQuan"))
    number = text(fields, "SHDCLQuan")
    return RelatedInvoice(
        nature=nature,
        # Invoices from before 2021 are named by forms and symbols of up to 11 and 8 characters.
        form=form[:11] or None,
        symbol=symbol[:8] or None,
        number=symbols.invoice_number(number, "SHDCLQuan") if number else None,
        issued_on=_optional_day(fields, "NLHDCLQuan"),
        statement=text(fields, "SBKCLQuan")[:50] or None,
        statement_on=_optional_day(fields, "NBKCLQuan"),
    )


def _optional_day(fields: Fields, name: str) -> date | None:
    value = text(fields, name)
    return day(value, name) if value else None


def _lines(body: Fields) -> tuple[LineData, ...]:
    if "DSHHDVu" not in body:
        raise refusal("invoices.missing", field="DSHHDVu")
    rows = [row for row in body["DSHHDVu"] if local_name(row) == "HHDVu"]
    return tuple(_line(position, row) for position, row in enumerate(rows, 1))


def _line(position: int, row: Element) -> LineData:
    fields = children(row, _LINE)
    nature = text(fields, "TChat") or "1"
    if nature not in {"1", "2", "3", "4", "5"}:
        raise refusal("invoices.value", field="TChat", value=nature[:20])
    item_code = text(fields, "MHHDVu")
    return LineData(
        position=position,
        nature=nature,
        item_code=item_code[:60] or None,
        name=required(fields, "THHDVu")[:500],
        unit=text(fields, "DVTinh")[:60] or None,
        quantity=quantity(fields, "SLuong"),
        unit_price=optional_decimal(fields, "DGia"),
        discount=optional_decimal(fields, "STCKhau"),
        amount=optional_decimal(fields, "ThTien"),
        vat_rate=text(fields, "TSuat")[:20] or None,
        gtin=gtin_in(item_code, _extras(fields)),
    )


def _extras(fields: Fields) -> list[tuple[str, str]]:
    """Name and value of the free fields, TTKhac/TTin{TTruong, DLieu}."""
    if "TTKhac" not in fields:
        return []
    entries = (children(entry, frozenset()) for entry in fields["TTKhac"])
    return [(text(entry, "TTruong"), text(entry, "DLieu")) for entry in entries]
