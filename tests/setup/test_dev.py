"""What `./run` makes of its words before another program takes over."""

import os
from pathlib import Path

import dev
import pytest


@pytest.fixture
def successor(monkeypatch):
    """Catches the program that would take this process over: its words, its folder."""
    seen = []

    def execv(program: Path, words: list[str]) -> None:
        seen.append((words[1:], Path.cwd()))

    monkeypatch.setattr(dev.os, "execv", execv)
    monkeypatch.setattr(dev.system, "has_zbar", lambda: True)
    monkeypatch.setattr(dev.Environment, "is_ready", lambda *_: True)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return seen


def test_nguons_own_commands_start_in_the_callers_folder(successor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    dev.main(["nguon", "import", "products", "list.xlsx"])
    assert successor == [(["-P", "-m", "app", "import", "products", "list.xlsx"], tmp_path)]


def test_the_service_keeps_its_data_in_the_tree_unless_told_otherwise(successor):
    dev.main([])
    dev.main(["--data", "elsewhere", "--port", "8123"])
    plain, told = (words[words.index("--port") :] for words, _ in successor)
    assert plain == ["--port", "8000", "--data", str(dev.DATA)]
    assert told == ["--port", "8123", "--data", "elsewhere"]


def test_paths_of_tests_are_the_callers_and_pytests_options_pass_untouched(
    successor, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_it.py").touch()
    monkeypatch.setattr(dev, "set_up", lambda _: dev.Environment())
    dev.main(["test", "test_it.py::test_one", "-x", "-k", "gtin"])
    words = ["-m", "pytest", f"{tmp_path}/test_it.py::test_one", "-x", "-k", "gtin"]
    assert successor == [(words, dev.ROOT)]


def test_set_up_only_starts_nothing(successor):
    assert dev.main(["--setup-only"]) == 0
    assert successor == []
