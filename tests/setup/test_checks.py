"""`./run test` runs every step and counts honestly."""

import doctest

import pytest
from setup import checks
from setup.checks import tally_of
from setup.environment import Environment

REPORT = """<testsuites><testsuite>
<testcase name="good"/>
<testcase name="bad"><failure message="assert 1 == 2"/></testcase>
<testcase name="broken"><error message="fixture"/></testcase>
<testcase name="absent"><skipped message="no Chromium"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def steps(monkeypatch):
    """Runs no program: the steps of these names fail, all write the report."""
    names, failing = [], set()

    def run(name, command, root):
        names.append(name)
        report = str(command[-1]).removeprefix("--junitxml=")
        if report.endswith(".xml"):
            with open(report, "w") as file:  # noqa: PTH123 -- a plain name out of a command line
                file.write("<testsuite><testcase/></testsuite>")
        return int(name in failing), 1.0

    monkeypatch.setattr(checks, "_run", run)
    return names, failing


def test_tests_are_counted_from_pytests_report(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert tally_of(report, status=1).lines() == [
        "1 passed, 2 failed, 1 skipped",
        "skipped: 1 x no Chromium",
    ]


def test_a_run_that_broke_off_counts_as_a_failure(tmp_path):
    assert tally_of(tmp_path / "none.xml", status=3).failed == 1


def test_a_failing_step_does_not_stop_the_later_ones(tmp_path, steps, capsys):
    names, failing = steps
    failing.add("lint")
    assert checks.run_all(Environment(tmp_path), tmp_path) == 1
    assert names == ["lint", "format", "types", "imports", "tests", "browser"]
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 1 failed, 0 skipped"


def test_all_is_well_only_when_every_step_is(tmp_path, steps):
    assert checks.run_all(Environment(tmp_path), tmp_path) == 0


def test_the_examples_in_the_script_hold():
    assert doctest.testmod(checks) == (0, 2)
