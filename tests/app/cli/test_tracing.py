"""nguon trace rebuild."""

from pathlib import Path

from tests.app.cli.conftest import Nguon


def test_the_tables_of_tracing_are_made_anew(nguon: Nguon, tmp_path: Path) -> None:
    done = nguon("trace", "rebuild", data=tmp_path / "new")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Read 0 events anew." in done.stdout
