"""Ending the use of a code, and confirming a document that a member has named itself."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from tests.traceability.registry.makers import SUPERVISOR, a_party, a_product, member
from traceability import audit
from traceability.actor import Actor, Role
from traceability.clock import today
from traceability.errors import ForbiddenError, NotFoundError
from traceability.registry import authorisations, products
from traceability.registry.models import CodeAuthorisation, Party, Product
from traceability.registry.schemas import AuthorisationIn


@pytest.fixture
def owner(session: Session) -> Party:
    return a_party(session, 1)


@pytest.fixture
def packer(session: Session) -> Party:
    return a_party(session, 2)


@pytest.fixture
def product(session: Session, owner: Party) -> Product:
    return a_product(session, owner)


def authorised(
    session: Session, owner: Party, packer: Party, product: Product, on: date
) -> CodeAuthorisation:
    given = AuthorisationIn(party_id=packer.id or 0, document_number="1", document_date=on)
    return authorisations.authorise(session, member(owner), product.id or 0, given)


@pytest.mark.parametrize("age", [timedelta(days=100), timedelta(0)])
def test_what_is_ended_holds_no_more_today_also_if_it_was_signed_today(
    session: Session, owner: Party, packer: Party, product: Product, age: timedelta
) -> None:
    row = authorised(session, owner, packer, product, today() - age)
    assert products.may_use(session, member(packer), product)
    authorisations.end_authorisation(session, member(owner), product.id or 0, row.id or 0)
    assert row.valid_to == today() - timedelta(days=1)
    assert not products.may_use(session, member(packer), product)
    (entry, *_) = audit.entries(session, subject=f"product:{product.id}")
    assert entry.action == "registry:code:ended"
    assert entry.detail["party_id"] == packer.id


def test_the_day_on_which_it_ended_is_not_moved_by_ending_it_again(
    session: Session, owner: Party, packer: Party, product: Product
) -> None:
    row = authorised(session, owner, packer, product, date(2026, 1, 1))
    row.valid_to = date(2026, 2, 1)
    authorisations.end_authorisation(session, member(owner), product.id or 0, row.id or 0)
    assert row.valid_to == date(2026, 2, 1)


def test_a_newer_document_lets_the_same_party_use_the_code_again(
    session: Session, owner: Party, packer: Party, product: Product
) -> None:
    row = authorised(session, owner, packer, product, date(2026, 1, 1))
    authorisations.end_authorisation(session, member(owner), product.id or 0, row.id or 0)
    authorised(session, owner, packer, product, date(2026, 11, 1))
    assert products.may_use(session, member(packer), product)


def test_only_the_owner_and_the_authorities_end_it(
    session: Session, owner: Party, packer: Party, product: Product
) -> None:
    row = authorised(session, owner, packer, product, date(2026, 1, 1))
    for actor in (member(packer), Actor(Role.AUDITOR), Actor(Role.INSPECTOR)):
        with pytest.raises(ForbiddenError):
            authorisations.end_authorisation(session, actor, product.id or 0, row.id or 0)
    authorisations.end_authorisation(session, SUPERVISOR, product.id or 0, row.id or 0)
    assert row.valid_to is not None


def test_a_document_of_another_product_is_not_found(
    session: Session, owner: Party, packer: Party, product: Product
) -> None:
    row = authorised(session, owner, packer, product, date(2026, 1, 1))
    other = a_product(session, owner, 2)
    with pytest.raises(NotFoundError) as missing:
        authorisations.end_authorisation(session, member(owner), other.id or 0, row.id or 0)
    assert missing.value.code == "registry.authorisation-unknown"


def test_a_claimed_code_is_confirmed_by_an_authority_and_can_wait_again(
    session: Session, owner: Party, product: Product
) -> None:
    product.confirmed = False
    with pytest.raises(ForbiddenError):
        authorisations.set_confirmed(session, member(owner), product.id or 0, confirmed=True)
    for confirmed in (True, False):
        authorisations.set_confirmed(session, SUPERVISOR, product.id or 0, confirmed=confirmed)
        assert product.confirmed is confirmed
