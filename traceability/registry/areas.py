"""Provinces and communes as dated rows.

On 1 July 2025 Kon Tum (62) became part of Quảng Ngãi (51), and some codes went to another
province on that day: 15 was Yên Bái and is Lào Cai since. A code therefore means something only
together with a day. data/areas.csv holds the provinces from 1 August 2008, when Hà Tây had
joined Hà Nội, and the communes of Quảng Ngãi since 1 July 2025; what lies before is not kept.

>>> seed_rows()[0].name
'Hà Nội'
"""

import csv
from datetime import date, timedelta
from importlib.resources import files

from sqlmodel import Session

from traceability.clock import today
from traceability.errors import Fault
from traceability.registry import area_repository as repository
from traceability.registry.models import Area


def seed_rows() -> list[Area]:
    """The rows of our own list, in its order."""
    text = files("traceability.registry").joinpath("data/areas.csv").read_text("utf-8")
    return [
        Area(
            code=row["code"],
            name=row["name"],
            level=row["level"],
            parent_code=row["parent_code"] or None,
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            successor_code=row["successor_code"] or None,
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    ]


def seed_areas(session: Session) -> int:
    """Add the rows of the list that are not there yet; rows that are there stay as they are.

    Returns:
        How many were added.
    """
    known = repository.area_keys(session)
    new = [row for row in seed_rows() if (row.code, row.valid_from) not in known]
    session.add_all(new)
    session.flush()
    return len(new)


def resolve(session: Session, code: str, on: date | None = None) -> Area | None:
    """The area that a code meant on a day (today when missing), or None."""
    return repository.area(session, code, on or today())


def successor(session: Session, area: Area, on: date | None = None) -> Area | None:
    """The area in which this one lies on a later day; itself while it holds, None if unknown."""
    day = on or today()
    found: Area | None = area
    while found is not None and found.valid_to is not None and found.valid_to < day:
        next_day = found.valid_to + timedelta(days=1)
        code = found.successor_code
        found = repository.area(session, code, next_day) if code is not None else None
    return found


def area_fault(session: Session, code: str | None) -> Fault | None:
    """What is wrong with the area code of an address: it must hold today.

    The fault is `registry.area-unknown` (code) or, for an area of the past,
    `registry.area-ended` (code, name, valid_to, successor_code, successor_name).
    """
    if code is None or resolve(session, code) is not None:
        return None
    last = repository.last_area(session, code)
    if last is None:
        return Fault("area_code", "registry.area-unknown", {"code": code})
    now_in = successor(session, last)
    return Fault(
        "area_code",
        "registry.area-ended",
        {
            "code": code,
            "name": last.name,
            "valid_to": str(last.valid_to),
            "successor_code": now_in.code if now_in is not None else None,
            "successor_name": now_in.name if now_in is not None else None,
        },
    )
