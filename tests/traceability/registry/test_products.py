from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from gs1 import Gtin
from tests.traceability.registry.makers import ADMIN, SUPERVISOR, a_party, a_product, gtin, member
from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditEntry
from traceability.clock import today
from traceability.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TraceabilityError,
)
from traceability.registry import authorisations, products, registrations, repository
from traceability.registry.models import Party
from traceability.registry.schemas import (
    AuthorisationIn,
    DecisionIn,
    ProductIn,
    ProductPatch,
)

DOCUMENT = {"document_number": "07/UQ-VD", "document_date": "2026-01-15"}


@pytest.mark.parametrize(
    ("printed", "kept", "gtin_format"),
    [
        ("9520123456788", "09520123456788", "GTIN-13"),
        ("952 0123 45678 8", "09520123456788", "GTIN-13"),
        ("09520123456788", "09520123456788", "GTIN-13"),
        ("19520123456785", "19520123456785", "GTIN-14"),
        ("614141999996", "00614141999996", "GTIN-12"),
        ("95200002", "00000095200002", "GTIN-8"),
    ],
)
def test_a_gtin_of_any_printed_length_is_kept_with_14_digits(
    session: Session, printed: str, kept: str, gtin_format: str
) -> None:
    product = a_product(session, a_party(session), gtin=printed)
    assert (product.gtin, product.gtin_format) == (kept, gtin_format)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("9520123456789", "gs1.check-digit"),
        ("95201234", "gs1.check-digit"),
        ("952012345678", "gs1.check-digit"),
        ("952", "gs1.length"),
        ("95201234567AB", "gs1.charset"),
        ("９５２０１２３４５６７８８", "gs1.charset"),
    ],
)
def test_a_wrong_gtin_is_named_with_the_code_of_gs1(
    session: Session, printed: str, code: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        a_product(session, a_party(session), gtin=printed)
    assert [(f.field, f.code) for f in refused.value.faults] == [("gtin", code)]


@pytest.mark.parametrize(
    ("printed", "meaning"),
    [
        (gtin(1, "20"), "restricted-region"),
        (gtin(1, "04"), "restricted-company"),
        (gtin(1, "99"), "coupon"),
        (gtin(1, "980"), "refund"),
        (gtin(1, "961"), "gtin-8"),
    ],
)
def test_a_number_that_no_product_carries_is_refused_with_its_meaning(
    session: Session, printed: str, meaning: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        a_product(session, a_party(session), gtin=printed)
    assert refused.value.faults[0].code == "registry.prefix-not-for-products"
    assert refused.value.faults[0].arguments["meaning"] == meaning


@pytest.mark.parametrize("prefix", ["952", "8937", "140", "690", "8934588"])
def test_unallocated_unassigned_and_foreign_numbers_are_registered(
    session: Session, prefix: str
) -> None:
    assert a_product(session, a_party(session), gtin=gtin(1, prefix)).id


def test_a_gtin_is_registered_once_and_the_public_name_alone_is_told(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    a_product(session, own)
    with pytest.raises(ConflictError) as refused:
        a_product(session, other, gtin="0" + gtin(1), actor=member(other))
    assert (refused.value.code, refused.value.arguments) == (
        "registry.gtin-taken", {"gtin": "0" + gtin(1), "producer_name": own.name},
    )  # fmt: skip


def _approved_holder(session: Session) -> Party:
    return a_party(session, 2, name="Công ty Giữ Mã", company_prefixes=["8934588"])


@pytest.mark.parametrize("number", [gtin(7, "8934588"), "1" + gtin(7, "8934588")[:12]])
def test_a_gtin_under_the_prefix_of_another_party_is_refused(session: Session, number: str) -> None:
    own = a_party(session)
    _approved_holder(session)
    if len(number) == 13 and number[0] == "1":
        number = Gtin.parse(gtin(7, "8934588")).with_indicator(1).value
    with pytest.raises(InvalidError) as refused:
        a_product(session, own, gtin=number)
    fault = refused.value.faults[0]
    assert (fault.field, fault.code, fault.arguments) == (
        "gtin",
        "registry.prefix-of-another",
        {"prefix": "8934588", "holder_name": "Công ty Giữ Mã"},
    )


def test_the_written_authorisation_of_the_holder_opens_its_prefix(session: Session) -> None:
    own = a_party(session)
    _approved_holder(session)
    product = a_product(
        session, own, gtin=gtin(7, "8934588"), actor=member(own), authorisation=DOCUMENT
    )
    (row,) = authorisations.list_authorisations(session, member(own), product.id or 0)
    assert (row.party_id, row.document_number) == (own.id, "07/UQ-VD")


def test_a_prefix_that_was_claimed_and_not_approved_blocks_nobody(session: Session) -> None:
    own = a_party(session)
    a_party(session, 2, actor=member(own), company_prefixes=["8934588"])
    assert a_product(session, own, gtin=gtin(7, "8934588")).id


def test_a_member_registers_in_the_name_of_its_own_party(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    omitted = a_product(session, own, actor=member(own), producer_id=None)
    assert omitted.producer_id == own.id
    with pytest.raises(ForbiddenError) as refused:
        a_product(session, other, 2, actor=member(own))
    assert (refused.value.code, refused.value.arguments) == (
        "registry.not-your-party", {"party_id": other.id},
    )  # fmt: skip


def test_with_the_document_a_member_registers_for_another_and_is_its_authorised_user(
    session: Session,
) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, other, actor=member(own), authorisation=DOCUMENT)
    assert product.producer_id == other.id
    assert products.may_use(session, member(own), product)
    with pytest.raises(ForbiddenError, match=r"registry\.not-your-product"):
        products.change_product(session, member(own), product.id or 0, ProductPatch(name="Khác"))


@pytest.mark.parametrize(
    ("dates", "field", "code"),
    [
        ({"document_date": "2199-01-01"}, "authorisation.document_date", "registry.date-in-future"),
        ({"valid_to": "2026-01-14"}, "authorisation.valid_to", "registry.period-reversed"),
        ({"valid_to": "2026-02-01"}, "authorisation.valid_to", "registry.authorisation-ended"),
    ],
)
def test_a_document_that_does_not_hold_today_opens_nothing(
    session: Session, dates: dict[str, str], field: str, code: str
) -> None:
    own = a_party(session)
    with pytest.raises(InvalidError) as refused:
        a_product(session, own, authorisation=DOCUMENT | dates)
    assert [(f.field, f.code) for f in refused.value.faults] == [(field, code)]


@pytest.mark.parametrize(
    ("actor", "given", "error"),
    [
        (Actor(Role.INSPECTOR), {}, "registry.role-may-not-write"),
        (PUBLIC, {}, "registry.role-may-not-write"),
        (Actor(Role.SHOP), {}, "registry.no-party"),
        (ADMIN, {"producer_id": None}, "registry.producer-missing"),
        (ADMIN, {"producer_id": 999}, "registry.party-unknown"),
    ],
)
def test_a_product_needs_somebody_who_answers_for_it(
    session: Session, actor: Actor, given: dict[str, object], error: str
) -> None:
    with pytest.raises(TraceabilityError) as refused:
        a_product(session, a_party(session), actor=actor, **given)
    assert refused.value.code == error


def test_an_agency_owns_no_codes(session: Session) -> None:
    with pytest.raises(InvalidError) as refused:
        a_product(session, a_party(session, kind="agency"))
    assert refused.value.faults[0].code == "registry.party-no-trader"


def test_products_are_public_and_changed_by_their_owner_alone(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, own)
    assert repository.product(session, PUBLIC, product.id or 0) is product
    patch = ProductPatch(brand="Nhãn Ví Dụ")
    with pytest.raises(ForbiddenError, match=r"registry\.not-your-product"):
        products.change_product(session, member(other), product.id or 0, patch)
    for actor in (member(own), ADMIN, SUPERVISOR):
        assert products.change_product(session, actor, product.id or 0, patch).brand


def test_an_unknown_product_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError) as refused:
        products.change_product(session, ADMIN, 999, ProductPatch(brand="x"))
    assert refused.value.arguments == {"product_id": 999}
    with pytest.raises(NotFoundError, match=r"registry\.gtin-unknown"):
        products.product_of_gtin(session, PUBLIC, gtin(5))


def test_the_gtin_of_a_product_never_changes() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        ProductPatch.model_validate({"gtin": gtin(2)})


def test_a_code_is_moved_to_another_party_by_the_authority_alone(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, own)
    patch = ProductPatch(producer_id=other.id)
    with pytest.raises(ForbiddenError) as refused:
        products.change_product(session, member(own), product.id or 0, patch)
    assert refused.value.arguments == {"field": "producer_id"}
    assert products.change_product(session, ADMIN, product.id or 0, patch).producer_id == other.id


def test_moving_a_code_respects_the_prefix_unless_a_document_is_on_record(
    session: Session,
) -> None:
    own, holder = a_party(session), _approved_holder(session)
    product = a_product(session, holder, gtin=gtin(7, "8934588"))
    patch = ProductPatch(producer_id=own.id)
    with pytest.raises(InvalidError) as refused:
        products.change_product(session, ADMIN, product.id or 0, patch)
    assert [(f.field, f.code) for f in refused.value.faults] == [
        ("producer_id", "registry.prefix-of-another")
    ]
    document = AuthorisationIn.model_validate({"party_id": own.id, **DOCUMENT})
    authorisations.authorise(session, member(holder), product.id or 0, document)
    assert products.change_product(session, ADMIN, product.id or 0, patch).producer_id == own.id


def test_an_authorisation_ends_with_its_last_day(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, own)
    until = {"party_id": other.id, **DOCUMENT, "valid_to": today().isoformat()}
    row = authorisations.authorise(
        session, member(own), product.id or 0, AuthorisationIn.model_validate(until)
    )
    assert products.may_use(session, member(other), product)
    row.valid_to = today() - timedelta(days=1)
    session.flush()
    assert not products.may_use(session, member(other), product)


def test_a_newer_document_takes_the_place_of_the_older(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, own)
    for number in ("1/UQ", "2/UQ"):
        given = {**DOCUMENT, "party_id": other.id, "document_number": number}
        authorisations.authorise(
            session, ADMIN, product.id or 0, AuthorisationIn.model_validate(given)
        )
    rows = authorisations.list_authorisations(session, ADMIN, product.id or 0)
    assert [row.document_number for row in rows] == ["2/UQ"]


def test_who_else_may_use_a_code_is_told_to_the_owner_and_to_each_about_itself(
    session: Session,
) -> None:
    own, first, second = (a_party(session, number) for number in (1, 2, 3))
    product = a_product(session, own)
    for party in (first, second):
        given = AuthorisationIn.model_validate({"party_id": party.id, **DOCUMENT})
        authorisations.authorise(session, member(own), product.id or 0, given)

    def seen(actor: Actor) -> list[int]:
        rows = authorisations.list_authorisations(session, actor, product.id or 0)
        return [row.party_id for row in rows]

    assert seen(member(own)) == seen(Actor(Role.INSPECTOR)) == [first.id, second.id]
    assert seen(member(first)) == [first.id]
    assert seen(PUBLIC) == []


def test_only_the_owner_and_the_authority_authorise(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, own)
    given = AuthorisationIn.model_validate({"party_id": other.id, **DOCUMENT})
    with pytest.raises(ForbiddenError, match=r"registry\.not-your-product"):
        authorisations.authorise(session, member(other), product.id or 0, given)


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"party_id": 999}, "party_id", "registry.party-unknown"),
        ({"document_date": "2199-01-01"}, "document_date", "registry.date-in-future"),
    ],
)
def test_an_authorisation_names_a_party_and_a_document_that_holds(
    session: Session, given: dict[str, object], field: str, code: str
) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, own)
    values = {"party_id": other.id, **DOCUMENT} | given
    with pytest.raises(InvalidError) as refused:
        authorisations.authorise(
            session, ADMIN, product.id or 0, AuthorisationIn.model_validate(values)
        )
    assert [(f.field, f.code) for f in refused.value.faults] == [(field, code)]


def test_an_authorisation_is_for_a_product_on_record(session: Session) -> None:
    own = a_party(session)
    given = AuthorisationIn.model_validate({"party_id": own.id, **DOCUMENT})
    with pytest.raises(NotFoundError, match=r"registry\.product-unknown"):
        authorisations.authorise(session, ADMIN, 999, given)
    with pytest.raises(NotFoundError, match=r"registry\.product-unknown"):
        authorisations.list_authorisations(session, ADMIN, 999)


def test_a_product_is_described_with_its_producer_and_without_tax_data(session: Session) -> None:
    own = a_party(session)
    product = a_product(session, own)
    (shown,) = products.describe(session, [product])
    assert (shown.gtin, shown.gtin_format, shown.producer.name) == (
        product.gtin, "GTIN-13", own.name,
    )  # fmt: skip
    assert own.tax_code is not None
    assert own.tax_code not in shown.model_dump_json()
    assert shown.completeness.score + len(shown.completeness.missing) == shown.completeness.total


def test_lists_of_products_go_by_producer_category_and_page(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    coffee = [a_product(session, own, number, category="cà phê").id for number in (1, 2, 3)]
    tea = a_product(session, own, 4, category="trà").id
    a_product(session, other, 5, category="cà phê")

    def listed(**filters: object) -> list[int | None]:
        return [row.id for row in repository.list_products(session, PUBLIC, **filters)]  # type: ignore[arg-type]

    assert listed(producer_id=own.id) == [*coffee, tea]
    assert listed(producer_id=own.id, category="cà phê") == coffee
    assert listed(producer_id=own.id, limit=2) == coffee[:2]
    assert listed(producer_id=own.id, after_id=coffee[1], limit=2) == [coffee[2], tea]


def test_a_new_product_leaves_one_audit_row(session: Session) -> None:
    own = a_party(session)
    product = a_product(session, own, actor=member(own))
    rows = session.exec(select(AuditEntry).where(AuditEntry.subject == f"product:{product.id}"))
    assert [(row.action, row.party_id, row.detail["gtin"]) for row in rows] == [
        ("registry:product:created", own.id, product.gtin)
    ]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"display_sample": "yes"}, "bool_type"),
        ({"producer_id": "1"}, "int_type"),
        ({"producer_id": 2**63}, "less_than_equal"),
        ({"risk_class": "extreme"}, "enum"),
        ({"description": "x" * 4001}, "too_long"),
        ({"authorisation": {**DOCUMENT, "document_date": 0}}, "date_format"),
        ({"authorisation": {**DOCUMENT, "document_date": "2026-02-30"}}, "date_invalid"),
        ({"serialised": True}, "extra_forbidden"),
    ],
)
def test_the_input_of_a_product_is_strict(given: dict[str, object], rule: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ProductIn.model_validate({"gtin": gtin(1), "name": "Ví dụ"} | given)
    assert [error["type"] for error in refused.value.errors()] == [rule]


def test_a_date_of_the_input_may_be_a_date() -> None:
    given = DOCUMENT | {"document_date": date(2026, 1, 15)}
    assert ProductIn.model_validate({"gtin": "1", "name": "x", "authorisation": given})


def test_the_prefix_of_a_suspended_holder_stays_its_own(session: Session) -> None:
    own, holder = a_party(session), _approved_holder(session)
    decision = DecisionIn.model_validate({"status": "suspended", "reason": "Ví dụ"})
    registrations.decide_registration(session, ADMIN, holder.id or 0, decision)
    with pytest.raises(InvalidError, match=r"registry\.prefix-of-another"):
        a_product(session, own, gtin=gtin(7, "8934588"))


def test_a_document_that_a_member_names_itself_counts_once_the_owner_confirms_it(
    session: Session,
) -> None:
    own, other = a_party(session), a_party(session, 2)
    product = a_product(session, other, actor=member(own), authorisation=DOCUMENT)
    assert not product.confirmed
    given = AuthorisationIn.model_validate({"party_id": own.id} | DOCUMENT)
    with pytest.raises(ForbiddenError):
        authorisations.authorise(session, member(own), product.id or 0, given)
    assert not product.confirmed
    authorisations.authorise(session, member(other), product.id or 0, given)
    assert product.confirmed


def test_nobody_confirms_a_claim_on_another_s_number_by_its_own_word(session: Session) -> None:
    own, friend = a_party(session), a_party(session, 3)
    _approved_holder(session)
    product = a_product(
        session, own, gtin=gtin(7, "8934588"), actor=member(own), authorisation=DOCUMENT
    )
    given = AuthorisationIn.model_validate({"party_id": friend.id} | DOCUMENT)
    authorisations.authorise(session, member(own), product.id or 0, given)
    assert not product.confirmed
    authorisations.authorise(session, ADMIN, product.id or 0, given)
    assert product.confirmed
