"""Our GS1 parser beside biip and python-stdnum: check digits, element strings, links, the import.

./run bench gs1 [--json] [--seconds N]

All of them do the same work in turns of one process, so that a busy machine slows all alike; the
fastest turn of each counts. Each turn goes through a thousand different codes.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import stdnum.ean
import stdnum.gs1_128
from biip.checksums import gs1_standard_check_digit
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_messages import GS1Message
from rich.console import Console
from rich.table import Table

import gs1

CODES = 1000
TURNS = 9
IMPORTS = 7

# What an import costs a fresh interpreter: milliseconds, and megabytes of its greatest size.
_IMPORT = """
import time
def greatest_kb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
before, started = greatest_kb(), time.perf_counter()
import {module}
took = time.perf_counter() - started
print(took * 1000, (greatest_kb() - before) / 1024)
"""


@dataclass(frozen=True)
class Contest:
    """One piece of work that all of them do."""

    name: str
    codes: Sequence[str]
    work: dict[str, Callable[[str], object]]
    times_biip: float
    """How many times as fast as biip we have to be."""
    a_second: float | None = None
    """Or so many a second, whichever is easier on the machine."""


def contests() -> tuple[Contest, ...]:
    payloads = [f"952012{n:06}" for n in range(CODES)]
    gtins = [payload + gs1.check_digit.compute(payload) for payload in payloads]
    messages = [f"010{gtin}172712{n % 28 + 1:02}3103{n:06}10LOT{n}" for n, gtin in enumerate(gtins)]
    links = [
        f"https://id.gs1.org/01/0{gtin}/10/LOT{n}/21/SN{n}?17=271231"
        for n, gtin in enumerate(gtins)
    ]
    return (
        Contest(
            "GTIN-13 check digit",
            payloads,
            {
                "gs1": gs1.check_digit.compute,
                "biip": gs1_standard_check_digit,
                "stdnum": stdnum.ean.calc_check_digit,
            },
            4,
            2_000_000,
        ),
        Contest(
            "element string, 4 AIs",
            messages,
            {
                "gs1": gs1.parse_element_strings,
                "biip": GS1Message.parse,
                "stdnum": stdnum.gs1_128.info,
            },
            5,
        ),
        Contest(
            "Digital Link",
            links,
            {"gs1": gs1.parse_digital_link, "biip": GS1DigitalLinkURI.parse},
            5,
        ),
    )


def run(contest: Contest, seconds: float) -> dict[str, Any]:
    """Rates, and the ratio to the target: 1 and more meets it."""
    repeats = {name: _repeats(work, contest.codes, seconds) for name, work in contest.work.items()}
    rates = dict.fromkeys(contest.work, 0.0)
    for _ in range(TURNS):
        for name, work in contest.work.items():
            rates[name] = max(rates[name], _rate(work, contest.codes, repeats[name]))
    ratio = rates["gs1"] / rates["biip"]
    reached = ratio / contest.times_biip
    if contest.a_second is not None:
        reached = max(reached, rates["gs1"] / contest.a_second)
    return {
        "a_second": {name: round(rate) for name, rate in rates.items()},
        "times_biip": round(ratio, 2),
        "target_times_biip": contest.times_biip,
        "target_a_second": contest.a_second,
        "ratio_to_target": round(reached, 2),
    }


def _repeats(work: Callable[[str], object], codes: Sequence[str], seconds: float) -> int:
    """How often to go through the codes to fill one turn."""
    return max(1, int(seconds / TURNS * _rate(work, codes, 1) / len(codes)))


def _rate(work: Callable[[str], object], codes: Sequence[str], repeats: int) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        for code in codes:
            work(code)
    return repeats * len(codes) / (time.perf_counter() - started)


def import_cost(module: str) -> dict[str, float]:
    """The cheapest of some imports, each in an interpreter of its own."""
    command = [sys.executable, "-c", _IMPORT.format(module=module)]
    costs = [
        tuple(map(float, subprocess.check_output(command, text=True).split()))
        for _ in range(IMPORTS)
    ]
    return {
        "ms": round(min(ms for ms, _ in costs), 1),
        "mb": round(min(mb for _, mb in costs), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=3, help="For each piece of work and each.")
    given = parser.parse_args()
    result: dict[str, Any] = {each.name: run(each, given.seconds) for each in contests()}
    result["import"] = {
        name: import_cost(module)
        for name, module in (("gs1", "gs1"), ("biip", "biip"), ("stdnum", "stdnum.gs1_128"))
    } | {"target": {"ms": 50, "mb": 15}}
    print(json.dumps(result)) if given.json else _print(result)


def _print(result: dict[str, Any]) -> None:
    costs = result.pop("import")
    table = Table("a second", "gs1", "biip", "stdnum", "times biip", "target", "reached")
    for name, figures in result.items():
        rates = figures["a_second"]
        target = f"{figures['target_times_biip']} times"
        if figures["target_a_second"]:
            target += f" or {figures['target_a_second']:,}"
        table.add_row(
            name,
            *(f"{rates[who]:,}" if who in rates else "–" for who in ("gs1", "biip", "stdnum")),
            str(figures["times_biip"]),
            target,
            _verdict(figures["ratio_to_target"] >= 1),
        )
    for unit in ("ms", "mb"):
        table.add_row(
            f"import, {unit.replace('mb', 'MB')}",
            *(str(costs[who][unit]) for who in ("gs1", "biip", "stdnum")),
            "",
            f"under {costs['target'][unit]}",
            _verdict(costs["gs1"][unit] < costs["target"][unit]),
        )
    Console().print(table)


def _verdict(reached: bool) -> str:
    return "[green]yes[/]" if reached else "[red]no[/]"


if __name__ == "__main__":
    main()
