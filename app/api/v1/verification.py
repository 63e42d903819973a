"""Verify a code, decode a picture, record a scan."""

import hashlib
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from fastapi import File, Header, HTTPException, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from app.api.answers import Cursor, Limit, Page, as_json, id_of_cursor, page, problems
from app.api.context import context_of, count_public
from app.api.fields import Text
from app.api.routing import api_router
from app.api.uploads import ONE_FILE, check_one_file
from app.deps import (
    ApiActor,
    ServicesDep,
    SessionDep,
    TranslatorDep,
    services,
)
from app.security.access import API, Scope
from app.security.idempotency import HEADER
from app.wording.invoice_view import scanned_view
from app.wording.presentation import record_view, verdict_view
from app.wording.reading import reading_view
from scanner import Reading as Picture
from traceability.actor import Actor
from traceability.errors import InvalidError, NotFoundError
from traceability.invoices.outside.service import Consultation
from traceability.invoices.scanned import scanned_invoice
from traceability.invoices.service import record_reading
from traceability.verification import repository, service
from traceability.verification.case import Place
from traceability.verification.consulting import ask_outside
from traceability.verification.models import Scan
from traceability.verification.verdict import verdict_of_bytes

router = api_router("verification")

Model = TypeVar("Model", bound=BaseModel)

DeviceToken = Annotated[
    str | None,
    Header(
        alias="Nguon-Device", min_length=16, max_length=64, pattern="^[A-Za-z0-9_-]+$",
        description="A random token that the application keeps on the phone: one phone whose "
        "address changes is then counted once",
    ),
]  # fmt: skip

PICTURE_COST = 10
"""Decoding a picture counts as this many look-ups."""


class LocationIn(BaseModel):
    """Where the goods were seen; all of it optional."""

    model_config = ConfigDict(extra="forbid")

    shop_id: int | None = None
    area_code: str | None = Field(default=None, pattern=r"^[0-9]{2,5}$")
    latitude: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)
    accuracy_m: float | None = Field(default=None, ge=0, le=10_000_000, allow_inf_nan=False)
    counted: Decimal | None = Field(default=None, ge=0, le=10**9, max_digits=15)

    def as_place(self) -> Place:
        return Place(**self.model_dump())


class ScanIn(BaseModel):
    """A scan by a device that has read the symbol itself."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "scan_data": "]d2010952110100001610SAM2610\u001d21VD000001",
                    "location": {"area_code": "51"},
                }
            ]
        },
    )

    scan_data: str = Field(min_length=1, max_length=4000)
    symbology_identifier: str | None = Field(default=None, pattern=r"^\][A-Za-z][0-9A-Za-z]$")
    location: LocationIn = LocationIn()


def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The schema in one piece: an OpenAPI document resolves references from its own root."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})
    for name, field in schema["properties"].items():
        reference = field.get("$ref", "").rpartition("/")[2]
        if reference:
            schema["properties"][name] = parts[reference]
    return schema


@router.post(
    "/decode", responses=problems(413, 422, 429, 502, 503, 504), summary="Symbols of a picture",
    dependencies=[ONE_FILE],
)  # fmt: skip
def decode(
    request: Request,
    actor: ApiActor,
    parts: ServicesDep,
    translate: TranslatorDep,
    file: Annotated[UploadFile, File(description="JPEG, PNG, WebP, HEIC, GIF, TIFF, BMP, AVIF")],
) -> Response:
    """No verdict, and nothing is stored."""
    count_public(request, actor, PICTURE_COST)
    view = reading_view(translate, parts.scanner.decode(file.file.read()))
    return as_json(view, headers={"Content-Language": translate.language})


@router.post(
    "/scans", status_code=201, responses=problems(413, 415, 422, 429, 502, 503, 504),
    summary="Record a scan and get its verdict",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _schema_of(ScanIn)},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["image"],
                        "properties": {
                            "image": {"type": "string", "format": "binary"},
                            "location": {"type": "string", "description": "JSON"},
                        },
                    }
                },
            },
        }
    },
)  # fmt: skip
async def create_scan(
    request: Request,
    actor: ApiActor,
    session: SessionDep,
    translate: TranslatorDep,
    token: DeviceToken = None,
) -> Response:
    """The scan is kept whatever came of it; with an Idempotency-Key it is kept once."""
    picture: Picture | None = None
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if kind.lower() == "multipart/form-data":
        count_public(request, actor, PICTURE_COST)
        image, location = await _picture_form(request)
        # Before any SQL: no lock is held while a picture is decoded.
        picture = await run_in_threadpool(services(request).scanner.decode, image)
        symbol, place = symbol_of(picture, image), location.as_place()
    elif kind.lower() != "application/json":
        raise HTTPException(415)
    else:
        count_public(request, actor)
        scan_in = await _json_body(request)
        symbol = service.Symbol(scan_in.scan_data, scan_in.symbology_identifier)
        place = scan_in.location.as_place()
    outside = await _outside(request, actor, symbol, place)
    context = context_of(request, actor, place, outside, token)
    row, verdict = await run_in_threadpool(
        service.scan, session, symbol, context, nonce=_nonce(request)
    )
    view = {
        "id": row.id,
        **(reading_view(translate, picture) if picture else _given(symbol)),
        "verdict": verdict_view(translate, verdict, service.audience_of(actor)),
        **record_view(verdict),
    }
    if _may_see_invoices(request, actor):
        view["invoice"] = await run_in_threadpool(_invoice, session, actor, row.scan_data)
    headers = {"Location": f"/api/v1/scans/{row.id}", "Content-Language": translate.language}
    return as_json(view, 201, headers)


async def _outside(
    request: Request, actor: Actor, symbol: service.Symbol, place: Place
) -> tuple[Consultation, ...]:
    """What an outside registry says of the invoices behind these goods; before any SQL, too."""
    parts = services(request)
    if parts.outside is None or place.shop_id is None:
        return ()
    return await run_in_threadpool(
        ask_outside, parts.database, parts.outside, actor, symbol, place.shop_id
    )


def _may_see_invoices(request: Request, actor: Actor) -> bool:
    scopes = request.state.scopes
    allowed = actor.role in API["GET /api/v1/invoices/{invoice_id}"].roles
    return allowed and (not scopes or Scope.INVOICES in scopes)


def _invoice(session: Session, actor: Actor, text: str | None) -> dict[str, Any] | None:
    """The invoice whose printed QR was scanned; that it was found is in the audit log."""
    scanned = scanned_invoice(session, actor, text)
    if scanned is not None and scanned.invoice is not None:
        record_reading(session, actor, scanned.invoice.id or 0)
    return scanned_view(scanned)


def _nonce(request: Request) -> str | None:
    """The device's nonce, as its digest: any key of a request fits the scan's row."""
    key = request.headers.get(HEADER)
    return None if key is None else hashlib.sha256(key.encode()).hexdigest()


def symbol_of(picture: Picture, image: bytes) -> service.Symbol:
    """The first symbol of a picture that a person would mean: the one with the most to say."""
    digest = hashlib.sha256(image).hexdigest()
    if not picture.symbols:
        return service.Symbol(None, image_digest=digest)
    chosen = max(picture.symbols, key=lambda found: len(found.text))
    return service.Symbol(chosen.text, chosen.symbology_identifier, digest)


def _given(symbol: service.Symbol) -> dict[str, Any]:
    identifier = symbol.symbology_identifier
    return {
        "symbols": [{"text": symbol.scan_data, "symbology_identifier": identifier}],
        "unconfirmed": [],
    }


async def _picture_form(request: Request) -> tuple[bytes, LocationIn]:
    async with request.form(max_files=2, max_fields=5) as form:
        check_one_file(form)
        image, location = form.get("image"), form.get("location")
        if image is None or isinstance(image, str):
            raise InvalidError.of("image", "web.field-missing")
        text = location if isinstance(location, str) and location else "{}"
        return await image.read(), _validated(LocationIn, text.encode(), "location")


async def _json_body(request: Request) -> ScanIn:
    return _validated(ScanIn, await request.body())


def _validated(model: type[Model], text: bytes, field: str | None = None) -> Model:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        prefix = (field,) if field else ()
        faults = [{**e, "loc": (*prefix, *e["loc"])} for e in error.errors()]
        raise RequestValidationError(faults) from error


class ScanOut(BaseModel):
    id: int
    at: Any
    level: str
    scan_data: str | None
    gtin: str | None
    lot: str | None
    serial: str | None
    shop_id: int | None
    area_code: str | None
    note: str | None
    kept: bool


def scan_out(row: Scan) -> ScanOut:
    return ScanOut.model_validate(row, from_attributes=True)


@router.get("/scans", responses=problems(422), summary="Own scans, newest first")
def list_scans(
    session: SessionDep,
    actor: ApiActor,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ScanOut]:
    rows = repository.list_scans(session, actor, before_id=id_of_cursor(cursor), limit=limit)
    return page([scan_out(row) for row in rows], limit, rows[-1].id if rows else None)


@router.get("/scans/{scan_id}", responses=problems(404), summary="A scan with its verdict as given")
def get_scan(
    session: SessionDep, actor: ApiActor, translate: TranslatorDep, scan_id: int
) -> Response:
    row = repository.get_scan(session, actor, scan_id)
    if row is None:
        raise NotFoundError("verification.scan-unknown", id=scan_id)
    verdict = verdict_of_bytes(row.verdict)
    view = verdict_view(translate, verdict, service.audience_of(actor))
    return as_json({**scan_out(row).model_dump(), "verdict": view})


class ScanNote(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "Shelf 3", "kept": True}]}
    )

    note: Annotated[Text, Field(max_length=4000)] | None = None
    kept: bool | None = None


@router.patch("/scans/{scan_id}", responses=problems(404, 422), summary="Note on a scan")
def note_scan(session: SessionDep, actor: ApiActor, scan_id: int, change: ScanNote) -> ScanOut:
    return scan_out(service.note(session, actor, scan_id, text=change.note, kept=change.kept))
