"""What an outside registry says of the path of goods, in the verdict of an inspector alone."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.demo.registry_simulator import Book, Entry, Fault, Simulator, served
from tests.traceability.invoices.files import invoice, line
from tests.traceability.verification import goods
from traceability.actor import PUBLIC, Actor, Role
from traceability.db import Database
from traceability.invoices.outside.answers import InvoiceStatus
from traceability.invoices.outside.http import Endpoint, HttpInvoiceRegistry
from traceability.invoices.outside.repository import invoices_of
from traceability.invoices.outside.service import OutsideRegistry
from traceability.invoices.service import import_files
from traceability.verification import service
from traceability.verification.case import Context, Place
from traceability.verification.consulting import ask_outside
from traceability.verification.findings import Finding
from traceability.verification.verdict import Audience, Verdict, verdict_of_bytes

INSPECTOR, TAX = Actor(Role.INSPECTOR, user_id=7), Actor(Role.TAX)
PRODUCER_MST, MIDDLE_MST, SHOP_MST = "9999100017", "9999100024", "9999100031"
LINES = line(60, code=goods.GTIN)
AGREES = Entry(total=Decimal(1))


class Setting:
    """Goods on a path of two invoices, and a registry that has a book of its own."""

    def __init__(self, database: Database, outside: OutsideRegistry, simulator: Simulator) -> None:
        self.database, self.outside, self.simulator = database, outside, simulator
        with database.writing() as session:
            producer = goods.party(session, tax_code=PRODUCER_MST)
            goods.party(session, name="PHÂN PHỐI VÍ DỤ", kind="distributor", tax_code=MIDDLE_MST)
            self.shop = goods.party(session, name="CỬA HÀNG VÍ DỤ", kind="shop", tax_code=SHOP_MST)
            goods.product(session, producer)
            sold = (
                invoice(1, seller=PRODUCER_MST, buyer=MIDDLE_MST, lines=LINES, total=1),
                invoice(2, seller=MIDDLE_MST, buyer=SHOP_MST, lines=LINES, total=1),
            )
            import_files(session, TAX, [(f"{n}.xml", file) for n, file in enumerate(sold)])

    def verdict(self, actor: Actor = INSPECTOR, code: str = goods.GTIN) -> Verdict:
        symbol = service.Symbol(code)
        told = ask_outside(self.database, self.outside, actor, symbol, self.shop)
        context = Context(actor, "x", Place(shop_id=self.shop), outside=told)
        with self.database.writing() as session:
            return service.scan(session, symbol, context)[1]

    def outside_findings(self, verdict: Verdict | None = None) -> dict[str, Finding]:
        found = (verdict or self.verdict()).findings
        return {f.code.removeprefix("INVOICE_OUTSIDE_"): f for f in found if "OUTSIDE" in f.code}


@pytest.fixture
def book() -> dict[int, Entry | None]:
    """By number of the invoice."""
    return {1: AGREES, 2: AGREES}


@pytest.fixture
def setting(database: Database, book: dict[int, Entry | None]) -> Iterator[Setting]:
    look_up: Book = lambda key: book.get(key.number)  # noqa: E731
    simulator = Simulator(look_up, slow_s=0.5)
    with served(simulator) as address:
        registry = HttpInvoiceRegistry(Endpoint(address, read_s=0.3))
        outside = OutsideRegistry(database, registry, within_s=0.6)
        yield Setting(database, outside, simulator)
        outside.close()


def test_what_it_confirms_is_a_match_with_the_date_of_its_data(setting: Setting) -> None:
    found = setting.outside_findings()
    assert found.keys() == {"AGREES"}
    assert found["AGREES"].arguments["invoices"] == ["1C26TAA 2", "1C26TAA 1"]
    kinds = [(e.kind, e.reference) for e in found["AGREES"].evidence]
    source = setting.outside.source
    assert kinds[:2] == [("invoice", "1C26TAA 2"), ("outside-registry", source)]
    dates = [e.as_of for e in found["AGREES"].evidence if e.as_of is not None]
    assert found["AGREES"].arguments["as_of"] == min(dates)


def test_an_invoice_cancelled_there_is_a_conflict_to_be_checked(
    setting: Setting, book: dict[int, Entry | None]
) -> None:
    book[2] = Entry(InvoiceStatus.CANCELLED, Decimal(5))
    verdict = setting.verdict()
    found = setting.outside_findings(verdict)
    assert verdict.level == "inspector"
    arguments = found["DIFFERS"].arguments
    assert arguments["invoice"] == "1C26TAA 2"
    assert [d["code"] for d in arguments["differences"]] == ["cancelled", "total"]
    assert (arguments["differences"][1]["here"], arguments["differences"][1]["there"]) == (1, 5)
    assert found["AGREES"].arguments["invoices"] == ["1C26TAA 1"]


def test_an_invoice_unknown_there_is_not_enough_evidence(
    setting: Setting, book: dict[int, Entry | None]
) -> None:
    book[1] = None
    found = setting.outside_findings()
    assert found["UNKNOWN"].arguments["invoices"] == ["1C26TAA 1"]
    assert found["UNKNOWN"].level == "inspector"


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.SLOW, Fault.GARBAGE, Fault.RESET])
def test_when_it_is_down_the_verdict_says_so_and_everything_else_all_the_same(
    setting: Setting, fault: Fault
) -> None:
    setting.simulator.fault = fault
    verdict = setting.verdict()
    found = setting.outside_findings(verdict)
    assert found.keys() == {"UNAVAILABLE"}
    assert found["UNAVAILABLE"].level == "info"
    assert found["UNAVAILABLE"].arguments["as_of"] is None
    assert "INVOICE_EXPLAINED" in [f.code for f in verdict.findings]


def test_when_it_is_down_its_last_answers_stand_with_their_date(
    database: Database, setting: Setting, book: dict[int, Entry | None]
) -> None:
    book[2] = Entry(InvoiceStatus.CANCELLED)
    first = setting.outside_findings()
    setting.simulator.fault = Fault.UNAVAILABLE
    with database.reading() as session:
        path = invoices_of(session, [1, 2])
    setting.outside.consult(INSPECTOR, path, again=True)
    later = setting.outside_findings()
    assert later["UNAVAILABLE"].arguments["as_of"] is not None
    assert later["DIFFERS"].arguments == first["DIFFERS"].arguments


@pytest.mark.parametrize("actor", [PUBLIC, Actor(Role.SHOP, 3), Actor(Role.PRODUCER, 1)])
def test_a_scan_of_the_public_or_of_a_shop_asks_nobody_and_says_nothing_of_it(
    setting: Setting, actor: Actor
) -> None:
    setting.verdict()
    setting.simulator.asked.clear()
    assert setting.outside_findings(setting.verdict(actor)) == {}
    assert list(setting.simulator.asked) == []


@pytest.mark.parametrize("audience", [Audience.CONSUMER, Audience.SHOP])
def test_no_other_audience_is_shown_what_it_said(setting: Setting, audience: Audience) -> None:
    verdict = setting.verdict()
    assert setting.outside_findings(verdict)
    assert setting.outside_findings(verdict.for_audience(audience)) == {}


def test_even_a_context_that_was_filled_by_mistake_tells_a_shop_nothing(setting: Setting) -> None:
    symbol = service.Symbol(goods.GTIN)
    told = ask_outside(setting.database, setting.outside, INSPECTOR, symbol, setting.shop)
    context = Context(
        Actor(Role.SHOP, setting.shop), "x", Place(shop_id=setting.shop), outside=told
    )
    with setting.database.writing() as session:
        _, verdict = service.scan(session, symbol, context)
    assert setting.outside_findings(verdict) == {}


@pytest.mark.parametrize("code", ["", "no code", "9" * 5000, goods.FOREIGN, "\0"])
def test_a_code_that_leads_to_no_invoice_asks_nobody(setting: Setting, code: str) -> None:
    assert setting.outside_findings(setting.verdict(code=code)) == {}
    assert list(setting.simulator.asked) == []


def test_a_kept_verdict_says_what_it_said(setting: Setting, book: dict[int, Entry | None]) -> None:
    book[2] = Entry(InvoiceStatus.CANCELLED, Decimal(5))
    verdict = setting.verdict()
    kept = verdict_of_bytes(verdict.as_bytes())
    before, after = setting.outside_findings(verdict), setting.outside_findings(kept)
    assert before["DIFFERS"].arguments == after["DIFFERS"].arguments
    assert before["AGREES"].evidence == after["AGREES"].evidence
