"""Which product a line of an invoice is about, and how many of it.

A registered GTIN in the line decides. Else an alias: a person's statement that a seller's code of
goods, in a unit and from a day on, is a product, and how many of it one unit holds (a carton of
24). Likeness of names only proposes (`suggesting`); it links nothing by itself.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from sqlmodel import Session

from traceability.folding import fold
from traceability.invoices import ledger, link_repository, repository
from traceability.invoices.link_repository import ItemCode, LineToLink
from traceability.invoices.models import ItemAlias
from traceability.registry.models import Product

MAX_BASE_QUANTITY = Decimal(9) * 10**12
"""What a quantity column holds."""
_TOGETHER = 2000
"""Lines on record that are linked at a time."""


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
        aliases: every version in force of the codes of goods in question.
    """

    def __init__(self, products: dict[str, int], aliases: Iterable[ItemAlias]) -> None:
        self._products = products
        self._aliases: dict[tuple[str, str, str], list[ItemAlias]] = {}
        for alias in sorted(aliases, key=lambda each: each.valid_from, reverse=True):
            key = (alias.seller_tax_code, alias.item_code, alias.unit)
            self._aliases.setdefault(key, []).append(alias)

    @classmethod
    def of(cls, session: Session, gtins: Collection[str], codes: Collection[ItemCode]) -> "Linker":
        """Read what is needed for lines with these GTINs and codes, in a statement for each."""
        return cls(
            link_repository.products_by_gtin(session, gtins),
            link_repository.aliases(session, codes),
        )

    def resolve(
        self,
        code: ItemCode | None,
        unit: str | None,
        gtin: str | None,
        quantity: Decimal | None,
        issued_on: date,
    ) -> Link:
        """The link of one line; its GTIN goes before an alias, which may still give the factor.

        Args:
            code: the seller and its code of goods; None for a line without one.
            unit: DVTinh.
            gtin: found in the line, 14 digits.
            quantity: SLuong.
            issued_on: NLap, which decides between the versions of an alias.
        """
        alias = self._alias(code, unit, issued_on)
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

    def _alias(self, code: ItemCode | None, unit: str | None, on: date) -> ItemAlias | None:
        """The version for this unit before the one for any; of each the latest begun."""
        if code is None:
            return None
        versions = [*self._aliases.get((*code, fold_unit(unit)), ())]
        versions += self._aliases.get((*code, ""), ())
        return next((version for version in versions if version.valid_from <= on), None)


@lru_cache(maxsize=4096)
def fold_unit(unit: str | None) -> str:
    """A unit of measure as aliases compare it.

    >>> fold_unit(" Hộp "), fold_unit(None)
    ('hop', '')
    """
    return " ".join(fold(unit or "").split())


def relink(session: Session, lines: Iterable[LineToLink]) -> int:
    """Set the links of lines on record to what holds now; how many changed."""
    left, changed = iter(lines), 0
    while part := list(islice(left, _TOGETHER)):
        changed += _relink(session, part)
    return changed


def _relink(session: Session, lines: list[LineToLink]) -> int:
    codes = {ItemCode(line.seller_tax_code, line.item_code) for line in lines if line.item_code}
    linker = Linker.of(session, {line.gtin for line in lines if line.gtin}, codes)
    changed: dict[int, Link] = {}
    for line in lines:
        code = ItemCode(line.seller_tax_code, line.item_code) if line.item_code else None
        link = linker.resolve(code, line.unit, line.gtin, line.quantity, line.issued_on)
        if link != Link(line.product_id, line.base_quantity):
            changed[line.id] = link
    link_repository.set_links(
        session,
        [
            {"id": line_id, "product_id": link.product_id, "base_quantity": link.base_quantity}
            for line_id, link in changed.items()
        ],
    )
    ledger.apply_lines(session, changed)
    return len(changed)


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
