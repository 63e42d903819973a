"""Files that are no e-invoice, or a trap."""

import pytest

from tests.traceability.invoices.files import invoice
from traceability.invoices.document import MAX_BYTES, invoice_elements
from traceability.invoices.errors import CODES, InvoiceError
from traceability.invoices.reading import read_invoices

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)
OLD = "http://laphoadon.gdt.gov.vn/2014/09/invoicexml/v1"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "invoices.not-xml"),
        (b"not XML at all", "invoices.not-xml"),
        (b"%PDF-1.7", "invoices.not-xml"),
        (b"<HDon><DLHDon></HDon>", "invoices.not-xml"),
        (b"<HDon>&undefined;</HDon>", "invoices.not-xml"),
        (b"<HDon>\x00</HDon>", "invoices.not-xml"),
        (b"<a>" * 300 + b"</a>" * 300, "invoices.not-xml"),
        (b"<HDon>\xff\xfe</HDon>", "invoices.encoding"),
        ("<HDon/>".encode("utf-16"), "invoices.encoding"),
        (b"\xef\xbb\xbf<!DOCTYPE HDon><HDon/>", "invoices.dtd"),
        (b"<HDon/>" + b" " * MAX_BYTES, "invoices.too-large"),
        (b"<html/>", "invoices.other-document"),
        (b"<TDiep><DLieu><TBao/></DLieu></TDiep>", "invoices.other-document"),
        (b"<TDiep><DLieu/></TDiep>", "invoices.other-document"),
        (f"<inv:invoice xmlns:inv='{OLD}'/>".encode(), "invoices.old-format"),
        (f"<invoice xmlns='{OLD}'/>".encode(), "invoices.old-format"),
        (b"<inv:invoice><inv:invoiceData/></inv:invoice>", "invoices.old-format"),
    ],
)
def test_each_kind_of_wrong_file_has_its_own_code(data: bytes, code: str) -> None:
    with pytest.raises(InvoiceError) as refused:
        invoice_elements(data)
    assert refused.value.code == code
    assert code in CODES


def test_entities_that_would_expand_to_gigabytes_are_refused_unread() -> None:
    trap = f"<!DOCTYPE HDon [{LAUGHS}]><HDon><DLHDon>&l9;</DLHDon></HDon>"
    with pytest.raises(InvoiceError) as refused:
        invoice_elements(trap.encode())
    assert refused.value.code == "invoices.dtd"


def test_an_external_entity_reaches_no_file() -> None:
    trap = b'<!DOCTYPE HDon [<!ENTITY x SYSTEM "file:///etc/hostname">]><HDon>&x;</HDon>'
    with pytest.raises(InvoiceError) as refused:
        invoice_elements(trap)
    assert refused.value.code == "invoices.dtd"


def test_a_declared_encoding_cannot_hide_a_document_type() -> None:
    hidden = b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE x+AD4-<HDon/>"
    with pytest.raises(InvoiceError) as refused:
        invoice_elements(hidden)
    assert refused.value.code == "invoices.not-xml"


def test_utf8_that_declares_another_encoding_is_read_as_the_utf8_it_is() -> None:
    data = invoice(declaration="<?xml version='1.0' encoding='utf-16'?>")
    assert read_invoices(data)[0].seller_address == "Địa chỉ mẫu"


def test_another_document_is_named_by_its_root() -> None:
    with pytest.raises(InvoiceError) as refused:
        invoice_elements(b"<TDiep><TTChung/><DLieu><BTHDLieu/></DLieu></TDiep>")
    assert refused.value.arguments == {"root": "BTHDLieu"}


def test_an_invoice_hidden_deeper_than_the_format_has_it_is_none() -> None:
    with pytest.raises(InvoiceError) as refused:
        invoice_elements(b"<TDiep><DLieu><X><HDon/></X></DLieu></TDiep>")
    assert refused.value.code == "invoices.other-document"


@pytest.mark.parametrize("wrapping", ["TDiep/DLieu", "KetQuaTraCuu/DuLieu"])
def test_messages_and_look_up_answers_carry_several_invoices(wrapping: str) -> None:
    outer, inner = wrapping.split("/")
    both = (invoice(1) + invoice(2)).decode()
    data = f"<{outer}><TTChung/><{inner}>{both}</{inner}></{outer}>".encode()
    assert [found.key.number for found in read_invoices(data)] == [1, 2]
