"""A large register made of made-up numbers, written past the services: only its size matters."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.schema import upgrade
from gs1 import check_digit

AT = "2026-11-01 00:00:00.000000"
PARTIES = 1000
CHUNK = 100_000
VERDICT = (
    b'{"at":"2026-11-01T00:00:00+00:00","policy_version":"2026.1","findings":[{"code":"MATCH_FIRST"'
    b',"arguments":{},"evidence":[{"kind":"serial","reference":"09521234567899/S0000000000",'
    b'"as_of":"2026-11-01T00:00:00+00:00","rule":null}]}]}'
)


def gtin(number: int) -> str:
    """The number-th product's GTIN, 14 digits."""
    body = f"0893{400_000_000 + number:09d}"
    return body + check_digit.compute(body)


def serial(number: int) -> str:
    return f"S{number:010d}"


def build(folder: Path, products: int, serials: int, scans: int) -> str:
    """Make the database once; returns its address. Rows that a killed run left are made anew."""
    path = folder / f"{products}-{serials}-{scans}" / "nguon.db"
    address = f"sqlite:///{path}"
    if path.with_suffix(".ok").exists():
        return address
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("nguon.db*"):
        old.unlink()
    upgrade(address)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            db.execute(f"PRAGMA {pragma}")
        indexes = _drop_indexes(db)
        _fill(db, products, serials, scans)
        for statement in indexes:
            db.execute(statement)
        db.execute("ANALYZE")
        db.execute("PRAGMA journal_mode=WAL")
    path.with_suffix(".ok").touch()
    return address


def _drop_indexes(db: sqlite3.Connection) -> list[str]:
    rows = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in rows:
        db.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in rows]


def _fill(db: sqlite3.Connection, products: int, serials: int, scans: int) -> None:
    parties = ((i, f"Công ty {i}", "producer", "Xã Ví Dụ", AT) for i in range(1, PARTIES + 1))
    _insert(db, "party (id, name, kind, address, created_at)", parties)
    standing = ((i, "active", "2020-01-01", AT) for i in range(1, PARTIES + 1))
    _insert(db, "registration (party_id, status, valid_from, created_at)", standing)
    _insert(
        db,
        "product (id, gtin, gtin_format, name, brand, risk_class, producer_id, serialised,"
        " display_sample, confirmed, created_at, changed_at)",
        (
            (
                i + 1,
                gtin(i),
                "GTIN-13",
                f"Sản phẩm {i}",
                "Ví Dụ",
                "low",
                i % PARTIES + 1,
                1,
                0,
                1,
                AT,
                AT,
            )
            for i in range(products)
        ),
    )
    _insert(
        db,
        "lot (id, product_id, lot, expiry_date, created_at)",
        ((i + 1, i + 1, "L1", "2099-12-31", AT) for i in range(products)),
    )
    _insert(
        db,
        "serial (id, product_id, serial, lot_id, status)",
        ((i + 1, i % products + 1, serial(i), i % products + 1, "issued") for i in range(serials)),
    )
    _insert(
        db,
        "scan (at, scanned_by, role, scan_data, gtin, lot, serial, product_id, level, verdict,"
        " policy_version, kept)",
        (
            (
                AT, f"device:{i:032x}", "anonymous", gtin(i % products), gtin(i % products), "L1",
                serial(i % serials), i % products + 1, "ok", VERDICT, "2026.1", 0,
            )
            for i in range(scans)
        ),
    )  # fmt: skip


def _insert(db: sqlite3.Connection, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * (table.count(",") + 1))
    db.execute("BEGIN")
    db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    db.execute("COMMIT")
