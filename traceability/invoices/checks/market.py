"""What the market around a shop shows: sales among other parties, and their prices.

Both are read within bounds: of a large market a part is looked at, the result says so, and nothing
is concluded from what was left out.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from traceability.invoices.checks import repository
from traceability.invoices.checks.facts import InvoiceFact, LineFact, Trade, month_of
from traceability.invoices.checks.policy import CheckPolicy
from traceability.invoices.repository import chunks
from traceability.invoices.sums import MILLION
from traceability.invoices.symbol import InvoiceKey

MAX_TRADES = 50_000
MAX_PARTIES = 500
MAX_SUPPLIERS = 500
MAX_PEERS = 50_000
"""Lines of other buyers whose prices are looked at."""


def trades(
    session: Session,
    tax_code: str,
    policy: CheckPolicy,
    invoices: Mapping[int, InvoiceFact],
    lines: Sequence[LineFact],
) -> tuple[list[Trade], bool]:
    """Sales through which goods of the shop could come back to it, the shop's own among them.

    Returns:
        The sales, and whether there may be more of them than were read.
    """
    products, first, last = _could_circle(tax_code, policy, invoices, lines)
    if not products:
        return [], False
    found: dict[tuple[int, int], Trade] = {}
    partial = False
    passed: set[str] = set()
    frontier = {tax_code}
    for _ in range(policy.circle_longest):
        passed |= frontier
        reached = set()
        sold, cut = _sold(session, frontier, products, first, last)
        partial = partial or cut
        for trade in sold:
            found.setdefault((trade.invoice_id, trade.product_id), trade)
            reached.add(trade.buyer)
        frontier = reached - passed
        if not frontier:
            break
        if len(passed) > MAX_PARTIES or len(found) > MAX_TRADES:
            partial = True
            break
    return list(found.values()), partial


def _could_circle(
    tax_code: str,
    policy: CheckPolicy,
    invoices: Mapping[int, InvoiceFact],
    lines: Sequence[LineFact],
) -> tuple[set[int], date, date]:
    """Products that the shop sold to somebody named and bought in a like quantity near that day."""
    bought: dict[int, list[LineFact]] = {}
    sold: list[LineFact] = []
    for line in lines:
        if line.bought:
            bought.setdefault(line.product_id, []).append(line)
        elif invoices[line.invoice_id].buyer_tax_code not in {None, tax_code}:
            sold.append(line)
    products: set[int] = set()
    days: list[date] = []
    for line in sold:
        near = line.product_id in products or any(
            abs(line.on - other.on) <= policy.circle_within
            and abs(line.quantity - other.quantity) <= 2 * policy.circle_tolerance * line.quantity
            for other in bought.get(line.product_id, ())
        )
        if near:
            products.add(line.product_id)
            days.append(line.on)
    if not days:
        return set(), date.min, date.min
    return products, min(days) - policy.circle_within, max(days) + policy.circle_within


def _sold(
    session: Session, sellers: Collection[str], products: Collection[int], first: date, last: date
) -> tuple[list[Trade], bool]:
    """By invoice and product, the lines of one added up; and whether lines were left out."""
    sums: dict[tuple[int, int], Trade] = {}
    partial = False
    for some in chunks(sorted(sellers)):
        for goods in chunks(sorted(products)):
            rows = repository.sales_of(session, some, goods, first, last, MAX_TRADES)
            partial = partial or len(rows) >= MAX_TRADES
            for number, form, symbol, serial, product, seller, buyer, on, micro, _, _ in rows:
                known = sums.get((number, product))
                quantity = Decimal(micro) / MILLION + (known.quantity if known else 0)
                written = InvoiceKey(seller, form, symbol, serial).written
                sums[number, product] = Trade(number, written, product, seller, buyer, on, quantity)
    return list(sums.values()), partial


def peer_prices(
    session: Session,
    tax_code: str,
    policy: CheckPolicy,
    invoices: Mapping[int, InvoiceFact],
    lines: Sequence[LineFact],
) -> tuple[dict[tuple[int, bool, int], list[float]], bool]:
    """What the shop's suppliers asked of others for goods of which the shop bought little.

    Returns:
        Logarithms of their prices, and whether there are more than were read.
    """
    own: dict[tuple[int, int], int] = {}
    for line in lines:
        if line.bought and line.unit_price:
            key = line.product_id, month_of(line.on)
            own[key] = own.get(key, 0) + 1
    few = {key for key, count in own.items() if count < policy.price_least}
    days = [line.on for line in lines if line.bought]
    if not few:
        return {}, False
    bought_from = [i for i in invoices.values() if i.buyer_tax_code == tax_code]
    suppliers = sorted({invoice.seller_tax_code for invoice in bought_from})
    found: dict[tuple[int, bool, int], list[float]] = {}
    left = MAX_PEERS
    for goods in chunks(sorted({product for product, _ in few})):
        rows = repository.sales_of(
            session, suppliers[:MAX_SUPPLIERS], goods, min(days), max(days), left
        )
        left -= len(rows)
        for row in rows:
            _, _, _, _, product, _, buyer, on, base, quantity, price = row
            single = float(price) * quantity / base if price and quantity and base else 0.0
            if buyer != tax_code and single > 0 and (product, month_of(on)) in few:
                found.setdefault((product, True, month_of(on)), []).append(math.log(single))
        if left <= 0:
            break
    return found, left <= 0 or len(suppliers) > MAX_SUPPLIERS
