"""The shared files of fictional parties, each of which its name describes."""

from decimal import Decimal

import pytest
from sqlmodel import Session

from tests.shared_material import SHARED, needs_shared
from tests.traceability.invoices.conftest import ADMIN
from traceability.invoices import service
from traceability.invoices.reading import read_invoices

FOLDER = SHARED / "corpora" / "invoices"

pytestmark = needs_shared


@pytest.mark.parametrize(
    ("start", "number", "quantity"),
    [
        ("01", "1C26TAA 12", 100),
        ("02", "1K26TBB 7", 60),
        ("03", "2C26MYY 881", 2),
        ("04", "1K26TBB 8", -5),
        ("05", "1C26TAA 13", 100),
        ("06", "1K26TBB 9", 10),
        ("07", "1C26TAA 12", 100),
        ("08", "1C26TAA 12", 1000),
        # Of two contents the signed one is read; the other says 1000.
        ("09", "1C26TAA 12", 100),
        ("10", "1C26TAA 12", 100),
        ("11", "1C26TAA 12", 100),
        ("12", "1C26TAA 14", 1),
        ("13", "1C26TAA 12", 100),
    ],
)
def test_number_and_quantity_are_read(start: str, number: str, quantity: int) -> None:
    [path] = FOLDER.glob(f"{start}*.xml")
    [found] = read_invoices(path.read_bytes())
    assert (found.key.written, found.lines[0].quantity) == (number, Decimal(quantity))


def test_all_of_them_together_are_seven_invoices(session: Session) -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(FOLDER.glob("*.xml"))]
    result = service.import_files(session, ADMIN, files)
    same = {d.file[:2]: d.same_content for d in result.duplicates}
    assert [i.file[:2] for i in result.imported] == ["01", "02", "03", "04", "05", "06", "12"]
    assert same == {"07": True, "08": False, "09": True, "10": True, "11": True, "13": True}
    assert result.rejected == []
