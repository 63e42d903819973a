"""The rules of an invoice on each side of the days on which they changed."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest

from traceability.invoices.rules import (
    DEPARTURES,
    RULES,
    departures,
    needed_totals,
    rules_on,
    vat_rate_is_in_force,
)
from traceability.invoices.symbol import InvoiceKey

JUNE_2025, JULY_2025 = date(2025, 6, 1), date(2025, 7, 1)
YEAR_2026, JULY_2026, YEAR_2027 = date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)
FIRM, PERSON = "9999100017", "062099000001"
CODE = "00" + "A" * 32


class Facts(NamedTuple):
    issued_on: date
    format_version: str = "2.0.1"
    authority_code: str | None = CODE


def codes(facts: Facts, key: InvoiceKey, *rates: str) -> set[str]:
    found = departures(facts, key, rates)
    assert {d.code for d in found} <= set(DEPARTURES)
    return {d.code.removeprefix("invoices.rule-") for d in found}


def key_of(day: date, *, seller: str = FIRM, form: str = "1", kind: str = "T") -> InvoiceKey:
    return InvoiceKey(seller, form, f"C{day:%y}{kind}AA", 12)


def the_day_before(day: date) -> date:
    return day - timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (the_day_before(JUNE_2025), "Decree 123/2020/NĐ-CP"),
        (JUNE_2025, "Decree 70/2025/NĐ-CP"),
        (the_day_before(JULY_2026), "Decree 70/2025/NĐ-CP"),
        (JULY_2026, "Decree 254/2026/NĐ-CP"),
    ],
)
def test_an_invoice_is_judged_by_the_decree_of_its_day(day: date, basis: str) -> None:
    assert [rule.source for rule in rules_on("basis", day)] == [basis]


def test_the_format_2_1_0_and_further_kinds_came_on_1_june_2025() -> None:
    for facts, kind, expected in (
        (Facts(the_day_before(JUNE_2025), "2.1.0"), "X", {"version", "kind"}),
        (Facts(JUNE_2025, "2.1.0"), "X", set()),
        (Facts(the_day_before(JUNE_2025), "2.0.1"), "T", set()),
    ):
        assert codes(facts, key_of(facts.issued_on, kind=kind)) == expected


def test_households_owe_cash_register_invoices_since_1_june_2025() -> None:
    assert rules_on("cash-register", the_day_before(JUNE_2025)) == ()
    assert rules_on("cash-register", JUNE_2025) != ()


def test_a_personal_number_is_a_sellers_tax_code_since_1_july_2025() -> None:
    before = the_day_before(JULY_2025)
    assert codes(Facts(before), key_of(before, seller=PERSON)) == {"tax-code"}
    assert codes(Facts(JULY_2025), key_of(JULY_2025, seller=PERSON)) == set()
    assert codes(Facts(before), key_of(before, seller=f"{FIRM}-001")) == set()


def test_forms_7_to_9_came_on_1_january_2026_and_lump_sum_tax_ended() -> None:
    before = the_day_before(YEAR_2026)
    assert codes(Facts(before), key_of(before, form="7")) == {"form"}
    assert codes(Facts(YEAR_2026), key_of(YEAR_2026, form="7")) == set()
    assert codes(Facts(before), key_of(before, form="6")) == set()
    assert rules_on("lump-sum", before) != ()
    assert rules_on("lump-sum", YEAR_2026) == ()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2022, 2, 1), date(2022, 12, 31)),
        (date(2023, 7, 1), date(2026, 12, 31)),
    ],
)
def test_eight_percent_holds_from_its_first_day_to_its_last(first: date, last: date) -> None:
    assert not vat_rate_is_in_force("8%", the_day_before(first))
    assert vat_rate_is_in_force("8%", first)
    assert vat_rate_is_in_force("8%", last)
    assert not vat_rate_is_in_force("8%", last + timedelta(days=1))


def test_each_half_year_of_eight_percent_has_its_own_source() -> None:
    [before], [after] = (
        rules_on("vat-reduced", the_day_before(JULY_2025)),
        rules_on("vat-reduced", JULY_2025),
    )
    assert (before.source, after.source) == ("Resolution 174/2024/QH15", "Resolution 204/2025/QH15")


@pytest.mark.parametrize("rate", ["0%", "5%", "10%", "KCT", "KKKNT", "KHAC:07.00%"])
def test_the_other_rates_hold_on_every_day(rate: str) -> None:
    assert vat_rate_is_in_force(rate, date(2023, 3, 1))
    assert vat_rate_is_in_force(rate, YEAR_2027)


def test_a_rate_that_never_was_is_a_departure() -> None:
    assert codes(Facts(JULY_2026), key_of(JULY_2026), "10%", "12%") == {"vat"}


def test_the_year_of_the_symbol_is_that_of_the_date() -> None:
    assert codes(Facts(YEAR_2026), key_of(the_day_before(YEAR_2026))) == {"year"}


@pytest.mark.parametrize(
    ("symbol", "code", "fits"),
    [
        ("C26TAA", CODE, True),
        ("C26TAA", None, False),
        ("C26TAA", CODE[:-1], False),
        ("C26TAA", "M1-26-AB12C-00000000881", False),
        ("C26MAA", "M1-26-AB12C-00000000881", True),
        ("C26MAA", "M2-26-AB12C-00000000881", False),
        ("C26MAA", "M1-25-AB12C-00000000881", False),
        ("K26TAA", None, True),
        ("K26TAA", CODE, False),
    ],
)
def test_the_code_of_the_authority_has_a_grammar(symbol: str, code: str | None, fits: bool) -> None:
    facts, key = Facts(JULY_2026, authority_code=code), InvoiceKey(FIRM, "1", symbol, 1)
    assert codes(facts, key) == (set() if fits else {"authority-code"})


def test_vat_and_sales_invoices_state_a_total_and_a_delivery_note_need_not() -> None:
    assert [needed_totals(form, JULY_2026) for form in "126"] == [("TgTTTBSo",)] * 2 + [()]


def test_every_rule_names_its_source_and_ends_after_it_begins() -> None:
    assert all(rule.source and rule.valid_from <= rule.valid_to for rule in RULES)
