import pytest
import sqlalchemy as sa
from sqlmodel import Session

from tests.traceability.registry.makers import ADMIN, a_party, a_product, gtin, member, tax_code
from traceability.actor import PUBLIC
from traceability.db import Database
from traceability.registry import parties, products, repository
from traceability.registry.schemas import PartyPatch, ProductPatch


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("Sâm Ngọc Linh", True),
        ("sam ngoc", True),
        ("NGỌC sâm", True),
        ("ngo li", True),
        ("dak to", True),
        ("đắk", True),
        ("nhan vi", True),
        ("duoc lieu", True),
        (gtin(1), True),
        (gtin(1)[:6], True),
        ("0" + gtin(1), True),
        ("sam ca phe", False),
        ("goc", False),
        ("%", False),
        ("sam_", False),
        ("'; --", False),
    ],
)
def test_products_are_found_by_the_start_of_their_words(
    session: Session, query: str, is_found: bool
) -> None:
    own = a_party(session)
    given = {"name": "Sâm Ngọc Linh Đắk Tô", "brand": "Nhãn Ví Dụ", "category": "dược liệu"}
    product = a_product(session, own, **given)
    a_product(session, own, 20_000_000)
    found = repository.list_products(session, PUBLIC, query=query)
    assert [row.id for row in found if row.id == product.id] == ([product.id] if is_found else [])


def test_a_changed_name_is_found_and_the_old_one_is_not(session: Session) -> None:
    product = a_product(session, a_party(session), name="Mật ong")
    products.change_product(session, ADMIN, product.id or 0, ProductPatch(name="Hạt điều"))
    assert repository.list_products(session, PUBLIC, query="mat ong") == []
    assert repository.list_products(session, PUBLIC, query="hat dieu") == [product]


def test_parties_are_found_by_name_address_and_tax_code(session: Session) -> None:
    own = a_party(session, name="Hợp tác xã Đắk Hà", address="Thôn 1, xã Đăk Hà")
    a_party(session, 2, name="Khác", address="Khác")
    for query in ("hop tac", "dak ha", tax_code(1), tax_code(1)[:9], "thon 1"):
        assert repository.list_parties(session, ADMIN, query=query) == [own], query
    parties.change_party(session, ADMIN, own.id or 0, PartyPatch(name="Công ty Mới"))
    assert repository.list_parties(session, ADMIN, query="hop tac") == []


def test_a_search_shows_nobody_more_than_a_list(session: Session) -> None:
    own, other = a_party(session, name="Ví dụ một"), a_party(session, 2, name="Ví dụ hai")
    assert repository.list_parties(session, member(own), query="vi du") == [own]
    assert repository.list_parties(session, ADMIN, query="vi du") == [own, other]


def test_pages_of_a_search_follow_the_ids(session: Session) -> None:
    own = a_party(session)
    made = [a_product(session, own, number, name="Chè dây") for number in (1, 2, 3)]
    first = repository.list_products(session, PUBLIC, query="che", limit=2)
    second = repository.list_products(session, PUBLIC, query="che", after_id=first[-1].id or 0)
    assert [*first, *second] == made


def test_a_very_long_query_is_cut(session: Session) -> None:
    a_product(session, a_party(session), name="a " * 100)
    assert len(repository.list_products(session, PUBLIC, query="a " * 5000)) == 1


def test_the_start_of_a_word_is_looked_up_in_the_index(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        plan = session.execute(
            sa.text("EXPLAIN QUERY PLAN SELECT product_id FROM product_term "
                    "WHERE term >= 'sam' AND term < 'sam\U0010ffff'")
        ).all()  # fmt: skip
    assert "term>? AND term<?" in str(plan)
