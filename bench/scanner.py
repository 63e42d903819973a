"""Ours beside pyzbar and zxing-cpp alone: photographs, a simulated camera, traps, time, memory.

./run bench scanner [--quick] [--json] [--part NAME ...] [--pictures N] [--seed N]
./run bench scanner --part kinds [--kind NAME ...] [--plots DIR]
./run bench scanner --picture NAME --output FILE

All contestants get the same file, one after the other, each in a process of its own. Right is a
picture whose symbol was read, wrong one from which something was read that is not in it.
`--picture` takes one simulated picture again, by the name under which it was reported.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bench.camera import studio
from bench.camera.kinds import KINDS, Kind
from bench.decoding import memory, photographs, plot, tables, timing
from bench.decoding.contest import (
    TRAPS,
    Contest,
    Outcome,
    along,
    everyday,
    photographed,
    trapped,
)
from bench.decoding.contestants import OURS, PYZBAR, ZXING
from bench.decoding.photographs import SETS

PARTS = ("sets", "everyday", "kinds", "traps", "memory")


def main() -> None:
    given = _arguments()
    if given.picture:
        given.output.write_bytes(studio.picture(given.picture, given.seed).data)
        return
    if given.quick and given.pictures is None:
        given.pictures = 3
    result: dict[str, Any] = {"seed": given.seed, "deadline_s": given.deadline}
    times: timing.Figures = {}
    for part in given.part or PARTS:
        _say(part)
        result |= _PARTS[part](given, times)
    if times:
        result["time"] = times
    print(json.dumps(result, ensure_ascii=False)) if given.json else tables.show(result)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="A few pictures of each.")
    parser.add_argument("--part", action="append", choices=PARTS, help="All of them if not given.")
    parser.add_argument("--pictures", type=int, help="Simulated pictures of each set.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deadline", type=float, default=1.5, help="Of ours, in seconds.")
    parser.add_argument("--kind", action="append", choices=[kind.name for kind in KINDS])
    parser.add_argument("--plots", type=Path, help="Draw curves into this folder.")
    parser.add_argument("--picture", help="Take this simulated picture and nothing else.")
    parser.add_argument("--output", type=Path, default=Path("picture.jpg"))
    return parser.parse_args()


def _sets(given: argparse.Namespace, times: timing.Figures) -> dict[str, Any]:
    if not photographs.available():
        _say("the photographs are not beside the project: their sets are skipped")
        return {}
    step = 25 if given.quick else 1
    outcomes: dict[str, Outcome] = {}
    for each in SETS:
        # A contest each: zbar's abort at one symbol must not blur the times of another set.
        with Contest(given.deadline) as contest:
            outcomes[each.name] = contest.run(photographed(each, step))
    times |= timing.small(list(outcomes.values()))
    return {"sets": {name: outcome.as_dict() for name, outcome in outcomes.items()}}


def _everyday(given: argparse.Namespace, times: timing.Figures) -> dict[str, Any]:
    with Contest(given.deadline) as contest:
        outcome = contest.run(everyday(given.pictures or 300, given.seed))
    times |= timing.large(outcome, given.deadline)
    rows = {"all": outcome.as_dict()}
    for kind, tallies in sorted(outcome.by_kind.items()):
        rows[kind] = Outcome(tallies).as_dict()
    return {"everyday": rows}


def _kinds(given: argparse.Namespace, _: timing.Figures) -> dict[str, Any]:
    found: dict[str, Any] = {}
    # Three of the four, to save a third of the time; the other parts have ours without zbar.
    with Contest(given.deadline, (OURS, ZXING, PYZBAR)) as contest:
        for kind in KINDS:
            if not given.kind or kind.name in given.kind:
                _say(kind.name)
                found[kind.name] = _curve(contest, kind, given)
                _draw(found[kind.name], kind.name, given.plots)
    return {"kinds": found}


def _curve(contest: Contest, kind: Kind, given: argparse.Namespace) -> dict[str, Any]:
    strengths = kind.strengths[:: len(kind.strengths) - 1 if given.quick else 1]
    count = given.pictures or 14
    runs = [contest.run(along(kind, strength, count, given.seed)) for strength in strengths]
    of = {name: [run.tallies[name] for run in runs] for name in runs[0].tallies}
    return {
        "unit": kind.unit,
        "strengths": strengths,
        "rates": {name: [round(t.right / t.pictures, 3) for t in of[name]] for name in of},
        "wrong": {name: sum(t.wrong for t in of[name]) for name in of},
    }


def _draw(kind: dict[str, Any], name: str, folder: Path | None) -> None:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    drawn = plot.curves(name, kind["unit"], kind["strengths"], kind["rates"])
    (folder / plot_name(name)).write_text(drawn, "utf-8")


def plot_name(kind: str) -> str:
    return f"scanner-{kind.lower().replace(' ', '-')}.svg"


def _traps(given: argparse.Namespace, _: timing.Figures) -> dict[str, Any]:
    rows = {}
    with Contest(given.deadline) as contest:
        for name in TRAPS:
            _say(name)
            rows[name] = contest.run(trapped(name, given.pictures or 50, given.seed)).as_dict()
    return {"traps": rows}


def _memory(given: argparse.Namespace, _: timing.Figures) -> dict[str, Any]:
    return {"memory": memory.peaks(given.deadline)}


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


_PARTS = {
    "sets": _sets,
    "everyday": _everyday,
    "kinds": _kinds,
    "traps": _traps,
    "memory": _memory,
}


if __name__ == "__main__":
    main()
