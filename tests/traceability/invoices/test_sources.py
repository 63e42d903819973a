"""Where large imports take their files from, and what they refuse."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from tests.traceability.invoices.files import invoice, zipped, zipped_as
from traceability.invoices.errors import InvoiceError
from traceability.invoices.sources import Folder, Source, Uploads, ZipOnDisk, zips_in


def names(source: Source, mark: str = "") -> list[str]:
    return [found.member.name for found in source.after(mark)]


def refused(source: Source) -> dict[str, str]:
    return {
        found.member.name: found.member.error.code
        for found in source.after("")
        if found.member.error is not None
    }


def folder_with(folder: Path, files: dict[str, bytes]) -> Folder:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return Folder(folder)


def test_a_zip_alone_gives_its_members_and_among_others_by_its_name() -> None:
    archive = zipped(a=invoice(1), b=invoice(2))
    assert names(Uploads([("t.zip", io.BytesIO(archive))])) == ["a.xml", "b.xml"]
    both = Uploads([("t.zip", io.BytesIO(archive)), ("c.xml", io.BytesIO(invoice(3)))])
    assert (names(both), both.total) == (["t.zip/a.xml", "t.zip/b.xml", "c.xml"], 3)


def test_every_source_goes_on_behind_each_of_its_marks(tmp_path: Path) -> None:
    files = {f"{n}.xml": invoice(n) for n in range(1, 4)}
    archive = zipped_as(files)
    several = [("t.zip", io.BytesIO(archive)), ("c.xml", io.BytesIO(invoice(9)))]
    (tmp_path / "on.zip").write_bytes(archive)
    for source in (
        Uploads([("t.zip", io.BytesIO(archive))]),
        Uploads(several),
        ZipOnDisk(tmp_path / "on.zip"),
        folder_with(tmp_path / "folder", files),
    ):
        found = list(source.after(""))
        for place, each in enumerate(found, 1):
            assert names(source, each.mark) == [other.member.name for other in found[place:]]
        source.close()


def test_a_damaged_zip_among_others_is_refused_by_name_and_alone_as_a_whole() -> None:
    damaged = ("bad.zip", io.BytesIO(b"PK\x03\x04 and no more"))
    both = Uploads([damaged, ("c.xml", io.BytesIO(invoice(3)))])
    assert refused(both) == {"bad.zip": "invoices.zip"}
    with pytest.raises(InvoiceError):
        Uploads([damaged])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_two_files() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xml", invoice(1))
        archive.writestr("a.xml", invoice(2))
    contents = [found.member.content for found in Uploads([("t.zip", file)]).after("")]
    assert contents == [invoice(1), invoice(2)]


def test_a_folder_is_read_by_name_with_all_below_it_and_without_printed_copies(
    tmp_path: Path,
) -> None:
    files = {"b.xml": b"x", "a/c.xml": b"x", "a.pdf": b"x", ".hidden": b"x", "t.zip": zipped()}
    folder = folder_with(tmp_path, files)
    assert names(folder) == ["a/c.xml", "b.xml"]
    assert zips_in(tmp_path) == [tmp_path / "t.zip"]


def test_a_file_that_came_behind_the_mark_is_read_and_one_that_went_is_not_missed(
    tmp_path: Path,
) -> None:
    first = next(folder_with(tmp_path, {"b.xml": b"x", "d.xml": b"x"}).after(""))
    (tmp_path / "b.xml").unlink()
    assert names(folder_with(tmp_path, {"a.xml": b"x", "c.xml": b"x"}), first.mark) == [
        "c.xml",
        "d.xml",
    ]


def test_links_pipes_and_hidden_zips_of_a_folder_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    folder_with(tmp_path / "in", {"zip.xml": zipped(a=invoice())})
    (tmp_path / "in" / "link.xml").symlink_to(secret)
    os.mkfifo(tmp_path / "in" / "pipe.xml")
    assert refused(Folder(tmp_path / "in")) == {
        "link.xml": "invoices.unreadable",
        "pipe.xml": "invoices.unreadable",
        "zip.xml": "invoices.zip-nested",
    }


def test_a_file_that_is_gone_when_its_turn_comes_is_refused(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, {"a.xml": b"x"})
    (tmp_path / "a.xml").unlink()
    assert refused(folder) == {"a.xml": "invoices.unreadable"}


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = folder_with(tmp_path, {"a.xml": invoice()}), os.fstat
    states = []

    def growing(number: int) -> os.stat_result:
        states.append(number)
        if len(states) % 2 == 0:
            with (tmp_path / "a.xml").open("ab") as file:
                file.write(b" ")
        return real(number)

    monkeypatch.setattr(os, "fstat", growing)
    assert refused(folder) == {"a.xml": "invoices.changed"}


def test_a_file_over_the_limit_is_refused_and_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "a.xml").open("wb") as file:
        file.truncate(10**10)  # takes no room on the disk
    assert refused(Folder(tmp_path)) == {"a.xml": "invoices.too-large"}


def test_a_zip_that_changes_during_the_import_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    path.write_bytes(zipped(a=invoice()))
    source = ZipOnDisk(path)
    source.check()
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(InvoiceError) as changed:
        source.check()
    assert changed.value.code == "invoices.changed"
    with pytest.raises(InvoiceError):
        ZipOnDisk(path, source.state)
    source.close()


def test_a_zip_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(InvoiceError) as missing:
        ZipOnDisk(tmp_path / "none.zip")
    assert missing.value.code == "invoices.unreadable"
