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
from tests.traceability.invoices.files import zipped_as
from traceability import jobs
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices.aliases import confirm_alias_by_id
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
    assert "Dừng nhập" in text_of(waiting)
    task = jobs.take(sqlite_database, (KIND,))
    assert task is not None
    jobs.run(task, import_job)
    done = member.get(address)
    assert "refresh" not in done.text
    assert "2 đã nhận" in text_of(done)


def test_an_import_is_stopped_and_every_refused_file_is_listed_as_csv(
    member: Visitor, files: Files, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invoices, "AT_ONCE_BYTES", 10)
    bad = {f"{number:03}.xml": b"no XML" for number in range(250)}
    address = upload(member, ("all.zip", zipped_as(bad)))
    task = jobs.take(sqlite_database, (KIND,))
    assert task is not None
    jobs.run(task, import_job)
    page = member.get(address)
    assert f'href="{address}/refused"' in page.text
    listed = member.get(f"{address}/refused")
    assert listed.headers["content-type"] == "text/csv; charset=utf-8"
    rows = listed.text.splitlines()
    assert (len(rows), rows[-1]) == (251, "249.xml,Tệp không phải XML.,invoices.not-xml")
    other = upload(member, ("all.zip", zipped_as(bad)))
    member.send(other, f"{other}/cancel")
    assert "Đã dừng nhập" in text_of(member.get(other))
    assert jobs.take(sqlite_database, (KIND,)) is None


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
    assert answer.headers["location"] == "/shop/lines?done=awaiting_second"
    assert "người thứ hai" in text_of(member.get(answer.headers["location"]))
    assert "120" not in text_of(member.get("/shop/balances"))
    with sqlite_database.writing() as session:
        confirm_alias_by_id(session, Actor(Role.INSPECTOR, user_id=99), 1)
    assert "CODE-1" not in text_of(member.get("/shop/lines"))
    assert "120" in text_of(member.get("/shop/balances"))


def test_a_single_piece_is_linked_at_once_and_what_is_proposed_is_taken_back(
    member: Visitor, files: Files, sqlite_database: Database
) -> None:
    upload(member, ("a.xml", files.sold(code="CODE-1")), ("b.xml", files.bought(code="CODE-2")))
    form = {"unit": "Hộp", "gtin": GTIN, "factor": "1"}
    own = member.send("/shop/lines", "/shop/lines", item_code="CODE-1", **form)
    assert own.headers["location"] == "/shop/lines?done=in_force"
    seller = re.search(r'name="seller" value="([^"]+)"', member.get("/shop/lines").text)
    assert seller
    theirs = member.send("/shop/lines", "/shop/lines", item_code="CODE-2", seller=seller[1], **form)
    assert theirs.headers["location"] == "/shop/lines?done=proposed"
    assert "Đang chờ người xác nhận" in text_of(member.get("/shop/lines"))
    back = member.send("/shop/lines", "/shop/lines/2", decision="withdraw")
    assert back.headers["location"] == "/shop/lines?done=withdrawn"
    assert "Đang chờ người xác nhận" not in text_of(member.get("/shop/lines"))


def test_what_one_proposed_oneself_is_for_others_to_confirm(member: Visitor, files: Files) -> None:
    upload(member, ("b.xml", files.bought(code="CODE-2")))
    seller = re.search(r'name="seller" value="([^"]+)"', member.get("/shop/lines").text)
    assert seller
    form = {"item_code": "CODE-2", "unit": "Hộp", "gtin": GTIN, "factor": "1"}
    member.send("/shop/lines", "/shop/lines", seller=seller[1], **form)
    answer = member.send("/shop/lines", "/shop/lines/1", decision="confirm")
    assert answer.status_code == 403


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


def test_what_one_bought_can_only_be_proposed(member: Visitor, files: Files) -> None:
    upload(member, ("a.xml", files.bought(code="CODE-2")))
    page = member.get("/shop/lines")
    assert "CODE-2" in text_of(page)
    assert "Gửi đề xuất" in text_of(page)
