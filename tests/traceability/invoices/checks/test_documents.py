from datetime import UTC, date, datetime, timedelta

import pytest

from tests.traceability.invoices.checks.conftest import AUGUST, Story
from tests.traceability.invoices.files import line, related
from traceability.invoices.checks.answer import Answer, CheckCode
from traceability.invoices.checks.authentic import authentic
from traceability.invoices.checks.documents import qr, replaced
from traceability.invoices.checks.facts import InvoiceFact, QrFact, ShopCase, SignatureFact
from traceability.invoices.checks.form import form
from traceability.invoices.checks.timing import number_order

SHOP, SELLER = "062099000001", "9999100024"


def fact(number: int, on: date = date(2026, 8, 3), **changes: object) -> InvoiceFact:
    given: dict[str, object] = {
        "id": number, "seller_tax_code": SELLER, "seller_name": "Bên bán", "buyer_tax_code": SHOP,
        "form": "1", "symbol": "C26TAA", "number": number, "issued_on": on,
        "format_version": "2.1.0", "relation": None, "related_form": None, "related_symbol": None,
        "related_number": None, "replaced": False, "authority_code": "00" + "A" * 32,
        "total": None,
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
    one = fact(1, relation="1", related_form="1", related_symbol="C26TAA", related_number=2)
    two = fact(2, relation="1", related_form="1", related_symbol="C26TAA", related_number=1)
    reasons = {seen.reason for seen in replaced(case(one, two)).observations}
    assert reasons == {"replacement-circle"}


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
