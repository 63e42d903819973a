"""Stock, paths, checks and lists over HTTP: for whom, and what they say."""

import itertools
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from app.demo.invoice_maker import Buyer, InvoiceMaker, Line, fictional_tax_code
from tests.app.client import OPERATOR, Client, Members, make_key, make_party
from tests.app.problem import fields, problem
from traceability.actor import Role
from traceability.db import Database
from traceability.invoices.models import Invoice
from traceability.invoices.service import import_files
from traceability.registry.models import Product

COUNT = {"kind": "counted", "quantity": "12", "observed_at": "2026-10-05T03:00:00Z"}
_nonces = itertools.count(1)


def new_nonce() -> str:
    return f"nonce-{next(_nonces):04}"


_serials = itertools.count(300)


class Shelf:
    """A shop of its own that bought ten of a product of its own from its producer."""

    def __init__(self, client: Client, database: Database, members: Members, gtin: str) -> None:
        seller, shop = (fictional_tax_code(next(_serials)) for _ in range(2))
        maker = InvoiceMaker()
        lines = [Line("Trà ví dụ", Decimal(10), Decimal(20_000), item_code=gtin)]
        content = maker.invoice(
            maker.issuer(seller, "VÍ DỤ Nhà máy"), Buyer("VÍ DỤ Cửa hàng", shop), lines,
            symbol="C26TVD", number=1, issued_on=date(2026, 10, 1),
        )  # fmt: skip
        with database.writing() as session:
            self.other = make_party(session, "producer", seller)
            self.party = make_party(session, "shop", shop)
            product = Product(
                gtin=f"0{gtin}", gtin_format="GTIN-13", name="VÍ DỤ Trà", producer_id=self.other
            )
            session.add(product)
            session.flush()
            self.product = product.id or 0
            self.invoice = import_files(session, OPERATOR, [("1.xml", content)]).imported[0].id
            own = make_key(session, Role.SHOP, self.party)
        self.seller, self.tax_code, self.gtin = seller, shop, gtin
        self.path = f"/api/v1/parties/{self.party}"
        self.acting = {role: client.acting(key) for role, key in members.keys.items()}
        self.acting[Role.SHOP] = client.acting(own)


@pytest.fixture
def shelf(
    client: Client, sqlite_database: Database, members: Members, new_gtin: Callable[[], str]
) -> Shelf:
    return Shelf(client, sqlite_database, members, new_gtin())


@pytest.fixture
def acting(shelf: Shelf) -> dict[Role, Client]:
    return shelf.acting


def test_a_count_stands_beside_the_balance(acting: dict[Role, Client], shelf: Shelf) -> None:
    inspector = acting[Role.INSPECTOR]
    given = {**COUNT, "nonce": new_nonce(), "product_id": shelf.product}
    made = inspector.post(f"{shelf.path}/stock", json=given)
    assert made.status_code == 201
    again = inspector.post(f"{shelf.path}/stock", json=given)
    assert again.json() == made.json()
    (row,) = inspector.get(f"{shelf.path}/balances").json()["items"]
    assert (row["expected"], row["counted"], row["counted_on"]) == ("10", "12", "2026-10-05")


def test_the_number_of_a_request_stands_for_one_statement(
    acting: dict[Role, Client], shelf: Shelf
) -> None:
    given = {**COUNT, "nonce": new_nonce(), "product_id": shelf.product}
    acting[Role.INSPECTOR].post(f"{shelf.path}/stock", json=given)
    other = acting[Role.INSPECTOR].post(f"{shelf.path}/stock", json={**given, "quantity": "13"})
    problem(other, 409, "invoices.stock-nonce")


def test_a_shop_states_its_opening_and_no_count(acting: dict[Role, Client], shelf: Shelf) -> None:
    shop, given = acting[Role.SHOP], {**COUNT, "nonce": new_nonce(), "product_id": shelf.product}
    problem(shop.post(f"{shelf.path}/stock", json=given), 403, "invoices.stock-forbidden")
    opening = {**given, "kind": "opening"}
    assert shop.post(f"{shelf.path}/stock", json=opening).status_code == 201
    theirs = f"/api/v1/parties/{shelf.other}/stock"
    problem(shop.post(theirs, json=opening), 404, "registry.party-unknown")
    problem(shop.get(theirs), 404, "registry.party-unknown")


def test_a_quantity_beyond_counting_is_refused(acting: dict[Role, Client], shelf: Shelf) -> None:
    given = {**COUNT, "nonce": new_nonce(), "product_id": shelf.product, "quantity": "9" * 21}
    answer = acting[Role.INSPECTOR].post(f"{shelf.path}/stock", json=given)
    assert fields(problem(answer, 422)) == {"quantity": "invoices.stock-quantity"}


def test_the_path_is_told_hop_by_hop(acting: dict[Role, Client], shelf: Shelf) -> None:
    path = f"{shelf.path}/chain?product_id={shelf.product}"
    found = acting[Role.INSPECTOR].get(path).json()
    assert found["complete"] is True
    assert found["source"]["tax_code"] == shelf.seller
    assert [(hop["invoice"], hop["quantity"]) for hop in found["hops"]] == [("1C26TVD 1", "10")]
    problem(acting[Role.SHOP].get(path), 403, "web.role")


def test_claims_beyond_an_invoice_come_out_in_the_checks(
    acting: dict[Role, Client], shelf: Shelf
) -> None:
    given = {
        "product_id": shelf.product, "invoice_id": shelf.invoice, "quantity": "11",
        "inspected_at": "2026-10-05T03:00:00Z", "nonce": new_nonce(),
    }  # fmt: skip
    inspector = acting[Role.INSPECTOR]
    assert inspector.post(f"{shelf.path}/claims", json=given).status_code == 201
    report = inspector.get(f"{shelf.path}/checks").json()
    found = {check["check"]: check for check in report["checks"]}
    laundering = found["laundering"]
    assert (report["answer"], laundering["answer"]) == ("contradictory", "contradictory")
    (seen,) = laundering["observations"]
    assert seen["arguments"]["claimed"] == "11"
    assert {piece["kind"] for piece in seen["evidence"]} == {"invoice", "claim"}
    assert laundering["note"]


def test_a_member_sees_the_checks_of_its_own_documents_and_of_no_other_shop(
    acting: dict[Role, Client], shelf: Shelf
) -> None:
    shop = acting[Role.SHOP]
    found = {check["check"] for check in shop.get(f"{shelf.path}/checks").json()["checks"]}
    assert "mass-balance" in found
    assert found.isdisjoint({"upstream", "owner", "seller-status", "circular", "laundering"})
    problem(shop.get(f"/api/v1/parties/{shelf.other}/checks"), 404, "registry.party-unknown")


def test_the_public_learns_nothing_of_any_of_it(client: Client, shelf: Shelf) -> None:
    for rest in ("stock", "balances", "checks", f"chain?product_id={shelf.product}"):
        problem(client.get(f"{shelf.path}/{rest}"), 401)
    for page in (f"/01/0{shelf.gtin}", f"/api/v1/verify?code={shelf.gtin}"):
        text = client.get(page).text
        assert "1C26TVD" not in text
        assert shelf.tax_code not in text
        assert "contradictory" not in text


def test_the_tax_authority_brings_lists_and_they_stand_side_by_side(
    acting: dict[Role, Client], shelf: Shelf
) -> None:
    tax = acting[Role.TAX]
    for source in ("Nguồn A", "Nguồn B"):
        content = f"tax_code,document\n{shelf.seller},{source}\n".encode()
        form = {"kind": "inactive", "source": source, "dated_on": "2026-09-01"}
        answer = tax.post("/api/v1/lists", data=form, files={"file": ("l.csv", content)})
        assert answer.status_code == 201
        assert answer.json()["rows"] == 1
    assert [each["source"] for each in tax.get("/api/v1/lists").json()] == ["Nguồn B", "Nguồn A"]
    report = tax.get(f"{shelf.path}/checks").json()
    (status,) = [c for c in report["checks"] if c["check"] == "seller-status"]
    assert status["observations"][0]["arguments"]["naming"] == ["Nguồn A", "Nguồn B"]


def test_a_wrong_cell_of_a_list_is_named_by_row_and_column(acting: dict[Role, Client]) -> None:
    form = {"kind": "inactive", "source": "A", "dated_on": "2026-09-01"}
    file = {"file": ("l.csv", b"tax_code\n9999100018\n")}
    body = problem(acting[Role.TAX].post("/api/v1/lists", data=form, files=file), 422)
    assert fields(body) == {"2.tax_code": "registry.tax-code-check-digit"}


def test_an_invoice_of_a_claim_must_be_on_record(
    acting: dict[Role, Client], shelf: Shelf, sqlite_database: Database
) -> None:
    given = {
        "product_id": shelf.product, "invoice_id": shelf.invoice + 100, "quantity": "1",
        "inspected_at": "2026-10-05T03:00:00Z", "nonce": new_nonce(),
    }  # fmt: skip
    answer = acting[Role.INSPECTOR].post(f"{shelf.path}/claims", json=given)
    problem(answer, 404, "invoices.unknown")
    with sqlite_database.reading() as session:
        assert session.get(Invoice, shelf.invoice + 100) is None
