"""nguon ledger, nguon list."""

from pathlib import Path

import sqlalchemy as sa

from tests.app.cli.conftest import Nguon
from traceability.db import Database
from traceability.invoices import ledger
from traceability.invoices.ledger_models import LedgerDay
from traceability.registry.models import Party


def test_the_ledger_is_made_anew_and_is_the_same(here: Nguon, demo: Path) -> None:
    database = Database(f"sqlite:///{demo / 'nguon.db'}")
    with database.reading() as session:
        shop = session.execute(sa.select(LedgerDay.tax_code).limit(1)).scalar_one()  # type: ignore[call-overload]
        before = ledger.balances(session, shop)
    with database.writing() as session:
        session.execute(sa.delete(LedgerDay))
    done = here("ledger", "rebuild", data=demo)
    assert (done.returncode, done.stderr) == (0, "")
    with database.reading() as session:
        assert ledger.balances(session, shop) == before != []
    database.dispose()


def test_every_check_of_a_shop_is_told(here: Nguon, demo: Path) -> None:
    database = Database(f"sqlite:///{demo / 'nguon.db'}")
    with database.reading() as session:
        shop = session.execute(
            sa.select(Party.id).where(Party.kind == "shop", Party.tax_code != None)  # type: ignore[call-overload] # noqa: E711
        ).scalars().first()  # fmt: skip
    database.dispose()
    done = here("ledger", "check", str(shop), data=demo)
    assert done.returncode == 0, done.stderr
    assert "Bought, sold, on the shelf: " in done.stdout


def test_a_list_is_brought_in_once_and_a_wrong_one_refused(
    here: Nguon, demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "inactive.csv"
    file.write_text("tax_code,document\n9999100017,TB-1\n")
    options = ("--source", "Nguồn ví dụ", "--dated-on", "2026-11-01")
    first = here("list", "import", "inactive", file, *options, data=demo)
    assert (first.returncode, first.stdout) == (0, "List 1: 1 rows of 1 November 2026\n")
    assert here("list", "import", "inactive", file, *options, data=demo).stdout == first.stdout
    file.write_text("tax_code\n9999100018\n")
    assert here("list", "import", "inactive", file, *options, data=demo).returncode == 1
