"""System packages are installed where that is allowed, and nowhere else."""

import os
from pathlib import Path

import pytest
from setup import system


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """The folder of all programs of a machine: there are those that a test puts into it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("NGUON_APT", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    system._update.cache_clear()
    return tmp_path


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def with_apt(folder: Path, script: str = "exit 0") -> Path:
    asked = folder / "asked"
    program(folder, "apt-get", f'echo "$DEBIAN_FRONTEND $@" >> {asked}; {script}')
    (folder / "env").symlink_to("/usr/bin/env")
    return asked


def test_root_installs_and_fetches_the_lists_once(machine, monkeypatch):
    asked = with_apt(machine)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert system.install("libzbar0")
    assert system.install("chromium")
    update, install, _ = asked.read_text().splitlines()
    assert update.endswith(" update")
    assert install.startswith("noninteractive -y ")
    assert install.endswith(" install --no-install-recommends libzbar0")


def test_a_user_installs_with_a_sudo_that_asks_no_password(machine):
    asked = with_apt(machine)
    program(machine, "true", "exit 0")
    program(machine, "sudo", 'shift; exec "$@"')
    assert system.install("libzbar0")
    assert asked.exists()


def test_a_sudo_that_would_ask_a_password_is_left_alone(machine):
    asked = with_apt(machine)
    program(machine, "sudo", "exit 1")
    assert not system.install("libzbar0")
    assert not asked.exists()


def test_nguon_apt_no_forbids_it_to_root_too(machine, monkeypatch):
    asked = with_apt(machine)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("NGUON_APT", "no")
    assert not system.install("libzbar0")
    assert not asked.exists()


def test_a_failing_apt_is_said_and_survived(machine, monkeypatch, capsys):
    with_apt(machine, script="echo no such package; exit 100")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not system.install("libzbar0")
    assert "no such package" in capsys.readouterr().err


def test_a_browser_that_is_there_is_not_installed_again(machine, monkeypatch):
    monkeypatch.setattr(system, "install", pytest.fail)
    program(machine, "chromium", "exit 0")
    system.need_chromium()
