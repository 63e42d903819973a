"""`./run test`: everything a developer trusts, every step of it, and one summary at the end.

A failing step does not stop the later ones. The closing lines count tests and the checks beside
them together; when something was skipped, the very last line says how many and why.
"""

import subprocess
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .environment import Environment

BROWSER_TESTS = "tests/e2e"
WORKERS = ("-n", "auto", "--maxprocesses", "4")


@dataclass
class Tally:
    """What one step or all of them came to."""

    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """How often each reason for skipping a test was given."""

    def __iadd__(self, other: "Tally") -> "Tally":
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def lines(self) -> list[str]:
        """The closing lines: the counts alone, then the reasons for what was skipped.

        >>> Tally(3, 1, Counter({"no Chromium": 2})).lines()
        ['3 passed, 1 failed, 2 skipped', 'skipped: 2 x no Chromium']
        >>> Tally(4).lines()
        ['4 passed, 0 failed, 0 skipped']
        """
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped.total()} skipped"
        reasons = "; ".join(f"{times} x {why}" for why, times in self.skipped.most_common())
        return [counts, f"skipped: {reasons}"] if reasons else [counts]


def run_all(environment: Environment, root: Path) -> int:
    """Run every step, print the summary and return the exit status."""
    python, reports = environment.python, root / "var" / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    checks: list[tuple[str, Sequence[str | Path]]] = [
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("imports", [python.parent / "lint-imports"]),
    ]
    pytest = [python, "-m", "pytest", "-q", "--tb=short"]
    tests: list[tuple[str, Sequence[str | Path]]] = [
        ("tests", [*pytest, *WORKERS, f"--ignore={BROWSER_TESTS}"]),
        # A worker has a server and a browser of its own, and takes whole files: they tell a story.
        ("browser", [*pytest, *WORKERS, "--dist", "loadfile", BROWSER_TESTS]),
    ]
    total, summary = Tally(), []
    for name, command in checks:
        status, seconds = _run(name, command, root)
        total += Tally(passed=int(status == 0), failed=int(status != 0))
        summary.append((name, status, seconds))
    for name, command in tests:
        report = reports / f"{name}.xml"
        report.unlink(missing_ok=True)
        status, seconds = _run(name, [*command, f"--junitxml={report}"], root)
        total += tally_of(report, status)
        summary.append((name, status, seconds))
    _print_summary(summary, total)
    return int(any(status for _, status, _ in summary))


def tally_of(report: Path, status: int) -> Tally:
    """Count pytest's JUnit report; a run that failed without a failed test counts as one."""
    tally = Tally()
    cases = ET.parse(report).iter("testcase") if report.is_file() else ()
    for case in cases:
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
        elif skipped is not None:
            tally.skipped[skipped.get("message", "no reason given")] += 1
        else:
            tally.passed += 1
    tally.failed = max(tally.failed, int(status != 0))
    return tally


def _run(name: str, command: Sequence[str | Path], root: Path) -> tuple[int, float]:
    _show(f"\n=== {name}")
    started = time.monotonic()
    status = subprocess.run([str(word) for word in command], cwd=root, check=False).returncode
    return status, time.monotonic() - started


def _show(text: str) -> None:
    print(text, flush=True)  # before the output of the next step, which comes from its own process


def _print_summary(summary: list[tuple[str, int, float]], total: Tally) -> None:
    _show("\n=== summary")
    for name, status, seconds in summary:
        _show(f"{name:10} {'ok' if status == 0 else 'FAILED':8} {seconds:6.1f} s")
    for line in total.lines():
        _show(line)
