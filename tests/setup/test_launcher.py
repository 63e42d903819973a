"""`./run` finds a Python, understands its words, and hands the rest over."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = str(ROOT / "run")


def launch(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [RUN, *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def program(folder: Path, name: str, script: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def test_help_is_given_from_any_folder_and_installs_nothing(tmp_path):
    result = launch("--help", folder=tmp_path)
    assert result.returncode == 0
    assert {"./run test", "./run bench", "./run nguon"} <= {
        " ".join(line.split()[:2]) for line in result.stdout.splitlines()
    }


def test_an_option_that_does_not_exist_is_refused_before_anything_is_installed():
    result = launch("--prot", "8001")
    assert result.returncode == 2
    assert "unrecognized arguments: --prot" in result.stderr


@pytest.mark.parametrize("command", ["bench", "fuzz"])
def test_a_measurement_that_does_not_exist_is_answered_with_the_names_of_those_that_do(command):
    result = launch(command, "no-such-name")
    assert result.returncode == 2
    assert result.stderr.startswith("Name one of ")


def test_without_a_python_the_last_word_says_what_to_install(tmp_path):
    for name in ("dirname", "sh"):
        program(tmp_path, name, f'exec /usr/bin/{name} "$@"')
    result = launch(PATH=str(tmp_path), PYTHON="")
    assert result.returncode == 1
    assert "apt install python3" in result.stderr


def test_a_python_that_is_too_old_is_passed_over(tmp_path):
    program(tmp_path, "python3", "exit 1")
    program(tmp_path, "python3.12", f'exec {sys.executable} "$@"')
    result = launch("--help", PATH=f"{tmp_path}:{os.environ['PATH']}", PYTHON="")
    assert result.returncode == 0


def test_the_python_that_the_caller_names_comes_first(tmp_path):
    chosen = program(tmp_path, "chosen", "echo chosen")
    assert launch("--help", PYTHON=str(chosen)).stdout == "chosen\nchosen\n"
