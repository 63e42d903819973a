"""Where goods came from, by documents: stock statements, paths, origin checks, dated lists."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import File, Form, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import problems
from app.api.fields import Text, Time
from app.api.routing import api_router
from app.api.uploads import ONE_FILE
from app.deps import ApiActor, SessionDep, TranslatorDep
from app.i18n import Translator
from app.wording.origin import NOTES, observation_text
from traceability.invoices import chain, lists, stock
from traceability.invoices.checks import service as checks
from traceability.invoices.checks.answer import Answer, CheckCode, CheckResult, Risk
from traceability.invoices.checks.policy import POLICY
from traceability.invoices.ledger_models import StockKind
from traceability.invoices.list_models import ListKind
from traceability.registry.fields import MAX_ID

router = api_router("origin")

Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Nonce = Annotated[Text, Field(min_length=8, max_length=64)]


class StockIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "product_id": 1,
                    "kind": "counted",
                    "quantity": "48",
                    "observed_at": "2026-11-02T03:00:00Z",
                    "nonce": "till-3-000017",
                    "document": "BB-12/2026",
                }
            ]
        },
    )

    product_id: Id
    kind: StockKind
    quantity: Decimal = Field(ge=0)
    """In the product's own unit."""
    observed_at: Time
    """For a count, when the inspection began."""
    nonce: Nonce
    """Made by the sender: sent twice it is one statement."""
    document: Annotated[Text, Field(max_length=100)] = ""


class StockOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    product_id: int
    kind: StockKind
    quantity: Decimal
    observed_on: date
    observed_at: datetime
    document: str
    recorded_role: str
    recorded_at: datetime


@router.get(
    "/parties/{party_id}/stock", responses=problems(404), summary="Statements about a shop's stock"
)
def list_stock(session: SessionDep, actor: ApiActor, party_id: int) -> list[StockOut]:
    """Opening counts, returns, seizures and counts on the shelf, in order of time."""
    return [StockOut.model_validate(each) for each in stock.records(session, actor, party_id)]


@router.post(
    "/parties/{party_id}/stock",
    status_code=201,
    responses=problems(404, 409, 422),
    summary="State what an invoice cannot say",
)
def state_stock(
    session: SessionDep, actor: ApiActor, party_id: int, statement: StockIn
) -> StockOut:
    """A shop states its opening count and what it gave back; inspectors state the rest."""
    made = stock.StockStatement(party_id=party_id, **statement.model_dump())
    return StockOut.model_validate(stock.state(session, actor, made))


class ClaimIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "product_id": 1,
                    "invoice_id": 1,
                    "quantity": "24",
                    "inspected_at": "2026-11-02T03:00:00Z",
                    "nonce": "till-3-000018",
                }
            ]
        },
    )

    product_id: Id
    invoice_id: Id
    quantity: Decimal = Field(gt=0)
    inspected_at: Time
    """When the inspection began."""
    nonce: Nonce


class ClaimOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    product_id: int
    invoice_id: int
    quantity: Decimal
    inspected_at: datetime


@router.post(
    "/parties/{party_id}/claims",
    status_code=201,
    responses=problems(404, 409, 422),
    summary="Record which invoice a shop shows for its goods",
)
def claim_origin(
    session: SessionDep, actor: ApiActor, party_id: int, statement: ClaimIn
) -> ClaimOut:
    """By inspection: what is shown with one invoice at all shops is held against its quantity."""
    made = stock.ClaimStatement(party_id=party_id, **statement.model_dump())
    return ClaimOut.model_validate(stock.claim(session, actor, made))


class HopOut(BaseModel):
    """One invoice of a path; the buyer is nearer to the shop."""

    invoice_id: int
    invoice: str
    issued_on: date
    seller_tax_code: str
    seller_name: str
    buyer_tax_code: str
    buyer_name: str | None
    quantity: Decimal


class SourceOut(BaseModel):
    """Who may put the goods on the market."""

    tax_code: str
    name: str
    kind: str
    document_number: str | None
    """What authorises an authorised user of the code."""
    declaration_number: str | None
    """Customs declaration of an importer."""


class BreakOut(BaseModel):
    reason: chain.BreakReason
    tax_code: str
    name: str | None
    sold_on: date | None
    """Day of the sale that is not explained; null at the shop itself."""


class ChainOut(BaseModel):
    product_id: int
    complete: bool
    hops: list[HopOut]
    source: SourceOut | None
    broken: BreakOut | None
    truncated: bool
    """The search met its bounds: there may be more."""

    @classmethod
    def of(cls, product_id: int, found: chain.Chain) -> "ChainOut":
        return cls(
            product_id=product_id,
            complete=found.complete,
            hops=[HopOut(invoice=h.invoice_key, **_named(HopOut, h)) for h in found.hops],
            source=SourceOut(**_named(SourceOut, found.source)) if found.source else None,
            broken=BreakOut(**asdict(found.broken)) if found.broken else None,
            truncated=found.truncated,
        )


def _named(schema: type[BaseModel], value: Any) -> dict[str, Any]:
    facts: dict[str, Any] = value._asdict()
    return {name: facts[name] for name in schema.model_fields if name in facts}


@router.get(
    "/parties/{party_id}/chain", responses=problems(404, 422), summary="Path of a shop's goods"
)
def get_chain(
    session: SessionDep, actor: ApiActor, party_id: int,
    product_id: Annotated[int, Query(ge=1, le=MAX_ID)],
) -> ChainOut:  # fmt: skip
    """From the shop upstream to a rightful source, or to where the path breaks and why."""
    return ChainOut.of(product_id, chain.path_of(session, actor, party_id, product_id))


class EvidenceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    kind: str
    reference: str
    id: int | None
    on: date | None


class ObservationOut(BaseModel):
    answer: Answer
    reason: str
    text: str
    """The sentence, in the language asked for."""
    arguments: dict[str, Any]
    product_id: int | None
    evidence: list[EvidenceOut]


class CheckOut(BaseModel):
    check: CheckCode
    answer: Answer
    examined: int
    """Records looked at; 0 where there was nothing to look at."""
    risk: Risk
    """Of a false alarm."""
    note: str
    """Why an honest shop may look the same."""
    observations: list[ObservationOut]
    more: int
    """Further observations that are not listed."""
    partial: bool
    """There is more on record than the check can read: it looked at a part."""


class ReportOut(BaseModel):
    party_id: int
    tax_code: str
    as_of: date
    at: datetime
    policy_version: str
    answer: Answer
    checks: list[CheckOut]


@router.get(
    "/parties/{party_id}/checks", responses=problems(404, 422), summary="Origin checks of a shop"
)
def check_shop(
    session: SessionDep, actor: ApiActor, translate: TranslatorDep, party_id: int,
    as_of: date | None = None,
) -> ReportOut:  # fmt: skip
    """Match, not enough evidence or contradiction, each with its evidence; never "fake".

    A member sees the checks that look at nothing but its own documents.
    """
    report = checks.check_shop(session, actor, party_id, as_of)
    return ReportOut(
        party_id=party_id,
        tax_code=report.tax_code,
        as_of=report.as_of,
        at=report.at,
        policy_version=report.policy_version,
        answer=report.answer,
        checks=[_check(translate, result) for result in report.results],
    )


def _check(translate: Translator, result: CheckResult) -> CheckOut:
    shown = result.observations[: POLICY.listed]
    return CheckOut(
        check=result.check,
        answer=result.answer,
        examined=result.examined,
        risk=result.risk,
        note=translate.text(NOTES[result.check]),
        observations=[
            ObservationOut(
                answer=seen.answer,
                reason=seen.reason,
                text=observation_text(translate, seen),
                arguments=dict(seen.arguments),
                product_id=seen.product_id,
                evidence=[EvidenceOut.model_validate(each) for each in seen.evidence],
            )
            for seen in shown
        ],
        more=len(result.observations) - len(shown),
        partial=result.partial,
    )


class ListOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    kind: ListKind
    source: str
    dated_on: date
    file_name: str
    rows: int
    imported_at: datetime


@router.get("/lists", summary="Dated lists of the tax authority and of others")
def list_lists(
    session: SessionDep, actor: ApiActor, kind: ListKind | None = None
) -> Sequence[ListOut]:
    """Newest day first; lists are never merged."""
    return [ListOut.model_validate(each) for each in lists.lists(session, actor, kind)]


@router.post(
    "/lists",
    status_code=201,
    responses=problems(413, 422),
    dependencies=[ONE_FILE],
    summary="Bring in a dated list",
)
def import_list(
    session: SessionDep,
    actor: ApiActor,
    kind: Annotated[ListKind, Form()],
    source: Annotated[str, Form(max_length=200, description="Who keeps it, and the notice")],
    dated_on: Annotated[date, Form(description="The day of which the list speaks")],
    file: Annotated[UploadFile, File(description="CSV in UTF-8, or XLSX; columns by name")],
) -> ListOut:
    """Taken as a whole or refused as a whole, with each wrong cell named."""
    name, content = file.filename or "", file.file.read()
    found = lists.import_list(session, actor, lists.ListFile(kind, source, dated_on, name, content))
    return ListOut.model_validate(found)
