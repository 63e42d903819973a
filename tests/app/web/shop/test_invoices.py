"""E-invoices of a shop: upload, result, list, lines, and what they explain."""

import io
import re
import zipfile

import pytest

from app.web.shop import invoices
from tests.app.client import OPERATOR
from tests.app.rows import nothing_stored, rows, stored
from tests.app.web.conftest import GTIN, Visitor, text_of
from tests.app.web.shop.conftest import Files, Neighbour
from traceability import jobs
from traceability.db import Database
from traceability.invoices.importing import KIND, import_job
from traceability.invoices.service import import_files

PAGE = "/shop/invoices"


def upload(member: Visitor, *contents: tuple[str, bytes]) -> str:
    """The page of the result."""
    answer = member.send(PAGE, PAGE, files=[("file", each) for each in contents])
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.xml", content)
    return file.getvalue()


def test_the_result_says_of_each_file_what_came_of_it(
    member: Visitor, files: Files, sqlite_database: Database
) -> None:
    upload(member, ("first.xml", files.sold(1)), ("second.xml", files.sold(2)))
    with stored(sqlite_database, invoice=1):
        address = upload(
            member,
            ("new.xml", files.sold(3)),
            ("same.xml", files.sold(1)),
            ("other.xml", files.sold(2, quantity=7)),
            ("broken.xml", b"<a/>"),
            ("foreign.xml", files.of_others()),
        )
    page = text_of(member.get(address))
    assert re.search(r"new\.xml 1C26TVD 3", page)
    assert re.search(r"same\.xml 1C26TVD 1 giống", page)
    assert re.search(r"other\.xml 1C26TVD 2 khác", page)
    assert "broken.xml" in page
    assert "foreign.xml" in page
    assert "invoices." not in page


def test_loading_the_result_again_stores_nothing(
    member: Visitor, files: Files, sqlite_database: Database
) -> None:
    address = upload(member, ("a.xml", files.sold()))
    with nothing_stored(sqlite_database):
        member.get(address)


def test_a_zip_is_unpacked(member: Visitor, files: Files, sqlite_database: Database) -> None:
    with stored(sqlite_database, invoice=2):
        upload(member, ("all.zip", zipped(a=files.sold(1), b=files.bought(1))))


def test_an_upload_without_a_file_asks_for_one(member: Visitor, sqlite_database: Database) -> None:
    with nothing_stored(sqlite_database):
        answer = member.send(PAGE, PAGE)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_a_large_upload_becomes_a_job_whose_page_refreshes_itself(
    member: Visitor, files: Files, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invoices, "AT_ONCE_BYTES", 1000)
    with stored(sqlite_database, invoice=0, job=1):
        address = upload(member, ("a.xml", files.sold(1)), ("b.xml", files.sold(2)))
    waiting = member.get(address)
    assert '<noscript><meta http-equiv="refresh"' in waiting.text
    assert "Sắp bắt đầu." in text_of(waiting)
    task = jobs.take(sqlite_database, (KIND,))
    assert task is not None
    jobs.run(task, import_job)
    done = member.get(address)
    assert "refresh" not in done.text
    assert "2 đã nhận" in text_of(done)


def test_a_large_zip_that_is_none_is_refused_at_once(
    member: Visitor, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invoices, "AT_ONCE_BYTES", 10)
    with nothing_stored(sqlite_database):
        answer = member.send(PAGE, PAGE, files={"file": ("a.zip", b"PK\x03\x04" + b"x" * 100)})
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_the_list_is_narrowed_to_one_side(member: Visitor, files: Files) -> None:
    upload(member, ("a.xml", files.sold(1)), ("b.xml", files.bought(2)))
    listed = {
        side: set(re.findall(r"1C26TVD (\d)", member.get(f"{PAGE}?side={side}").text))
        for side in ("", "bought", "sold")
    }
    assert listed == {"": {"1", "2"}, "bought": {"2"}, "sold": {"1"}}


def test_an_invoice_shows_which_of_its_lines_are_known(
    member: Visitor, files: Files, neighbour: Neighbour
) -> None:
    upload(member, ("a.xml", files.bought()), ("b.xml", files.sold(code="CODE-1")))
    pages = [text_of(member.get(f"{PAGE}/{number}")) for number in (1, 2)]
    assert any("VÍ DỤ Hàng của bên khác" in page for page in pages)
    assert any("chưa rõ" in page for page in pages)


def test_an_invoice_of_others_is_not_found(
    member: Visitor, files: Files, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        import_files(session, OPERATOR, [("a.xml", files.of_others())])
    assert rows(sqlite_database)["invoice"] == 1
    assert member.get(f"{PAGE}/1").status_code == 404


# Lines


def test_a_seller_says_which_product_a_code_is(
    member: Visitor, files: Files, sqlite_database: Database
) -> None:
    upload(member, ("a.xml", files.sold(code="CODE-1")))
    assert "CODE-1" in text_of(member.get("/shop/lines"))
    answer = member.send(
        "/shop/lines", "/shop/lines", item_code="CODE-1", unit="Hộp", gtin=GTIN, factor="24"
    )
    assert answer.headers["location"] == "/shop/lines?done=1"
    assert "CODE-1" not in text_of(member.get("/shop/lines"))
    assert "120" in text_of(member.get("/shop/balances"))


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("gtin", {"gtin": "123", "factor": "1"}),
        ("factor", {"gtin": GTIN, "factor": "0"}),
        ("factor", {"gtin": GTIN, "factor": "viel"}),
        ("factor", {"gtin": GTIN, "factor": ""}),
    ],
)
def test_a_refused_statement_names_the_field_and_keeps_what_was_typed(
    member: Visitor, sqlite_database: Database, field: str, form: dict[str, str]
) -> None:
    with nothing_stored(sqlite_database):
        answer = member.send("/shop/lines", "/shop/lines", item_code="CODE-1", **form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{form[field]}"' in answer.text


def test_an_unregistered_gtin_is_said_beside_the_field(member: Visitor) -> None:
    form = {"item_code": "CODE-1", "gtin": "8938505974194", "factor": "1"}
    answer = member.send("/shop/lines", "/shop/lines", **form)
    assert answer.status_code == 422
    assert 'id="gtin-error"' in answer.text


def test_what_one_bought_is_for_the_seller_to_say(member: Visitor, files: Files) -> None:
    upload(member, ("a.xml", files.bought(code="CODE-2")))
    page = member.get("/shop/lines")
    assert "CODE-2" in text_of(page)
    assert 'value="CODE-2"' not in page.text
