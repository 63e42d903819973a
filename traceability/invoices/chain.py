"""The path of invoices from a shop up to whoever made or imported a product.

    shop ◄─ invoice ─ distributor ◄─ invoice ─ producer        complete
    shop ◄─ invoice ─ wholesaler  ◄─ ?                         broken at the wholesaler

Each step goes from a buyer to one of its sellers, by an invoice with a line of the product and
not later than the sale it feeds. Of several paths the one with the shop's newest purchase is
taken; where none leads to a rightful source, the longest that was met, and the answer says where
it ends and why. A path that ends says that documents are missing here, not that anybody did
wrong: a small household may have no invoices to show.

Of two ways to reach a party the one by the later invoice is followed, because whatever could
have been bought before an earlier sale was also bought before a later one. So each party is
visited once from each purchase of the shop, and no party comes twice on a path.
"""

import heapq
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count

from sqlmodel import Session

from traceability.actor import Actor, Role
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices import chain_repository
from traceability.invoices.chain_repository import Purchase, RightfulSource
from traceability.registry.models import Party, Product
from traceability.registry.tax_code import TaxCode, TaxCodeKind

MAX_DEPTH = 12
MAX_PARTIES = 500
"""Parties looked at before the search gives up."""
MAX_SELLERS = 200
"""Sellers followed from one party, those with the newest invoices."""

Hop = Purchase
"""One invoice of the path; `buyer` is nearer to the shop."""


class BreakReason(StrEnum):
    """Why a path ends before a rightful source."""

    NO_PURCHASE = "no-purchase"
    """A registered party without any purchase of the product on record."""
    PURCHASE_AFTER_SALE = "purchase-after-sale"
    """It bought the product only after it had sold it on."""
    SELLER_UNKNOWN = "seller-unknown"
    """No registered party has this tax code."""
    HOUSEHOLD_WITHOUT_INVOICES = "household-without-invoices"
    """A household or person, who may lawfully have none."""
    LOOP = "loop"
    """Its purchases come only from parties already on the path."""
    TOO_DEEP = "too-deep"
    """The search was cut off by its bounds."""


@dataclass(frozen=True, slots=True)
class ChainBreak:
    reason: BreakReason
    tax_code: str
    """The party at which the path ends."""
    name: str | None
    sold_on: date | None
    """The day of its sale that is not explained; None at the shop itself."""


@dataclass(frozen=True, slots=True)
class Chain:
    hops: tuple[Hop, ...]
    """From the shop's own purchase upwards; empty when it bought nothing, or is the source."""
    source: RightfulSource | None
    """The producer, importer or authorised user at the head; None for a broken chain."""
    broken: ChainBreak | None
    truncated: bool = False
    """The search met its bounds: there may be more."""

    @property
    def complete(self) -> bool:
        return self.source is not None


@dataclass(frozen=True, slots=True)
class _Step:
    """A hop, and the step nearer to the shop that led to it."""

    hop: Hop
    before: "_Step | None"
    depth: int

    def hops(self) -> tuple[Hop, ...]:
        nearer = self.before.hops() if self.before else ()
        return (*nearer, self.hop)

    def passes(self, tax_code: str) -> bool:
        """Whether the party is on the path already, the shop included."""
        return any(tax_code in {hop.seller_tax_code, hop.buyer_tax_code} for hop in self.hops())

    def then(self, hop: Hop) -> "_Step":
        return _Step(hop, self, self.depth + 1)


class Buyers:
    """What each party ever bought: remembered over the searches for several products."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._bought: dict[str, frozenset[int]] = {}

    def ever_bought(self, tax_code: str, product_id: int) -> bool:
        if tax_code not in self._bought:
            found = chain_repository.bought_products(self._session, tax_code)
            self._bought[tax_code] = found
        return product_id in self._bought[tax_code]


def path_to_producer(
    session: Session, shop_tax_code: str, product: Product, buyers: Buyers | None = None
) -> Chain:
    """Follow the purchases of `product` upwards from a shop.

    Args:
        session: a reading session.
        shop_tax_code: where the path begins.
        product: the goods.
        buyers: hand in one for all, where the paths of many products are looked for.
    """
    search = _Search(session, shop_tax_code, product, buyers or Buyers(session))
    source = search.source_at(shop_tax_code, None)
    if source is not None:
        return Chain((), source, None)
    for purchase in search.purchases(shop_tax_code, date.max):
        found = search.explore(purchase)
        if found is not None:
            head = search.source_at(found.hop.seller_tax_code, found.hop.issued_on)
            return Chain(found.hops(), head, None, search.truncated)
    return search.broken_chain()


def path_of(session: Session, actor: Actor, party_id: int, product_id: int) -> Chain:
    """The path of a shop's goods, for those who may see the invoices of others.

    Raises:
        NotFoundError: `registry.party-unknown`, `registry.product-unknown`.
        InvalidError: `invoices.stock-no-tax-code`, no invoice can name the shop.
    """
    party = session.get(Party, party_id) if actor.sees_everything or _is_tax(actor) else None
    if party is None:
        raise NotFoundError("registry.party-unknown", party_id=party_id)
    if not party.tax_code:
        raise InvalidError.of("party_id", "invoices.stock-no-tax-code")
    product = session.get(Product, product_id)
    if product is None:
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    return path_to_producer(session, party.tax_code, product)


def _is_tax(actor: Actor) -> bool:
    return actor.role is Role.TAX


class _Search:
    """One question's view of the invoices."""

    def __init__(self, session: Session, shop: str, product: Product, buyers: Buyers) -> None:
        if product.id is None:
            raise ValueError("the product is not stored")
        self._session = session
        self._shop = shop
        self._product_id = product.id
        self._sources = chain_repository.rightful_sources(session, product)
        self._longest: _Step | None = None
        self._looked_at = 0
        self._buyers = buyers
        self._purchases: dict[tuple[str, date], list[Purchase]] = {}
        self.truncated = False

    def source_at(self, tax_code: str, on: date | None) -> RightfulSource | None:
        """Who this party is to the product on a day; any day when None."""
        for source in self._sources:
            starts = on is None or source.valid_from is None or source.valid_from <= on
            lasts = on is None or source.valid_to is None or source.valid_to >= on
            if source.tax_code == tax_code and starts and lasts:
                return source
        return None

    def purchases(self, buyer: str, until: date) -> list[Purchase]:
        if not self._buyers.ever_bought(buyer, self._product_id):
            return []
        if (buyer, until) not in self._purchases:
            self._purchases[buyer, until] = self._read_purchases(buyer, until)
        return self._purchases[buyer, until]

    def _read_purchases(self, buyer: str, until: date) -> list[Purchase]:
        found = chain_repository.purchases(
            self._session, buyer, self._product_id, until, MAX_SELLERS + 1
        )
        self.truncated = self.truncated or len(found) > MAX_SELLERS
        return found[:MAX_SELLERS]

    def explore(self, first: Purchase) -> _Step | None:
        """The step that reaches a rightful source from one of the shop's purchases, if any."""
        order = count()
        queue = [(_rank(first), 1, next(order), _Step(first, None, 1))]
        seen: set[str] = set()
        while queue:
            step = heapq.heappop(queue)[-1]
            party = step.hop.seller_tax_code
            # Before `seen`: an authorisation that has ended may have held for an earlier sale.
            if self.source_at(party, step.hop.issued_on):
                return step
            if party in seen:
                continue
            seen.add(party)
            self._keep_longest(step)
            for further in self._further(step):
                rank = _rank(further.hop), further.depth, next(order)
                heapq.heappush(queue, (*rank, further))
        return None

    def _further(self, step: _Step) -> list[_Step]:
        if step.depth >= MAX_DEPTH or self._out_of_bounds:
            self.truncated = True
            return []
        self._looked_at += 1
        return self._longer_by_one(step)

    @property
    def _out_of_bounds(self) -> bool:
        return self._looked_at >= MAX_PARTIES

    def _longer_by_one(self, step: _Step) -> list[_Step]:
        """The ways on from a step, the newest purchase first."""
        purchases = self.purchases(step.hop.seller_tax_code, step.hop.issued_on)
        return [step.then(hop) for hop in purchases if not step.passes(hop.seller_tax_code)]

    def _keep_longest(self, step: _Step) -> None:
        """Of equally long paths the first met: the newest purchases come first."""
        if self._longest is None or step.depth > self._longest.depth:
            self._longest = step

    def broken_chain(self) -> Chain:
        step = self._extended()
        hops = step.hops() if step else ()
        party = step.hop.seller_tax_code if step else self._shop
        sold_on = step.hop.issued_on if step else None
        names = chain_repository.registered_names(self._session, [party])
        name = names.get(party) or (step.hop.seller_name if step else None)
        reason = self._reason(party, step, registered=party in names)
        return Chain(hops, None, ChainBreak(reason, party, name, sold_on), self.truncated)

    def _extended(self) -> _Step | None:
        """The longest path, led on through parties that other paths had visited before."""
        step = self._longest
        while step and step.depth < MAX_DEPTH and not self._out_of_bounds:
            further = self._longer_by_one(step)
            if not further:
                break
            step = further[0]
        return step

    def _reason(self, party: str, step: _Step | None, *, registered: bool) -> BreakReason:
        if self._out_of_bounds or (step and step.depth >= MAX_DEPTH):
            return BreakReason.TOO_DEEP
        if step and self.purchases(party, step.hop.issued_on):
            return BreakReason.LOOP
        if step and self.purchases(party, date.max):
            return BreakReason.PURCHASE_AFTER_SALE
        if _is_household(party):
            return BreakReason.HOUSEHOLD_WITHOUT_INVOICES
        return BreakReason.NO_PURCHASE if registered else BreakReason.SELLER_UNKNOWN


def _rank(purchase: Purchase) -> tuple[int, int]:
    """Newest first, of one day the last received."""
    return -purchase.issued_on.toordinal(), -purchase.invoice_id


def _is_household(tax_code: str) -> bool:
    try:
        return TaxCode.parse(tax_code).kind is TaxCodeKind.PERSONAL
    except InvalidError:
        return False
