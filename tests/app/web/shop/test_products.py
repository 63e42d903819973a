"""Registering, finding and changing products."""

import io

import pytest
from PIL import Image

from scanner.render import render_ean13
from tests.app.client import OPERATOR
from tests.app.rows import nothing_stored, stored
from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from tests.app.web.shop.conftest import FREE_GTIN, OTHER_GTIN, Neighbour
from traceability.actor import Role
from traceability.db import Database
from traceability.registry import parties, products, search
from traceability.registry.models import CodeAuthorisation, Product
from traceability.registry.schemas import CompanyPrefixIn, PartyPatch

NEW = "/shop/products/new"


def register(member: Visitor, gtin: str = FREE_GTIN, **form: str) -> str:
    answer = member.send(f"{NEW}?gtin={gtin}", "/shop/products", gtin=gtin, **form)
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["location"]


def product(database: Database, product_id: int) -> Product:
    with database.reading() as session:
        return session.get_one(Product, product_id)


# The number, explained at once


def test_a_free_number_is_explained_and_can_be_registered(member: Visitor) -> None:
    page = text_of(member.get(f"{NEW}?gtin=952 1234 500025"))
    assert "Mã đúng cấu trúc; số kiểm tra đúng." in page
    assert "GTIN-13: in bằng mã vạch EAN-13." in page
    assert "Mã chưa được đăng ký: bạn có thể đăng ký." in page
    assert "Tên sản phẩm" in page


def test_a_prefix_is_never_called_an_origin(member: Visitor) -> None:
    page = text_of(member.get(f"{NEW}?gtin=4006381333931"))
    assert "GS1 Germany" in page
    assert "không kết luận được về xuất xứ" in page


@pytest.mark.parametrize("typed", ["9521234500026", "123", "952123450002X", " "])
def test_a_wrong_number_is_said_beside_the_field_and_kept(member: Visitor, typed: str) -> None:
    answer = member.get(f"{NEW}?gtin={typed}")
    assert answer.status_code == 422
    assert 'id="gtin-error"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert "registry." not in text_of(answer)


def test_a_letter_read_for_a_digit_gets_a_proposal(member: Visitor) -> None:
    answer = member.get(f"{NEW}?gtin=952123450OO25")
    assert f"{NEW}?gtin={FREE_GTIN}" in answer.text


def test_a_number_of_ones_own_leads_to_its_product(member: Visitor, goods: Goods) -> None:
    answer = member.get(f"{NEW}?gtin={GTIN}")
    assert f"/shop/products/{goods.product_id}" in answer.text
    assert 'name="name"' not in answer.text


def test_a_number_of_another_names_who_registered_it(member: Visitor, neighbour: Neighbour) -> None:
    answer = member.get(f"{NEW}?gtin={OTHER_GTIN}")
    assert "Đã được VÍ DỤ producer 9999100024 đăng ký." in text_of(answer)
    assert 'name="name"' not in answer.text


def test_a_number_that_no_goods_in_trade_carry_cannot_be_registered(member: Visitor) -> None:
    assert 'name="name"' not in member.get(f"{NEW}?gtin=2000000000008").text


def test_a_number_under_anothers_prefix_asks_for_the_document(
    member: Visitor, neighbour: Neighbour, sqlite_database: Database
) -> None:
    change = PartyPatch(company_prefixes=[CompanyPrefixIn(prefix="9521301")])
    with sqlite_database.writing() as session:
        parties.change_party(session, OPERATOR, neighbour.party_id, change)
    gtin = "9521301000021"
    page = member.get(f"{NEW}?gtin={gtin}")
    assert "Mã doanh nghiệp 9521301 được ghi nhận cho VÍ DỤ producer" in text_of(page)
    without = member.send(NEW, "/shop/products", gtin=gtin, name="Hàng đóng gói hộ")
    assert without.status_code == 422
    with stored(sqlite_database, product=1, code_authorisation=1):
        register(
            member, gtin, name="Hàng đóng gói hộ", document_number="01/UQ",
            document_date="01/02/2026",
        )  # fmt: skip
    with sqlite_database.reading() as session:
        assert session.get_one(CodeAuthorisation, 1).document_number == "01/UQ"


def test_the_number_is_read_from_a_photograph(member: Visitor) -> None:
    files = {"photo": ("a.png", render_ean13(FREE_GTIN, "png"), "image/png")}
    answer = member.send(NEW, NEW, files=files)
    assert answer.headers["location"] == f"{NEW}?gtin={FREE_GTIN}"


@pytest.mark.parametrize("data", [b"", b"no picture"])
def test_what_is_no_photograph_of_a_number_is_said_beside_the_field(
    member: Visitor, data: bytes
) -> None:
    answer = member.send(NEW, NEW, files={"photo": ("a.png", data, "image/png")})
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text


# Registering


def test_a_registered_product_has_its_page(member: Visitor, sqlite_database: Database) -> None:
    with stored(sqlite_database, product=1):
        address = register(member, name="Cà phê ví dụ", origin_place="Xã Ví Dụ")
    page = text_of(member.get(address))
    assert "Đã đăng ký sản phẩm." in page
    assert "Cà phê ví dụ" in page


def test_a_refused_product_keeps_what_was_typed(member: Visitor, sqlite_database: Database) -> None:
    with nothing_stored(sqlite_database):
        answer = member.send(
            NEW, "/shop/products", gtin=FREE_GTIN, name=" ", brand="Nhãn <b>", risk_class="none",
            document_number="1", document_date="31/2/2026",
        )  # fmt: skip
    assert answer.status_code == 422
    for field in ("name", "risk_class", "document_date"):
        assert f'href="#{field}"' in answer.text
    assert "Nhãn &lt;b&gt;" in answer.text


def test_a_number_taken_meanwhile_is_refused(member: Visitor, neighbour: Neighbour) -> None:
    answer = member.send(NEW, "/shop/products", gtin=OTHER_GTIN, name="Hàng")
    assert answer.status_code == 422
    assert "đã được" in text_of(answer).lower()


def test_a_form_without_a_number_asks_for_one(member: Visitor) -> None:
    answer = member.send(NEW, "/shop/products", name="Hàng")
    assert answer.status_code == 422
    assert 'id="gtin-error"' in answer.text


# The list


@pytest.mark.parametrize("query", ["trà minh", "TRA MINH", "9521234500018"])
def test_products_are_found_with_and_without_marks(
    member: Visitor, goods: Goods, sqlite_database: Database, query: str
) -> None:
    with sqlite_database.writing() as session:
        search.index_product(session, session.get_one(Product, goods.product_id))
    assert "Trà minh họa, hộp 20 gói" in text_of(member.get(f"/shop/products?q={query}"))


def test_a_search_without_result_says_what_to_do(member: Visitor) -> None:
    assert "Không tìm thấy" in text_of(member.get("/shop/products?q=zzz"))


def test_the_list_shows_ones_own_products_only(member: Visitor, neighbour: Neighbour) -> None:
    assert "Hàng của bên khác" not in text_of(member.get("/shop/products"))


def test_the_list_goes_on_over_pages(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        for number in range(30):
            session.add(
                Product(
                    gtin=f"{number:014}",
                    gtin_format="GTIN-13",
                    name=f"Hàng {number}",
                    producer_id=goods.party_id,
                )
            )
    page = member.get("/shop/products")
    assert "Hàng 23" in page.text
    assert "Hàng 29" not in page.text
    assert "Hàng 29" in member.get("/shop/products?after=25").text


# A product


def test_the_page_says_what_is_missing_under_which_text(member: Visitor, goods: Goods) -> None:
    page = text_of(member.get(f"/shop/products/{goods.product_id}"))
    assert "Còn thiếu theo Thông tư 02/2024/TT-BKHCN" in page
    assert "Tiêu chuẩn áp dụng" in page
    assert "Còn thiếu theo Nghị định 37/2026/NĐ-CP, điều 32" in page


@pytest.mark.parametrize("page", ["", "/edit", "/lots", "/serials", "/labels", "/label", "/lots/1"])
def test_the_pages_of_anothers_product_are_not_found(
    member: Visitor, neighbour: Neighbour, page: str
) -> None:
    answer = member.get(f"/shop/products/{neighbour.product_id}{page}")
    assert answer.status_code == 404


@pytest.mark.parametrize("page", ["", "/photo", "/lots", "/serials", "/lots/1"])
def test_nothing_is_posted_to_anothers_product(
    member: Visitor, neighbour: Neighbour, sqlite_database: Database, page: str
) -> None:
    path = f"/shop/products/{neighbour.product_id}{page}"
    with nothing_stored(sqlite_database):
        picture = {"photo": ("a.png", render_ean13(FREE_GTIN, "png"), "image/png")}
        answer = member.send("/shop", path, files=picture if page == "/photo" else None)
    assert answer.status_code == 404


def test_an_id_beyond_every_number_is_no_failure(member: Visitor) -> None:
    assert member.get(f"/shop/products/{10**30}").status_code == 422


def test_changes_are_saved_and_emptied_fields_are_empty(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    page = f"/shop/products/{goods.product_id}"
    answer = member.send(
        f"{page}/edit", page, name="Trà mới", brand="", standards="TCCS 01:2026", risk_class="high"
    )
    assert answer.headers["location"] == f"{page}?done=changed"
    changed = product(sqlite_database, goods.product_id)
    assert (changed.name, changed.brand, changed.standards, changed.risk_class) == (
        "Trà mới", None, "TCCS 01:2026", "high",
    )  # fmt: skip


def test_a_refused_change_keeps_what_was_typed_and_changes_nothing(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    page = f"/shop/products/{goods.product_id}"
    answer = member.send(f"{page}/edit", page, name="", brand="Nhãn mới")
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text
    assert 'value="Nhãn mới"' in answer.text
    assert product(sqlite_database, goods.product_id).brand == "Minh Họa"


def test_who_may_use_a_code_sees_the_product_and_cannot_change_it(
    visitor: Visitor, people: People, neighbour: Neighbour, goods: Goods,
    sqlite_database: Database,
) -> None:  # fmt: skip
    with sqlite_database.writing() as session:
        session.add(
            CodeAuthorisation(
                product_id=neighbour.product_id,
                party_id=goods.party_id,
                document_number="1",
                document_date=product(sqlite_database, goods.product_id).created_at.date(),
            )
        )
    visitor.log_in(people[Role.SHOP])
    page = f"/shop/products/{neighbour.product_id}"
    assert visitor.get(page).status_code == 200
    assert visitor.get(f"{page}/edit").status_code == 403


def test_a_photo_is_kept_encoded_anew(
    member: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "PNG")
    page = f"/shop/products/{goods.product_id}"
    with stored(sqlite_database, product_photo=1):
        answer = member.send(page, f"{page}/photo", {"photo": ("a.png", file.getvalue())})
    assert answer.headers["location"] == f"{page}?done=photo"
    with sqlite_database.reading() as session:
        found = products.describe(session, [session.get_one(Product, goods.product_id)])
    assert found[0].photo is not None


@pytest.mark.parametrize("data", [b"", b"%!PS-Adobe"])
def test_what_is_no_photo_is_said_beside_the_field(
    member: Visitor, goods: Goods, sqlite_database: Database, data: bytes
) -> None:
    page = f"/shop/products/{goods.product_id}"
    with nothing_stored(sqlite_database):
        answer = member.send(page, f"{page}/photo", {"photo": ("a.png", data)})
    assert answer.status_code == 422
    assert 'id="photo-error"' in answer.text
