"""What a shop or producer is told to do first."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.security import keys
from tests.app.client import OPERATOR, make_party
from tests.app.web.conftest import Goods, People, Visitor, text_of
from tests.app.web.shop.conftest import OTHER_GTIN, OTHER_TAX_CODE, Files, Neighbour
from traceability.actor import Role
from traceability.clock import now, today
from traceability.db import Database
from traceability.invoices.service import import_files
from traceability.registry.models import Lot, Party, Product, Registration


def dashboard(member: Visitor, language: str = "vi") -> str:
    answer = member.get("/shop", accept_language=language)
    assert answer.status_code == 200
    return text_of(answer)


def test_the_authoritys_pending_decision_comes_first(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        session.add(
            Registration(
                party_id=goods.party_id, status="suspended", valid_from=today(), reason="Lý do A"
            )
        )
    page = dashboard(member)
    assert "Đăng ký của bạn đang tạm dừng" in page
    assert "Lý do A" in page
    assert page.index("Đăng ký của bạn") < page.index("còn thiếu thông tin")


def test_products_with_missing_elements_are_named_with_what_is_missing(member: Visitor) -> None:
    page = dashboard(member)
    assert "1 sản phẩm còn thiếu thông tin luật yêu cầu" in page
    assert "Trà minh họa, hộp 20 gói Hình ảnh;" in page


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-31, None),
        (-1, "1 lô đã hết hạn trong 30 ngày qua"),
        (0, "1 lô sẽ hết hạn trong 30 ngày tới"),
        (30, "1 lô sẽ hết hạn trong 30 ngày tới"),
        (31, None),
    ],
)
def test_lots_are_named_thirty_days_around_their_date(
    member: Visitor, goods: Goods, sqlite_database: Database, days: int, said: str | None
) -> None:
    with sqlite_database.writing() as session:
        session.get_one(Lot, goods.lot_id).expiry_date = today() + timedelta(days=days)
    page = dashboard(member)
    assert (said or "Lô L1") in page if said else "Lô L1" not in page


def test_lines_that_are_not_linked_are_counted(
    member: Visitor, files: Files, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        import_files(session, OPERATOR, [("a.xml", files.sold(code="CODE-1"))])
    assert "1 dòng hóa đơn chưa rõ là sản phẩm nào" in dashboard(member)


def _sell_more_than_was_bought(session: Session, files: Files) -> None:
    bought, sold = files.bought(1, 5), files.sold(2, 8, OTHER_GTIN)
    import_files(session, OPERATOR, [("a.xml", bought), ("b.xml", sold)])


def test_a_balance_below_nothing_is_not_explained_yet_and_accuses_nobody(
    member: Visitor, neighbour: Neighbour, files: Files, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        _sell_more_than_was_bought(session, files)
    page = dashboard(member)
    assert "chưa giải trình được 3" in page
    assert "hàng tồn đầu kỳ" in page
    assert "vi phạm" not in page
    assert "giả mạo" not in page
    assert "chưa giải trình được 3" in text_of(member.get("/shop/balances"))


def test_what_one_makes_oneself_needs_no_purchase(
    member: Visitor, goods: Goods, files: Files, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        gtin = session.get_one(Product, goods.product_id).gtin
        import_files(session, OPERATOR, [("a.xml", files.sold(code=gtin))])
    assert "chưa giải trình" not in dashboard(member)
    page = text_of(member.get("/shop/balances"))
    assert "sản phẩm của bạn" in page
    assert "chưa giải trình được" not in page.split("Khi có số lượng")[0]


@pytest.mark.parametrize(("days", "named"), [(3, True), (60, False)])
def test_keys_that_soon_expire_are_named(
    member: Visitor, goods: Goods, sqlite_database: Database, days: int, named: bool
) -> None:
    with sqlite_database.writing() as session:
        keys.create_key(
            session, OPERATOR, name="Máy 1", role=Role.PRODUCER, party_id=goods.party_id,
            expires_at=now() + timedelta(days=days),
        )  # fmt: skip
    assert ("Máy 1" in dashboard(member)) is named


def test_an_empty_organisation_is_led_to_its_first_product(
    visitor: Visitor, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        people = People(sqlite_database, make_party(session, "shop", OTHER_TAX_CODE))
    visitor.log_in(people[Role.SHOP])
    answer = visitor.get("/shop")
    assert "Chưa đăng ký sản phẩm nào" in text_of(answer)
    assert 'href="/shop/products/new"' in answer.text
    for page in ("/shop/products", "/shop/invoices", "/shop/balances", "/shop/lines", "/shop/keys"):
        assert visitor.get(page).status_code == 200


def test_an_organisation_without_a_tax_code_has_pages_too(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        session.get_one(Party, goods.party_id).tax_code = None
    for page in ("/shop", "/shop/balances", "/shop/lines"):
        assert member.get(page).status_code == 200
    assert "chưa có mã số thuế" in text_of(member.get("/shop/invoices"))


def test_the_dashboard_speaks_english_too(member: Visitor) -> None:
    assert "1 product lacks elements that the law asks for" in dashboard(member, "en")
