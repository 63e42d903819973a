"""E-invoices of a shop or producer: upload, list, and what each line is known to be."""

import io
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, BinaryIO

from fastapi import File, Request, Response, UploadFile
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_
from app.web.forms import PAGE_SIZE, RefusedError, refusal
from app.web.pages import render, see_other
from app.web.routing import page_router
from app.web.shop import repository, words
from app.web.shop.base import After, RecordId, own_party
from app.web.shop.jobs import keep_result
from app.wording.invoice_record import record_view
from app.wording.invoice_view import qr_page, signature_pages
from traceability.actor import Actor
from traceability.invoices import service
from traceability.invoices.importing import KIND
from traceability.invoices.intake_results import ImportResult
from traceability.invoices.scanned import printed_qr
from traceability.invoices.schemas import ImportedOut, ImportOut, InvoiceOut
from traceability.jobs import Job
from traceability.registry import products
from traceability.registry import repository as registry

router = page_router()

AT_ONCE_BYTES = 1_000_000
"""Uploads up to this size are taken in within the request; larger ones become jobs."""
_MOST_LISTED = 500
"""Invoices that the result of one upload names."""

Upload = tuple[str, BinaryIO]
"""File name and content."""


@router.get("/shop/invoices")
def list_invoices(
    request: Request, session: SessionDep, actor: WebActor, side: str = "", before: After = 0
) -> Response:
    """Invoices in which the organisation sells or buys, the newest received first."""
    return _page(request, session, actor, side=side, before=before, errors={})


def _page(
    request: Request, session: Session, actor: Actor, *, errors: dict[str, str], side: str = "",
    before: int = 0,
) -> Response:  # fmt: skip
    own = own_party(session, actor).tax_code
    chosen = service.InvoiceFilter(
        buyer_tax_code=own if side == "bought" else None,
        seller_tax_code=own if side == "sold" else None,
    )
    found = service.list_invoices(session, actor, before or None, PAGE_SIZE, chosen)
    return render(
        request, "shop/invoices.html", status=422 if errors else 200, invoices=found.invoices,
        more=found.next_cursor, before=before, side=side, errors=errors, own=own,
        statuses=words.JOB_STATUSES, jobs=repository.recent_jobs(session, actor, [KIND]),
    )  # fmt: skip


@router.post("/shop/invoices")
def upload(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    file: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Take the files in; what came of each is on the page of the upload."""
    uploads = [(each.filename or "", each.file) for each in file or () if each.size]
    if not uploads:
        errors = {"file": translate.text(N_("Choose one or more XML or ZIP files."))}
        return _page(request, session, actor, errors=errors)
    try:
        made = _take_in(session, actor, uploads)
    except RefusedError as error:
        errors = refusal(session, translate, error, "file")
        return _page(request, session, actor, errors=errors)
    return see_other(f"/shop/jobs/{made.id}")


def _take_in(session: Session, actor: Actor, uploads: Sequence[Upload]) -> Job:
    """What came of the files, or the job that takes them in."""
    if sum(content.seek(0, io.SEEK_END) for _, content in uploads) > AT_ONCE_BYTES:
        return service.queue_uploads(session, actor, uploads)
    result = service.import_files(session, actor, _contents(uploads))
    name = uploads[0][0] if len(uploads) == 1 else f"{uploads[0][0]} +{len(uploads) - 1}"
    return keep_result(session, actor, KIND, name, _result(result))


def _contents(uploads: Sequence[Upload]) -> Iterator[tuple[str, bytes]]:
    for name, content in uploads:
        content.seek(0)
        yield name, content.read()


def _result(result: ImportResult) -> dict[str, Any]:
    """As the worker keeps it, and besides which invoices they are."""
    found = ImportOut.of(result)
    return {
        "imported": len(found.imported),
        "duplicates": len(found.duplicates),
        "conflicts": sum(not each.same_content for each in found.duplicates),
        "refused": len(found.rejected),
        "rejected": [each.model_dump(mode="json") for each in found.rejected[:1000]],
        "invoices": [_imported(each) for each in found.imported[:_MOST_LISTED]],
        "repeats": [each.model_dump(mode="json") for each in found.duplicates[:_MOST_LISTED]],
    }


def _imported(invoice: ImportedOut) -> dict[str, Any]:
    return {
        **invoice.model_dump(mode="json", exclude={"lines"}),
        "lines": len(invoice.lines),
        "linked": sum(line.product_id is not None for line in invoice.lines),
    }


@router.get("/shop/invoices/{invoice_id}")
def invoice_page(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    invoice_id: RecordId,
) -> Response:
    """An invoice with its lines, and which product each line is."""
    row = service.get_invoice(session, actor, invoice_id)
    lines = service.invoice_lines(session, actor, [invoice_id])[invoice_id]
    known = registry.products_by_id(session, {line.product_id for line in lines if line.product_id})
    own = {key for key, product in known.items() if products.may_use(session, actor, product)}
    return render(
        request, "shop/invoice.html", invoice=InvoiceOut.of(row, lines), products=known, own=own,
        tax_code=own_party(session, actor).tax_code,
        record=record_view(session, translate, actor, row),
        signatures=signature_pages(translate, service.signatures_of(session, actor, invoice_id)),
        qr=qr_page(translate, printed_qr(row)),
    )  # fmt: skip
