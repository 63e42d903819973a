"""Big documents: the same events, whichever way they came, and a job that may die."""

import io
import json
from collections.abc import Iterable
from dataclasses import asdict

import pytest
from sqlmodel import Session, select

from tests.traceability.events.makers import KEY, a_document, an_event, read, written
from tests.traceability.registry.makers import ADMIN
from traceability import jobs
from traceability.actor import Actor
from traceability.db import Database
from traceability.events import capture_job, event_repository, master_data
from traceability.events.capture import Behaviour, capture, given_up
from traceability.events.checking import Checked
from traceability.events.faults import EventsInvalidError
from traceability.events.models import Capture, CapturePart, Event
from traceability.events.policy import Policy
from traceability.jobs import MAX_ATTEMPTS, Job, JobLostError, JobStatus, Task


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces and batches small enough to have several of them."""
    monkeypatch.setattr(capture_job, "PIECE", 700)
    monkeypatch.setattr(capture_job, "BATCH", 4)


XML_EVENT = (
    "<ObjectEvent><eventTime>2026-11-20T08:00:00Z</eventTime>"
    "<eventTimeZoneOffset>+07:00</eventTimeZoneOffset><epcList><epc>urn:vd:{}</epc></epcList>"
    "<action>ADD</action></ObjectEvent>"
)
XML = (
    '<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" '
    'creationDate="{}"><EPCISBody><EventList>{}</EventList></EPCISBody></e:EPCISDocument>'
)


def some(count: int) -> list[dict[str, object]]:
    return [an_event(epcList=[KEY.format(number)]) for number in range(count)]


def queued(database: Database, data: bytes, behaviour: Behaviour, kind: str = "json") -> str:
    with database.writing() as session:
        row = capture_job.queue(
            session, ADMIN, io.BytesIO(data), kind=kind, behaviour=behaviour, policy=Policy()
        )
        return row.id


def done(database: Database) -> None:
    task = jobs.take(database, (capture_job.KIND,))
    assert task is not None
    jobs.run(task, capture_job.capture_job)


def result(database: Database, capture_id: str) -> tuple[Capture, int]:
    with database.reading() as session:
        assert session.exec(select(CapturePart)).first() is None
        return session.get_one(Capture, capture_id), len(session.exec(select(Event)).all())


def test_every_event_is_kept(database: Database) -> None:
    capture_id = queued(database, written(*some(11)), Behaviour.ROLLBACK)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, row.captured, count) == (True, 11, 11)


@pytest.mark.parametrize("last", ["epcisBody", "@context"])
def test_a_big_document_with_fields_of_its_own_is_known_when_it_comes_again(
    database: Database, last: str
) -> None:
    events = [{**each, "eventID": f"urn:vd:{number}", "vd:truck": "29C", "vd:note": "x"}
              for number, each in enumerate(some(6))]  # fmt: skip
    document = {**a_document(*events), "vd:ignoreFields": ["vd:note"]}
    document[last] = document.pop(last)
    for captured in (6, 0):
        capture_id = queued(database, json.dumps(document).encode(), Behaviour.ROLLBACK)
        done(database)
        row, count = result(database, capture_id)
        assert (row.success, row.captured, count, row.errors) == (True, captured, 6, [])


def test_rollback_keeps_nothing_of_a_document_with_a_fault_at_its_end(database: Database) -> None:
    capture_id = queued(database, written(*some(9), an_event(action="SHIP")), Behaviour.ROLLBACK)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, count) == (False, 0)
    assert row.errors[0]["field"] == "/epcisBody/eventList/9/action"


@pytest.mark.parametrize(("action", "captured"), [("ADD", 0), ("OBSERVE", 8)])
def test_rollback_keeps_nothing_where_two_events_far_apart_have_one_id(
    database: Database, action: str, captured: int
) -> None:
    events = [*some(8), an_event(epcList=[KEY.format(0)], action=action)]
    events[0]["eventID"] = events[8]["eventID"] = "urn:vd:1"
    capture_id = queued(database, written(*events), Behaviour.ROLLBACK)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, row.captured, count) == (captured > 0, captured, captured)
    assert [(each["field"], each["code"]) for each in row.errors] == (
        [] if captured else [("/epcisBody/eventList/8/eventID", "events.id-taken")]
    )


def test_proceed_keeps_the_good_ones(database: Database) -> None:
    capture_id = queued(database, written(an_event(action="SHIP"), *some(9)), Behaviour.PROCEED)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, row.captured, count) == (False, 9, 9)


def test_proceed_passes_over_what_is_no_event(database: Database) -> None:
    document = {**a_document(), "epcisBody": {"eventList": ["x", *some(9), None, 5]}}
    capture_id = queued(database, json.dumps(document).encode(), Behaviour.PROCEED)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, row.captured, count) == (False, 9, 9)
    assert [(each["field"], each["event"]) for each in row.errors] == [
        (f"/epcisBody/eventList/{index}", index) for index in (0, 10, 11)
    ]


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize("behaviour", Behaviour)
def test_the_faults_of_a_big_document_come_with_those_of_its_events(
    database: Database, behaviour: Behaviour, kind: str
) -> None:
    document = {**a_document(*some(9), an_event(action="SHIP")), "creationDate": "today"}
    data = json.dumps(document).encode()
    if kind == "xml":
        data = XML.format("today", XML_EVENT.format(0).replace("ADD", "SHIP")).encode()
    capture_id = queued(database, data, behaviour, kind)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, row.captured, count) == (False, 0, 0)
    assert [each["field"].rpartition("/")[2] for each in row.errors] == ["creationDate", "action"]


@pytest.mark.parametrize("data", [b"", b"{", written(*some(9))[:-4], b'{"type": "Letter"}'])
def test_what_cannot_be_read_to_its_end_keeps_nothing(database: Database, data: bytes) -> None:
    capture_id = queued(database, data, Behaviour.PROCEED)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, count) == (False, 0)


def test_xml_goes_the_same_way(database: Database) -> None:
    data = XML.format("2026-11-20T00:00:00Z", "".join(XML_EVENT.format(n) for n in range(9)))
    capture_id = queued(database, data.encode(), Behaviour.ROLLBACK, kind="xml")
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, count) == (True, 9)


def taken_over(database: Database, capture_id: str) -> Task:
    """By a worker after one that died."""
    with database.reading() as session:
        job_id = session.get_one(Capture, capture_id).job_id
    task = jobs.take_over(database, job_id or 0)
    assert task is not None
    return task


def keep_one_batch(task: Task, number: int) -> None:
    """As a worker does that dies after it."""
    work = capture_job._Work(task)
    source = work._source()
    list(source.first())
    events = list(capture_job._batches(source.second()))[number]
    work._keep_batch(events, source.ignored, len(events), 99)


def test_a_worker_that_died_is_followed_by_one_that_goes_on(database: Database) -> None:
    capture_id = queued(database, written(*some(9)), Behaviour.ROLLBACK)
    keep_one_batch(taken_over(database, capture_id), 0)
    capture_job.capture_job(taken_over(database, capture_id))
    row, count = result(database, capture_id)
    assert (row.success, row.captured, count) == (True, 9, 9)


def test_a_job_that_keeps_something_each_time_is_never_given_up(database: Database) -> None:
    capture_id = queued(database, written(*some(4 * MAX_ATTEMPTS + 8)), Behaviour.ROLLBACK)
    for number in range(MAX_ATTEMPTS + 1):
        keep_one_batch(taken_over(database, capture_id), number)
    capture_job.capture_job(taken_over(database, capture_id))
    row, count = result(database, capture_id)
    assert (row.success, count) == (True, 4 * MAX_ATTEMPTS + 8)


def test_what_was_checked_once_is_not_checked_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture_id = queued(database, written(*some(12)), Behaviour.ROLLBACK)
    checked: list[int] = []

    def dies(session: Session, actor: Actor, events: Checked, policy: Policy) -> None:
        checked.append(len(events.good))
        if len(checked) in (2, 4):
            raise KeyboardInterrupt

    monkeypatch.setattr(capture_job.capture, "foresee", dies)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            capture_job.capture_job(taken_over(database, capture_id))
    capture_job.capture_job(taken_over(database, capture_id))
    assert checked == [4, 4, 4, 4, 4]  # the first, the second twice, the third twice
    assert result(database, capture_id)[1] == 12


def test_a_worker_that_has_lost_its_job_keeps_nothing_and_closes_nothing(
    database: Database,
) -> None:
    capture_id = queued(database, written(*some(9)), Behaviour.ROLLBACK)
    lost, held = taken_over(database, capture_id), taken_over(database, capture_id)
    with pytest.raises(JobLostError):
        capture_job.capture_job(lost)
    with database.reading() as session:
        assert session.get_one(Capture, capture_id).finished_at is None
        assert session.exec(select(Event)).first() is None
    capture_job.capture_job(held)
    assert result(database, capture_id)[1] == 9


def test_an_event_that_came_in_meanwhile_by_another_way_is_no_failure(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture_id = queued(database, written(*some(3)), Behaviour.ROLLBACK)
    known = event_repository.known
    asked = 0

    def too_early(session: Session, event_ids: Iterable[str]) -> dict[str, object]:
        nonlocal asked
        asked += 1
        found = known(session, event_ids)
        if asked == 1:  # the question before the whole is kept
            with database.writing() as other:
                capture(other, ADMIN, read(*some(1)), Behaviour.ROLLBACK, Policy())
        # The first answer inside the batch is that of a moment ago.
        return {} if asked == 3 else found

    monkeypatch.setattr(event_repository, "known", too_early)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, row.captured, count) == (True, 2, 3)


def test_a_capture_whose_job_was_given_up_is_told_so(database: Database) -> None:
    capture_id = queued(database, written(*some(1)), Behaviour.ROLLBACK)
    with database.writing() as session:
        row = session.get_one(Capture, capture_id)
        assert given_up(session, [row]) == set()
        session.get_one(Job, row.job_id).status = JobStatus.FAILED
        assert given_up(session, [row]) == {capture_id}


def test_the_job_acts_for_whoever_sent_the_document(database: Database) -> None:
    queued(database, written(*some(1)), Behaviour.ROLLBACK)
    task = jobs.take(database, (capture_job.KIND,))
    assert task is not None
    assert task.payload["actor"] == asdict(ADMIN)


def test_too_many_events_are_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture_job, "MAX_EVENTS", 8)
    capture_id = queued(database, written(*some(9)), Behaviour.PROCEED)
    done(database)
    row, count = result(database, capture_id)
    assert (row.success, count, row.errors[0]["code"]) == (False, 0, "events.too-many")


def test_of_a_hopeless_document_no_more_is_checked_than_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture_job, "MOST_FAULTS", 3)
    bad = [an_event(epcList=[KEY.format(number)], action="SHIP") for number in range(40)]
    capture_id = queued(database, written(*bad), Behaviour.ROLLBACK)
    done(database)
    row, _ = result(database, capture_id)
    assert [each["event"] for each in row.errors] == [0, 1, 2]


@pytest.mark.parametrize("big", [True, False])
def test_too_many_master_data_are_refused_with_the_events_beside_them(
    database: Database, monkeypatch: pytest.MonkeyPatch, big: bool
) -> None:
    monkeypatch.setattr(master_data, "MAX_ELEMENTS", 3)
    element = {"id": "urn:vd:site", "children": ["urn:vd:1", "urn:vd:2", "urn:vd:3"]}
    vocabulary = {"type": "urn:vd:places", "vocabularyElementList": [element]}
    header = {"epcisMasterData": {"vocabularyList": [vocabulary]}}
    if big:
        capture_id = queued(database, written(*some(2), epcisHeader=header), Behaviour.PROCEED)
        done(database)
        row, count = result(database, capture_id)
        assert (row.errors[0]["code"], count) == ("events.too-many", 0)
        return
    document = read(*some(2), epcisHeader=header)
    with database.writing() as session, pytest.raises(EventsInvalidError):
        capture(session, ADMIN, document, Behaviour.PROCEED, Policy())
