"""Who else may use a code: listed, added and ended by its owner, and read by who uses it."""

from datetime import timedelta

import pytest

from tests.app.client import make_party
from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from tests.app.web.office_visits import actions
from tests.app.web.shop.conftest import OTHER_TAX_CODE, Neighbour
from traceability.actor import Actor, Role
from traceability.clock import today
from traceability.db import Database
from traceability.registry import authorisations, products, repository
from traceability.registry.models import CodeAuthorisation
from traceability.registry.schemas import AuthorisationIn

GIVEN = {
    "tax_code": OTHER_TAX_CODE, "document_number": "UQ-01/VD", "document_date": "2026-10-01",
}  # fmt: skip


def page_of(product_id: int) -> str:
    return f"/shop/products/{product_id}/authorisations"


def documents(database: Database, product_id: int) -> list[CodeAuthorisation]:
    with database.reading() as session:
        return [row for row, _ in repository.authorisations(session, product_id)]


def test_at_first_the_owner_is_alone(member: Visitor, goods: Goods) -> None:
    assert "Chỉ tổ chức của bạn dùng mã này" in text_of(member.get(page_of(goods.product_id)))


def test_the_owner_lets_an_organisation_use_the_code(
    member: Visitor, goods: Goods, neighbour: Neighbour
) -> None:
    page = page_of(goods.product_id)
    answer = member.send(page, page, **GIVEN, valid_to="2027-10-01")
    assert answer.headers["location"] == f"{page}?done=added"
    shown = text_of(member.get(page))
    assert f"VÍ DỤ producer {OTHER_TAX_CODE} Đang hiệu lực" in shown
    assert "Văn bản UQ-01/VD ngày 1/10/2026" in shown


def test_who_may_use_the_code_makes_lots_of_it(
    member: Visitor, goods: Goods, neighbour: Neighbour, sqlite_database: Database
) -> None:
    page = page_of(goods.product_id)
    member.send(page, page, **GIVEN)
    partner = Actor(Role.PRODUCER, neighbour.party_id)
    with sqlite_database.reading() as session:
        product = products.product_of_gtin(session, partner, GTIN)
        assert products.may_use(session, partner, product)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"tax_code": ""}, "Cần điền mục này"),
        ({"tax_code": "9999100018"}, "Số kiểm tra của mã số thuế"),
        ({"tax_code": "0100109106"}, "Không có đơn vị đăng ký nào có mã số thuế 0100109106"),
        ({"document_number": ""}, "Cần điền mục này"),
        ({"document_date": "2099-01-01"}, "tương lai"),
        ({"valid_to": "2026-10-02"}, "Ủy quyền đã hết hạn"),
        ({"valid_to": "2026-09-01"}, "trước"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_kept(
    member: Visitor,
    goods: Goods,
    neighbour: Neighbour,
    sqlite_database: Database,
    wrong: dict[str, str],
    sentence: str,
) -> None:
    page = page_of(goods.product_id)
    answer = member.send(page, page, **{**GIVEN, **wrong})
    assert answer.status_code == 422
    (field,) = wrong
    error = answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert sentence.lower() in error.lower()
    assert documents(sqlite_database, goods.product_id) == []


def test_every_fault_of_the_form_is_named_at_once(member: Visitor, goods: Goods) -> None:
    page = page_of(goods.product_id)
    answer = member.send(page, page, tax_code="1", document_number="", document_date="x")
    for field in ("tax_code", "document_number", "document_date"):
        assert f'id="{field}-error"' in answer.text


def test_an_agency_uses_no_codes(member: Visitor, goods: Goods, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        make_party(session, "agency", "9999100031")
    page = page_of(goods.product_id)
    answer = member.send(page, page, **{**GIVEN, "tax_code": "9999100031"})
    assert answer.status_code == 422
    assert 'id="tax_code-error"' in answer.text


def authorised(database: Database, goods: Goods, neighbour: Neighbour) -> int:
    """The id of a document by which the neighbour uses the code of `goods`."""
    given = AuthorisationIn(
        party_id=neighbour.party_id, document_number="UQ-02/VD", document_date="2026-10-01"
    )
    owner = Actor(Role.PRODUCER, goods.party_id)
    with database.writing() as session:
        return authorisations.authorise(session, owner, goods.product_id, given).id or 0


def test_ending_is_asked_about_and_takes_effect_at_once(
    member: Visitor, goods: Goods, neighbour: Neighbour, sqlite_database: Database
) -> None:
    row = authorised(sqlite_database, goods, neighbour)
    page = page_of(goods.product_id)
    question = f"{page}/{row}/end"
    assert "UQ-02/VD" in text_of(member.get(question))
    assert documents(sqlite_database, goods.product_id)[0].valid_to is None
    assert member.send(question, question).headers["location"] == f"{page}?done=ended"
    assert documents(sqlite_database, goods.product_id)[0].valid_to == today() - timedelta(days=1)
    partner = Actor(Role.PRODUCER, neighbour.party_id)
    with sqlite_database.reading() as session:
        product = products.product_of_gtin(session, partner, GTIN)
        assert not products.may_use(session, partner, product)
    assert actions(sqlite_database, f"product:{goods.product_id}")[-1] == "registry:code:ended"


def test_what_has_ended_is_not_ended_again(
    member: Visitor, goods: Goods, neighbour: Neighbour, sqlite_database: Database
) -> None:
    question = f"{page_of(goods.product_id)}/{authorised(sqlite_database, goods, neighbour)}/end"
    token_page = page_of(goods.product_id)
    member.send(token_page, question)
    member.send(token_page, question)
    found = actions(sqlite_database, f"product:{goods.product_id}")
    assert found.count("registry:code:ended") == 1
    assert "Ủy quyền này đã chấm dứt" in text_of(member.get(question))


def test_an_authorised_user_reads_its_own_document_and_changes_none(
    visitor: Visitor, goods: Goods, neighbour: Neighbour, sqlite_database: Database
) -> None:
    row = authorised(sqlite_database, goods, neighbour)
    partner = People(sqlite_database, neighbour.party_id)
    visitor.log_in(partner[Role.SHOP])
    page = page_of(goods.product_id)
    _, main = visitor.get(page).text.split("<main")
    assert "UQ-02/VD" in main
    assert 'method="post"' not in main.split("</main>")[0]
    assert visitor.get(f"{page}/{row}/end").status_code == 403
    assert visitor.send("/account", page, **GIVEN).status_code == 403
    assert visitor.send("/account", f"{page}/{row}/end").status_code == 403


def test_another_s_product_is_like_one_that_does_not_exist(
    member: Visitor, goods: Goods, neighbour: Neighbour
) -> None:
    page = page_of(neighbour.product_id)
    assert member.get(page).status_code == 404
    assert member.send("/account", page, **GIVEN).status_code == 404
    assert member.get(f"{page_of(goods.product_id)}/999/end").status_code == 404


def test_the_owner_confirms_the_document_that_another_has_named_itself(
    member: Visitor, goods: Goods, neighbour: Neighbour, sqlite_database: Database
) -> None:
    authorised(sqlite_database, goods, neighbour)
    with sqlite_database.writing() as session:
        repository.products_by_id(session, [goods.product_id])[goods.product_id].confirmed = False
    page = page_of(goods.product_id)
    shown = text_of(member.get(page))
    assert "Chưa được xác nhận" in shown
    assert "UQ-02/VD" in shown
    member.send(page, page, **{**GIVEN, "document_number": "UQ-02/VD"})
    assert "Chưa được xác nhận" not in text_of(member.get(page))
