"""A simulated district: honest noise, planted frauds, and what the origin checks say of both.

    python -m bench.district [--shops 200] [--months 36] [--seed 1450]

Makes signed invoices of fictional firms, brings them in as a user would, lets inspectors count
and shops show invoices, and runs every check on every shop. Of each planted fraud it says whether
the check meant for it contradicts; of the honest shops, how many got any contradiction.

Honest noise: invoices that come days after their goods, goods of households without invoices,
cartons entered as boxes, units without a factor, goods given back, replaced and adjusted invoices,
resends, one list that names an honest seller by mistake, papers of goods in transit.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from app.demo.invoice_maker import (
    CONSUMER,
    Buyer,
    InvoiceMaker,
    Issuer,
    Line,
    Related,
    fictional_tax_code,
)
from app.schema import upgrade
from bench.dataset import gtin
from bench.district_people import (
    START,
    Fraud,
    Shop,
    months_from_start,
    new_product,
    nine,
    register,
)
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices import lists, service, stock
from traceability.invoices.checks.answer import Answer, CheckCode
from traceability.invoices.checks.service import check_shop
from traceability.invoices.ledger_models import StockKind
from traceability.invoices.list_models import ListKind

ADMIN, INSPECTOR, TAX = Actor(Role.ADMIN), Actor(Role.INSPECTOR), Actor(Role.TAX)
PRODUCERS, DISTRIBUTORS, PRODUCTS, KINDS_A_SHOP, CARTON = 4, 8, 40, 8, 24
PLANTED_OF_A_KIND = 5
TOGETHER = 200

File = tuple[str, bytes]


class District:
    """Who there is, and what they sell to each other."""

    def __init__(self, database: Database, shops: int, seed: int) -> None:
        self.database, self.rng = database, random.Random(seed)
        self.maker = InvoiceMaker()
        self._numbers: Counter[tuple[str, str]] = Counter()
        self._statements = 0
        self.frauds: list[Fraud] = []
        codes = (fictional_tax_code(serial) for serial in range(200, 10_000))
        with database.writing() as session:
            firms = [self.maker.issuer(next(codes), f"VÍ DỤ Hãng {n}") for n in range(PRODUCERS)]
            self.distributors = [
                self.maker.issuer(next(codes), f"VÍ DỤ Phân phối {n}") for n in range(DISTRIBUTORS)
            ]
            self.ghost = self.maker.issuer(next(codes), "VÍ DỤ Công ty không có thật")
            owners = [register(session, firm, "producer") for firm in firms]
            for each in self.distributors:
                register(session, each, "distributor")
            self.products = [
                new_product(session, number, owners[number % PRODUCERS])
                for number in range(PRODUCTS)
            ]
            # Tills sign nothing, so all shops share one key: making two hundred takes a minute.
            till = self.maker.authority.signer("VÍ DỤ Máy tính tiền")
            self.shops = [self._shop(session, n, next(codes), till) for n in range(shops)]
        self.owner_of = {n: firms[n % PRODUCERS] for n in range(PRODUCTS)}

    def _shop(self, session, number: int, tax_code: str, till) -> Shop:  # type: ignore[no-untyped-def]
        issuer = Issuer(tax_code, f"VÍ DỤ Tạp hóa {number}", "Xã Ví Dụ", till)
        products = self.rng.sample(range(PRODUCTS), KINDS_A_SHOP)
        return Shop(
            number, register(session, issuer, "shop"), issuer,
            self.distributors[number % DISTRIBUTORS], products,
            Counter({product: self.rng.randrange(0, 60) for product in products}),
            counted=self.rng.random() < 0.3,
            household=products[0] if self.rng.random() < 0.15 else None,
        )  # fmt: skip

    def file(
        self, seller: Issuer, buyer: Buyer, lines: list[Line], on: date, *,
        letters: str = "AA", form: str = "1", kind: str = "T", related: Related | None = None,
        signed: bool = True,
    ) -> tuple[File, str, int]:  # fmt: skip
        symbol = f"C{on:%y}{kind}{letters}"
        self._numbers[seller.tax_code, symbol] += 1
        number = self._numbers[seller.tax_code, symbol]
        content = self.maker.invoice(
            seller, buyer, lines, symbol=symbol, number=number, issued_on=on, form=form,
            related=related, signed=signed,
        )  # fmt: skip
        return (f"{seller.tax_code}-{symbol}-{number}.xml", content), symbol, number

    def line(self, product: int, quantity: int, price: int = 20_000, unit: str = "Hộp") -> Line:
        asked = Decimal(round(price * self.rng.uniform(0.95, 1.08)))
        return Line(f"Hàng {product}", Decimal(quantity), asked, unit, gtin(product)[1:])

    # -- Honest months ---------------------------------------------------------------------------

    def month(self, first: date) -> Iterator[File]:
        """All invoices of a month, each seller's in the order of their days."""
        yield from self._distributors_buy(first)
        purchases = [(first + timedelta(days=self.rng.randrange(1, 8)), s) for s in self.shops]
        for day, shop in sorted(purchases, key=lambda pair: (pair[0], pair[1].number)):
            yield from self._shop_buys(shop, day)
        for shop in self.shops:
            yield from self._shop_sells(shop, first + timedelta(days=26))

    def _distributors_buy(self, first: date) -> Iterator[File]:
        for distributor in self.distributors:
            buyer = Buyer(distributor.name, distributor.tax_code)
            for place, firm in enumerate(dict.fromkeys(self.owner_of.values())):
                own = [n for n in range(PRODUCTS) if n % PRODUCERS == place]
                lines = [self.line(product, 2000, 15_000) for product in own]
                yield self.file(firm, buyer, lines, first)[0]

    def _shop_buys(self, shop: Shop, day: date) -> Iterator[File]:
        rng = self.rng
        # Invoices of ten-day statements: the goods were there up to ten days before.
        ordered = {product: CARTON * rng.randrange(2, 5) for product in shop.products}
        lines = []
        for product, quantity in ordered.items():
            shop.stock[product] += quantity
            if product == shop.household:
                shop.stock[product] += CARTON  # from the household, with no invoice
            slip = rng.random()
            if slip < 0.002:
                lines.append(self.line(product, quantity // CARTON, 20_000 * CARTON))
            elif slip < 0.006:
                lines.append(self.line(product, quantity // CARTON, 20_000 * CARTON, "Thùng"))
            else:
                lines.append(self.line(product, quantity))
        buyer = Buyer(shop.issuer.name, shop.issuer.tax_code)
        file, symbol, number = self.file(shop.supplier, buyer, lines, day)
        yield file
        for product, quantity in ordered.items():
            shop.latest[product] = symbol, number, day, quantity
        yield from self._after_a_purchase(shop, lines, symbol, number, day, file)

    def _after_a_purchase(
        self, shop: Shop, lines: list[Line], symbol: str, number: int, day: date, file: File
    ) -> Iterator[File]:
        """Now and then it is sent again, replaced, adjusted, or some goods go back."""
        chance, buyer = self.rng.random(), Buyer(shop.issuer.name, shop.issuer.tax_code)
        if chance < 0.02:
            yield file
        elif chance < 0.04:
            related = Related("1", "1", symbol, number, day)
            yield self.file(shop.supplier, buyer, lines, day, related=related)[0]
        elif chance < 0.06:
            related = Related("2", "1", symbol, number, day)
            less = Line("Điều chỉnh giảm", Decimal(-1), Decimal(20_000), "Hộp", lines[0].item_code)
            shop.stock[shop.products[0]] -= 1
            yield self.file(shop.supplier, buyer, [less], day, related=related)[0]
        elif chance < 0.07:
            product = shop.products[1]
            shop.stock[product] -= CARTON
            back = Buyer(shop.supplier.name, shop.supplier.tax_code)
            lines = [self.line(product, CARTON)]
            yield self.file(
                shop.issuer, back, lines, day + timedelta(days=3), kind="M", form="2", signed=False
            )[0]

    def _shop_sells(self, shop: Shop, day: date) -> Iterator[File]:
        lines = []
        # One in ten sums its sales up before the invoices of its goods have come.
        early = timedelta(days=self.rng.randrange(20, 26) if self.rng.random() < 0.1 else 0)
        for product in shop.products:
            quantity = min(shop.stock[product], self.rng.randrange(30, 90))
            if quantity > 0:
                shop.stock[product] -= quantity
                lines.append(self.line(product, quantity, 25_000))
        if lines:
            letters = "YY" if not early else "YZ"
            yield self.file(
                shop.issuer, CONSUMER, lines, day - early, letters=letters, kind="M", form="2",
                signed=False,
            )[0]  # fmt: skip

    # -- Inspections -----------------------------------------------------------------------------

    def state(self, shop: Shop, product: int, kind: StockKind, quantity: int, on: date) -> None:
        self._statements += 1
        with self.database.writing() as session:
            statement = stock.StockStatement(
                shop.party_id, self.products[product], kind, Decimal(quantity), nine(on),
                nonce=f"district-{self._statements}",
            )  # fmt: skip
            stock.state(session, INSPECTOR, statement)

    def claim(self, shop: Shop, product: int, invoice_id: int, quantity: int, on: date) -> None:
        self._statements += 1
        with self.database.writing() as session:
            statement = stock.ClaimStatement(
                shop.party_id, self.products[product], invoice_id, Decimal(quantity), nine(on),
                nonce=f"district-{self._statements}",
            )  # fmt: skip
            stock.claim(session, INSPECTOR, statement)

    def open(self) -> None:
        for shop in self.shops:
            if shop.counted:
                for product in shop.products:
                    self.state(shop, product, StockKind.OPENING, shop.stock[product], START)

    def inspect_honestly(self, on: date) -> None:
        """A fifth of the shops is counted, and shows the invoice of what is counted."""
        for shop in self.rng.sample(self.shops, len(self.shops) // 5):
            product = shop.products[2]
            held = max(shop.stock[product], 0)
            self.state(shop, product, StockKind.COUNTED, held, on)
            symbol, number, _, quantity = shop.latest[product]
            invoice_id = self.invoice_id(shop.supplier, symbol, number)
            self.claim(shop, product, invoice_id, min(held, quantity), on)

    def invoice_id(self, seller: Issuer, symbol: str, number: int) -> int:
        with self.database.reading() as session:
            chosen = service.InvoiceFilter(
                seller_tax_code=seller.tax_code, symbol=symbol, number=number
            )
            return service.list_invoices(session, ADMIN, None, 1, chosen).invoices[0].id or 0

    def bring(self, files: list[File]) -> None:
        for start in range(0, len(files), TOGETHER):
            with self.database.writing() as session:
                found = service.import_files(session, TAX, files[start : start + TOGETHER])
                assert not found.rejected, found.rejected[0]

    # -- Frauds ----------------------------------------------------------------------------------

    def plant(self, on: date) -> None:
        chosen = iter(self.rng.sample(self.shops, 9 * PLANTED_OF_A_KIND))
        for _ in range(PLANTED_OF_A_KIND):
            self._laundered(next(chosen), next(chosen), on)
            self._ghost_sells(next(chosen), on)
            self._circle([next(chosen) for _ in range(3)], on)
            self._after_the_fact(next(chosen), on)
            self._tampered(next(chosen), on)
        closed = on - timedelta(days=60)
        rows = f"tax_code,valid_from,document\n{self.ghost.tax_code},{closed},TB-01\n"
        wrong = f"tax_code,valid_from,document\n{self.distributors[0].tax_code},{START},TB-02\n"
        self._list("Cục Thuế Ví Dụ", rows, closed)
        self._list("Cổng tra cứu Ví Dụ", rows + wrong.split("\n", 1)[1], closed)

    def _list(self, source: str, text: str, on: date) -> None:
        with self.database.writing() as session:
            file = lists.ListFile(ListKind.INACTIVE, source, on, "l.csv", text.encode())
            lists.import_list(session, TAX, file)

    def _laundered(self, shop: Shop, other: Shop, on: date) -> None:
        """One purchase is shown for the goods of two shops."""
        product = shop.products[3]
        symbol, number, _, quantity = shop.latest[product]
        invoice_id = self.invoice_id(shop.supplier, symbol, number)
        for place in (shop, other):
            self.claim(place, product, invoice_id, int(quantity * 0.8) + 1, on)
        self.frauds.append(
            Fraud("laundered invoice", CheckCode.LAUNDERING, (shop.number, other.number))
        )

    def _ghost_sells(self, shop: Shop, on: date) -> None:
        buyer = Buyer(shop.issuer.name, shop.issuer.tax_code)
        lines = [self.line(shop.products[4], 300)]
        self.bring([self.file(self.ghost, buyer, lines, on)[0]])
        self.frauds.append(Fraud("ghost seller", CheckCode.SELLER_STATUS, (shop.number,)))

    def _circle(self, shops: list[Shop], on: date) -> None:
        product, files = shops[0].products[5], []
        for place, seller in enumerate(shops):
            target = shops[(place + 1) % len(shops)].issuer
            lines = [self.line(product, 500 - 5 * place)]
            buyer, day = Buyer(target.name, target.tax_code), on + timedelta(days=4 * place)
            files.append(
                self.file(seller.issuer, buyer, lines, day, kind="M", form="2", signed=False)[0]
            )
        self.bring(files)
        numbers = tuple(shop.number for shop in shops)
        self.frauds.append(Fraud("circular sale", CheckCode.CIRCULAR, numbers))

    def _after_the_fact(self, shop: Shop, on: date) -> None:
        product, later = shop.products[6], on + timedelta(days=9)
        self.state(shop, product, StockKind.COUNTED, shop.stock[product] + 400, on)
        buyer = Buyer(shop.issuer.name, shop.issuer.tax_code)
        file, symbol, number = self.file(
            shop.supplier, buyer, [self.line(product, 400)], later, letters="ZZ"
        )
        self.bring([file])
        self.claim(shop, product, self.invoice_id(shop.supplier, symbol, number), 400, on)
        self.frauds.append(Fraud("after the fact", CheckCode.AFTER_THE_FACT, (shop.number,)))

    def _tampered(self, shop: Shop, on: date) -> None:
        buyer = Buyer(shop.issuer.name, shop.issuer.tax_code)
        lines = [self.line(shop.products[7], 20)]
        (name, content), _, _ = self.file(shop.supplier, buyer, lines, on, letters="ZY")
        changed = content.replace(b"<SLuong>20<", b"<SLuong>920<")
        assert changed != content
        self.bring([(name, changed)])
        self.frauds.append(Fraud("tampered file", CheckCode.AUTHENTIC, (shop.number,)))


def simulate(database: Database, shops: int, months: int, seed: int) -> District:
    district = District(database, shops, seed)
    district.open()
    last = START
    for number, first in enumerate(months_from_start(months), 1):
        last = first
        district.bring(list(district.month(first)))
        if number % 12 == 6:
            district.inspect_honestly(first + timedelta(days=27))
    district.plant(last + timedelta(days=14))
    return district


def report(district: District) -> bool:
    """Print both numbers; whether both are as they should be."""
    found: dict[int, set[CheckCode]] = {}
    seen: Counter[str] = Counter()
    guilty = {number for fraud in district.frauds for number in fraud.shops}
    start = time.perf_counter()
    for shop in district.shops:
        with district.database.reading() as session:
            results = check_shop(session, INSPECTOR, shop.party_id).results
        found[shop.number] = {r.check for r in results if r.answer is Answer.CONTRADICTORY}
        if shop.number not in guilty:
            seen.update(o.reason for r in results for o in r.observations
                        if o.answer is Answer.CONTRADICTORY)  # fmt: skip
    spent = time.perf_counter() - start
    kinds = Counter(fraud.kind for fraud in district.frauds)
    caught = Counter(
        fraud.kind
        for fraud in district.frauds
        if any(fraud.check in found[number] for number in fraud.shops)
    )
    for kind, planted in kinds.items():
        print(f"{kind}: {caught[kind]} of {planted} found")
    honest = [shop for shop in district.shops if shop.number not in guilty]
    wrong = [shop for shop in honest if found[shop.number]]
    share = len(wrong) / len(honest)
    print(f"honest shops with a contradiction: {len(wrong)} of {len(honest)} ({share:.2%})")
    for reason, count in seen.items():
        print(f"  {reason}: {count}")
    print(f"checks: {spent / len(district.shops) * 1000:.0f} ms a shop")
    return caught == kinds and share <= 0.01


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shops", type=int, default=200)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--seed", type=int, default=1450)
    parser.add_argument("--address", help="an empty database; one in a folder of its own without")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = asked.address or f"sqlite:///{Path(folder) / 'nguon.db'}"
        upgrade(address)
        database = Database(address)
        start = time.perf_counter()
        district = simulate(database, asked.shops, asked.months, asked.seed)
        print(f"{asked.shops} shops, {asked.months} months: {time.perf_counter() - start:.0f} s")
        good = report(district)
        database.dispose()
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
