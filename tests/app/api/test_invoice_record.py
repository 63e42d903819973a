"""What invoices replace, their exchange rate and departures from the rules, by API and on pages."""

from decimal import Decimal

import pytest

from tests.app.client import Client
from tests.traceability.invoices.files import SPOILT, invoice, line, related

INVOICES = "/api/v1/invoices"


def brought_in(client: Client, *contents: bytes) -> list[int]:
    files = [("file", (f"{n}.xml", content)) for n, content in enumerate(contents)]
    answer = client.post(INVOICES, files=files)
    assert answer.status_code == 201, answer.text
    assert answer.json()["rejected"] == []
    return [each["id"] for each in answer.json()["imported"]]


def statement(nature: int, number: str) -> str:
    return (
        f"<TTHDLQuan><TCHDon>{nature}</TCHDon><SBKCLQuan>{number}</SBKCLQuan>"
        "<NBKCLQuan>2026-08-02</NBKCLQuan></TTHDLQuan>"
    )


def test_all_that_an_invoice_replaces_or_adjusts_is_shown(admin: Client) -> None:
    general = related(1, 21) + related(2, 22) + statement(2, "BK-07")
    first, new = brought_in(admin, invoice(21), invoice(23, general=general))
    found = admin.get(f"{INVOICES}/{new}").json()["relations"]
    assert [(r["nature"], r["number"], r["statement"], r["id"]) for r in found] == [
        ("1", 21, None, first),
        ("2", 22, None, None),
        ("2", None, "BK-07", None),
    ]
    assert found[2]["statement_on"] == "2026-08-02"


def test_the_exchange_rate_of_foreign_money_is_stored_as_written(admin: Client) -> None:
    data = invoice(31).replace(b"<DVTTe>VND<", b"<TGia>25410.5</TGia><DVTTe>USD<")
    [imported] = brought_in(admin, data)
    found = admin.get(f"{INVOICES}/{imported}").json()
    assert (found["currency"], Decimal(found["exchange_rate"])) == ("USD", Decimal("25410.5"))


@pytest.mark.parametrize(
    ("language", "sentence", "source"),
    [
        ("en", "VAT rate 8% was not in force", "Resolution 43/2022/QH15"),
        ("vi", "8%", "Nghị quyết 43/2022/QH15"),
    ],
)
def test_departures_from_the_rules_come_with_sentence_and_source(
    admin: Client, language: str, sentence: str, source: str
) -> None:
    data = invoice(41, symbol="C23TAA", on="2023-03-01", version="2.0.1")
    admin.post(INVOICES, files=[("file", ("a.xml", data))])
    page = admin.get(INVOICES, params={"seller": "9999100017"}).json()["items"]
    [invoice_id] = [each["id"] for each in page if each["number"] == 41]
    answer = admin.get(f"{INVOICES}/{invoice_id}", headers={"Accept-Language": language})
    found = {each["code"]: each for each in answer.json()["departures"]}
    assert set(found) == {"invoices.rule-vat", "invoices.rule-authority-code"}
    assert sentence in found["invoices.rule-vat"]["sentence"]
    assert source in found["invoices.rule-vat"]["sources"]


def test_an_invoice_by_the_rules_departs_from_none(admin: Client) -> None:
    data = invoice(51).replace(b"<MCCQT>00AB<", b"<MCCQT>00" + b"AB" * 16 + b"<")
    [imported] = brought_in(admin, data)
    found = admin.get(f"{INVOICES}/{imported}").json()
    assert (found["departures"], found["counts"]) == ([], True)


def test_whoever_takes_over_is_told_so(admin: Client) -> None:
    till = {"symbol": "C26MYY", "lines": line(4)}
    [first] = brought_in(admin, invoice(61, seal=SPOILT, **till, total=1))  # type: ignore[arg-type]
    assert not admin.get(f"{INVOICES}/{first}").json()["counts"]
    answer = admin.post(INVOICES, files=[("file", ("b.xml", invoice(61, **till)))])  # type: ignore[arg-type]
    [imported] = answer.json()["imported"]
    assert (imported["id"], imported["took_over"]) == (first, True)
    assert admin.get(f"{INVOICES}/{first}").json()["counts"]
