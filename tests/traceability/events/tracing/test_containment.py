"""What was in what, from the events of a container."""

from datetime import UTC, datetime
from decimal import Decimal

from traceability.events.tracing.containment import Child, Contents, Signal, contents
from traceability.events.tracing.models import Bond

KEG, MILK = Child("keg"), "milk"


def day(number: int) -> datetime:
    return datetime(2026, 11, number, tzinfo=UTC)


def told(*signals: tuple[int, str, tuple[Child, ...]], bond: Bond = Bond.AGGREGATION) -> Contents:
    return contents(
        Signal(day(when), number, bond, action, "crate", children)
        for number, (when, action, children) in enumerate(signals)
    )


def spans(found: Contents) -> list[tuple[str, int, int | None]]:
    return [(s.child, s.since.day, s.until.day if s.until else None) for s in found.spans]


def milk(litres: str | None) -> Child:
    return Child(MILK, True, None if litres is None else Decimal(litres), "LTR")


def test_add_puts_in_and_delete_takes_out() -> None:
    found = told((1, "ADD", (KEG, Child("can"))), (3, "DELETE", (KEG,)))
    assert spans(found) == [("keg", 1, 3), ("can", 1, None)]


def test_delete_without_children_empties_the_parent() -> None:
    found = told((1, "ADD", (KEG, Child("can"))), (4, "DELETE", ()))
    assert spans(found) == [("keg", 1, 4), ("can", 1, 4)]


def test_a_crate_is_used_again() -> None:
    found = told((1, "ADD", (KEG,)), (2, "DELETE", ()), (5, "ADD", (KEG,)))
    assert spans(found) == [("keg", 1, 2), ("keg", 5, None)]


def test_a_late_event_counts_at_its_own_time() -> None:
    found = told((1, "ADD", (KEG,)), (5, "ADD", (KEG,)), (2, "DELETE", (KEG,)))
    assert spans(found) == [("keg", 1, 2), ("keg", 5, None)]


def test_of_a_quantity_a_part_is_taken_out_and_the_rest_stays() -> None:
    found = told((1, "ADD", (milk("10"),)), (2, "DELETE", (milk("4"),)))
    assert spans(found) == [(MILK, 1, None)]
    found = told(
        (1, "ADD", (milk("10"),)), (2, "DELETE", (milk("4"),)), (3, "DELETE", (milk("6"),))
    )
    assert spans(found) == [(MILK, 1, 3)]


def test_of_an_unknown_quantity_nobody_knows_when_it_is_all_gone() -> None:
    assert spans(told((1, "ADD", (milk(None),)), (2, "DELETE", (milk("4"),)))) == [(MILK, 1, None)]
    assert spans(told((1, "ADD", (milk(None),)), (2, "DELETE", (milk(None),)))) == [(MILK, 1, 2)]


def test_what_is_seen_inside_is_inside_and_a_finding() -> None:
    found = told((1, "ADD", (KEG,)), (2, "OBSERVE", (Child("can"),)))
    assert spans(found) == [("keg", 1, None), ("can", 2, None)]
    assert [(each.child, each.kind, each.time.day) for each in found.findings] == [
        ("keg", "unseen", 2), ("can", "unexpected", 2),
    ]  # fmt: skip


def test_an_observation_that_agrees_is_no_finding() -> None:
    assert told((1, "ADD", (KEG,)), (2, "OBSERVE", (KEG,))).findings == []


def test_taking_a_device_off_leaves_the_goods_inside() -> None:
    put = Signal(day(1), 1, Bond.AGGREGATION, "ADD", "crate", (KEG,))
    fixed = Signal(day(1), 2, Bond.ASSOCIATION, "ADD", "crate", (Child("logger"),))
    off = Signal(day(2), 3, Bond.ASSOCIATION, "DELETE", "crate", ())
    assert spans(contents([put, fixed, off])) == [("keg", 1, None), ("logger", 1, 2)]
