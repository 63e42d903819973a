"""Repeated look-ups: how often honest people are warned, and how soon a copied code is.

    ./run bench repeats [--json] [--units N] [--usual-units N] [--codes N] [--seeds FIRST LAST]
                        [--checked N]

The population and what is assumed of it: `bench/repeats_people.py`. Every look goes through the
functions that count and judge in the service (`traceability.verification.repeats`); a sample also
goes through the service itself over SQLite, and both must say the same.

- A false alarm is a look at an honest code whose verdict is UNUSUAL_REPEAT, counted against all
  looks at honest codes.
- A copied code is found when one of its looks is told so, up to the first look at the fifth of its
  copies that is looked up at all.

Intervals are of 95%: false alarms come in clusters, so theirs is of the ratio over units; that of
codes found is Wilson's. Usual people are many more than the others: one display sample in 200,000
units that nobody has listed warns fifty. Seeds 1 to 9 were for choosing rules and thresholds; the
default ones were not. It takes about ten minutes.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from app.schema import upgrade
from bench.dataset import gtin
from bench.repeats_people import SETTINGS, USUAL, Look, Population, Setting, Unit
from traceability.actor import PUBLIC, Actor, Role
from traceability.db import Database
from traceability.registry.models import Party, Product, Registration, Serial
from traceability.verification import repeats, service
from traceability.verification.case import Context, Place
from traceability.verification.findings import FindingCode
from traceability.verification.lookup import ProducerRecord, Record, SerialRecord
from traceability.verification.models import SerialActivity
from traceability.verification.policy import POLICY, Policy
from traceability.verification.repeats import Sign

UNITS, USUAL_UNITS, CODES = 25_000, 200_000, 2_500
SEEDS = (301, 304)
CLONES = 5
"""The copy by whose first look a code has to be found."""
THRESHOLDS = (3, 4, 5, 6, 7, 8, 10)
_Z = 1.96
_START, _DAY = datetime(2026, 1, 1, tzinfo=UTC), date(2026, 1, 1)
_STAFF = Actor(Role.INSPECTOR, user_id=1)
_PRODUCER = ProducerRecord(1, "VÍ DỤ", "", None, "producer", None, None, "active", None)


class Share(NamedTuple):
    """A share with its interval, in percent."""

    percent: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.percent:.3g}% ({self.low:.3g}–{self.high:.3g})"


def share_of_looks(pairs: Sequence[tuple[int, int]]) -> Share:
    """Flagged looks of all looks, from both for each unit."""
    looks = sum(each[1] for each in pairs)
    ratio = sum(each[0] for each in pairs) / looks
    error = _Z * sqrt(sum((f - ratio * n) ** 2 for f, n in pairs)) / looks
    return Share(100 * ratio, 100 * max(ratio - error, 0), 100 * (ratio + error))


def share_found(found: int, of: int) -> Share:
    """Wilson's interval.

    >>> print(share_found(95, 100))
    95% (88.8–97.8)
    """
    ratio, spread = found / of, _Z**2 / of
    middle = (ratio + spread / 2) / (1 + spread)
    half = _Z * sqrt(ratio * (1 - ratio) / of + spread / (4 * of)) / (1 + spread)
    return Share(100 * ratio, 100 * (middle - half), 100 * (middle + half))


def context_of(look: Look, policy: Policy = POLICY) -> Context:
    place = look.position
    where = Place(None, place.area_code, *place[1:]) if place else Place()
    actor = _STAFF if look.staff else PUBLIC
    at = _START + timedelta(hours=look.at)
    return Context(actor, look.device, where, policy=policy, at=at, on=_DAY, mark=look.phone)


def judge(unit: Unit, policies: Sequence[Policy]) -> Iterator[list[frozenset[Sign]]]:
    """What each look is told, by each policy, from the functions that the service calls."""
    activity: SerialActivity | None = None
    for look in unit.looks:
        if not look.staff:
            context = context_of(look)
            activity = activity or repeats.new_activity(1, context)
            repeats.count(activity, context)
        record = _record(unit, activity)
        yield [frozenset(repeats.signs(record, p, uncounted=look.staff)) for p in policies]


def _record(unit: Unit, activity: SerialActivity | None) -> Record:
    sums = activity or SerialActivity(serial_id=1, first_at=_START, last_at=_START)
    serial = SerialRecord(
        1, "issued", None, None, unit.sample, None, sums.scans, sums.first_at,
        sums.first_area_code, tuple(sums.area_codes), sums.devices, sums.device_count,
        sums.impossible_moves,
    )  # fmt: skip
    return Record(
        1, "", "", "", None, None, None, True, False, None, None, _START, True, False,
        _PRODUCER, None, serial, None,
    )  # fmt: skip


@dataclass
class Measured:
    """What one policy does to one population."""

    honest: list[tuple[int, int]] = field(default_factory=list)
    """Flagged looks and looks, unit by unit."""
    found: int = 0
    cloned: int = 0
    alarms_by: dict[Sign, int] = field(default_factory=lambda: dict.fromkeys(Sign, 0))
    found_by: dict[Sign, int] = field(default_factory=lambda: dict.fromkeys(Sign, 0))

    def add_honest(self, told: Sequence[frozenset[Sign]]) -> None:
        self.honest.append((sum(map(bool, told)), len(told)))
        for sign in Sign:
            self.alarms_by[sign] += sum(sign in each for each in told)

    def add_cloned(self, told: Sequence[frozenset[Sign]]) -> None:
        seen = frozenset[Sign]().union(*told)
        self.cloned += 1
        self.found += bool(seen)
        for sign in seen:
            self.found_by[sign] += 1

    @property
    def looks(self) -> int:
        return sum(each[1] for each in self.honest)

    @property
    def alarms(self) -> Share:
        return share_of_looks(self.honest)

    @property
    def detected(self) -> Share:
        return share_found(self.found, self.cloned)

    def as_dict(self) -> dict[str, Any]:
        return {
            "looks": self.looks,
            "copied_codes": self.cloned,
            "false_alarms_percent": self.alarms._asdict(),
            "found_percent": self.detected._asdict(),
            "by_rule_alone": {
                str(sign): {
                    "false_alarms_percent": 100 * self.alarms_by[sign] / self.looks,
                    "found_percent": 100 * self.found_by[sign] / self.cloned,
                }
                for sign in Sign
            },
        }


def measure(
    setting: Setting, units: int, codes: int, seeds: Sequence[int], policies: Sequence[Policy]
) -> list[Measured]:
    """Each policy on the same honest units and copied codes, so many of each seed."""
    results = [Measured() for _ in policies]
    for seed in seeds:
        people = Population(setting, seed)
        for number in range(units):
            told = list(judge(people.honest(), policies))
            for result, each in zip(results, zip(*told, strict=True), strict=True):
                result.add_honest(each)
            if number < codes:
                unit = people.cloned(CLONES)
                until = unit.clones_at[-1]
                short = unit._replace(looks=[look for look in unit.looks if look.at <= until])
                told = list(judge(short, policies))
                for result, each in zip(results, zip(*told, strict=True), strict=True):
                    result.add_cloned(each)
    return results


def differing(setting: Setting, seed: int, units: int) -> tuple[int, int]:
    """Looks through the service over SQLite, and those that are told otherwise than by `judge`."""
    people = Population(setting, seed)
    chosen = [people.cloned(CLONES) if n % 2 else people.honest() for n in range(units)]
    looks = wrong = 0
    with tempfile.TemporaryDirectory(prefix="nguon-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'repeats.db'}")
        upgrade(database.url.render_as_string(hide_password=False))
        _register(database, chosen)
        for number, unit in enumerate(chosen):
            symbol = service.Symbol(f"(01){gtin(1)}(21)S{number}")
            for look, (expected,) in zip(unit.looks, judge(unit, [POLICY]), strict=True):
                with database.writing() as session:
                    verdict = service.scan(session, symbol, context_of(look))[1]
                codes = {finding.code for finding in verdict.findings}
                looks += 1
                wrong += (FindingCode.UNUSUAL_REPEAT in codes) is not bool(expected)
        database.dispose()
    return looks, wrong


def _register(database: Database, units: Sequence[Unit]) -> None:
    with database.writing() as session:
        party = Party(name="VÍ DỤ", kind="producer")
        session.add(party)
        session.flush()
        session.add(Registration(party_id=party.id, status="active", valid_from=_DAY))
        product = Product(
            gtin=gtin(1), gtin_format="GTIN-13", name="VÍ DỤ", producer_id=party.id,
            serialised=True,
        )  # fmt: skip
        session.add(product)
        session.flush()
        session.add_all(
            Serial(product_id=product.id, serial=f"S{number}", display_sample=unit.sample)
            for number, unit in enumerate(units)
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--units", type=int, default=UNITS, help="Honest units of each seed.")
    parser.add_argument("--usual-units", type=int, default=USUAL_UNITS, help="Of usual people.")
    parser.add_argument("--codes", type=int, default=CODES, help="Copied codes of each seed.")
    parser.add_argument("--seeds", type=int, nargs=2, default=SEEDS)
    parser.add_argument("--checked", type=int, default=100, help="Units through the service.")
    given = parser.parse_args()
    policies = [replace(POLICY, repeat_devices=each) for each in THRESHOLDS]
    seeds = range(given.seeds[0], given.seeds[1] + 1)
    result: dict[str, Any] = {"policy": POLICY.version, "settings": {}}
    measured = {}
    for setting in SETTINGS:
        Console(stderr=True).print(f"{setting.name} …")
        units = given.usual_units if setting is USUAL else given.units
        measured[setting.name] = measure(setting, units, given.codes, seeds, policies)
        result["settings"][setting.name] = {
            each.repeat_devices: found.as_dict()
            for each, found in zip(policies, measured[setting.name], strict=True)
        }
    looks, wrong = differing(SETTINGS[0], seeds[0], given.checked)
    result["through_the_service"] = {"looks": looks, "told_otherwise": wrong}
    print(json.dumps(result)) if given.json else _print(measured, looks, wrong)


def _print(measured: dict[str, list[Measured]], looks: int, wrong: int) -> None:
    at = THRESHOLDS.index(POLICY.repeat_devices)
    table = Table("people", "looks", "false alarms", "copied codes found", *map(str, Sign))
    for name, results in measured.items():
        found = results[at]
        alone = (
            f"{100 * found.alarms_by[s] / found.looks:.3f}% / "
            f"{100 * found.found_by[s] / found.cloned:.0f}%"
            for s in Sign
        )
        table.add_row(name, f"{found.looks:,}", str(found.alarms), str(found.detected), *alone)
    curve = Table("people: false alarms / found", *(f"{each} devices" for each in THRESHOLDS))
    for name, results in measured.items():
        points = (f"{r.alarms.percent:.3g}% / {r.detected.percent:.1f}%" for r in results)
        curve.add_row(name, *points)
    console = Console(width=160)
    console.print(f"Policy {POLICY.version}; by the fifth copy, and each rule alone", table, curve)
    console.print(f"Through the service over SQLite: {looks} looks, {wrong} told otherwise")


if __name__ == "__main__":
    main()
