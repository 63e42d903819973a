"""The page of labels: seen as it will be printed, ordered as sheets, fetched when they are made."""

import re
from pathlib import Path

import pytest

from app.background import HANDLERS
from app.labels import sheets
from app.labels.choices import PaperName
from app.web.shop.labels import KIND_WORDS, LabelKind
from scanner.sheet import sheet
from tests.app.web.conftest import Goods, Visitor, text_of
from tests.app.web.shop.conftest import Neighbour
from traceability import jobs
from traceability.db import Database


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "press", sheet)


@pytest.fixture
def page(goods: Goods) -> str:
    return f"/shop/products/{goods.product_id}/labels"


def work(database: Database) -> None:
    task = jobs.take(database, tuple(HANDLERS))
    assert task is not None
    jobs.run(task, HANDLERS[task.kind])


def test_every_kind_of_label_is_offered_in_words() -> None:
    assert set(KIND_WORDS) == set(LabelKind)


def test_the_page_offers_every_paper_and_both_languages(member: Visitor, page: str) -> None:
    shown = member.get(page).text
    for name in PaperName:
        assert f'<option value="{name}"' in shown
    assert "Tiếng Việt" in shown
    assert '<option value="en"' in shown


def test_a_label_on_paper_is_shown_in_the_size_of_the_paper(member: Visitor, page: str) -> None:
    shown = text_of(member.get(f"{page}?kind=qr&paper=a4-3x8"))
    assert "Kích thước thật: 70 × 37 mm" in shown


def test_what_was_chosen_stays_chosen_and_goes_into_the_order(member: Visitor, page: str) -> None:
    shown = member.get(f"{page}?kind=gs1-data-matrix&paper=a4-4x10&lot=L1&dpi=203").text
    for value in ("gs1-data-matrix", "a4-4x10", "203"):
        assert f'<option value="{value}" selected>' in shown
    assert re.search(r'type="hidden" name="paper" value="a4-4x10"', shown)


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("kind=qr&x_dimension=0,2", "x_dimension", "mục 5.12.3.1"),
        ("kind=label&x_dimension=0,2", "x_dimension", "mục 5.12.3.1"),
        ("kind=label&scanned_at=healthcare", "scanned_at", "mục 5.12.3"),
        ("kind=qr&x_dimension=9", "x_dimension", "5"),
        ("kind=qr&x_dimension=abc", "x_dimension", ""),
        ("kind=label&paper=roll-40x30", "paper", "mục 5.12.3.1"),
        ("kind=itf-14&scanned_at=retail", "scanned_at", "mục 5.12.3"),
        ("kind=nonsense", "kind", ""),
        ("kind=qr&paper=a0", "paper", ""),
        ("kind=qr&dpi=10", "dpi", ""),
        ("kind=qr&language=xx", "language", ""),
    ],
)
def test_what_cannot_be_printed_is_said_beside_its_field(
    member: Visitor, page: str, query: str, field: str, words: str
) -> None:
    answer = member.get(f"{page}?{query}")
    assert answer.status_code == 422
    error = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert error
    assert words in error[1]
    assert "data:image/svg+xml;base64,Ij" not in answer.text


def test_sheets_are_ordered_watched_and_fetched(
    member: Visitor, page: str, sqlite_database: Database
) -> None:
    here = f"{page}?kind=qr&paper=a4-3x8&lot=L1"
    answer = member.send(here, page, kind="qr", paper="a4-3x8", lot="L1", count="30")
    assert answer.status_code == 303
    job = answer.headers["location"]
    waiting = member.get(job)
    assert "Đang chờ" in text_of(waiting)
    assert "Hủy" in text_of(waiting)
    assert member.get(f"{job}/file").status_code == 404
    work(sqlite_database)
    done = text_of(member.get(job))
    assert "Số nhãn đã tạo 30" in done
    assert "Số trang 2" in done
    file = member.get(f"{job}/file")
    assert file.content.startswith(b"%PDF-")
    assert file.headers["content-disposition"].endswith('.pdf"')
    assert job.removeprefix("/shop") in member.get(page).text


def test_a_label_for_each_serial(member: Visitor, page: str, sqlite_database: Database) -> None:
    here = f"{page}?kind=qr&paper=a4-3x8"
    job = member.send(here, page, kind="qr", paper="a4-3x8", serials="1").headers["location"]
    work(sqlite_database)
    assert "Số nhãn đã tạo 1" in text_of(member.get(job))


def test_an_order_is_cancelled_from_its_page(member: Visitor, page: str) -> None:
    here = f"{page}?kind=qr&paper=a4-3x8"
    job = member.send(here, page, kind="qr", paper="a4-3x8").headers["location"]
    assert member.send(job, f"{job}/cancel").status_code == 303
    assert "Đã hủy" in text_of(member.get(job))
    assert member.get(f"{job}/file").status_code == 404


@pytest.mark.parametrize("count", ["0", "100001", "x", "-1", "1e3"])
def test_a_number_of_labels_that_no_job_prints_is_refused(
    member: Visitor, page: str, count: str
) -> None:
    here = f"{page}?kind=qr&paper=a4-3x8"
    answer = member.send(here, page, kind="qr", paper="a4-3x8", count=count)
    assert answer.status_code == 422
    assert 'id="count-error"' in answer.text
    assert f'value="{count}"' in answer.text


def test_nothing_is_printed_of_anothers_product(
    member: Visitor, page: str, neighbour: Neighbour
) -> None:
    other = f"/shop/products/{neighbour.product_id}/labels"
    assert member.get(other).status_code == 404
    here = f"{page}?kind=qr&paper=a4-3x8"
    assert member.send(here, other, kind="qr", paper="a4-3x8").status_code == 404


def test_a_name_full_of_markup_stays_text_on_page_and_label(
    member: Visitor, goods: Goods, page: str, sqlite_database: Database, tmp_path: Path
) -> None:
    from traceability.registry.models import Product

    name = "</text><script>alert(1)</script> #panic() *b*"
    with sqlite_database.writing() as session:
        session.get_one(Product, goods.product_id).name = name
    shown = member.get(f"{page}?kind=qr&paper=roll-100x50")
    assert "<script>alert" not in shown.text
    picture = member.get(f"{page.removesuffix('s')}?kind=qr&paper=roll-100x50").text
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture
