"""Tables of the registry: areas, parties, codes, products, lots, serials.

Areas and parties are dated rows: on 1 July 2025 the province Kon Tum became part of Quảng Ngãi,
and a record of 2024 still says Kon Tum. `valid_to` is the last day on which the row holds.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from traceability.clock import now
from traceability.db import BigId, Quantity, UtcDateTime


class AreaLevel(StrEnum):
    PROVINCE = "province"
    COMMUNE = "commune"
    """Ward or commune; districts ceased on 1 July 2025."""


class Area(SQLModel, table=True):
    __tablename__ = "area"
    __table_args__ = (sa.UniqueConstraint("code", "valid_from"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    code: str = Field(max_length=10)
    """Code of the General Statistics Office's list: 2 digits a province, 5 a commune."""
    name: str = Field(max_length=120)
    level: str = Field(max_length=10)
    parent_code: str | None = Field(default=None, max_length=10)
    valid_from: date
    valid_to: date | None = None
    successor_code: str | None = Field(default=None, max_length=10)
    """The area that took this one in."""
    source: str = Field(max_length=200)
    """The decision that the row rests on."""


class PartyKind(StrEnum):
    PRODUCER = "producer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    SHOP = "shop"
    AGENCY = "agency"
    TAX = "tax"


class Party(SQLModel, table=True):
    __tablename__ = "party"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    name: str = Field(max_length=300)
    kind: str = Field(max_length=20)
    tax_code: str | None = Field(default=None, max_length=14, unique=True)
    """MST as issued: 10 digits, 10 digits and -NNN for a branch, or 12 digits of a person."""
    gln: str | None = Field(default=None, max_length=13, unique=True)
    address: str = Field(default="", max_length=500)
    area_code: str | None = Field(default=None, max_length=10, index=True)
    phone: str | None = Field(default=None, max_length=30)
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: int | None = Field(default=None, foreign_key="party.id", sa_type=BigId)
    """Who carries on after `valid_to`: agencies and firms merge."""
    registered_by_id: int | None = Field(
        default=None, foreign_key="party.id", index=True, sa_type=BigId
    )
    """The party whose member entered it, who may read it, and correct it while it is pending."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class RegistrationStatus(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REFUSED = "refused"


class Registration(SQLModel, table=True):
    """The registration of a party with the authority; the newest row is the one in force."""

    __tablename__ = "registration"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    party_id: int = Field(foreign_key="party.id", index=True, sa_type=BigId)
    status: str = Field(max_length=10, index=True)
    valid_from: date
    valid_to: date | None = None
    decision_number: str | None = Field(default=None, max_length=60)
    reason: str | None = Field(default=None, max_length=500)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class CompanyPrefix(SQLModel, table=True):
    """A GS1 Company Prefix licensed to a party, 4 to 12 digits."""

    __tablename__ = "company_prefix"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    prefix: str = Field(max_length=12, unique=True)
    party_id: int = Field(foreign_key="party.id", index=True, sa_type=BigId)
    document: str | None = Field(default=None, max_length=200)
    """Number of the certificate that licenses it."""
    valid_from: date | None = None
    valid_to: date | None = None


class RiskClass(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    """High-risk goods under Law 78/2025/QH15: full traceability is mandatory."""


class Product(SQLModel, table=True):
    """A trade item. The elements of TT 02/2024 and Decree 37/2026 are named in completeness.py."""

    __tablename__ = "product"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    gtin: str = Field(max_length=14, unique=True)
    """Always 14 digits."""
    gtin_format: str = Field(max_length=8)
    """How it is printed: GTIN-8, GTIN-12, GTIN-13 or GTIN-14."""
    name: str = Field(max_length=300)
    brand: str | None = Field(default=None, max_length=200)
    model: str | None = Field(default=None, max_length=200)
    description: str | None = Field(default=None, max_length=4000)
    category: str | None = Field(default=None, max_length=100, index=True)
    risk_class: str = Field(default=RiskClass.LOW, max_length=10)
    producer_id: int = Field(foreign_key="party.id", index=True, sa_type=BigId)
    """Who makes or imports it, and owns the code."""
    shelf_life: str | None = Field(default=None, max_length=200)
    standards: str | None = Field(default=None, max_length=500)
    """Standards applied: TCVN, QCVN, TCCS."""
    origin_place: str | None = Field(default=None, max_length=300)
    """Where it originates or was last finished."""
    market: str | None = Field(default=None, max_length=200)
    certificates: str | None = Field(default=None, max_length=1000)
    safety_warnings: str | None = Field(default=None, max_length=2000)
    management_number: str | None = Field(default=None, max_length=200)
    """Number of the sector's registration or announcement."""
    confirmed: bool = True
    """False while only a document that a member has named itself stands behind the use of
    another's name or number: verdicts then say that the registration waits."""
    serialised: bool = False
    """Every unit carries a serial; set when the first serial is issued."""
    display_sample: bool = False
    """Shown on shelves as a sample: repeated scans mean nothing."""
    repeat_devices: int | None = None
    """Its own threshold of unusual repeats, in devices; None for that of the policy."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    changed_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ProductPhoto(SQLModel, table=True):
    __tablename__ = "product_photo"

    product_id: int = Field(foreign_key="product.id", primary_key=True, sa_type=BigId)
    media_type: str = Field(max_length=30)
    data: bytes
    digest: str = Field(max_length=64)
    """SHA-256, hexadecimal; the ETag of the picture."""


# Compared byte by byte on both databases: a prefix is then a range that the index serves.
# PostgreSQL's default collation orders by language, in which the range would miss words.
_Term = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


class ProductTerm(SQLModel, table=True):
    """A folded word of a product's name, brand or category: search by the start of words."""

    __tablename__ = "product_term"

    term: str = Field(primary_key=True, sa_type=_Term)
    product_id: int = Field(
        foreign_key="product.id", primary_key=True, index=True, sa_type=BigId
    )  # fmt: skip


class PartyTerm(SQLModel, table=True):
    """The same for a party's name, tax code and address."""

    __tablename__ = "party_term"

    term: str = Field(primary_key=True, sa_type=_Term)
    party_id: int = Field(foreign_key="party.id", primary_key=True, index=True, sa_type=BigId)


class CodeAuthorisation(SQLModel, table=True):
    """A party that may use another's code, and the document that says so (Decree 37/2026, 28)."""

    __tablename__ = "code_authorisation"
    __table_args__ = (sa.UniqueConstraint("product_id", "party_id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    party_id: int = Field(foreign_key="party.id", index=True, sa_type=BigId)
    document_number: str = Field(max_length=100)
    document_date: date
    valid_to: date | None = None


def _certified(table: str) -> sa.Index:
    """Of the few rows that a certificate bounds: the others cost the index nothing."""
    some = sa.text("certificate_id IS NOT NULL")
    return sa.Index(
        f"ix_{table}_certificate_id", "certificate_id", sqlite_where=some, postgresql_where=some
    )


class Lot(SQLModel, table=True):
    __tablename__ = "lot"
    __table_args__ = (sa.UniqueConstraint("product_id", "lot"), _certified("lot"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    lot: str = Field(max_length=20)
    """AI 10: up to 20 characters of CSET 82."""
    production_date: date | None = None
    expiry_date: date | None = None
    quantity: Decimal | None = Field(default=None, sa_type=Quantity)
    unit: str | None = Field(default=None, max_length=40)
    place: str | None = Field(default=None, max_length=300)
    """Where it was made or packed: a GLN, a growing-area code or an address."""
    certificate_id: int | None = Field(default=None, sa_type=BigId)
    """The certificate that its quantity is counted against."""
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class SerialStatus(StrEnum):
    ISSUED = "issued"
    SUPPLIED = "supplied"
    """Sold or used."""
    WITHDRAWN = "withdrawn"
    """Destroyed, stolen, sample, exported."""


class Serial(SQLModel, table=True):
    __tablename__ = "serial"
    __table_args__ = (sa.UniqueConstraint("product_id", "serial"), _certified("serial"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    product_id: int = Field(foreign_key="product.id", sa_type=BigId)
    serial: str = Field(max_length=20)
    """AI 21: up to 20 characters of CSET 82."""
    certificate_id: int | None = Field(default=None, sa_type=BigId)
    """The certificate that the unit is counted against: that of its lot, if it has one."""
    lot_id: int | None = Field(default=None, foreign_key="lot.id", index=True, sa_type=BigId)
    status: str = Field(default=SerialStatus.ISSUED, max_length=10)
    status_on: date | None = None
    status_reason: str | None = Field(default=None, max_length=200)
    display_sample: bool = False
    """Stands in a shop for everybody to scan: repeated scans mean nothing."""
