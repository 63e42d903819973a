"""E-invoices: bring them in, look them up, say which product a line is."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import File, Query, Response, UploadFile
from sqlmodel import Session
from starlette.responses import StreamingResponse

from app.api.answers import Cursor, Limit, Page, as_json, id_of_cursor, page, problems
from app.api.routing import api_router
from app.api.v1.tables import JobOut, job_view
from app.deps import ApiActor, ServicesDep, SessionDep, TranslatorDep
from app.wording.errors import sentence
from app.wording.invoice_record import departure_views, relation_views
from app.wording.outside_view import outside_view
from app.wording.refused import refused_csv
from app.wording.signature_sentences import signature_view
from traceability import jobs
from traceability.actor import Actor, Role
from traceability.errors import NotFoundError
from traceability.invoices import service
from traceability.invoices.importing import KIND, MAX_REJECTED, refused_files
from traceability.invoices.intake_results import ImportResult
from traceability.invoices.outside.asking import told_before
from traceability.invoices.outside.schemas import OutsideOut
from traceability.invoices.schemas import (
    DepartureOut,
    ImportOut,
    InvoiceOut,
    InvoiceSummaryOut,
    RelationOut,
)
from traceability.invoices.sources import is_large

router = api_router("invoices")


@router.post(
    "/invoices",
    status_code=201,
    responses={202: {"model": JobOut, "description": "Queued: ask the job"}, **problems(413, 422)},
    summary="Bring in e-invoices",
)
def import_invoices(
    session: SessionDep,
    actor: ApiActor,
    translate: TranslatorDep,
    file: Annotated[list[UploadFile], File(description="XML files, or ZIPs of them; repeatable")],
) -> Response:
    """Each file is kept byte for byte or refused with its reason; a resend adds nothing.

    ZIPs of more than 1,000 files or 40 MB unpacked are taken in afterwards: the answer is 202 and
    a job, whose result has the same counts; its refused files are at `/jobs/{id}/refused`.
    """
    uploads = [(upload.filename or "", upload.file) for upload in file]
    if is_large(uploads):
        job = service.queue_uploads(session, actor, uploads)
        return as_json(job_view(translate, job), 202, {"Location": f"/api/v1/jobs/{job.id}"})
    files = ((name, content.read()) for name, content in uploads)
    found = service.import_files(session, actor, files)
    result = ImportOut.of(found).model_dump(mode="json")
    if found.rejected and actor.role is Role.TAX:
        _keep_refusals(session, actor, found, result["rejected"])
    for rejected in result["rejected"]:
        rejected["detail"] = sentence(translate, rejected["code"], rejected.pop("arguments"))
    return as_json(result, 201)


def _keep_refusals(
    session: Session, actor: Actor, found: ImportResult, rejected: Sequence[Mapping[str, Any]]
) -> None:
    """The feed is a program: its people read on their page what was not taken in."""
    result = {
        "imported": len(found.imported),
        "duplicates": len(found.duplicates),
        "conflicts": sum(not each.same_content for each in found.duplicates),
        "refused": len(rejected),
        "rejected": [dict(each) for each in rejected[:MAX_REJECTED]],
    }
    jobs.record_done(session, KIND, {"file_name": ""}, result, party_id=actor.party_id)


@router.get(
    "/jobs/{job_id}/refused",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}, **problems(404)},
    summary="Every file that an import of invoices refused",
)
def get_refused(
    session: SessionDep, actor: ApiActor, parts: ServicesDep, translate: TranslatorDep, job_id: int
) -> StreamingResponse:
    """CSV with the reason of each, while the import is at work too; kept for seven days."""
    job = jobs.readable_job(session, actor, job_id)
    if job is None or job.kind != KIND:
        raise NotFoundError("jobs.unknown", id=job_id)
    headers = {
        "Content-Disposition": f'attachment; filename="refused-{job_id}.csv"',
        "Cache-Control": "private, no-store",
    }
    pieces = refused_csv(translate, refused_files(parts.database, job_id))
    return StreamingResponse(pieces, headers=headers, media_type="text/csv; charset=utf-8")


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
def get_invoice(
    session: SessionDep,
    parts: ServicesDep,
    actor: ApiActor,
    translate: TranslatorDep,
    invoice_id: int,
) -> InvoiceOut:
    invoice = service.get_invoice(session, actor, invoice_id)
    lines = service.invoice_lines(session, actor, [invoice_id])
    signatures = service.signatures_of(session, actor, invoice_id)
    views = [signature_view(translate, signature) for signature in signatures]
    found = InvoiceOut.of(invoice, lines[invoice_id], views)
    relations = relation_views(service.relations_of(session, actor, invoice_id))
    found.relations = [RelationOut.model_validate(each) for each in relations]
    departures = departure_views(translate, service.departures_of(session, actor, invoice_id))
    found.departures = [DepartureOut.model_validate(each) for each in departures]
    told = told_before(session, parts.outside, actor, invoice)
    if told is not None:
        found.outside = OutsideOut.model_validate(outside_view(translate, told))
    return found


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
