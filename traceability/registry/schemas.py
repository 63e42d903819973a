"""What comes into the registry and what goes out. A table row does not validate, these do."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from traceability.registry.fields import (
    CodeText,
    Id,
    Input,
    IsoDate,
    Line,
    Paragraph,
    Patch,
    PositiveQuantity,
)
from traceability.registry.models import (
    PartyKind,
    RegistrationStatus,
    RiskClass,
    SerialStatus,
)

MAX_SERIALS = 10_000
"""Serials in one request."""

Name = Annotated[Line, Field(min_length=1, max_length=300)]
Line40 = Annotated[Line, Field(max_length=40)]
Line100 = Annotated[Line, Field(max_length=100)]
Line200 = Annotated[Line, Field(max_length=200)]
Line300 = Annotated[Line, Field(max_length=300)]
Line500 = Annotated[Line, Field(max_length=500)]
DocumentNumber = Annotated[Line, Field(min_length=1, max_length=100)]
AreaCode = Annotated[str, Field(pattern=r"^(?:[0-9]{2}|[0-9]{5})$")]
Phone = Annotated[Line, Field(max_length=30)]
LotText = Annotated[str, Field(min_length=1, max_length=20)]
"""AI 10; `codes.check_cset82` judges the characters."""
SerialText = Annotated[str, Field(min_length=1, max_length=20)]
"""AI 21."""
RepeatDevices = Annotated[int, Field(ge=3, le=1000)]
"""Devices from which look-ups of one serial are unusual; None for the policy's own."""
# JSON knows no enumerations: the text is taken for its member, everything else stays strict.
Kind = Annotated[PartyKind, Field(strict=False)]
Risk = Annotated[RiskClass, Field(strict=False)]
Status = Annotated[RegistrationStatus, Field(strict=False)]
StatusOfSerial = Annotated[SerialStatus, Field(strict=False)]


class CompanyPrefixIn(Input):
    """A GS1 Company Prefix; a bare text stands for one without further facts."""

    prefix: Annotated[str, Field(pattern=r"^[0-9]{4,12}$")]
    document: Line200 | None = None
    valid_from: IsoDate | None = None
    valid_to: IsoDate | None = None


def _prefix_of_text(value: Any) -> Any:
    return {"prefix": value} if isinstance(value, str) else value


Prefixes = Annotated[
    list[Annotated[CompanyPrefixIn, BeforeValidator(_prefix_of_text)]], Field(max_length=50)
]


class PartyIn(Input):
    name: Name
    kind: Kind
    tax_code: CodeText | None = None
    """Required for everybody but agencies."""
    gln: CodeText | None = None
    address: Annotated[Line500, Field(min_length=1)]
    area_code: AreaCode | None = None
    phone: Phone | None = None
    company_prefixes: Prefixes = Field(default_factory=list)


class PartyPatch(Patch):
    name: Name | None = None
    kind: Kind | None = None
    tax_code: CodeText | None = None
    gln: CodeText | None = None
    address: Annotated[Line500, Field(min_length=1)] | None = None
    area_code: AreaCode | None = None
    phone: Phone | None = None
    company_prefixes: Prefixes | None = None
    valid_from: IsoDate | None = None
    valid_to: IsoDate | None = None
    successor_id: Id | None = None


class DecisionIn(Input):
    """A decision of the authority on a party's registration."""

    status: Status
    valid_from: IsoDate | None = None
    """First day; today when missing."""
    valid_to: IsoDate | None = None
    """Last day."""
    decision_number: Annotated[Line, Field(min_length=1, max_length=60)] | None = None
    reason: Line500 | None = None


class RegistrationOut(BaseModel):
    state: str
    """pending, active, suspended, revoked, refused, expired or dissolved, as of today."""
    since: date | None
    valid_to: date | None
    decision_number: str | None
    reason: str | None


class CompanyPrefixOut(BaseModel):
    prefix: str
    document: str | None
    valid_from: date | None
    valid_to: date | None


class PartyOut(BaseModel):
    id: int
    name: str
    kind: str
    tax_code: str | None
    gln: str | None
    address: str
    area_code: str | None
    phone: str | None
    valid_from: date | None
    valid_to: date | None
    successor_id: int | None
    registration: RegistrationOut
    company_prefixes: list[CompanyPrefixOut]
    created_at: datetime


class DocumentIn(Input):
    """The document by which the owner of a code lets another use it (Decree 37/2026, art. 28)."""

    document_number: DocumentNumber
    document_date: IsoDate
    valid_to: IsoDate | None = None


class AuthorisationIn(DocumentIn):
    party_id: Id


class AuthorisationOut(BaseModel):
    id: int
    party_id: int
    party_name: str
    document_number: str
    document_date: date
    valid_to: date | None


class ProductIn(Input):
    gtin: CodeText
    name: Name
    producer_id: Id | None = None
    """Who makes or imports it; missing, the actor's own party."""
    brand: Line200 | None = None
    model: Line200 | None = None
    description: Annotated[Paragraph, Field(max_length=4000)] | None = None
    category: Line100 | None = None
    risk_class: Risk = RiskClass.LOW
    shelf_life: Line200 | None = None
    standards: Line500 | None = None
    origin_place: Line300 | None = None
    market: Line200 | None = None
    certificates: Annotated[Paragraph, Field(max_length=1000)] | None = None
    safety_warnings: Annotated[Paragraph, Field(max_length=2000)] | None = None
    management_number: Line200 | None = None
    display_sample: bool = False
    repeat_devices: RepeatDevices | None = None
    authorisation: DocumentIn | None = None


class ProductPatch(Patch):
    """Changes of a product. Its GTIN is no field: another code is another product."""

    name: Name | None = None
    producer_id: Id | None = None
    brand: Line200 | None = None
    model: Line200 | None = None
    description: Annotated[Paragraph, Field(max_length=4000)] | None = None
    category: Line100 | None = None
    risk_class: Risk | None = None
    shelf_life: Line200 | None = None
    standards: Line500 | None = None
    origin_place: Line300 | None = None
    market: Line200 | None = None
    certificates: Annotated[Paragraph, Field(max_length=1000)] | None = None
    safety_warnings: Annotated[Paragraph, Field(max_length=2000)] | None = None
    management_number: Line200 | None = None
    display_sample: bool | None = None
    repeat_devices: RepeatDevices | None = None


class PartySummary(BaseModel):
    """What the public may know of a party: no tax data."""

    id: int
    name: str
    kind: str
    address: str
    area_code: str | None


class MissingOut(BaseModel):
    code: str
    source: str


class CompletenessOut(BaseModel):
    score: int
    """How many of the elements asked for are there."""
    total: int
    present: list[str]
    missing: list[MissingOut]
    not_stated: list[MissingOut]
    """Elements asked for only "if any" that the record is silent about; not counted."""


class ProductOut(BaseModel):
    id: int
    gtin: str
    gtin_format: str
    name: str
    brand: str | None
    model: str | None
    description: str | None
    category: str | None
    risk_class: str
    producer: PartySummary
    shelf_life: str | None
    standards: str | None
    origin_place: str | None
    market: str | None
    certificates: str | None
    safety_warnings: str | None
    management_number: str | None
    confirmed: bool
    serialised: bool
    display_sample: bool
    repeat_devices: int | None
    photo: str | None
    """SHA-256 of the picture, its ETag; None when there is no picture."""
    completeness: CompletenessOut
    created_at: datetime
    changed_at: datetime


class LotIn(Input):
    gtin: CodeText
    lot: LotText
    production_date: IsoDate | None = None
    expiry_date: IsoDate | None = None
    quantity: PositiveQuantity | None = None
    unit: Line40 | None = None
    place: Line300 | None = None
    certificate: DocumentNumber | None = None
    """Number of the certificate that the quantity is counted against; needed only where the
    product is on several."""


class LotPatch(Patch):
    production_date: IsoDate | None = None
    expiry_date: IsoDate | None = None
    quantity: PositiveQuantity | None = None
    unit: Line40 | None = None
    place: Line300 | None = None
    certificate: DocumentNumber | None = None


class LotOut(BaseModel):
    id: int
    gtin: str
    lot: str
    production_date: date | None
    expiry_date: date | None
    quantity: Decimal | None
    unit: str | None
    place: str | None
    certificate: str | None
    created_at: datetime


class SerialsIn(Input):
    """Serials that the producer made itself."""

    gtin: CodeText
    lot: LotText | None = None
    certificate: DocumentNumber | None = None
    serials: Annotated[list[SerialText], Field(min_length=1, max_length=MAX_SERIALS)]


class SerialsIssueIn(Input):
    """Serials that we make: nobody can guess the next one."""

    gtin: CodeText
    lot: LotText | None = None
    certificate: DocumentNumber | None = None
    """Number of the certificate that the units are counted against, if not that of the lot."""
    count: Annotated[int, Field(ge=1, le=MAX_SERIALS)]


class SerialsOut(BaseModel):
    gtin: str
    lot: str | None
    count: int
    serials: list[str]


class SerialPatch(Patch):
    status: StatusOfSerial
    status_on: IsoDate | None = None
    """Day of the change; today when missing."""
    status_reason: Line200 | None = None


class SampleIn(Input):
    """Whether a unit stands in a shop for everybody to scan."""

    display_sample: bool


class SerialOut(BaseModel):
    id: int
    gtin: str
    serial: str
    lot: str | None
    certificate: str | None
    status: str
    status_on: date | None
    status_reason: str | None
    display_sample: bool
