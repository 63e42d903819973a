"""What a code of goods is: proposed, confirmed by people, kept as versions, undone."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from tests.traceability.invoices.alias_statements import ONE, OTHER, carton, state
from tests.traceability.invoices.conftest import Market, new_product
from tests.traceability.invoices.files import DISTRIBUTOR, SHOP
from tests.traceability.invoices.test_linking import OTHER_GTIN, bring, links, sold
from traceability.actor import Actor, Role
from traceability.audit import AuditAction, AuditEntry
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.invoices import service
from traceability.invoices.models import AliasState, ItemAlias
from traceability.invoices.service import AliasFilter

UNLINKED = (None, None)


def versions(session: Session) -> list[tuple[str, Decimal]]:
    """State and factor of every version, in the order in which they were stated."""
    rows = session.exec(select(ItemAlias).order_by(ItemAlias.id))
    return [(alias.state, alias.factor) for alias in rows]


def test_a_single_piece_is_linked_by_one_person(session: Session, market: Market) -> None:
    bring(session, sold("Hộp"))
    service.confirm_alias(session, ONE, carton(market, unit="Hộp", factor=Decimal(1)))
    assert links(session) == [(market.product.id, Decimal(2))]


def test_a_factor_links_nothing_until_a_second_person_confirms_it(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng", "1.5"))
    alias = service.confirm_alias(session, ONE, carton(market))
    assert (alias.state, links(session)) == (AliasState.AWAITING_SECOND, [UNLINKED])
    service.confirm_alias_by_id(session, OTHER, alias.id or 0)
    assert (alias.state, links(session)) == (
        AliasState.IN_FORCE,
        [(market.product.id, Decimal(36))],
    )
    assert (alias.confirmed_by, alias.seconded_by) == ("user:1", "user:2")


def test_nobody_is_the_second_person_of_oneself(session: Session, market: Market) -> None:
    alias = service.confirm_alias(session, ONE, carton(market))
    assert service.confirm_alias(session, ONE, carton(market)).state == AliasState.AWAITING_SECOND
    with pytest.raises(ConflictError) as refused:
        service.confirm_alias_by_id(session, ONE, alias.id or 0)
    assert refused.value.code == "invoices.alias-same-person"


def test_a_key_counts_as_the_person_who_owns_it(session: Session, market: Market) -> None:
    service.confirm_alias(session, ONE, carton(market))
    key = Actor(Role.INSPECTOR, key_id=9)
    again = service.confirm_alias(session, key, carton(market), person="user:1")
    assert again.state == AliasState.AWAITING_SECOND
    assert service.confirm_alias(session, key, carton(market)).state == AliasState.IN_FORCE


def test_the_second_person_saying_something_else_seconds_nothing(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng"))
    service.confirm_alias(session, ONE, carton(market))
    service.confirm_alias(session, OTHER, carton(market, factor=Decimal(12)))
    assert links(session) == [UNLINKED]
    assert versions(session) == [
        (AliasState.REPLACED, Decimal(24)),
        (AliasState.AWAITING_SECOND, Decimal(12)),
    ]


def test_a_correction_is_a_further_version_and_undoing_it_brings_the_one_before_back(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng"))
    state(session, carton(market))
    second = state(session, carton(market, factor=Decimal(12)))
    assert links(session) == [(market.product.id, Decimal(24))]
    assert service.undo_alias(session, ONE, second.id or 0) == 1
    assert links(session) == [(market.product.id, Decimal(48))]
    assert versions(session) == [
        (AliasState.IN_FORCE, Decimal(24)),
        (AliasState.WITHDRAWN, Decimal(12)),
    ]


def test_withdrawing_unlinks_and_can_be_undone(session: Session, market: Market) -> None:
    bring(session, sold("Thùng", "1.5"), sold("Hộp", number=2))
    alias = state(session, carton(market))
    assert service.withdraw_alias(session, ONE, alias.id or 0) == 1
    assert links(session) == [UNLINKED, UNLINKED]
    assert (alias.ended_by, alias.state) == ("user:1", AliasState.WITHDRAWN)
    assert service.undo_alias(session, ONE, alias.id or 0) == 1
    assert links(session) == [(market.product.id, Decimal(36)), UNLINKED]
    assert alias.ended_by is None


def test_bringing_back_what_was_never_seconded_still_takes_a_second_person(
    session: Session, market: Market
) -> None:
    alias = service.confirm_alias(session, ONE, carton(market))
    service.withdraw_alias(session, ONE, alias.id or 0)
    service.undo_alias(session, ONE, alias.id or 0)
    assert alias.state == AliasState.AWAITING_SECOND


def test_what_something_else_holds_for_by_now_is_not_brought_back(
    session: Session, market: Market
) -> None:
    first = state(session, carton(market))
    service.withdraw_alias(session, ONE, first.id or 0)
    state(session, carton(market, factor=Decimal(12)))
    for change in (service.undo_alias, service.withdraw_alias, service.confirm_alias_by_id):
        with pytest.raises(ConflictError) as refused:
            change(session, ONE, first.id or 0)
        assert refused.value.code == "invoices.alias-closed"


def test_a_factor_that_changes_on_a_day_holds_for_the_invoices_from_then_on(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng"))  # of 3 August 2026
    state(session, carton(market))
    state(session, carton(market, factor=Decimal(12), valid_from=date(2026, 8, 4)))
    assert links(session) == [(market.product.id, Decimal(48))]
    state(session, carton(market, factor=Decimal(6), valid_from=date(2026, 8, 3)))
    assert links(session) == [(market.product.id, Decimal(12))]


def test_a_version_that_begins_later_leaves_earlier_lines_unlinked(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng"))
    state(session, carton(market, valid_from=date(2026, 8, 4)))
    assert links(session) == [UNLINKED]


def test_the_buyer_proposes_and_only_others_confirm(session: Session, market: Market) -> None:
    bring(session, sold("Thùng"))
    shop = market.member(market.shop)
    proposal = service.propose_alias(session, shop, carton(market))
    assert (proposal.state, links(session)) == (AliasState.PROPOSED, [UNLINKED])
    with pytest.raises(ForbiddenError):
        service.confirm_alias_by_id(session, shop, proposal.id or 0)
    service.confirm_alias_by_id(session, ONE, proposal.id or 0)
    service.confirm_alias_by_id(session, OTHER, proposal.id or 0)
    assert links(session) == [(market.product.id, Decimal(48))]


def test_a_member_proposes_only_what_its_own_invoices_name(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng"))
    for actor in (market.member(market.rival), Actor(Role.TAX), Actor(Role.AUDITOR)):
        with pytest.raises(ForbiddenError) as refused:
            service.propose_alias(session, actor, carton(market))
        assert refused.value.code == "invoices.alias-forbidden"


def test_who_proposed_may_take_the_proposal_back(session: Session, market: Market) -> None:
    bring(session, sold("Thùng"))
    shop = market.member(market.shop)
    proposal = service.propose_alias(session, shop, carton(market))
    with pytest.raises(ForbiddenError):
        service.withdraw_alias(session, market.member(market.rival), proposal.id or 0)
    service.withdraw_alias(session, shop, proposal.id or 0)
    assert proposal.state == AliasState.WITHDRAWN


def test_the_seller_may_explain_its_own_codes_and_a_buyer_may_not(
    session: Session, market: Market
) -> None:
    alias = service.confirm_alias(session, market.member(market.distributor), carton(market))
    for actor in (market.member(market.shop), Actor(Role.TAX), Actor(Role.AUDITOR)):
        for change in (
            lambda actor=actor: service.confirm_alias(session, actor, carton(market)),
            lambda actor=actor: service.withdraw_alias(session, actor, alias.id or 0),
            lambda actor=actor: service.undo_alias(session, actor, alias.id or 0),
        ):
            with pytest.raises(ForbiddenError) as refused:
                change()
            assert refused.value.code == "invoices.alias-forbidden"


def test_every_step_is_in_the_audit_log(session: Session, market: Market) -> None:
    alias = state(session, carton(market))
    service.withdraw_alias(session, ONE, alias.id or 0)
    service.undo_alias(session, ONE, alias.id or 0)
    entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        AuditAction.ALIAS_PROPOSED,
        AuditAction.ALIAS_CONFIRMED,
        AuditAction.ALIAS_CONFIRMED,
        AuditAction.ALIAS_WITHDRAWN,
        AuditAction.ALIAS_RESTORED,
    ]


@pytest.mark.parametrize(
    "factor", ["0", "-1", "1000001", "0.0000001", "NaN", "Infinity", "-Infinity"]
)
def test_a_factor_is_above_nothing_and_at_most_a_million(
    session: Session, market: Market, factor: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        service.confirm_alias(session, ONE, carton(market, factor=Decimal(factor)))
    assert refused.value.code == "invoices.alias-factor"


@pytest.mark.parametrize("item_code", ["", "   ", "x" * 61])
def test_an_alias_needs_a_code_of_goods(session: Session, market: Market, item_code: str) -> None:
    with pytest.raises(InvalidError) as refused:
        service.confirm_alias(session, ONE, carton(market, item_code=item_code))
    assert refused.value.code == "invoices.alias-code"


def test_an_alias_needs_a_registered_product(session: Session, market: Market) -> None:
    with pytest.raises(NotFoundError) as refused:
        service.confirm_alias(session, ONE, carton(market, product_id=10**6))
    assert refused.value.code == "registry.product-unknown"


def test_an_alias_that_is_not_there_cannot_be_withdrawn(session: Session) -> None:
    with pytest.raises(NotFoundError) as refused:
        service.withdraw_alias(session, ONE, 12345)
    assert refused.value.code == "invoices.alias-unknown"


def test_aliases_are_listed_page_by_page(session: Session, market: Market) -> None:
    for code in ("A", "B", "C"):
        service.confirm_alias(session, ONE, carton(market, item_code=code))
    chosen = AliasFilter(DISTRIBUTOR)
    first = service.list_aliases(session, ONE, chosen, limit=2)
    rest = service.list_aliases(session, ONE, chosen, after_id=first[-1].id or 0)
    assert [alias.item_code for alias in (*first, *rest)] == ["A", "B", "C"]
    assert service.list_aliases(session, ONE, AliasFilter(SHOP)) == []
    assert service.list_aliases(session, ONE, AliasFilter(states=[AliasState.IN_FORCE])) == []


def test_members_see_the_versions_of_their_own_codes_and_what_they_proposed(
    session: Session, market: Market
) -> None:
    bring(session, sold("Thùng"))
    state(session, carton(market))
    other = new_product(market.producer, OTHER_GTIN, "Sữa khác")
    session.add(other)
    session.flush()
    shop = market.member(market.shop)
    service.propose_alias(session, shop, carton(market, product_id=other.id))
    seen = {
        party.name: [a.product_id for a in service.list_aliases(session, market.member(party))]
        for party in (market.distributor, market.shop, market.rival)
    }
    assert list(seen.values()) == [[market.product.id, other.id], [other.id], []]
