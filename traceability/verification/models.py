"""Tables of verification: every scan, and what repeated scans of one serial add up to."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, UtcDateTime


class Scan(SQLModel, table=True):
    """One look at one code, kept whatever came of it."""

    __tablename__ = "scan"
    __table_args__ = (
        # One nonce of one device is one scan, however often it is sent.
        sa.Index("uq_scan_nonce", "scanned_by", "nonce", unique=True),
        sa.Index("ix_scan_serial", "product_id", "serial", "id"),
        sa.Index("ix_scan_user", "user_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    nonce: str | None = Field(default=None, max_length=64)
    scanned_by: str = Field(max_length=40)
    """`user:7`, `key:3`, or `device:` and a keyed hash: never an address."""
    role: str = Field(max_length=20)
    user_id: int | None = Field(default=None, sa_type=BigId)
    party_id: int | None = Field(default=None, sa_type=BigId)
    scan_data: str | None = Field(default=None, max_length=4000)
    """What the symbol said; None for a picture without a readable one."""
    symbology_identifier: str | None = Field(default=None, max_length=3)
    image_digest: str | None = Field(default=None, max_length=64)
    gtin: str | None = Field(default=None, max_length=14)
    lot: str | None = Field(default=None, max_length=20)
    serial: str | None = Field(default=None, max_length=20)
    product_id: int | None = Field(default=None, sa_type=BigId)
    shop_id: int | None = Field(default=None, sa_type=BigId)
    """The party on whose shelf the goods were seen."""
    area_code: str | None = Field(default=None, max_length=10)
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    level: str = Field(max_length=10)
    verdict: bytes
    """The whole verdict as JSON, with its policy version."""
    policy_version: str = Field(max_length=20)
    note: str | None = Field(default=None, max_length=4000)
    kept: bool = False
    """The inspector saved it on purpose."""


class SerialActivity(SQLModel, table=True):
    """Consumer scans of one serial, summed up: one device within 24 hours counts once."""

    __tablename__ = "serial_activity"

    serial_id: int = Field(foreign_key="serial.id", primary_key=True, sa_type=BigId)
    scans: int = 0
    first_at: datetime = Field(sa_type=UtcDateTime)
    first_area_code: str | None = Field(default=None, max_length=10)
    last_at: datetime = Field(sa_type=UtcDateTime)
    device_count: int = 0
    """Devices that count, of each occasion a few; stays when the devices' marks are erased."""
    occasion_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the last occasion began on which new devices looked."""
    occasion_devices: int = 0
    """New devices of that occasion, whether they count or not."""
    occasion_at_home: bool = False
    """Two phones were behind one address on it: its devices count as one."""
    devices: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """The last devices (at most 50): hash -> time of their last counted scan."""
    area_codes: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Provinces in which it was seen, at most 63."""
    last_latitude: float | None = None
    """The last place that was accurate enough, with its time and device."""
    last_longitude: float | None = None
    last_accuracy_m: float | None = None
    last_placed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_device: str | None = Field(default=None, max_length=40)
    impossible_moves: int = 0
    """Pairs of scans by two devices too far apart for the time between them."""
