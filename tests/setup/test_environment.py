"""The virtual environment: made once, remade when stale, never trusted half-made."""

import pytest
from setup import environment
from setup.console import StepError
from setup.environment import Environment


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "requirements").mkdir()
    for purpose in environment.PURPOSES:
        (tmp_path / "requirements" / f"{purpose}.txt").write_text("one==1.0 \\\n    --hash=...\n")
    return tmp_path


@pytest.fixture
def steps(monkeypatch, tree):
    """Titles of the steps that were taken; the commands themselves only make the folder."""
    titles = []

    def step(title, command):
        titles.append(title.split(",")[0])
        (tree / ".venv" / "bin").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(environment, "step", step)
    return titles


def test_the_second_time_nothing_is_done(tree, steps):
    Environment(tree).make_ready("run")
    assert steps == ["virtual environment", "1 Python packages for 'run' (pip)"]
    Environment(tree).make_ready("run")
    assert len(steps) == 2


def test_what_tests_need_is_added_to_what_is_there(tree, steps):
    Environment(tree).make_ready("run")
    Environment(tree).make_ready("test")
    assert steps[2:] == ["1 Python packages for 'test' (pip)"]


def test_an_environment_for_tests_is_one_for_running(tree, steps):
    Environment(tree).make_ready("test")
    assert Environment(tree).is_ready("run")


def test_an_interrupted_set_up_starts_afresh(tree, steps, monkeypatch):
    half = tree / ".venv" / "lib" / "half-written"
    half.mkdir(parents=True)
    Environment(tree).make_ready("run")
    assert not half.exists()


def test_a_package_that_could_not_be_installed_leaves_the_environment_unready(
    tree, steps, monkeypatch
):
    def fail(title, command):
        raise StepError(title)

    monkeypatch.setattr(environment, "step", fail)
    with pytest.raises(StepError):
        Environment(tree).make_ready("run")
    assert not Environment(tree).is_ready("run")


def test_changed_requirements_make_a_new_environment(tree, steps):
    Environment(tree).make_ready("run")
    for purpose in environment.PURPOSES:
        (tree / "requirements" / f"{purpose}.txt").write_text("one==2.0\n")
    assert not Environment(tree).is_ready("run")
    Environment(tree).make_ready("run")
    assert steps.count("virtual environment") == 2


def test_a_tree_that_moved_needs_a_new_environment(tree, steps, tmp_path_factory):
    Environment(tree).make_ready("run")
    moved = tree.rename(tmp_path_factory.mktemp("other") / "tree")
    assert not Environment(moved).is_ready("run")


def test_a_python_without_venv_asks_for_the_package_of_its_own_version(monkeypatch):
    asked = []
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(environment, "install", lambda name: bool(asked.append(name)))
    with pytest.raises(SystemExit, match=r"As root: apt install python3\.\d+-venv"):
        environment.need_venv_module()
    assert asked == [f"python3.{environment.sys.version_info.minor}-venv"]
