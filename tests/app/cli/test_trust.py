"""nguon trust list, check, load, recheck."""

from pathlib import Path

import pytest

from app.demo.signing import CertificateAuthority
from tests.app.cli.conftest import Nguon
from tests.traceability.invoices.signatures.signed import Desk


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


@pytest.fixture
def folder(tmp_path: Path, desk: Desk) -> Path:
    path = tmp_path / "trust"
    path.mkdir()
    (path / "ca.pem").write_bytes(desk.maker.authority.pem())
    return path


def test_a_store_is_checked_loaded_and_listed(here: Nguon, tmp_path: Path, folder: Path) -> None:
    data = tmp_path / "data"
    checked = here("trust", "check", folder, data=data)
    assert (checked.returncode, "1 certificates in the folder" in checked.stdout) == (0, True)
    loaded = here("trust", "load", folder, data=data)
    assert "1 certificates added, 0 removed, 0 kept" in loaded.stdout
    listed = here("trust", "list", data=data)
    assert "Nguồn demo CA - not a real authority" in listed.stdout
    assert "1 certificates are trusted" in listed.stdout


def test_the_folder_may_come_from_the_setting(here: Nguon, tmp_path: Path, folder: Path) -> None:
    done = here("trust", "check", data=tmp_path, NGUON_TRUST_FOLDER=str(folder))
    assert done.returncode == 0


def test_without_a_folder_the_call_is_wrong(here: Nguon, tmp_path: Path) -> None:
    done = here("trust", "check", data=tmp_path)
    assert (done.returncode, "trust.no-folder" in done.stderr) == (2, True)


def test_remarks_make_the_exit_status_1(here: Nguon, tmp_path: Path, folder: Path) -> None:
    (folder / "x.pem").write_text("no certificate")
    done = here("trust", "check", folder, data=tmp_path)
    assert done.returncode == 1
    assert "holds no certificate" in done.stdout


def test_a_folder_that_is_none_is_an_error(here: Nguon, tmp_path: Path) -> None:
    done = here("trust", "load", tmp_path / "missing", data=tmp_path / "data")
    assert done.returncode == 1
    assert "trust.folder" in done.stderr


def test_invoices_are_checked_again_on_demand(
    here: Nguon, tmp_path: Path, folder: Path, desk: Desk
) -> None:
    file, data = tmp_path / "a.xml", tmp_path / "data"
    file.write_bytes(desk.invoice())
    here("import", "invoices", file, data=data)
    here("trust", "load", folder, data=data)
    done = here("trust", "recheck", data=data)
    assert "1 invoices checked again, 2 signatures are judged otherwise" in done.stdout
    (folder / "ca.pem").write_bytes(CertificateAuthority().pem())
    here("trust", "load", folder, data=data)
    assert "2 signatures" in here("trust", "recheck", data=data).stdout
