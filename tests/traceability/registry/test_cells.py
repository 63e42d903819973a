from datetime import date, datetime, time

import pytest

from traceability.registry.cells import CellError, read, what_a_spreadsheet_did
from traceability.registry.columns import Cell
from traceability.registry.tables import CellValue


@pytest.mark.parametrize(
    ("kind", "value", "content"),
    [
        (Cell.CODE, 9520000000103.0, "9520000000103"),
        (Cell.CODE, "  9520000000103 ", "9520000000103"),
        (Cell.CODE, "'-1A", "-1A"),
        (Cell.CODE, "'1A", "'1A"),
        (Cell.CODE, "   ", None),
        (Cell.TEXT, "Cà phê", "Cà phê"),
        (Cell.TEXT, "'=1+1", "=1+1"),
        (Cell.TEXT, 500.0, "500"),
        (Cell.TEXT, 0.5, "0.5"),
        (Cell.DATE, date(2026, 10, 1), "2026-10-01"),
        (Cell.DATE, datetime(2026, 10, 1, 8, 30), "2026-10-01"),  # noqa: DTZ001
        (Cell.DATE, "2026-10-01", "2026-10-01"),
        (Cell.DATE, "1/10/2026", "2026-10-01"),
        (Cell.DATE, "01-10-2026", "2026-10-01"),
        (Cell.QUANTITY, 12.5, 12.5),
        (Cell.QUANTITY, "12,5", "12.5"),
        (Cell.QUANTITY, "0.125", "0.125"),
        (Cell.QUANTITY, "1.200,5", "1200.5"),
        (Cell.QUANTITY, "1.200.000", "1200000"),
        (Cell.QUANTITY, "1,200.500", "1200.500"),
        (Cell.NUMBER, 7.0, 7),
        (Cell.NUMBER, "7", 7),
        (Cell.RISK, "Trung bình", "medium"),
        (Cell.RISK, "HIGH", "high"),
        (Cell.FLAG, "Có", True),
        (Cell.FLAG, "không", False),
        (Cell.FLAG, 1.0, True),
        (Cell.FLAG, False, False),
    ],
)
def test_a_cell_is_read_as_its_column_needs(kind: Cell, value: CellValue, content: object) -> None:
    assert read(kind, value) == content


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (Cell.CODE, 1.5, "registry.cell-type"),
        (Cell.CODE, True, "registry.cell-type"),
        (Cell.CODE, float("nan"), "registry.cell-type"),
        (Cell.CODE, float("inf"), "registry.cell-type"),
        (Cell.CODE, 1234567890123456.0, "registry.number-inexact"),
        (Cell.CODE, date(2026, 2, 1), "registry.cell-is-date"),
        (Cell.TEXT, time(8, 30), "registry.cell-is-date"),
        (Cell.TEXT, False, "registry.cell-type"),
        (Cell.DATE, 46000.0, "registry.date-format"),
        (Cell.QUANTITY, "1.500", "registry.quantity-ambiguous"),
        (Cell.QUANTITY, "12,000", "registry.quantity-ambiguous"),
        (Cell.QUANTITY, date(2026, 2, 1), "registry.cell-type"),
        (Cell.NUMBER, "seven", "registry.cell-type"),
        (Cell.RISK, "extreme", "registry.choice-unknown"),
        (Cell.FLAG, "maybe", "registry.choice-unknown"),
        (Cell.FLAG, 2.0, "registry.choice-unknown"),
    ],
)
def test_what_a_spreadsheet_made_of_a_value_is_named(
    kind: Cell, value: CellValue, code: str
) -> None:
    with pytest.raises(CellError) as refused:
        read(kind, value)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("9.52E+12", ("registry.gtin-scientific", {"value": "9.52E+12"})),
        ("9,52E+12", ("registry.gtin-scientific", {"value": "9,52E+12"})),
        (
            "12345678905",
            (
                "registry.gtin-lost-zeros",
                {"value": "12345678905", "suggestion": "012345678905"},
            ),
        ),
        ("1234567", None),
        ("123", None),
        ("9520000000104", None),
        ("abc", None),
        ("１２３", None),
    ],
)
def test_a_spoiled_gtin_gets_a_better_name(text: str, named: object) -> None:
    assert what_a_spreadsheet_did(text) == named
