import io
import json
import runpy
import sys
import types

import pytest

from gs1 import __main__ as command


def test_codes_are_read_with_titles(capsys):
    assert command.main(["(01)09520123456788(10)A"]) == 0
    assert capsys.readouterr().out == "GTIN (01) 09520123456788\nBATCH/LOT (10) A\n"


def test_a_wrong_code_is_told_and_sets_the_exit_status(capsys):
    assert command.main(["9520123456789", "9520123456788"]) == 1
    told = capsys.readouterr()
    assert "gs1.check-digit" in told.err
    assert "09520123456788" in told.out


def test_usage(capsys):
    assert command.main([]) == command.main(["--help"]) == 2
    assert "usage" in capsys.readouterr().err


def test_questions_are_answered_line_by_line(capsys, monkeypatch):
    questions = io.BytesIO(b'{"kind": "gtin", "input": "02345673"}\nx\n')
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=questions))
    assert command.main(["--jsonl"]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["ok"] for line in said] == [True, False]


def test_the_module_is_a_command(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["gs1", "9520123456788"])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(command.__file__, run_name="__main__")
    assert left.value.code == 0
