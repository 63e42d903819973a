"""nguon verify, nguon import."""

from pathlib import Path

import pytest

from app.demo import goods
from app.demo.loading import CODES
from scanner.render import render_ean13
from tests.app.cli.conftest import Nguon
from tests.traceability.invoices.files import invoice, zipped

EXIT = {"ok": 0, "info": 3, "care": 4, "stop": 5}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.path)
def test_the_exit_status_tells_the_level(here: Nguon, demo: Path, code: object) -> None:
    address = f"http://127.0.0.1:8000{code.path}"  # type: ignore[attr-defined]
    done = here("verify", address, data=demo)
    assert done.returncode == EXIT[code.shows], done.stdout + done.stderr  # type: ignore[attr-defined]
    assert done.stdout
    assert done.stderr == ""


def test_a_verdict_names_product_producer_and_each_finding(here: Nguon, demo: Path) -> None:
    code = f"(01)0{goods.GINSENG}(10)SAM2610(21)VD000001"
    done = here("verify", code, data=demo)
    assert "Sâm Ngọc Linh Ví Dụ, củ tươi 50 g · Hợp tác xã Sâm Ví Dụ" in done.stdout
    assert "MATCH_FIRST" in done.stdout
    in_vietnamese = here("verify", code, data=demo, LC_ALL="vi_VN.UTF-8")
    assert "Khớp dữ liệu" in in_vietnamese.stdout


def test_a_picture_is_read_and_each_of_its_symbols_judged(
    nguon: Nguon, demo: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "milk.png"
    picture.write_bytes(render_ean13(goods.MILK, "png"))
    done = nguon("verify", picture, data=demo)
    assert "Sữa bột Ví Dụ 400 g" in done.stdout


def test_what_cannot_be_read_is_for_information_and_no_picture_is_an_error(
    here: Nguon, demo: Path, tmp_path: Path
) -> None:
    assert here("verify", "9521101000017", data=demo).returncode == 3
    file = tmp_path / "notes.txt"
    file.write_text("no picture")
    done = here("verify", file, data=demo)
    assert (done.returncode, done.stdout) == (1, "")
    assert "scanner.not-an-image" in done.stderr


def test_a_table_is_taken_in_or_checked_and_its_faults_are_named_by_row(
    here: Nguon, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("gtin,name,producer_tax_code\n96385074,Trà,9999100017\n")
    bad.write_text("gtin,name\n9521101000017,Trà\n")
    done = here("import", "products", bad, data=tmp_path)
    assert done.returncode == 1
    assert "bad.csv:2:" in done.stderr
    assert "0 imported" in done.stdout
    assert here("import", "wishes", good, data=tmp_path).returncode == 2
    assert here("import", "products", tmp_path / "none.csv", data=tmp_path).returncode == 2


def test_products_are_taken_in(nguon: Nguon, demo: Path, tmp_path: Path) -> None:
    table = tmp_path / "products.csv"
    table.write_text(f"gtin,name,producer_id\n{goods.gtin_13('9521101', 77)},Trà,5\n")
    dry = nguon("import", "products", table, "--dry-run", data=demo)
    assert (dry.returncode, dry.stderr.strip()) == (0, "")
    assert "1 rows, 0 imported, 0 faults" in dry.stdout


def test_invoices_are_taken_in_once(nguon: Nguon, here: Nguon, tmp_path: Path) -> None:
    one, many, broken = (tmp_path / name for name in ("1.xml", "many.zip", "broken.xml"))
    one.write_bytes(invoice(1))
    many.write_bytes(zipped(a=invoice(1), b=invoice(2)))
    broken.write_bytes(b"no XML")
    done = nguon("import", "invoices", one, many, data=tmp_path)
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert "1.xml: 1 imported, 0 known already, 0 refused" in done.stdout
    assert "many.zip: 1 imported, 1 known already, 0 refused" in done.stdout
    refused = here("import", "invoices", broken, data=tmp_path)
    assert refused.returncode == 1
    assert "broken.xml" in refused.stderr
