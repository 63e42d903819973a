"""What rests on invoices never reaches the public, nor a shop that it does not belong to."""

import json
from collections.abc import Iterator

import pytest
from sqlmodel import select

from app.demo import goods
from app.demo.loading import CODES, HOUSEHOLD, load_once
from tests.app.client import Client, make_key
from tests.app.problem import problem
from traceability.actor import Role
from traceability.db import Database
from traceability.invoices.models import Invoice
from traceability.registry.models import Party
from traceability.verification.findings import RESERVED_CODES

SCANS = "/api/v1/scans"


@pytest.fixture(scope="module", autouse=True)
def parties(sqlite_database: Database) -> dict[str, Party]:
    load_once(sqlite_database)
    with sqlite_database.reading() as session:
        return {party.name: party for party in session.exec(select(Party))}


@pytest.fixture(scope="module")
def secrets(sqlite_database: Database) -> dict[str, set[str]]:
    """Tax codes of everybody, and the symbols and names that only invoices hold."""
    with sqlite_database.reading() as session:
        invoices = session.exec(select(Invoice)).all()
        codes = {party.tax_code for party in session.exec(select(Party)) if party.tax_code}
    return {
        "tax codes": codes | {invoice.seller_tax_code for invoice in invoices},
        "symbols": {invoice.symbol for invoice in invoices},
        "codes": {str(code) for code in RESERVED_CODES},
    }


def key_of(database: Database, role: Role, party: Party | None) -> str:
    with database.writing() as session:
        return make_key(session, role, party.id if party else None)


def leaks(text: str, secrets: dict[str, set[str]], own: str | None = None) -> list[str]:
    return [
        secret for kind in secrets.values() for secret in kind if secret in text and secret != own
    ]


def addresses() -> Iterator[str]:
    yield from (f"https://nguon.example{code.path}" for code in CODES)
    yield from (product.gtin for product in goods.PRODUCTS)


def scan(client: Client, code: str, shop_id: int | None) -> str:
    answer = client.post(SCANS, json={"scan_data": code, "location": {"shop_id": shop_id}})
    assert answer.status_code == 201
    return answer.text


def test_the_public_is_told_none_of_it(
    client: Client, parties: dict[str, Party], secrets: dict[str, set[str]]
) -> None:
    shop = parties["Cửa hàng Ví Dụ Hai"]
    for language in ("vi", "en"):
        public = client.speaking(language)
        for code in addresses():
            assert leaks(public.get("/api/v1/verify", params={"code": code}).text, secrets) == []
            assert leaks(scan(public, code, shop.id), secrets) == []
    for path in ("/api/v1/recalls", "/api/v1/areas", "/api/v1/openapi.json", "/metrics"):
        assert leaks(client.get(path).text, secrets) == [], path


def test_a_shop_is_told_nothing_of_another_shop_s_invoices(
    client: Client, sqlite_database: Database, parties: dict[str, Party],
    secrets: dict[str, set[str]],
) -> None:  # fmt: skip
    mine, other = parties["Cửa hàng Ví Dụ Một"], parties["Cửa hàng Ví Dụ Hai"]
    shop = client.acting(key_of(sqlite_database, Role.SHOP, mine))
    without_prefixes = {**secrets, "codes": {c for c in secrets["codes"] if "INVOICE" in c}}
    for code in addresses():
        text = scan(shop, code, other.id)
        assert leaks(text, without_prefixes) == []
        assert other.name not in text


def test_a_shop_is_told_the_balance_of_its_own_invoices_and_nothing_of_the_path_beyond(
    client: Client, sqlite_database: Database, parties: dict[str, Party],
    secrets: dict[str, set[str]],
) -> None:  # fmt: skip
    mine = parties["Cửa hàng Ví Dụ Hai"]
    shop = client.acting(key_of(sqlite_database, Role.SHOP, mine))
    milk = json.loads(scan(shop, goods.MILK, mine.id))
    found = {finding["code"] for finding in milk["verdict"]["findings"]}
    assert "INVOICE_OVERSOLD" in found
    for code in addresses():
        text = scan(shop, code, mine.id)
        assert "INVOICE_CHAIN_BROKEN" not in text
        hidden = {name: secrets[name] for name in ("tax codes", "symbols")}
        assert leaks(text, hidden, own=mine.tax_code) == []


def test_a_kept_scan_tells_a_shop_no_more_than_the_scan_did(
    client: Client, sqlite_database: Database, parties: dict[str, Party],
    secrets: dict[str, set[str]],
) -> None:  # fmt: skip
    mine, other = parties["Cửa hàng Ví Dụ Một"], parties["Cửa hàng Ví Dụ Hai"]
    shop = client.acting(key_of(sqlite_database, Role.SHOP, mine))
    number = json.loads(scan(shop, goods.MILK, other.id))["id"]
    assert leaks(shop.get(f"{SCANS}/{number}").text, secrets) == []


def test_an_inspector_is_told_what_the_invoices_say_and_where_the_path_breaks(
    client: Client, sqlite_database: Database, parties: dict[str, Party]
) -> None:
    other = parties["Cửa hàng Ví Dụ Hai"]
    inspector = client.acting(key_of(sqlite_database, Role.INSPECTOR, None))
    assert "INVOICE_OVERSOLD" in scan(inspector, goods.MILK, other.id)
    assert "INVOICE_CHAIN_BROKEN" in scan(inspector, goods.COFFEE, other.id)


def test_no_list_shows_a_shop_the_records_of_others(
    client: Client, sqlite_database: Database, parties: dict[str, Party],
    secrets: dict[str, set[str]],
) -> None:  # fmt: skip
    mine = parties["Cửa hàng Ví Dụ Một"]
    shop = client.acting(key_of(sqlite_database, Role.SHOP, mine))
    for path in ("parties", "products", "lots", "serials", "recalls", "scans", "keys"):
        text = shop.get(f"/api/v1/{path}?limit=200" if path != "keys" else "/api/v1/keys").text
        assert leaks(text, secrets, own=mine.tax_code) == [], path
    for kind in ("products", "lots", "serials"):
        text = shop.get(f"/api/v1/exports/{kind}?format=csv").text
        assert leaks(text, secrets, own=mine.tax_code) == [], kind
    bought_or_sold = {
        (invoice["seller_tax_code"], invoice["buyer_tax_code"])
        for invoice in shop.get("/api/v1/invoices?limit=200").json()["items"]
    }
    assert bought_or_sold
    assert all(mine.tax_code in pair for pair in bought_or_sold)


def test_nobody_chooses_the_tax_code_under_which_it_reads_invoices(
    client: Client, sqlite_database: Database, parties: dict[str, Party]
) -> None:
    mine = parties["Cửa hàng Ví Dụ Một"]
    shop = client.acting(key_of(sqlite_database, Role.SHOP, mine))
    entered = {"name": "VÍ DỤ", "kind": "shop", "tax_code": "9999000037", "address": "VÍ DỤ"}
    pending = shop.post("/api/v1/parties", json=entered).json()
    with sqlite_database.reading() as session:
        branch = session.get_one(Party, pending["id"])
    acting_for_it = client.acting(key_of(sqlite_database, Role.SHOP, branch))
    path, change = f"/api/v1/parties/{branch.id}", {"tax_code": HOUSEHOLD}
    problem(acting_for_it.patch(path, json=change), 403, "registry.field-by-authority")
    assert acting_for_it.get("/api/v1/invoices").json()["items"] == []
    assert acting_for_it.patch(path, json={"phone": "0260"}).status_code == 200


def test_a_shop_s_invoices_name_their_sellers_alone(
    client: Client, sqlite_database: Database, parties: dict[str, Party],
    secrets: dict[str, set[str]],
) -> None:  # fmt: skip
    mine, middle = parties["Cửa hàng Ví Dụ Một"], parties["Công ty Phân phối Ví Dụ"]
    shop = client.acting(key_of(sqlite_database, Role.SHOP, mine))
    text = shop.get("/api/v1/invoices?limit=200").text
    others = {"tax codes": secrets["tax codes"] - {mine.tax_code or "", middle.tax_code or ""}}
    assert leaks(text, others) == []
