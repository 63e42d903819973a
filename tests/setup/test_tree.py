"""Rules about the files of the project themselves."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE = {".git", ".venv", "var", "dist", "build", "__pycache__", "htmlcov"}
PINS = sorted((ROOT / "requirements").glob("*.txt"))
# Written in parts, or this file would break the rule that it checks.
PACKAGE_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("deb", "debian", "org"),
            ("security", "debian", "org"),
            ("archive", "ubuntu", "com"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("unpkg", "com"),
            ("jsdelivr", "net"),
            ("docker", "io"),
            ("ghcr", "io"),
            ("quay", "io"),
        )
    )
)


def files_of_the_project():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if f not in MADE and not f.endswith("_cache")]
        yield from (Path(folder, name) for name in names)


def test_no_file_names_a_package_host():
    named = [
        f"{file.relative_to(ROOT)}: {found[0]}"
        for file in files_of_the_project()
        if (found := PACKAGE_HOSTS.search(file.read_text(errors="ignore")))
    ]
    assert named == []


@pytest.mark.parametrize("pins", PINS, ids=lambda path: path.stem)
def test_every_requirement_is_pinned_and_hashed_and_says_nothing_else(pins):
    text = pins.read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9-]+(\[\w+\])?==[^ ]+ ", line), line
        assert "--hash=sha256:" in line
        assert "://" not in line


def test_every_dependency_of_the_project_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "requirements" / "run.txt").read_text().splitlines()
    wanted = {re.split(r"[\[>=<]", line)[0] for line in project["dependencies"]}
    assert wanted <= {re.split(r"\[|==", line)[0] for line in lines}


def test_the_folder_of_migrations_is_no_package():
    """An __init__.py there would hide the library alembic from everything started with -m."""
    assert (ROOT / "alembic").is_dir()
    assert not (ROOT / "alembic" / "__init__.py").exists()


def test_continuous_integration_runs_what_a_developer_runs(tmp_path):
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "run").write_bytes((ROOT / ".ci" / "run").read_bytes())
    (tmp_path / "run").write_text('#!/bin/sh\necho "$@"\nexit 7\n')
    (tmp_path / "run").chmod(0o755)
    command = ["bash", str(tmp_path / ".ci" / "run")]
    result = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert (result.stdout, result.returncode) == ("test\n", 7)


@pytest.mark.parametrize("name", ["run", ".ci/run", "tools/lock", "tools/bare_debian.sh"])
def test_scripts_can_be_started(name):
    assert os.access(ROOT / name, os.X_OK)
