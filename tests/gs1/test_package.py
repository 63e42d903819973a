import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gs1

PACKAGE = Path(gs1.__file__).parent


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("**/*.py")), ids=lambda path: path.name)
def test_only_the_standard_library_is_imported(path):
    allowed = sys.stdlib_module_names | {"gs1"}
    assert {name.partition(".")[0] for name in imported(path)} <= allowed


def test_everything_exported_exists():
    assert all(getattr(gs1, name) is not None for name in gs1.__all__)


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError):
        gs1.nothing  # noqa: B018


def test_rarely_needed_modules_wait_for_their_first_use():
    code = "import sys, gs1; assert 'gs1.hints' not in sys.modules; gs1.hints.hints('1')"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PACKAGE.parent)


def test_types_are_shipped():
    assert (PACKAGE / "py.typed").is_file()


@pytest.mark.parametrize("name", ["application_identifiers", "code_lists", "gs1_prefixes"])
def test_every_table_states_its_source_and_date(name):
    text = (PACKAGE / "data" / f"{name}.tsv").read_text(encoding="utf-8")
    assert "# source: " in text
    assert "# release: " in text or "# date: " in text


def test_every_code_in_the_source_is_in_a_list_for_translators():
    listed = {*gs1.CODES, *gs1.REPAIRS, *gs1.hints.CODES}
    source = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py"))
    assert set(re.findall(r'"(gs1\.[a-z0-9-]+-?[a-z0-9-]*)"', source)) == listed
