"""What is known of repeated scans is kept: devices are counted from their marks."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app.schema import upgrade
from tests.conftest import KINDS
from tests.postgres import fresh_database
from tests.test_migration_of_aliases import upgrade_to
from traceability.db import Database
from traceability.verification.models import SerialActivity

_PARTY = (
    "INSERT INTO party (id, name, kind, address, created_at)"
    " VALUES (1, 'VÍ DỤ', 'producer', '', '2026-08-03 09:00:00')"
)
_PRODUCT = (
    "INSERT INTO product (id, gtin, gtin_format, name, risk_class, producer_id, confirmed,"
    " serialised, display_sample, created_at, changed_at) VALUES (1, '09521234567899', 'GTIN-13',"
    " 'VÍ DỤ', 'low', 1, :yes, :yes, :no, '2026-08-03 09:00:00', '2026-08-03 09:00:00')"
)
_SERIAL = "INSERT INTO serial (id, product_id, serial, status) VALUES (1, 1, 'SN1', 'issued')"
_ACTIVITY = (
    "INSERT INTO serial_activity (serial_id, scans, first_at, last_at, devices, area_codes,"
    " last_latitude, last_longitude, last_device, impossible_moves) VALUES (1, 7,"
    " '2026-08-01 09:00:00', '2026-08-03 09:00:00', :devices, '[]', 14.35, 108.0, 'b', 0)"
)


@pytest.mark.parametrize("kind", KINDS)
def test_devices_are_counted_from_their_marks(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        _check(f"sqlite:///{tmp_path / 'nguon.db'}")
    else:
        template = request.getfixturevalue("migrated_postgres")
        server = make_url(template).set(database="postgres").render_as_string(hide_password=False)
        with fresh_database(server) as address:
            _check(address)


def _check(address: str) -> None:
    upgrade_to(address, "0011")
    database = Database(address)
    with database.engine.begin() as connection:
        connection.execute(sa.text(_PARTY))
        connection.execute(sa.text(_PRODUCT), {"yes": True, "no": False})
        connection.execute(sa.text(_SERIAL))
        connection.execute(sa.text(_ACTIVITY), {"devices": '{"a": "1.0", "b": "2.0"}'})
    upgrade(address)
    with database.reading() as session:
        found = session.get_one(SerialActivity, 1)
    database.dispose()
    assert (found.scans, found.device_count) == (7, 2)
    assert found.last_placed_at == found.last_at
