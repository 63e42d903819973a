"""The demonstration's invoices: signed as the format asks, and plainly not real."""

import base64
import hashlib
from datetime import date
from decimal import Decimal

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from app.demo.invoice_maker import (
    CONSUMER,
    Buyer,
    InvoiceMaker,
    Issuer,
    Line,
    Related,
    fictional_tax_code,
    in_message,
    qr_text,
)
from app.demo.signing import NAMESPACE
from traceability.invoices.reading import RelatedInvoice, read_invoices
from traceability.registry.tax_code import TaxCode

DAY = date(2026, 8, 3)
GOODS = Line("Sâm củ mẫu 100g", Decimal("2.5"), Decimal(1_200_000), item_code="9520123456788")
BUYER = Buyer("CỬA HÀNG MẪU", "062099000001", "Xã Bờ Y")


@pytest.fixture(scope="module")
def maker() -> InvoiceMaker:
    return InvoiceMaker()


@pytest.fixture(scope="module")
def issuer(maker: InvoiceMaker) -> Issuer:
    return maker.issuer(fictional_tax_code(1), "HỢP TÁC XÃ SÂM MẪU", "Xã Mẫu")


def made(maker: InvoiceMaker, issuer: Issuer, **changes: object) -> bytes:
    facts: dict[str, object] = {"symbol": "C26TAA", "number": 12, "issued_on": DAY, **changes}
    return maker.invoice(issuer, BUYER, [GOODS], **facts)  # type: ignore[arg-type]


def signatures(document: etree._Element) -> list[etree._Element]:
    return list(document.iter(f"{{{NAMESPACE}}}Signature"))


def find(element: etree._Element, name: str) -> etree._Element:
    found = element.find(f".//{{{NAMESPACE}}}{name}")
    assert found is not None
    return found


def certificate(signature: etree._Element) -> x509.Certificate:
    encoded = base64.b64decode(find(signature, "X509Certificate").text or "")
    return x509.load_der_x509_certificate(encoded)


def canonical(element: etree._Element) -> bytes:
    # Apart from its document: inside one, lxml writes an xmlns="" that is not there.
    apart = etree.fromstring(etree.tostring(element, with_tail=False))
    return etree.tostring(apart, method="c14n")


def check(document: etree._Element, signature: etree._Element) -> list[str]:
    """The names of the signed parts; raises when a digest or the signature is wrong."""
    names = []
    for reference in signature.iter(f"{{{NAMESPACE}}}Reference"):
        identifier = reference.get("URI", "")[1:]
        [part] = document.xpath("//*[@Id=$id]", id=identifier)
        digest = hashlib.sha256(canonical(part)).digest()
        if base64.b64encode(digest).decode() != find(reference, "DigestValue").text:
            raise InvalidSignature
        names.append(etree.QName(part).localname)
    key = certificate(signature).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    value = base64.b64decode(find(signature, "SignatureValue").text or "")
    signed = canonical(find(signature, "SignedInfo"))
    key.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
    return names


def test_seller_and_tax_authority_sign_what_the_format_says(
    maker: InvoiceMaker, issuer: Issuer
) -> None:
    document = etree.fromstring(made(maker, issuer))
    seller, authority = signatures(document)
    assert check(document, seller) == ["DLHDon", "Object"]
    assert check(document, authority) == ["DLHDon", "MCCQT", "Object"]
    assert find(seller, "SigningTime").text == "2026-08-03T09:00:00"


def test_a_changed_quantity_breaks_both_signatures(maker: InvoiceMaker, issuer: Issuer) -> None:
    document = etree.fromstring(made(maker, issuer).replace(b"<SLuong>2.5<", b"<SLuong>25<"))
    for signature in signatures(document):
        with pytest.raises(InvalidSignature):
            check(document, signature)


def test_the_certificate_names_the_sellers_tax_code_and_an_authority_nobody_trusts(
    maker: InvoiceMaker, issuer: Issuer
) -> None:
    [seller, _] = signatures(etree.fromstring(made(maker, issuer)))
    found = certificate(seller)
    [uid] = found.subject.get_attributes_for_oid(x509.NameOID.USER_ID)
    assert uid.value == f"MST:{issuer.tax_code}"
    assert "not a real authority" in found.issuer.rfc4514_string()
    found.verify_directly_issued_by(x509.load_pem_x509_certificate(maker.authority.pem()))


def test_an_invoice_reads_as_it_was_made(maker: InvoiceMaker, issuer: Issuer) -> None:
    related = Related("2", "1", "C26TAA", 11, DAY)
    [found] = read_invoices(made(maker, issuer, related=related))
    [line] = found.lines
    assert (found.key.written, found.issued_on, found.buyer_tax_code) == (
        "1C26TAA 12",
        DAY,
        BUYER.tax_code,
    )
    assert found.related == RelatedInvoice("2", "1", "C26TAA", 11, DAY)
    assert (line.gtin, line.quantity, line.amount) == (
        "09520123456788",
        Decimal("2.5"),
        Decimal(3_000_000),
    )
    assert (found.net_total, found.tax_total, found.total) == (3_000_000, 300_000, 3_300_000)


def test_each_rate_of_tax_is_summed_apart(maker: InvoiceMaker, issuer: Issuer) -> None:
    lines = [
        Line("Mẫu A", Decimal(3), Decimal("333.5"), vat_rate="8%"),
        Line("Mẫu B", Decimal(1), Decimal(1000), vat_rate="KCT"),
    ]
    data = maker.invoice(issuer, CONSUMER, lines, symbol="K26TAA", number=1, issued_on=DAY)
    [found] = read_invoices(data)
    assert (found.net_total, found.tax_total, found.total) == (2001, 80, 2081)
    assert found.buyer_tax_code is None


def test_a_k_symbol_has_no_code_of_the_tax_authority(maker: InvoiceMaker, issuer: Issuer) -> None:
    document = etree.fromstring(made(maker, issuer, symbol="K26TAA"))
    assert document.find("MCCQT") is None
    assert len(signatures(document)) == 1


def test_a_cash_register_has_its_own_code_and_may_leave_the_signature_out(
    maker: InvoiceMaker, issuer: Issuer
) -> None:
    data = made(maker, issuer, form="2", symbol="C26MYY", signed=False)
    [found] = read_invoices(data)
    assert found.authority_code is not None
    assert found.authority_code.startswith("M2-26-")
    assert found.authority_code.endswith("-00000000012")
    assert signatures(etree.fromstring(data)) == []
    assert (found.tax_total, found.total) == (None, 3_000_000)


def test_free_fields_of_a_line_come_along(maker: InvoiceMaker, issuer: Issuer) -> None:
    line = Line("Mẫu", Decimal(1), Decimal(1), extras={"Mã vạch": "9520123456788"})
    data = maker.invoice(issuer, CONSUMER, [line], symbol="C26TAA", number=1, issued_on=DAY)
    assert read_invoices(data)[0].lines[0].gtin == "09520123456788"


def test_a_message_carries_invoices_whose_signatures_still_hold(
    maker: InvoiceMaker, issuer: Issuer
) -> None:
    data = in_message(made(maker, issuer), made(maker, issuer, number=13))
    assert [found.key.number for found in read_invoices(data)] == [12, 13]
    document = etree.fromstring(data)
    assert len([check(document, signature) for signature in signatures(document)]) == 4


def test_the_printed_qr_agrees_with_a_published_example() -> None:
    text = qr_text("9999100017", "1", "C26TAA", 12, DAY, Decimal(13_200_000))
    assert text.endswith("0608132000006304D92D")


@pytest.mark.parametrize("serial", [1, 2, 50])
def test_fictional_tax_codes_are_well_formed_and_begin_where_none_are_issued(serial: int) -> None:
    code = fictional_tax_code(serial)
    assert TaxCode.parse(code).value == code
    assert code.startswith("9999")


def test_an_invoice_says_that_it_is_a_specimen(maker: InvoiceMaker, issuer: Issuer) -> None:
    assert "Hóa đơn mẫu" in made(maker, issuer).decode()
