"""An auditor reads what inspectors have recorded, and is shown no form."""

import pytest
from sqlmodel import select

from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from traceability.actor import Role
from traceability.db import Database
from traceability.verification.models import Scan


@pytest.fixture
def recorded(
    other_visitor: Visitor, people: People, goods: Goods, sqlite_database: Database
) -> int:
    """The id of a scan that an inspector made, with a note."""
    other_visitor.log_in(people[Role.INSPECTOR])
    other_visitor.send("/inspect", "/inspect/scan", scan_data=GTIN, nonce="n")
    with sqlite_database.reading() as session:
        number = session.exec(select(Scan.id)).one() or 0
    page = f"/inspect/scans/{number}"
    other_visitor.send(page, page, note="Tem bị bóc", kept="1")
    return number


@pytest.fixture
def auditor(visitor: Visitor, people: People) -> Visitor:
    visitor.log_in(people[Role.AUDITOR])
    return visitor


def test_every_page_is_read_and_none_has_a_form_that_writes(
    auditor: Visitor, recorded: int, goods: Goods
) -> None:
    for path in (
        "/inspect", "/inspect/scans", f"/inspect/scans/{recorded}", "/inspect/shops",
        "/inspect/shops?q=vi+du", f"/inspect/shops?scan={recorded}",
        f"/inspect/shops/{goods.party_id}",
    ):  # fmt: skip
        answer = auditor.get(path)
        assert answer.status_code == 200, path
        main = answer.text[answer.text.index("<main") : answer.text.index("</main>")]
        assert 'method="post"' not in main, path
        assert "/inspect?shop" not in main, path


def test_the_scans_of_all_inspectors_stand_in_the_list_with_their_notes(
    auditor: Visitor, recorded: int
) -> None:
    shown = auditor.get("/inspect/scans")
    assert f"/inspect/scans/{recorded}" in shown.text
    assert "Lượt quét của tôi" not in text_of(shown)
    assert "Tem bị bóc" in text_of(auditor.get(f"/inspect/scans/{recorded}"))


@pytest.mark.parametrize("path", ["/inspect/photo", "/inspect/scan", "/inspect/scans/1"])
def test_a_form_that_is_sent_all_the_same_is_refused(auditor: Visitor, path: str) -> None:
    assert auditor.send("/account", path, scan_data=GTIN, note="x").status_code == 403


def test_the_navigation_of_the_office_leads_there(auditor: Visitor) -> None:
    assert 'href="/inspect"' in auditor.get("/office").text
