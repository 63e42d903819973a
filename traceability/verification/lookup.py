"""What the register knows of a code: one prepared statement, the path of every public scan.

The statement takes one row by unique indexes only (product.gtin, lot and serial by product), so
its time does not grow with the tables. The recalls of a product are read by a second statement,
and only where the first has seen that there is one. Records are named tuples: a frozen dataclass
takes four times as long to make, and each look-up makes four.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from traceability import plain
from traceability.db import Execute, from_micro
from traceability.events.identifiers import STEM
from traceability.registry.models import RegistrationStatus

_RECORD = """
SELECT p.id, p.gtin, p.gtin_format, p.name, p.brand, p.model, p.category, p.serialised,
       p.display_sample, p.repeat_devices, p.origin_place, p.changed_at, p.confirmed,
       EXISTS (SELECT 1 FROM recall c WHERE c.product_id = p.id AND c.status = 'active')
       OR EXISTS (SELECT 1 FROM recall_goods g WHERE g.product_id = p.id AND g.in_force = true),
       EXISTS (SELECT 1 FROM lot k WHERE k.product_id = p.id),
       o.id, o.name, o.address, o.area_code, o.kind, o.tax_code, o.valid_to,
       r.status, r.valid_to,
       l.id, l.lot, l.production_date, l.expiry_date, l.place, l.quantity, l.created_at,
       s.id, s.status, s.status_on, s.status_reason, s.display_sample, m.lot,
       a.scans, a.first_at, a.first_area_code, a.area_codes, a.devices, a.device_count,
       a.impossible_moves,
       EXISTS (SELECT 1 FROM event_epc e WHERE e.key >= :first_key AND e.key < :behind_keys)
FROM product p
JOIN party o ON o.id = p.producer_id
LEFT JOIN registration r ON r.id = (SELECT max(id) FROM registration WHERE party_id = o.id)
LEFT JOIN serial s ON s.product_id = p.id AND s.serial = :serial
LEFT JOIN lot m ON m.id = s.lot_id
LEFT JOIN lot l ON l.product_id = p.id AND l.lot = coalesce(m.lot, :lot)
LEFT JOIN serial_activity a ON a.serial_id = s.id
WHERE p.gtin = :gtin
"""

# A recall names its goods itself, or its trace has reached them: `part` is '', 10/LOT or 21/SERIAL.
_RECALL = """
SELECT c.notice_number, c.notice_date, c.reason, c.advice, c.opened_at, found.certainty,
       found.of_what
FROM (
    SELECT d.id, 'certain' AS certainty,
           CASE WHEN d.serial IS NOT NULL THEN 'serial'
                WHEN d.lot IS NOT NULL THEN 'lot' ELSE 'product' END AS of_what
    FROM recall d
    WHERE d.product_id = :product_id AND d.status = 'active'
      AND (d.lot IS NULL OR d.lot IN (:lot, :issued_in))
      AND (d.serial IS NULL OR d.serial = :serial)
    UNION ALL
    SELECT g.recall_id, g.certainty,
           CASE WHEN g.part = '' THEN 'product'
                WHEN g.part = :serial_part THEN 'serial' ELSE 'lot' END
    FROM recall_goods g
    WHERE g.product_id = :product_id AND g.in_force = true
      AND g.part IN ('', :lot_part, :issued_in_part, :serial_part)
) AS found
JOIN recall c ON c.id = found.id
ORDER BY found.certainty, c.id DESC LIMIT 1
"""


class ProducerRecord(NamedTuple):
    id: int
    name: str
    address: str
    area_code: str | None
    kind: str
    tax_code: str | None
    valid_to: date | None
    registration_status: str | None
    registration_valid_to: date | None


class LotRecord(NamedTuple):
    id: int
    lot: str
    production_date: date | None
    expiry_date: date | None
    place: str | None
    quantity: Decimal | None
    created_at: datetime


class SerialRecord(NamedTuple):
    id: int
    status: str
    status_on: date | None
    status_reason: str | None
    display_sample: bool
    lot: str | None
    """The lot it was issued in."""
    scans: int
    first_at: datetime | None
    first_area_code: str | None
    area_codes: tuple[str, ...]
    devices: Mapping[str, str]
    device_count: int
    impossible_moves: int


class RecallRecord(NamedTuple):
    notice_number: str
    notice_date: date
    reason: str
    advice: str
    opened_at: datetime
    certainty: str
    """certain; possible where goods were mixed on the way to these."""
    of_what: str
    """product, lot or serial: what of the code is recalled."""


class Record(NamedTuple):
    """All that a verdict on one code needs of the register."""

    product_id: int
    gtin: str
    gtin_format: str
    name: str
    brand: str | None
    model: str | None
    category: str | None
    serialised: bool
    display_sample: bool
    repeat_devices: int | None
    """The product's own threshold of unusual repeats; None for the policy's."""
    origin_place: str | None
    changed_at: datetime
    confirmed: bool
    has_lots: bool
    producer: ProducerRecord
    lot: LotRecord | None
    serial: SerialRecord | None
    recall: RecallRecord | None
    has_events: bool = False
    """Whether any event names a lot or a serial of the product."""

    @property
    def pending(self) -> bool:
        """The producer, or the use of another's code, waits for approval."""
        return not self.confirmed or self.producer.registration_status == RegistrationStatus.PENDING


def find(execute: Execute, gtin: str, lot: str | None, serial: str | None) -> Record | None:
    """The record of a GTIN (14 digits), with the lot and serial of the code where it has them."""
    keys = {"gtin": gtin, "lot": lot, "serial": serial, **_range_of_keys(gtin)}
    row = execute(_RECORD, keys)
    if row is None:
        return None
    product, recalled, has_lots = row[:13], row[13], row[14]
    lot_record = _lot(row[24:31])
    recall = _recall(execute, product[0], lot, row[36], serial) if recalled else None
    return Record(
        product_id=product[0],
        gtin=product[1],
        gtin_format=product[2],
        name=product[3],
        brand=product[4],
        model=product[5],
        category=product[6],
        serialised=bool(product[7]),
        display_sample=bool(product[8]),
        repeat_devices=product[9],
        origin_place=product[10],
        changed_at=plain.time(product[11]),
        confirmed=bool(product[12]),
        has_lots=bool(has_lots),
        producer=_producer(row[15:24]),
        lot=lot_record,
        serial=_serial(row[31:]),
        recall=recall,
        has_events=bool(row[-1]),
    )


def _range_of_keys(gtin: str) -> dict[str, str]:
    """Where the keys of a product's lots and serials stand; "0" follows "/"."""
    stem = f"{STEM}/01/{gtin}"
    return {"first_key": f"{stem}/", "behind_keys": f"{stem}0"}


def _recall(
    execute: Execute, product_id: int, lot: str | None, issued_in: str | None, serial: str | None
) -> RecallRecord | None:
    """The newest recall that surely reaches the code, else the newest that possibly does.

    Of the product, of the lot on the code or the one the serial is from, or of the serial.
    """
    keys = {"product_id": product_id, "lot": lot, "issued_in": issued_in, "serial": serial}
    parts = {
        "lot_part": lot and f"10/{lot}",
        "issued_in_part": issued_in and f"10/{issued_in}",
        "serial_part": serial and f"21/{serial}",
    }
    row = execute(_RECALL, {**keys, **parts})
    if row is None:
        return None
    number, on, reason, advice, opened_at, certainty, of_what = row
    opened_at = plain.time(opened_at)
    return RecallRecord(number, plain.date(on), reason, advice, opened_at, certainty, of_what)


def _producer(row: tuple[Any, ...]) -> ProducerRecord:
    return ProducerRecord(
        id=row[0],
        name=row[1],
        address=row[2],
        area_code=row[3],
        kind=row[4],
        tax_code=row[5],
        valid_to=plain.date_or_none(row[6]),
        registration_status=row[7],
        registration_valid_to=plain.date_or_none(row[8]),
    )


def _lot(row: tuple[Any, ...]) -> LotRecord | None:
    if row[0] is None:
        return None
    quantity = None if row[5] is None else from_micro(row[5])
    return LotRecord(
        row[0],
        row[1],
        plain.date_or_none(row[2]),
        plain.date_or_none(row[3]),
        row[4],
        quantity,
        plain.time(row[6]),
    )


def _serial(row: tuple[Any, ...]) -> SerialRecord | None:
    if row[0] is None:
        return None
    return SerialRecord(
        id=row[0],
        status=row[1],
        status_on=plain.date_or_none(row[2]),
        status_reason=row[3],
        display_sample=bool(row[4]),
        lot=row[5],
        scans=row[6] or 0,
        first_at=None if row[7] is None else plain.time(row[7]),
        first_area_code=row[8],
        area_codes=tuple(plain.json(row[9], [])),
        devices=plain.json(row[10], {}),
        device_count=row[11] or 0,
        impossible_moves=row[12] or 0,
    )
