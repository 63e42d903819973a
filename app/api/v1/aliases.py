"""Lines to products: the work list, and what a seller's codes of goods are."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import File, Form, Query, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from app.api.answers import Cursor, Limit, Page, as_json, id_of_cursor, page, problems
from app.api.fields import Text
from app.api.routing import api_router
from app.api.uploads import ONE_FILE
from app.api.v1.tables import XLSX
from app.deps import ApiActor, SessionDep, TranslatorDep
from app.security import keys
from app.wording.tables import table_result_view
from traceability.actor import Actor
from traceability.invoices import service
from traceability.invoices.alias_table import export_aliases
from traceability.invoices.alias_table import import_aliases as import_rows
from traceability.invoices.models import ALWAYS, AliasState, ItemAlias
from traceability.registry.importing import ImportMode

router = api_router("aliases")


class SuggestionOut(BaseModel):
    product_id: int
    gtin: str
    name: str
    similarity: float


class UnlinkedOut(BaseModel):
    seller_tax_code: str
    item_code: str | None
    name: str
    unit: str | None
    lines: int
    quantity: Decimal | None
    pack_size: int | None
    """How many single packs one unit seems to hold, by the name: to be compared, not believed."""
    suggestions: list[SuggestionOut]


@router.get("/unlinked-lines", summary="Goods in invoices that no product is known for")
def list_unlinked(
    session: SessionDep, actor: ApiActor, seller: str | None = None, limit: Limit = 50
) -> Page[UnlinkedOut]:
    """Those that explain most first, with products that may be meant; nothing links by itself."""
    found = service.unlinked(session, actor, seller, limit)
    return Page(items=[_unlinked(proposal) for proposal in found])


def _unlinked(proposal: service.UnlinkedProposal) -> UnlinkedOut:
    suggestions = [asdict(suggestion) for suggestion in proposal.suggestions]
    facts = {**proposal.item._asdict(), "pack_size": proposal.pack_size}
    return UnlinkedOut.model_validate({**facts, "suggestions": suggestions})


class AliasIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "seller_tax_code": "9999100017",
                    "item_code": "SB400",
                    "product_id": 1,
                    "unit": "Thùng",
                    "factor": "24",
                    "valid_from": "2026-07-01",
                }
            ]
        },
    )

    seller_tax_code: Annotated[Text, Field(max_length=14)]
    item_code: Annotated[Text, Field(max_length=60)]
    product_id: int
    unit: Annotated[Text, Field(max_length=60)] = ""
    factor: Decimal = Field(default=Decimal(1), gt=0)
    valid_from: date | None = None
    """First day of issue it holds for; null for every day before a later version."""

    def as_statement(self) -> service.AliasStatement:
        given = self.model_dump()
        return service.AliasStatement(**{**given, "valid_from": self.valid_from or ALWAYS})


class AliasOut(BaseModel):
    id: int
    seller_tax_code: str
    item_code: str
    unit: str
    product_id: int
    factor: Decimal
    valid_from: date | None
    state: AliasState
    proposed_by: str
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    seconded_by: str | None
    seconded_at: datetime | None
    replaces_id: int | None
    ended_by: str | None
    ended_at: datetime | None

    @classmethod
    def of(cls, alias: ItemAlias) -> "AliasOut":
        first_day = None if alias.valid_from == ALWAYS else alias.valid_from
        return cls.model_validate({**alias.model_dump(), "valid_from": first_day})


def _person(session: Session, actor: Actor) -> str:
    """Who is behind a key: whoever made it is not a second person by using it."""
    maker = keys.maker_of_key(session, actor.key_id) if actor.key_id is not None else None
    return f"user:{maker}" if maker is not None else ""


@router.get("/aliases", responses=problems(422), summary="What sellers' codes of goods are")
def list_aliases(
    session: SessionDep,
    actor: ApiActor,
    seller: Annotated[str | None, Query(description="Tax code of the seller")] = None,
    item_code: Annotated[str | None, Query(description="Every version of one code")] = None,
    state: Annotated[AliasState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AliasOut]:
    """Every version, ended ones too; members see their own codes and what they proposed."""
    chosen = service.AliasFilter(seller, item_code, None if state is None else [state])
    found = service.list_aliases(session, actor, chosen, id_of_cursor(cursor) or 0, limit)
    return page([AliasOut.of(each) for each in found], limit, found[-1].id if found else None)


@router.post(
    "/aliases", status_code=201, responses=problems(403, 404, 422),
    summary="Say that a seller's code of goods is a product",
)  # fmt: skip
def confirm_alias(session: SessionDep, actor: ApiActor, alias_in: AliasIn) -> AliasOut:
    """Lines of that code and unit are linked, those on record and those to come.

    With a factor other than 1 they are linked once a second person has said the same.
    """
    statement = alias_in.as_statement()
    return AliasOut.of(service.confirm_alias(session, actor, statement, _person(session, actor)))


@router.post(
    "/aliases/proposals", status_code=201, responses=problems(403, 404, 422),
    summary="Propose what a seller's code of goods is",
)  # fmt: skip
def propose_alias(session: SessionDep, actor: ApiActor, alias_in: AliasIn) -> AliasOut:
    """Nothing is linked by it. Members may propose what the lines of their own invoices are."""
    statement = alias_in.as_statement()
    return AliasOut.of(service.propose_alias(session, actor, statement, _person(session, actor)))


@router.get(
    "/aliases/table",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}},
    summary="The aliases in force as a table",
)
def export_table(session: SessionDep, actor: ApiActor, translate: TranslatorDep) -> Response:
    """XLSX with the columns that the import reads."""
    content = export_aliases(session, actor, language=translate.language)
    headers = {"Content-Disposition": 'attachment; filename="aliases.xlsx"'}
    return Response(content, headers=headers, media_type=XLSX)


@router.post(
    "/aliases/table",
    responses=problems(413, 422),
    dependencies=[ONE_FILE],
    summary="Confirm the aliases of a table",
)
def import_table(
    session: SessionDep,
    actor: ApiActor,
    translate: TranslatorDep,
    file: Annotated[UploadFile, File(description="XLSX, or CSV in UTF-8")],
    mode: Annotated[ImportMode, Form()] = ImportMode.ALL_OR_NOTHING,
    dry_run: Annotated[bool, Form()] = False,
) -> Response:
    """All rows are checked before any is written; faults come back by row and column."""
    result = import_rows(
        session, actor, file.file.read(), file.filename or "", mode=mode, dry_run=dry_run,
        person=_person(session, actor),
    )  # fmt: skip
    return as_json(table_result_view(translate, result.as_json()))


@router.post(
    "/aliases/{alias_id}/confirmation", responses=problems(403, 404, 409),
    summary="Confirm a proposal, or as the second person",
)  # fmt: skip
def confirm_by_id(session: SessionDep, actor: ApiActor, alias_id: int) -> AliasOut:
    return AliasOut.of(
        service.confirm_alias_by_id(session, actor, alias_id, _person(session, actor))
    )


@router.post(
    "/aliases/{alias_id}/undoing", responses=problems(403, 404, 409),
    summary="Go back to what held before",
)  # fmt: skip
def undo_alias(session: SessionDep, actor: ApiActor, alias_id: int) -> dict[str, int]:
    """Of a version in force, to the one it replaced; of a withdrawn one, to that one itself."""
    return {"changed_lines": service.undo_alias(session, actor, alias_id)}


@router.delete(
    "/aliases/{alias_id}", responses=problems(403, 404, 409), summary="Take such a statement back"
)
def withdraw_alias(session: SessionDep, actor: ApiActor, alias_id: int) -> dict[str, int]:
    """Its lines are unlinked again; the version stays in the history."""
    return {"unlinked_lines": service.withdraw_alias(session, actor, alias_id)}
