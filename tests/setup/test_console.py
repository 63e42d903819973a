"""What a person sees while things are installed."""

import sys

import pytest
from setup import console
from setup.console import StepError, step


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def test_a_step_is_one_line_when_it_goes_well(capfd):
    step("a thing", python("print('chatter')"))
    assert capfd.readouterr() == ("", "- a thing\n")


def test_a_long_step_shows_its_latest_line_now_and_then(capfd, monkeypatch):
    monkeypatch.setattr(console, "PAUSE_S", 0.1)
    step("a thing", python("import time; print('halfway', flush=True); time.sleep(1)"))
    assert "s  halfway\n" in capfd.readouterr().err


def test_a_failed_step_shows_the_end_of_what_the_command_said(capfd):
    with pytest.raises(StepError, match="a thing: status 3"):
        step("a thing", python("print(*range(100), sep='\\n'); raise SystemExit(3)"))
    shown = capfd.readouterr().err.splitlines()
    assert shown == ["- a thing", *(f"  | {n}" for n in range(70, 100))]
