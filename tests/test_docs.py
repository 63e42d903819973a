"""The documents say what the code does: each test names one thing that must not drift apart."""

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer

import gs1
from app.background import HANDLERS
from app.cli import cli
from app.demo.loading import CODES
from app.demo.people import LOG_INS
from app.schema import METADATA
from app.security.access import API
from app.settings import Settings
from app.wording.error_sentences import SENTENCES
from tools import make_data_model
from traceability.db import Database
from traceability.verification.findings import Rule

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("adr/*.md")])
PICTURES = ROOT / "docs" / "screenshots"


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", read(name), re.DOTALL | re.MULTILINE)


def section(name: str, heading: str) -> str:
    return read(name).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


# Settings and commands


def documented_settings() -> dict[str, str]:
    rows = re.findall(
        r"^\| `(NGUON_\w+)` \| (.+?) \|", section("docs/operations.md", "Settings"), re.MULTILINE
    )
    return {name.removeprefix("NGUON_").lower(): default.strip("`") for name, default in rows}


def test_every_setting_has_its_row_and_no_row_is_of_another() -> None:
    assert documented_settings().keys() == Settings.model_fields.keys()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_default_of_a_setting_is_the_one_that_is_written(name: str) -> None:
    default = Settings.model_fields[name].default
    as_written = "none" if default in (None, ()) else str(default)
    if isinstance(default, tuple) and default:
        as_written = ", ".join(str(each) for each in default)
    if isinstance(default, bool):
        as_written = as_written.lower()
    assert documented_settings()[name] == as_written


def commands(group: typer.Typer, prefix: str = "nguon") -> Iterator[str]:
    for command in group.registered_commands:
        function = command.callback.__name__ if command.callback else ""
        yield f"{prefix} {command.name or function.replace('_', '-')}"
    for child in group.registered_groups:
        if child.typer_instance:
            yield from commands(child.typer_instance, f"{prefix} {child.name}")


def test_every_command_is_in_the_list_of_commands_and_no_other() -> None:
    written = re.findall(
        r"^\| `(nguon [a-z0-9 ]+)` \|", section("docs/operations.md", "Commands"), re.MULTILINE
    )
    assert sorted(written) == sorted(commands(cli))


def test_the_sql_that_forgets_people_runs_on_the_schema(database: Database) -> None:
    [script] = blocks("docs/operations.md", "sql")
    statements = [part for part in re.sub(r"--.*", "", script).split(";") if part.strip()]
    assert len(statements) == 4
    with database.writing() as session:
        for statement in statements:
            session.execute(sa.text(statement))


# Error codes


def codes_in_the_source() -> Iterator[tuple[str, str]]:
    """Every text of the source that looks like an error code, with its file."""
    packages = "|".join(sorted({code.split(".")[0] for code in SENTENCES}))
    code = re.compile(rf"(?:{packages})\.[a-z0-9]+(?:-[a-z0-9]+)*")
    for package in ("gs1", "scanner", "traceability", "app"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and code.fullmatch(text):
                    yield text, str(path.relative_to(ROOT))


NO_ERRORS = {*HANDLERS, *Rule, *gs1.hints.CODES, *gs1.REPAIRS, "scanner.no-file"}
"""Kinds of jobs; rules that findings cite, which have words of their own; what was repaired or
suggested; a file that `python -m scanner` cannot open."""


def test_every_error_code_has_a_sentence() -> None:
    missing = {code: path for code, path in codes_in_the_source() if code not in SENTENCES}
    assert {code: path for code, path in missing.items() if code not in NO_ERRORS} == {}


# Demonstration


def test_the_codes_of_the_readme_are_those_of_the_demonstration() -> None:
    written = re.findall(
        r"^\| \[(/01/\S+)\]\(http://127\.0\.0\.1:8000(\S+)\) \| \*\*(\w+)\*\*",
        read("README.md"),
        re.MULTILINE,
    )
    assert [(path, level) for path, _, level in written] == [(c.path, c.shows) for c in CODES]
    assert all(path == address for path, address, _ in written)


def test_the_log_ins_of_the_readme_are_those_of_the_demonstration() -> None:
    written = re.findall(r"^\| [^|]+ \| `(\S+@\S+)` \| `(\S+)` \|", read("README.md"), re.MULTILINE)
    assert sorted(written) == sorted((each.email, each.password) for each in LOG_INS)


# Data model


def test_every_table_has_its_place_in_the_drawing() -> None:
    placed = [
        name for columns in make_data_model.GROUPS.values() for names in columns for name in names
    ]
    assert sorted(placed) == sorted(METADATA.tables)


def test_the_drawing_and_the_list_of_tables_are_those_of_the_models() -> None:
    again = "run: python -m tools.make_data_model"
    assert read("docs/data-model.svg") == make_data_model.drawing(), again
    assert read("docs/data-model.md") == make_data_model.page(read("docs/data-model.md")), again


# API


def test_the_list_of_addresses_is_that_of_the_access_table() -> None:
    written = {
        f"{method} /api/v1{path}"
        for methods, path in re.findall(
            r"`((?:(?:GET|POST|PUT|PATCH|DELETE) )+)(/\S+)`",
            section("docs/api.md", "All addresses"),
        )
        for method in methods.split()
    }
    assert written == {re.sub(r"\{\w+_id\}", "{id}", endpoint) for endpoint in API}


# GS1


def test_the_examples_of_the_gs1_guide_run() -> None:
    result = doctest.testfile(
        str(ROOT / "docs" / "gs1.md"), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert result.attempted > 10
    assert result.failed == 0


# Links


def links(page: Path) -> list[str]:
    """The relative targets of a page's links and pictures; code is left out."""
    text = re.sub(
        r"^```.*?^```$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    return [each for each in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in each]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if target.is_relative_to(PICTURES):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.skipif(not PICTURES.is_dir(), reason="the browser tests have taken no pictures yet")
def test_every_picture_of_the_readme_was_taken() -> None:
    named = {
        ROOT / link for link in links(ROOT / "README.md") if link.startswith("docs/screenshots/")
    }
    assert [path.name for path in sorted(named) if not path.exists()] == []


# Decisions


def test_every_decision_is_in_the_index_and_has_all_its_parts() -> None:
    decisions = [path for path in sorted((ROOT / "adr").glob("*.md")) if path.name != "README.md"]
    index = read("adr/README.md")
    parts = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
    for number, path in enumerate(decisions, 1):
        text = path.read_text("utf-8")
        assert path.name.startswith(f"{number:04d}-")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == parts
        assert "\n> " in text
        assert f"[{number}]({path.name})" in index
