"""E-invoices: bring them in, look them up, say which product a line is."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

from fastapi import File, Query, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import Cursor, Limit, Page, as_json, id_of_cursor, page, problems
from app.api.fields import Text
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep, TranslatorDep
from app.wording.errors import sentence
from traceability.invoices import service
from traceability.invoices.schemas import ImportOut, InvoiceOut, InvoiceSummaryOut

router = api_router("invoices")


@router.post(
    "/invoices",
    status_code=201,
    responses=problems(413, 422),
    summary="Bring in e-invoices",
)
def import_invoices(
    session: SessionDep,
    actor: ApiActor,
    translate: TranslatorDep,
    file: Annotated[list[UploadFile], File(description="XML files, or ZIPs of them; repeatable")],
) -> Response:
    """Each file is kept byte for byte or refused with its reason; a resend adds nothing."""
    files = ((upload.filename or "", upload.file.read()) for upload in file)
    result = ImportOut.of(service.import_files(session, actor, files)).model_dump(mode="json")
    for rejected in result["rejected"]:
        rejected["detail"] = sentence(translate, rejected["code"], rejected.pop("arguments"))
    return as_json(result, 201)


@router.get("/invoices", responses=problems(422), summary="Invoices, newest first")
def list_invoices(
    session: SessionDep,
    actor: ApiActor,
    seller: Annotated[str | None, Query(description="Tax code of the seller")] = None,
    buyer: Annotated[str | None, Query(description="Tax code of the buyer")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[InvoiceSummaryOut]:
    """Members see those in which they sell or buy."""
    chosen = service.InvoiceFilter(seller_tax_code=seller, buyer_tax_code=buyer)
    found = service.list_invoices(session, actor, id_of_cursor(cursor), limit, chosen)
    items = [InvoiceSummaryOut.model_validate(invoice) for invoice in found.invoices]
    return page(items, limit if found.next_cursor else limit + 1, found.next_cursor)


@router.get("/invoices/{invoice_id}", responses=problems(404), summary="An invoice")
def get_invoice(session: SessionDep, actor: ApiActor, invoice_id: int) -> InvoiceOut:
    invoice = service.get_invoice(session, actor, invoice_id)
    lines = service.invoice_lines(session, actor, [invoice_id])
    return InvoiceOut.of(invoice, lines[invoice_id])


@router.get(
    "/invoices/{invoice_id}/document",
    responses={200: {"content": {"application/xml": {}}}, **problems(404)},
    response_class=Response,
    summary="The file of an invoice, byte for byte",
)
def get_document(session: SessionDep, actor: ApiActor, invoice_id: int) -> Response:
    document = service.documents_of(session, actor, invoice_id)[0].document
    headers = {
        "Content-Disposition": f'attachment; filename="invoice-{invoice_id}.xml"',
        "Digest": f"sha-256={document.digest}",
    }
    return Response(document.content, headers=headers, media_type="application/xml")


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
    suggestions: list[SuggestionOut]


@router.get("/unlinked-lines", summary="Goods in invoices that no product is known for")
def list_unlinked(
    session: SessionDep, actor: ApiActor, seller: str | None = None, limit: Limit = 50
) -> Page[UnlinkedOut]:
    """Those that move most first, with products that may be meant; nothing is linked by itself."""
    found = service.unlinked(session, actor, seller, limit)
    return Page(items=[_unlinked(proposal) for proposal in found])


def _unlinked(proposal: service.UnlinkedProposal) -> UnlinkedOut:
    suggestions = [asdict(suggestion) for suggestion in proposal.suggestions]
    return UnlinkedOut.model_validate({**proposal.item._asdict(), "suggestions": suggestions})


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
                }
            ]
        },
    )

    seller_tax_code: Annotated[Text, Field(max_length=14)]
    item_code: Annotated[Text, Field(max_length=60)]
    product_id: int
    unit: Annotated[Text, Field(max_length=60)] = ""
    factor: Decimal = Field(default=Decimal(1), gt=0)


class AliasOut(BaseModel):
    id: int
    seller_tax_code: str
    item_code: str
    unit: str
    product_id: int
    factor: Decimal


@router.post(
    "/aliases", status_code=201, responses=problems(403, 404, 422),
    summary="Say that a seller's code of goods is a product",
)  # fmt: skip
def confirm_alias(session: SessionDep, actor: ApiActor, alias_in: AliasIn) -> AliasOut:
    """Lines of that code and unit are linked, those on record and those to come."""
    statement = service.AliasStatement(**alias_in.model_dump())
    alias = service.confirm_alias(session, actor, statement)
    return AliasOut.model_validate(alias, from_attributes=True)


@router.delete(
    "/aliases/{alias_id}", responses=problems(403, 404), summary="Take such a statement back"
)
def withdraw_alias(session: SessionDep, actor: ApiActor, alias_id: int) -> dict[str, int]:
    """Its lines are unlinked again."""
    return {"unlinked_lines": service.withdraw_alias(session, actor, alias_id)}
