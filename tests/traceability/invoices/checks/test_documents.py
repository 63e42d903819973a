from datetime import UTC, date, datetime, timedelta

import pytest

from tests.traceability.invoices.checks.conftest import AUGUST, Story
from tests.traceability.invoices.files import SPOILT, line, related
from traceability.invoices.checks.answer import Answer, CheckCode
from traceability.invoices.checks.authentic import authentic
from traceability.invoices.checks.documents import qr, replaced
from traceability.invoices.checks.facts import (
    InvoiceFact,
    QrFact,
    RelationFact,
    ShopCase,
    SignatureFact,
)
from traceability.invoices.checks.form import form
from traceability.invoices.checks.timing import number_order

SHOP, SELLER = "062099000001", "9999100024"


def fact(number: int, on: date = date(2026, 8, 3), **changes: object) -> InvoiceFact:
    given: dict[str, object] = {
        "id": number, "seller_tax_code": SELLER, "seller_name": "Bên bán", "buyer_tax_code": SHOP,
        "form": "1", "symbol": "C26TAA", "number": number, "issued_on": on,
        "format_version": "2.1.0", "replaced": False, "seller_signature": "intact_trusted",
        "authority_code": "00" + "A" * 32, "total": None,
    }  # fmt: skip
    return InvoiceFact(**{**given, **changes})  # type: ignore[arg-type]


def case(*invoices: InvoiceFact, **facts: object) -> ShopCase:
    by_id = {invoice.id: invoice for invoice in invoices}
    return ShopCase(SHOP, date(2026, 11, 1), invoices=by_id, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("intact_trusted", []),
        ("intact_untrusted", ["insufficient:signatures-untrusted"]),
        ("reformatted", ["insufficient:signature-reformatted"]),
        ("unsigned", ["insufficient:signature-missing"]),
        ("ambiguous", ["insufficient:signature-ambiguous"]),
        ("broken", ["contradictory:signature-broken"]),
        ("wrong_signer", ["contradictory:signature-of-another"]),
    ],
)
def test_the_state_of_a_signature_decides_what_it_proves(state: str, expected: list[str]) -> None:
    found = authentic(case(fact(1), signatures={1: [SignatureFact("seller", state, None)]}))
    assert [f"{seen.answer}:{seen.reason}" for seen in found.observations] == expected


def test_cash_registers_may_lawfully_leave_invoices_unsigned() -> None:
    till = fact(1, symbol="C26MYY")
    found = authentic(case(till, signatures={1: [SignatureFact("seller", "unsigned", None)]}))
    assert found.answer is Answer.CONSISTENT


def test_a_signature_outside_the_validity_of_its_certificate_is_told() -> None:
    at = datetime(2026, 8, 3, tzinfo=UTC)
    late = SignatureFact("seller", "intact_trusted", at, valid_to=at - timedelta(days=1))
    (seen,) = authentic(case(fact(1), signatures={1: [late]})).observations
    assert seen.reason == "signed-outside-validity"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"symbol": "C25TAA"}, ["contradictory:format-year"]),
        ({"authority_code": None}, ["insufficient:format-authority-code"]),
        (
            {"symbol": "C26MYY", "authority_code": "M2-26-ABCDE-00000000001"},
            ["contradictory:format-authority-code"],
        ),
    ],
)
def test_parts_that_name_other_years_or_forms_contradict(
    changes: dict[str, object], expected: list[str]
) -> None:
    found = form(case(fact(1, **changes)))
    assert [f"{seen.answer}:{seen.reason}" for seen in found.observations] == expected


@pytest.mark.parametrize(("tier", "answer"), [("strict", "contradictory"), ("url", "insufficient")])
def test_only_a_standard_qr_can_contradict_the_xml(tier: str, answer: str) -> None:
    (seen,) = qr(case(fact(1), qr=[QrFact(1, tier, ("TgTTTBSo",))])).observations
    assert (seen.answer, seen.reason) == (answer, "qr-differs")


def test_another_document_under_the_same_number_contradicts_and_a_resend_does_not(
    story: Story,
) -> None:
    story.bought(10, 1, "2026-08-10")
    story.bought(10, 1, "2026-08-10")
    assert story.check(CheckCode.DUPLICATE).answer is Answer.CONSISTENT
    story.bought(99, 1, "2026-08-10")
    assert story.reasons(CheckCode.DUPLICATE) == ["contradictory:number-claimed-twice"]


def test_the_original_of_a_replacement_must_be_on_record(story: Story) -> None:
    story.bought(10, 2, "2026-08-10", general=related(1, 1))
    assert story.reasons(CheckCode.REPLACED) == ["insufficient:original-missing"]
    story.bought(12, 1, "2026-08-09")
    assert story.check(CheckCode.REPLACED).answer is Answer.CONSISTENT


def test_invoices_that_replace_each_other_contradict() -> None:
    one, two = fact(1), fact(2)
    relations = {1: [RelationFact(1, "1", two.key)], 2: [RelationFact(2, "1", one.key)]}
    reasons = {seen.reason for seen in replaced(case(one, two, relations=relations)).observations}
    assert reasons == {"replacement-circle"}


def test_a_circle_is_found_through_any_of_several_that_an_invoice_names() -> None:
    one, two, other = fact(1), fact(2), fact(3)
    relations = {
        1: [RelationFact(1, "2", other.key), RelationFact(1, "1", two.key)],
        2: [RelationFact(2, "2", other.key), RelationFact(2, "2", one.key)],
    }
    found = replaced(case(one, two, other, relations=relations)).observations
    assert [seen.reason for seen in found] == ["replacement-circle"] * 2


def test_of_an_invoice_that_names_a_statement_the_originals_are_not_known() -> None:
    relations = {1: [RelationFact(1, "2", None, "BK-07")]}
    [seen] = replaced(case(fact(1), relations=relations)).observations
    assert (seen.answer, seen.reason) == (Answer.INSUFFICIENT, "originals-in-statement")
    assert seen.arguments["statement"] == "BK-07"


def test_a_rate_of_tax_that_was_not_in_force_is_told() -> None:
    spring = fact(1, date(2023, 3, 1), symbol="C23TAA", format_version="2.0.1")
    assert form(case(spring, vat_rates={1: ("10%", "KCT")})).answer is Answer.CONSISTENT
    [seen] = form(case(spring, vat_rates={1: ("10%", "8%")})).observations
    assert (seen.reason, seen.arguments["value"]) == ("format-vat", "8%")


def test_a_check_of_the_shop_reads_the_rates_of_its_lines(story: Story) -> None:
    story.bought(1, 1, "2026-08-10", lines=line(1).replace("8%", "7%"))
    assert "insufficient:format-vat" in story.reasons(CheckCode.FORMAT)


def test_invoices_that_a_balance_leaves_out_are_named(story: Story) -> None:
    """Their signature contradicts them: they explain no goods, also none that are shown."""
    spoilt = story.bought(10, 1, "2026-07-10", symbol="C26MYY", seal=SPOILT)
    assert "contradictory:signature-broken" in story.reasons(CheckCode.AUTHENTIC)
    [seen] = story.check(CheckCode.MASS_BALANCE).observations
    assert (seen.reason, seen.arguments["count"]) == ("invoices-not-counted", 1)
    assert [piece.id for piece in seen.evidence] == [spoilt]
    story.claimed(spoilt, 5, AUGUST)
    assert story.reasons(CheckCode.LAUNDERING) == ["insufficient:claims-refuted"]


def test_goods_shown_with_a_replaced_invoice_want_the_new_one(story: Story) -> None:
    first = story.bought(10, 1, "2026-07-10")
    story.bought(12, 2, "2026-07-12", general=related(1, 1))
    story.claimed(first, 5, AUGUST)
    assert story.reasons(CheckCode.REPLACED) == ["insufficient:claims-replaced"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((1, 2, 3), []),
        ((1, 3, 2), []),
        ((1, 9, 2, 3), ["insufficient:number-order"]),
        ((1, 2, 28, 3, 4), ["contradictory:number-order"]),
    ],
)
def test_a_higher_number_carries_no_earlier_date(
    days: tuple[int, ...], expected: list[str]
) -> None:
    facts = [fact(number, date(2026, 8, day)) for number, day in enumerate(days, 1)]
    found = number_order(case(*facts)).observations
    assert [f"{seen.answer}:{seen.reason}" for seen in found] == expected


def test_a_price_of_another_unit_is_told_as_such_and_never_contradicts(story: Story) -> None:
    for number in range(1, 10):
        story.bought(10, number, "2026-08-10")
    cheap = line(10).replace("<DGia>1000<", "<DGia>24000<")
    story.bought(10, 10, "2026-08-11", lines=cheap)
    assert story.reasons(CheckCode.PRICE) == ["insufficient:price-of-another-unit"]
