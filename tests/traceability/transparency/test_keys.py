"""The keys of the log lie outside the database; a rotation keeps what was signed checkable."""

import stat
from pathlib import Path

import pytest

from traceability.transparency.keys import log_keys, rotate
from traceability.transparency.note import Checkpoint, Note

ORIGIN = "nguon.example/log"


def test_the_first_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "log-keys"
    made = log_keys(folder, ORIGIN)
    assert log_keys(folder, ORIGIN).public == made.public
    assert stat.S_IMODE((folder / "0001.pem").stat().st_mode) == 0o600
    assert "PRIVATE" not in (folder / "0001.pub").read_text()


def test_the_name_of_the_log_stays_when_its_address_changes(tmp_path: Path) -> None:
    log_keys(tmp_path, ORIGIN)
    assert log_keys(tmp_path, "new.example/log").origin == ORIGIN


def test_after_a_rotation_the_new_key_signs_and_the_old_one_still_checks(tmp_path: Path) -> None:
    before = log_keys(tmp_path, ORIGIN)
    text = Checkpoint(ORIGIN, 1, bytes(32)).text
    old = Note.parse(f"{text}\n{before.signing.line(text)}")
    after = rotate(tmp_path, before)
    assert [path.name for path in sorted(tmp_path.glob("*.pem"))] == ["0002.pem"]
    assert (after.public[0], len(after.public)) == (before.public[0], 2)
    assert after.signing.public == after.public[1] != before.signing.public
    assert list(old.times(after.public)) == [before.signing.public]
    assert rotate(tmp_path, after).public[:2] == after.public


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    log_keys(tmp_path, ORIGIN)
    (tmp_path / "0001.pem").write_text("no key")
    with pytest.raises(ValueError, match="PEM"):
        log_keys(tmp_path, ORIGIN)
