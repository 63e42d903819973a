"""Each state, reached by a file of our own."""

import base64
from datetime import UTC, datetime

import pytest
import xmlsec
from cryptography.hazmat.primitives import hashes
from lxml import etree

from app.demo.invoice_maker import in_message
from app.demo.signing import Style
from tests.traceability.invoices.signatures.signed import (
    DSIG,
    OTHER,
    PRODUCER,
    Desk,
    codes_of,
    content_of,
    pretty,
    read_one,
    seller_of,
    states_of,
)
from traceability.invoices.errors import InvoiceError
from traceability.invoices.reading import read_signed
from traceability.invoices.signatures.states import SignatureState as S


def test_an_invoice_as_it_was_signed_is_intact_and_trusted(desk: Desk) -> None:
    assert states_of(desk.invoice(), desk.trust) == (S.INTACT_TRUSTED, S.INTACT_TRUSTED)


def test_without_a_trust_store_nobody_is_trusted(desk: Desk) -> None:
    found = seller_of(desk.invoice())
    assert (found.state, codes_of(found)) == (S.INTACT_UNTRUSTED, {"no-trust-store"})


def test_an_issuer_outside_the_trust_store_is_not_trusted(desk: Desk) -> None:
    found = seller_of(desk.invoice(), Desk().trust)
    assert (found.state, codes_of(found)) == (S.INTACT_UNTRUSTED, {"untrusted"})


def test_that_revocation_is_not_looked_up_is_said(desk: Desk) -> None:
    assert "revocation-unchecked" in codes_of(seller_of(desk.invoice(), desk.trust))


def test_who_signed_and_when_is_told(desk: Desk) -> None:
    found = seller_of(desk.invoice(), desk.trust)
    assert found.signed_at == datetime(2026, 8, 3, 2, tzinfo=UTC)  # nine o'clock in Viet Nam
    assert found.certificate is not None
    assert found.certificate.tax_codes == (PRODUCER,)
    fingerprint = desk.issuer.signer.certificate.fingerprint(hashes.SHA256())
    assert found.certificate.fingerprint == fingerprint.hex()


def test_a_pretty_printed_copy_is_reformatted(desk: Desk) -> None:
    found = read_one(pretty(desk.invoice()), desk.trust)
    assert {s.state for s in found.signatures} == {S.REFORMATTED}
    assert found.invoice.lines[0].quantity == 10


def test_a_reformatted_copy_with_another_value_is_broken(desk: Desk) -> None:
    data = pretty(desk.invoice()).replace(b"<SLuong>10<", b"<SLuong>100<")
    assert states_of(data, desk.trust) == (S.BROKEN, S.BROKEN)


def test_a_changed_quantity_breaks_both_signatures(desk: Desk) -> None:
    data = desk.invoice().replace(b"<SLuong>10<", b"<SLuong>100<")
    assert states_of(data, desk.trust) == (S.BROKEN, S.BROKEN)


def test_a_changed_code_of_the_authority_breaks_its_signature_alone(desk: Desk) -> None:
    data = desk.invoice()
    start = data.index(b"<MCCQT")
    start = data.index(b">00", start) + 3
    changed = data[:start] + (b"1" if data[start : start + 1] != b"1" else b"2") + data[start + 1 :]
    assert states_of(changed, desk.trust) == (S.INTACT_TRUSTED, S.BROKEN)


def test_a_cash_register_may_leave_its_invoice_unsigned(desk: Desk) -> None:
    data = desk.invoice(symbol="C26MYY", form="2", signed=False)
    seller, authority = read_one(data).signatures
    assert (seller.state, authority.state) == (S.UNSIGNED, S.UNSIGNED)
    assert codes_of(seller) == codes_of(authority) == {"unsigned-cash-register"}


def test_under_a_symbol_with_k_the_authority_does_not_sign(desk: Desk) -> None:
    seller, authority = read_one(desk.invoice(symbol="K26TAA"), desk.trust).signatures
    assert (seller.state, authority.state) == (S.INTACT_TRUSTED, S.UNSIGNED)
    assert codes_of(authority) == {"unsigned-no-code"}


def test_a_certificate_of_another_firm_is_the_wrong_signer(desk: Desk) -> None:
    found = seller_of(desk.signed_by(OTHER), desk.trust)
    assert found.state is S.WRONG_SIGNER
    assert {"named": OTHER, "expected": PRODUCER} in [dict(n.arguments) for n in found.notes]


def test_a_certificate_without_a_tax_code_does_not_show_that_the_seller_signed(desk: Desk) -> None:
    found = seller_of(desk.signed_by(None), desk.trust)
    assert found.state is S.WRONG_SIGNER
    assert "unnamed-signer" in codes_of(found)


def test_a_head_office_may_sign_for_its_branch(desk: Desk) -> None:
    found = seller_of(desk.signed_by(PRODUCER, seller=f"{PRODUCER}-001"), desk.trust)
    assert found.state is S.INTACT_TRUSTED
    assert "head-office" in codes_of(found)


def test_a_branch_does_not_sign_for_its_head_office(desk: Desk) -> None:
    assert seller_of(desk.signed_by(f"{PRODUCER}-001"), desk.trust).state is S.WRONG_SIGNER


@pytest.mark.parametrize("years", [(2020, 2025), (2027, 2030)])
def test_a_time_of_signing_outside_the_certificates_validity_is_not_trusted(
    desk: Desk, years: tuple[int, int]
) -> None:
    found = seller_of(desk.signed_by(PRODUCER, years), desk.trust)
    assert found.state is S.INTACT_UNTRUSTED
    assert "outside-validity" in codes_of(found)


def test_sha1_is_intact_and_said(desk: Desk) -> None:
    found = seller_of(desk.invoice(style=Style(sha1=True)), desk.trust)
    assert found.state is S.INTACT_TRUSTED
    assert "sha1" in codes_of(found)


def test_the_one_lenient_mode_is_named(desk: Desk) -> None:
    data = desk.invoice(style=Style(enveloped_on_object=True))
    found = seller_of(data, desk.trust)
    assert found.state is S.INTACT_TRUSTED
    assert "enveloped-on-object" in codes_of(found)
    assert "enveloped-on-object" in codes_of(seller_of(pretty(data), desk.trust))


def test_in_the_lenient_mode_a_changed_time_of_signing_is_broken_too(desk: Desk) -> None:
    data = desk.invoice(style=Style(enveloped_on_object=True))
    changed = data.replace(b"T09:00:00<", b"T08:00:00<", 1)
    assert seller_of(changed, desk.trust).state is S.BROKEN


def test_a_message_around_an_invoice_takes_nothing_from_it(desk: Desk) -> None:
    both = in_message(desk.invoice(), desk.invoice(number=13))
    for found in read_signed(both, desk.trust):
        assert {s.state for s in found.signatures} == {S.INTACT_TRUSTED}


def test_a_message_that_declares_namespaces_takes_nothing_from_it(desk: Desk) -> None:
    message = in_message(desk.invoice()).replace(
        b"<TDiep>", b"<TDiep xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
    )
    assert states_of(message, desk.trust) == (S.INTACT_TRUSTED, S.INTACT_TRUSTED)


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_second_content_makes_it_ambiguous_and_only_the_signed_one_is_read(
    desk: Desk, where: str
) -> None:
    data = desk.invoice()
    true = content_of(data)
    fake = true.replace(b"<SLuong>10<", b"<SLuong>1000<").replace(b' Id="', b' Id="FAKE-')
    both = fake + true if where == "before" else true + fake
    found = read_one(data.replace(true, both), desk.trust)
    assert {s.state for s in found.signatures} == {S.AMBIGUOUS}
    assert found.invoice.lines[0].quantity == 10


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_repeated_id_is_ambiguous_and_only_the_signed_one_is_read(desk: Desk, where: str) -> None:
    data = desk.invoice()
    true = content_of(data)
    fake = true.replace(b"<SLuong>10<", b"<SLuong>1000<")
    both = fake + true if where == "before" else true + fake
    found = read_one(data.replace(true, both), desk.trust)
    assert {s.state for s in found.signatures} == {S.AMBIGUOUS}
    assert found.invoice.lines[0].quantity == 10


@pytest.mark.parametrize("place", [b"<TTKhac/></HDon>", b"</NDHDon></DLHDon>", b"</Object>"])
def test_the_signed_content_hidden_elsewhere_is_found_and_read(desk: Desk, place: bytes) -> None:
    data = desk.invoice().replace(b"</HDon>", b"<TTKhac/></HDon>")
    true = content_of(data)
    fake = true.replace(b"<SLuong>10<", b"<SLuong>1000<").replace(b' Id="', b' Id="FAKE-')
    if place == b"</Object>":  # else it would be in the namespace of the signature
        true = true.replace(b"<DLHDon ", b'<DLHDon xmlns="" ')
    hidden = data.replace(content_of(data), fake).replace(place, true + place, 1)
    found = read_one(hidden, desk.trust)
    assert {s.state for s in found.signatures} == {S.AMBIGUOUS}
    assert found.invoice.lines[0].quantity == 10


def test_two_contents_of_which_none_was_signed_are_refused(desk: Desk) -> None:
    data = desk.invoice()
    fake = content_of(data).replace(b"<SLuong>10<", b"<SLuong>1000<")
    with pytest.raises(InvoiceError) as refused:
        read_signed(data.replace(content_of(data), fake + fake), desk.trust)
    assert refused.value.code == "invoices.ambiguous"


def test_an_id_that_another_element_bears_too_is_ambiguous(desk: Desk) -> None:
    data = desk.invoice()
    name = data[data.index(b'Id="') + 4 :].split(b'"')[0]
    twice = data.replace(b"<DSCKS>", b'<X Id="' + name + b'"/><DSCKS>')
    assert states_of(twice, desk.trust) == (S.AMBIGUOUS, S.AMBIGUOUS)


def test_two_signatures_at_one_place_are_ambiguous(desk: Desk) -> None:
    data = desk.invoice()
    signature = data[data.index(b"<Signature ") : data.index(b"</Signature>") + 12]
    twice = data.replace(signature, signature + signature, 1)
    assert seller_of(twice, desk.trust).state is S.AMBIGUOUS


def test_a_signature_that_leaves_the_content_out_is_broken(desk: Desk) -> None:
    """Its content was swapped for one with an Id that nothing refers to."""
    data = desk.invoice()
    renamed = data.replace(b'<DLHDon Id="', b'<DLHDon Id="X')
    found = seller_of(renamed, desk.trust)
    assert (found.state, codes_of(found)) == (S.BROKEN, {"not-covered"})


def test_the_authoritys_signature_by_the_seller_itself_is_the_wrong_signer(desk: Desk) -> None:
    maker = desk.maker
    before = maker._tax_authority
    maker._tax_authority = desk.issuer.signer
    try:
        data = desk.invoice()
    finally:
        maker._tax_authority = before
    assert states_of(data, desk.trust) == (S.INTACT_TRUSTED, S.WRONG_SIGNER)


def test_the_authoritys_signature_by_an_unknown_name_is_not_trusted(desk: Desk) -> None:
    maker = desk.maker
    before = maker._tax_authority
    maker._tax_authority = maker.authority.signer("AI ĐÓ")
    try:
        data = desk.invoice()
    finally:
        maker._tax_authority = before
    assert states_of(data, desk.trust) == (S.INTACT_TRUSTED, S.INTACT_UNTRUSTED)


def test_comments_and_instructions_added_after_signing_change_nothing_that_is_read(
    desk: Desk,
) -> None:
    data = desk.invoice().replace(b"<SLuong>10<", b"<SLuong>1<!-- x -->0<")
    found = read_one(data, desk.trust)
    assert found.signatures[0].state is S.INTACT_TRUSTED  # canonical XML leaves comments out
    assert found.invoice.lines[0].quantity == 10
    instructed = desk.invoice().replace(b"<SLuong>10<", b"<SLuong>1<?x y?>0<")
    assert seller_of(instructed, desk.trust).state is not S.INTACT_TRUSTED


def test_a_tampered_invoice_in_a_message_of_many_is_broken_and_the_others_intact(
    desk: Desk,
) -> None:
    tampered = desk.invoice(number=13).replace(b"<SLuong>10<", b"<SLuong>100<")
    message = in_message(desk.invoice(), tampered, desk.invoice(number=13)).replace(
        b"<TDiep>", b"<TDiep xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
    )
    found = [signed.signatures[0].state for signed in read_signed(message, desk.trust)]
    assert found == [S.INTACT_TRUSTED, S.BROKEN, S.INTACT_TRUSTED]


def test_an_intact_file_is_one_for_libxmlsec_too(desk: Desk) -> None:
    root = etree.fromstring(desk.invoice())
    for signature in root.iter(f"{{{DSIG}}}Signature"):
        context = xmlsec.SignatureContext()
        pem = signature.findtext(f".//{{{DSIG}}}X509Certificate") or ""
        der = base64.b64decode(pem)
        context.key = xmlsec.Key.from_memory(der, xmlsec.constants.KeyDataFormatCertDer)
        for element in root.xpath("//*[@Id]"):
            context.register_id(element, "Id")
        context.verify(signature)
