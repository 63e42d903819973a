import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.camera import studio
from bench.camera.kinds import KINDS
from bench.scanner import plot_name

ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> str:
    command = [sys.executable, "-m", "bench.scanner", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_a_part_is_one_object_with_every_contestant() -> None:
    result = json.loads(bench("--part", "everyday", "--pictures", "1", "--json"))
    assert set(result) == {"seed", "deadline_s", "everyday", "time"}
    rows = result["everyday"]
    assert set(rows) == {"all", "EAN-13"}
    assert set(rows["all"]) == {"pyzbar", "zxing-cpp", "nguon", "nguon without zbar"}
    assert rows["all"]["nguon"]["pictures"] == 1


def test_a_kind_gives_rates_along_its_axis_and_a_curve(tmp_path: Path) -> None:
    kind = ("--part", "kinds", "--kind", "JPEG quality", "--quick", "--pictures", "1")
    result = json.loads(bench(*kind, "--json", "--plots", str(tmp_path)))
    curve = result["kinds"]["JPEG quality"]
    assert curve["strengths"] == [90, 3]
    assert {name: len(rates) for name, rates in curve["rates"].items()} == {
        "nguon": 2,
        "zxing-cpp": 2,
        "pyzbar": 2,
    }
    assert [file.name for file in tmp_path.iterdir()] == ["scanner-jpeg-quality.svg"]


def test_a_picture_can_be_taken_again(tmp_path: Path) -> None:
    file = tmp_path / "again.jpg"
    bench("--picture", "traps/damaged/3", "--output", str(file))
    assert file.read_bytes() == studio.picture("traps/damaged/3").data


def test_sets_are_skipped_with_a_message_where_they_are_absent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NGUON_SHARED", str(tmp_path))
    command = [sys.executable, "-m", "bench.scanner", "--part", "sets", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "sets" not in json.loads(done.stdout)
    assert "skipped" in done.stderr


def test_every_kind_has_its_curve_on_the_page() -> None:
    page = (ROOT / "docs" / "scanner.md").read_text("utf-8")
    shown = set(re.findall(r"\]\(plots/(scanner-[a-z-]+\.svg)\)", page))
    assert shown == {plot_name(kind.name) for kind in KINDS}


def test_the_example_of_the_page_runs() -> None:
    result = doctest.testfile(str(ROOT / "docs" / "scanner.md"), module_relative=False)
    assert result.attempted >= 4
    assert result.failed == 0
