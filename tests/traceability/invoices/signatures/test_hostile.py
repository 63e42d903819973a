"""Signatures that would make a reader compute or fetch something: refused by name."""

import pytest
from sqlmodel import Session

from tests.traceability.invoices.conftest import ADMIN
from tests.traceability.invoices.signatures.signed import Desk, codes_of, seller_of
from traceability.invoices import service
from traceability.invoices.errors import InvoiceError
from traceability.invoices.reading import read_signed
from traceability.invoices.signatures.states import SignatureState as S

XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"
BASE64 = "http://www.w3.org/2000/09/xmldsig#base64"
REFERENCE = b"<DigestMethod"


def refused(data: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(InvoiceError) as caught:
        read_signed(data)
    return caught.value.code, dict(caught.value.arguments)


@pytest.mark.parametrize("name", [XSLT, XPATH, FILTER, BASE64, "", "urn:example:own"])
def test_a_transform_that_computes_is_refused_by_its_name(desk: Desk, name: str) -> None:
    transforms = f'<Transforms><Transform Algorithm="{name}"/></Transforms>'.encode()
    data = desk.invoice().replace(REFERENCE, transforms + REFERENCE, 1)
    assert refused(data) == ("invoices.signature-transform", {"name": name})


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:9/x", "https://example.com/x", "file:///etc/hostname", "ftp://x/y",
        "//example.com/x", "x.xml", "", "#xpointer(/)", "#xpointer(id('a'))", "#a b",
        "#a')|//DLHDon|id('b",
    ],
)  # fmt: skip
def test_a_reference_to_anything_but_a_part_is_refused_by_its_address(desk: Desk, uri: str) -> None:
    data = desk.invoice().replace(b'URI="#HD-', b'URI="' + uri.encode() + b'" Was="', 1)
    assert refused(data) == ("invoices.signature-reference", {"uri": uri})


@pytest.mark.parametrize(
    "hidden",
    [
        b'<Manifest><Reference URI="file:///etc/hostname"/></Manifest>',
        b'<RetrievalMethod URI="http://127.0.0.1:9/key"/>',
    ],
)
def test_further_references_inside_the_signature_are_refused_too(desk: Desk, hidden: bytes) -> None:
    data = desk.invoice().replace(b"</KeyInfo>", hidden + b"</KeyInfo>", 1)
    assert refused(data)[0] == "invoices.signature-reference"


def test_nothing_of_a_refused_file_is_stored(desk: Desk, session: Session) -> None:
    transforms = f'<Transforms><Transform Algorithm="{XSLT}"/></Transforms>'.encode()
    data = desk.invoice().replace(REFERENCE, transforms + REFERENCE, 1)
    result = service.import_files(session, ADMIN, [("a.xml", data)])
    assert [r.code for r in result.rejected] == ["invoices.signature-transform"]
    assert service.list_invoices(session, ADMIN).invoices == []


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b"xmldsig-more#rsa-sha256", b"xmldsig-more#hmac-sha256", "algorithm"),
        (b"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-md5", "algorithm"),
        (b"xmlenc#sha256", b"xmlenc#sha257", "algorithm"),
        (b"REC-xml-c14n-20010315", b"REC-xml-c14n-20010316", "algorithm"),
        (b"<X509Certificate>", b"<X509Certificate>AAAA", "certificate-unreadable"),
        (b"X509Certificate>", b"X509Crl>", "no-certificate"),
        (b"SignedInfo>", b"SignedInf>", "unreadable"),
        (b"<SignatureValue>", b"<SignatureValue>AAAA", "changed"),
    ],
)
def test_what_cannot_be_checked_is_broken_and_says_why(
    desk: Desk, before: bytes, after: bytes, code: str
) -> None:
    found = seller_of(desk.invoice().replace(before, after), desk.trust)
    assert (found.state, codes_of(found)) == (S.BROKEN, {code})


def test_too_many_references_are_not_computed(desk: Desk) -> None:
    data = desk.invoice()
    start, end = data.index(b"<Reference "), data.index(b"</Reference>") + 12
    found = seller_of(data.replace(data[start:end], data[start:end] * 40, 1), desk.trust)
    assert (found.state, codes_of(found)) == (S.BROKEN, {"unreadable"})


def test_an_element_of_a_hundred_attributes_is_refused(desk: Desk) -> None:
    many = b" ".join(b'a%d="1"' % n for n in range(400))
    with pytest.raises(InvoiceError) as caught:
        read_signed(desk.invoice().replace(b"<DSCKS>", b"<DSCKS " + many + b">"))
    assert caught.value.code == "invoices.attributes"


def test_a_hundred_declared_namespaces_are_refused(desk: Desk) -> None:
    many = b" ".join(b'xmlns:a%d="urn:a"' % n for n in range(100))
    with pytest.raises(InvoiceError) as caught:
        read_signed(desk.invoice().replace(b"<DSCKS>", b"<DSCKS " + many + b">"))
    assert caught.value.code == "invoices.namespaces"
