"""nguon gs1 CODE."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from app.cli.shared import database_of
from tests.app.client import make_party
from traceability.registry.models import Product

GTIN = "09520123456788"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def run(data: Path, *arguments: str, language: str = "en_GB.UTF-8") -> Result:
    # Wide enough that no line is broken.
    environment = {"LC_ALL": language, "COLUMNS": "200", "NO_COLOR": "1"}
    return CliRunner().invoke(cli, ["gs1", "--data", str(data), *arguments], env=environment)


def test_a_right_code_is_explained_and_ends_with_0(data: Path) -> None:
    result = run(data, f"(01){GTIN}(17)271231(10)A")
    assert result.exit_code == 0
    assert "Expiry date  USE BY or EXPIRY" in result.output
    assert "31 December 2027" in result.output
    assert f"https://id.gs1.org/01/{GTIN}/10/A?17=271231" in result.output


def test_a_wrong_code_ends_with_1_and_says_where_it_is_wrong(data: Path) -> None:
    result = run(data, "8934563138166")
    assert result.exit_code == 1
    assert "gs1.check-digit The check digit is not right (expected: 5)." in result.output
    assert "Was another code meant?" in result.output
    assert "8 more" in result.output


def test_it_speaks_vietnamese_too(data: Path) -> None:
    assert "Hạn sử dụng" in run(data, "(17)271231", language="vi_VN.UTF-8").output


def test_a_code_is_explained_without_a_database_and_makes_none(data: Path) -> None:
    result = run(data, "9520123456789")
    assert "In the product register" not in result.output
    assert not data.exists()


def test_where_there_is_a_register_its_numbers_come_first(data: Path) -> None:
    database = database_of(data)
    with database.writing() as session:
        producer = make_party(session, "producer", "9999100017")
        product = Product(gtin=GTIN, gtin_format="GTIN-13", name="VÍ DỤ", producer_id=producer)
        session.add(product)
    database.dispose()
    lines = run(data, "9520123456789").output.splitlines()
    first = lines[lines.index("Was another code meant?") + 1]
    assert first.split()[0] == GTIN[1:]
    assert first.endswith("In the product register")


def test_the_symbology_identifier_may_be_given_apart(data: Path) -> None:
    result = run(data, f"01{GTIN}10A\x1d21B", "--symbology-identifier", "]d2")
    assert "what a scanner sends" in result.output
    assert f"01{GTIN}10A^21B" in result.output


@pytest.mark.parametrize("code", ["", " ", "\x1b[31m", "[bold]x[/]", "\udcff", "(" * 1000, "]"])
def test_hostile_codes_are_shown_as_text(data: Path, code: str) -> None:
    result = run(data, "--", code)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "\x1b" not in result.output


def test_what_could_be_markup_is_not_taken_for_it(data: Path) -> None:
    assert "[bold]x[/]" in run(data, "--", "[bold]x[/]").output
