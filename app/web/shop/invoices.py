"""E-invoices of a shop or producer: upload, list, and what each line is known to be."""

import io
import zipfile
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import File, Request, Response, UploadFile
from sqlmodel import Session

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_
from app.web.forms import PAGE_SIZE, RefusedError, page_router, refusal
from app.web.pages import render, see_other
from app.web.shop import repository, words
from app.web.shop.base import After, RecordId, own_party
from app.web.shop.jobs import keep_result
from traceability.actor import Actor
from traceability.invoices import service
from traceability.invoices.archive import is_archive
from traceability.invoices.importing import KIND
from traceability.invoices.intake import ImportResult
from traceability.invoices.schemas import ImportedOut, ImportOut, InvoiceOut
from traceability.jobs import Job
from traceability.registry import products
from traceability.registry import repository as registry

router = page_router()

AT_ONCE_BYTES = 1_000_000
"""Uploads up to this size are taken in within the request; larger ones become jobs."""
_MOST_LISTED = 500
"""Invoices that the result of one upload names."""

Upload = tuple[str, bytes]
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
    uploads = [(each.filename or "", each.file.read()) for each in file or ()]
    uploads = [each for each in uploads if each[1]]
    if not uploads:
        errors = {"file": translate.text(N_("Choose one or more XML or ZIP files."))}
        return _page(request, session, actor, errors=errors)
    try:
        made = _take_in(session, actor, uploads)
    except RefusedError as error:
        errors = refusal(session, translate, error, "file")
        return _page(request, session, actor, errors=errors)
    return see_other(f"/shop/jobs/{made[0].id}" if len(made) == 1 else "/shop/invoices#uploads")


def _take_in(session: Session, actor: Actor, uploads: Sequence[Upload]) -> list[Job]:
    if sum(len(content) for _, content in uploads) > AT_ONCE_BYTES:
        packed = _packed(uploads)
        return [service.queue_import(session, actor, name, content) for name, content in packed]
    result = service.import_files(session, actor, uploads)
    name = uploads[0][0] if len(uploads) == 1 else f"{uploads[0][0]} +{len(uploads) - 1}"
    return [keep_result(session, actor, KIND, name, _result(result))]


def _packed(uploads: Sequence[Upload]) -> list[Upload]:
    """One job for each ZIP, and one for all files beside them."""
    archives = [each for each in uploads if is_archive(each[1])]
    single = [each for each in uploads if not is_archive(each[1])]
    if len(single) < 2:
        return [*archives, *single]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number, (name, content) in enumerate(single, 1):
            archive.writestr(f"{number}-{name.rsplit('/', 1)[-1]}", content)
    return [*archives, (f"{single[0][0]} +{len(single) - 1}", file.getvalue())]


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
    request: Request, session: SessionDep, actor: WebActor, invoice_id: RecordId
) -> Response:
    """An invoice with its lines, and which product each line is."""
    row = service.get_invoice(session, actor, invoice_id)
    lines = service.invoice_lines(session, actor, [invoice_id])[invoice_id]
    known = registry.products_by_id(session, {line.product_id for line in lines if line.product_id})
    own = {key for key, product in known.items() if products.may_use(session, actor, product)}
    return render(
        request, "shop/invoice.html", invoice=InvoiceOut.of(row, lines), products=known, own=own,
        tax_code=own_party(session, actor).tax_code,
    )  # fmt: skip
