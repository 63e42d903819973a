"""Numbers of boxes: under the own company prefix, and never the same one twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from gs1.errors import Gs1Error
from gs1.sscc import Sscc
from tests.traceability.events.makers import an_event, read
from tests.traceability.registry.makers import ADMIN, a_party, member
from traceability.actor import Actor
from traceability.clock import today
from traceability.db import Database
from traceability.errors import ConflictError, NotFoundError
from traceability.events import sscc_issuing
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.events.sscc_issuing import nth_number
from traceability.events.sscc_models import SsccRange
from traceability.registry.models import CompanyPrefix

PREFIX = "9521101"


def a_packer(session: Session, number: int = 1, prefix: str = PREFIX) -> Actor:
    return member(a_party(session, number, company_prefixes=[{"prefix": prefix}]))


@pytest.fixture
def packer(database: Database) -> Actor:
    with database.writing() as session:
        return a_packer(session)


def issued(database: Database, actor: Actor) -> str:
    with database.writing() as session:
        return sscc_issuing.issue(session, actor).sscc


@pytest.mark.parametrize("prefix", ["9521", "9521101", "952110100001"])
def test_every_place_of_a_prefix_is_a_number_of_its_own(prefix: str) -> None:
    last = 10 ** (17 - len(prefix)) - 1
    places = [0, 1, 2, 10 ** (16 - len(prefix)) - 1, 10 ** (16 - len(prefix)), last - 1, last]
    numbers = [nth_number(prefix, place) for place in places]
    assert len({Sscc(number).value for number in numbers if number}) == len(set(places))
    assert all(number and number[1:].startswith(prefix) for number in numbers)
    assert nth_number(prefix, last + 1) is None


def test_numbers_follow_each_other(database: Database, packer: Actor) -> None:
    found = [issued(database, packer) for _ in range(3)]
    assert found == [nth_number(PREFIX, place) for place in range(3)]


def test_packers_at_the_same_moment_never_get_the_same(database: Database, packer: Actor) -> None:
    with ThreadPoolExecutor(8) as people:
        found = list(people.map(lambda _: issued(database, packer), range(40)))
    assert len(set(found)) == 40


def test_a_number_that_an_event_names_is_passed_over(database: Database, packer: Actor) -> None:
    key = f"https://id.gs1.org/00/{nth_number(PREFIX, 0)}"
    with database.writing() as session:
        capture(session, ADMIN, read(an_event(epcList=[key])), Behaviour.ROLLBACK, Policy())
    assert issued(database, packer) == nth_number(PREFIX, 1)


def test_whoever_holds_a_prefix_later_goes_on_where_it_was(
    database: Database, packer: Actor
) -> None:
    issued(database, packer)
    with database.writing() as session:
        session.execute(sa.delete(CompanyPrefix))
        later = a_packer(session, 2)
    assert issued(database, later) == nth_number(PREFIX, 1)


def test_the_last_number_is_given_out_and_none_behind_it(database: Database, packer: Actor) -> None:
    with database.writing() as session:
        session.add(SsccRange(prefix=PREFIX, taken=10**10 - 1))
    assert issued(database, packer) == nth_number(PREFIX, 10**10 - 1)
    with pytest.raises(ConflictError, match=r"events\.sscc-used-up"):
        issued(database, packer)


def test_a_prefix_that_has_ended_and_one_that_no_authority_approved_give_none(
    database: Database,
) -> None:
    with database.writing() as session:
        ended = a_party(
            session, 1,
            company_prefixes=[{"prefix": PREFIX, "valid_to": str(today() - timedelta(days=1))}],
        )  # fmt: skip
        other = a_party(session, 2)
        waits = a_party(
            session, 3, actor=member(other), company_prefixes=[{"prefix": "9521102"}]
        )  # fmt: skip
        actors = [member(ended), member(other), member(waits), ADMIN]
    for actor in actors:
        with pytest.raises(ConflictError, match=r"events\.sscc-no-prefix"):
            issued(database, actor)


def test_a_number_is_found_again_by_its_own_organisation_alone(
    database: Database, packer: Actor
) -> None:
    number = issued(database, packer)
    with database.writing() as session:
        other = a_packer(session, 2, "9521102")
        assert sscc_issuing.get(session, packer, number).sscc == number
        with pytest.raises(NotFoundError, match=r"events\.sscc-unknown"):
            sscc_issuing.get(session, other, number)
        with pytest.raises(Gs1Error):
            sscc_issuing.get(session, packer, "123")


def test_those_not_used_yet_are_told_apart(database: Database, packer: Actor) -> None:
    used, free = issued(database, packer), issued(database, packer)
    key = f"https://id.gs1.org/00/{used}"
    with database.writing() as session:
        capture(session, packer, read(an_event(epcList=[key])), Behaviour.ROLLBACK, Policy())
        newest = sscc_issuing.newest(session, packer, 9)
        assert [row.sscc for row in newest] == [free, used]
        unused = sscc_issuing.newest(session, packer, 9, unused=True)
        assert [row.sscc for row in unused] == [free]
