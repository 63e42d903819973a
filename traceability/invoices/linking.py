"""Which product a line of an invoice is about, and how many of it.

A registered GTIN in the line decides. Else an alias: a person's statement that a seller's code of
goods, in a unit, is a product, and how many of it one unit holds (a carton of 24). Likeness of
names only proposes; it links nothing by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from sqlmodel import Session

from traceability.folding import fold, words
from traceability.invoices import link_repository, repository
from traceability.invoices.link_repository import ItemCode, LineToLink
from traceability.invoices.models import ItemAlias
from traceability.registry.models import Product

MAX_BASE_QUANTITY = Decimal(9) * 10**12
"""What a quantity column holds."""
_MIN_SIMILARITY = 0.45
_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Link:
    """The product of a line and its quantity in the product's own unit."""

    product_id: int | None = None
    base_quantity: Decimal | None = None


UNLINKED = Link()


class Linker:
    """Resolves lines by what the registry and the aliases say now.

    Args:
        products: product ids by registered GTIN.
        aliases: every alias of the codes of goods in question.
    """

    def __init__(self, products: dict[str, int], aliases: Iterable[ItemAlias]) -> None:
        self._products = products
        self._aliases = {(a.seller_tax_code, a.item_code, a.unit): a for a in aliases}

    @classmethod
    def of(cls, session: Session, gtins: Collection[str], codes: Collection[ItemCode]) -> "Linker":
        """Read what is needed for lines with these GTINs and codes, in a statement for each."""
        return cls(
            link_repository.products_by_gtin(session, gtins),
            link_repository.aliases(session, codes),
        )

    def resolve(
        self, code: ItemCode | None, unit: str | None, gtin: str | None, quantity: Decimal | None
    ) -> Link:
        """The link of one line; its GTIN goes before an alias, which may still give the factor."""
        alias = self._alias(code, unit)
        product_id = self._products.get(gtin) if gtin else None
        if product_id is None:
            if alias is None:
                return UNLINKED
            product_id = alias.product_id
        factor = alias.factor if alias and alias.product_id == product_id else Decimal(1)
        base = None if quantity is None else quantity * factor
        if base is not None and abs(base) > MAX_BASE_QUANTITY:
            return UNLINKED  # beyond what can be counted: a mistaken factor or quantity
        return Link(product_id, base)

    def _alias(self, code: ItemCode | None, unit: str | None) -> ItemAlias | None:
        if code is None:
            return None
        exact = self._aliases.get((*code, fold_unit(unit)))
        return exact or self._aliases.get((*code, ""))


def fold_unit(unit: str | None) -> str:
    """A unit of measure as aliases compare it.

    >>> fold_unit(" Hộp "), fold_unit(None)
    ('hop', '')
    """
    return " ".join(fold(unit or "").split())


def relink(session: Session, lines: Sequence[LineToLink]) -> int:
    """Set the links of lines on record to what holds now; how many changed."""
    codes = {ItemCode(line.seller_tax_code, line.item_code) for line in lines if line.item_code}
    linker = Linker.of(session, {line.gtin for line in lines if line.gtin}, codes)
    changed = []
    for line in lines:
        code = ItemCode(line.seller_tax_code, line.item_code) if line.item_code else None
        link = linker.resolve(code, line.unit, line.gtin, line.quantity)
        if link != Link(line.product_id, line.base_quantity):
            changed.append(
                {"id": line.id, "product_id": link.product_id, "base_quantity": link.base_quantity}
            )
    link_repository.set_links(session, changed)
    return len(changed)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product whose name is like the one on the invoice: a proposal for a person."""

    product_id: int
    gtin: str
    name: str
    similarity: float
    """0 to 1, by shared words and order of letters of the folded names."""


def suggest(session: Session, name: str, limit: int = 5) -> list[Suggestion]:
    """Registered products whose names are like this one, the likest first."""
    wanted = words(name)
    if not wanted:
        return []
    # The longest words say most, and few words keep the statement small.
    rare = sorted(wanted, key=len, reverse=True)[:8]
    rows = link_repository.products_sharing_words(session, rare, _CANDIDATES)
    found = [
        Suggestion(product_id, gtin, title, similarity(name, f"{brand or ''} {title}"))
        for product_id, gtin, title, brand in rows
    ]
    likely = [suggestion for suggestion in found if suggestion.similarity >= _MIN_SIMILARITY]
    return sorted(likely, key=lambda s: (-s.similarity, s.gtin))[:limit]


def similarity(left: str, right: str) -> float:
    """How like two names are, 0 to 1.

    >>> similarity("Sữa bột Ví Dụ 400g", "sua bot vi du 400g")
    1.0
    >>> similarity("Sữa bột Ví Dụ 400g", "Cà phê rang xay") < 0.3
    True
    """
    ours, theirs = words(left), words(right)
    if not ours or not theirs:
        return 0.0
    shared = 2 * len(set(ours) & set(theirs)) / (len(ours) + len(theirs))
    letters = SequenceMatcher(None, " ".join(ours), " ".join(theirs), autojunk=False).ratio()
    return round((shared + letters) / 2, 3)


def link_new_products(session: Session, products: Iterable[Product]) -> int:
    """Link the lines that named these GTINs before they were registered; how many."""
    repository.lock(session)
    gtins = {product.gtin for product in products}
    return relink(session, link_repository.lines_with_gtins(session, gtins))


def link_registered(session: Session) -> int:
    """Link every line whose GTIN has been registered meanwhile, as after an imported table."""
    repository.lock(session)
    gtins = link_repository.registered_gtins_of_unlinked_lines(session)
    return relink(session, link_repository.lines_with_gtins(session, gtins))
