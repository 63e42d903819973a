import io
import random
import zipfile

import pytest

from tests.traceability.invoices.files import invoice, zipped, zipped_as
from traceability.invoices.archive import Archive, Limits, is_archive
from traceability.invoices.document import MAX_BYTES
from traceability.invoices.errors import InvoiceError


def refused_members(data: bytes) -> dict[str, str]:
    return {m.name: m.error.code for m in Archive(data).members() if m.error}


def test_the_files_come_in_the_order_of_the_directory() -> None:
    archive = Archive(zipped(b=invoice(2), a=invoice(1)))
    assert [member.name for member in archive.members()] == ["b.xml", "a.xml"]
    assert [member.name for member in archive.members(start=1)] == ["a.xml"]
    assert len(archive) == 2


def test_printed_copies_beside_the_invoice_are_passed_over() -> None:
    files = {
        "invoice.xml": invoice(),
        "invoice.html": b"<html/>",
        "sign-check.jpg": b"",
        "folder/": b"",
        "__MACOSX/._invoice.xml": b"",
        ".DS_Store": b"",
    }
    assert [m.name for m in Archive(zipped_as(files)).members()] == ["invoice.xml"]


def test_a_name_with_path_parts_is_only_a_name() -> None:
    [member] = Archive(zipped_as({"../../etc/\x1bpasswd": invoice()})).members()
    assert (member.name, member.content) == ("../../etc/passwd", invoice())


def test_a_zip_in_a_zip_is_refused_whatever_it_is_called() -> None:
    inner = zipped(a=invoice())
    data = zipped_as({"inner.zip": inner, "hidden.xml": inner, "plain.xml": invoice()})
    assert refused_members(data) == {
        "inner.zip": "invoices.zip-nested",
        "hidden.xml": "invoices.zip-nested",
    }


def test_a_member_above_the_size_of_a_document_is_refused_alone() -> None:
    big = random.Random(7).randbytes(MAX_BYTES + 1)
    data = zipped_as({"big.xml": big, "plain.xml": invoice()})
    assert refused_members(data) == {"big.xml": "invoices.too-large"}


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(members=2), "members"),
        (Limits(total_bytes=2000), "bytes"),
        (Limits(ratio=0), "ratio"),
    ],
)
def test_an_archive_beyond_its_bounds_is_refused_unpacked(limits: Limits, what: str) -> None:
    data = zipped(a=invoice(1), b=invoice(2), c=invoice(3))
    with pytest.raises(InvoiceError) as refused:
        Archive(data, limits)
    assert refused.value.code == "invoices.zip-too-large"
    assert refused.value.arguments["what"] == what


def test_a_bomb_is_refused_by_its_ratio() -> None:
    data = zipped_as({f"{n}.xml": b" " * MAX_BYTES for n in range(4)})
    with pytest.raises(InvoiceError) as refused:
        Archive(data)
    assert refused.value.arguments == {"what": "ratio", "limit": 200}


def test_a_directory_that_understates_a_size_unpacks_to_no_more() -> None:
    data = bytearray(zipped_as({"a.xml": invoice() * 100}))
    size = len(invoice() * 100).to_bytes(4, "little")
    lie = (500).to_bytes(4, "little")
    assert data.count(size) == 2
    assert refused_members(bytes(data.replace(size, lie))) == {"a.xml": "invoices.zip"}


def test_a_broken_member_is_refused_alone() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("broken.xml", invoice(111))
        archive.writestr("plain.xml", invoice(222))
    data = buffer.getvalue().replace(b"<SHDon>111", b"<SHDon>999")
    assert refused_members(data) == {"broken.xml": "invoices.zip"}


def test_an_encrypted_member_is_refused() -> None:
    data = bytearray(zipped(a=invoice()))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    assert refused_members(bytes(data)) == {"a.xml": "invoices.zip"}


@pytest.mark.parametrize("cut", [4, 30, -1])
def test_a_damaged_archive_is_refused(cut: int) -> None:
    with pytest.raises(InvoiceError) as refused:
        Archive(zipped(a=invoice())[:cut])
    assert refused.value.code == "invoices.zip"


def test_an_archive_is_known_by_its_first_bytes() -> None:
    assert is_archive(zipped(a=invoice()))
    assert is_archive(zipped())
    assert not is_archive(invoice())
