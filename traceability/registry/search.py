"""Search by the start of words, without diacritics and case, over terms kept in step.

`sam ngoc` finds "Sâm Ngọc Linh", `dak` finds "Đắk Hà", `893` finds GTINs. Every word of the
query must begin a term of the record. A term is looked up as a range of the index, on SQLite
and on PostgreSQL alike.

>>> list(product_terms("Sâm Ngọc Linh", "09520123456788"))
['sam', 'ngoc', 'linh', '09520123456788', '9520123456788']
>>> query_words("Sâm  NGỌC!")
['ngoc', 'sam']
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from traceability.folding import words
from traceability.registry.models import Party, PartyTerm, Product, ProductTerm

MAX_TERM = 60
MAX_QUERY_WORDS = 8
_INSERT_SQLITE = "INSERT INTO product_term (term, product_id) VALUES (?, ?)"
_INSERT_POSTGRESQL = (
    "INSERT INTO product_term (term, product_id) SELECT * FROM unnest(%s::varchar[], %s::bigint[])"
)
_LAST = "\U0010ffff"


def product_terms(text: str, gtin: str) -> Iterable[str]:
    """The terms of a product: the words of its texts, and its code in every printed length."""
    found = [word[:MAX_TERM] for word in words(text)]
    printed = [gtin[-size:] for size in (14, 13, 12, 8) if not gtin[:-size].strip("0")]
    return dict.fromkeys([*found, *printed])


def text_of(name: str, brand: str | None, category: str | None) -> str:
    """The texts of a product in which its words are looked for."""
    return f"{name} {brand or ''} {category or ''}"


def party_terms(party: Party) -> Iterable[str]:
    text = f"{party.name} {party.tax_code or ''} {party.gln or ''} {party.address}"
    return dict.fromkeys(word[:MAX_TERM] for word in words(text))


def query_words(query: str) -> list[str]:
    """The words of a query, the longest first: it leaves the fewest records for the others."""
    found = [word[:MAX_TERM] for word in words(query[:400])][:MAX_QUERY_WORDS]
    return sorted(found, key=len, reverse=True)


def products_matching(query: str) -> list[sa.ColumnElement[bool]]:
    """Conditions on `Product.id`, one a word; a query without a word matches nothing."""
    return _conditions(
        query, col(ProductTerm.term), col(ProductTerm.product_id), col(Product.id)
    )  # fmt: skip


def parties_matching(query: str) -> list[sa.ColumnElement[bool]]:
    """Conditions on `Party.id`, one a word; a query without a word matches nothing."""
    return _conditions(query, col(PartyTerm.term), col(PartyTerm.party_id), col(Party.id))


def _conditions(
    query: str,
    term: Mapped[str],
    owner: Mapped[int],
    wanted: Mapped[int | None],
) -> list[sa.ColumnElement[bool]]:
    found = query_words(query)
    if not found:
        return [sa.false()]
    first, *others = (sa.select(owner).where(term >= word, term < word + _LAST) for word in found)
    # The rarest word drives; the others are looked up for each record that it leaves.
    return [
        wanted.in_(first),
        *(each.where(owner == wanted).exists() for each in others),
    ]


def index_product(session: Session, product: Product) -> None:
    """Bring the terms of one product up to date."""
    session.execute(sa.delete(ProductTerm).where(col(ProductTerm.product_id) == product.id))
    text = text_of(product.name, product.brand, product.category)
    insert_product_terms(session, [(product.id or 0, text, product.gtin)])


def index_party(session: Session, party: Party) -> None:
    """Bring the terms of one party up to date."""
    session.execute(sa.delete(PartyTerm).where(col(PartyTerm.party_id) == party.id))
    rows = [{"term": term, "party_id": party.id} for term in party_terms(party)]
    session.execute(sa.insert(PartyTerm), rows)


def insert_product_terms(session: Session, products: Iterable[tuple[int, str, str]]) -> None:
    """Add the terms of new products: (id, text, gtin) of each."""
    rows = sorted(
        (term, number) for number, text, gtin in products for term in product_terms(text, gtin)
    )
    # A dozen rows for each product, so the fastest way of each driver, in the order of the index.
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        columns = ([term for term, _ in rows], [number for _, number in rows])
        connection.exec_driver_sql(_INSERT_POSTGRESQL, columns)
    else:
        connection.exec_driver_sql(_INSERT_SQLITE, rows)
