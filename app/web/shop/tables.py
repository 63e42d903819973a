"""Many products, lots or serials at once: template, check, import, export."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import File, Form, Request, Response, UploadFile

from app.deps import SessionDep, TranslatorDep, WebActor
from app.i18n import N_, Translator
from app.web.pages import field_errors, render, see_other
from app.web.shop import repository
from app.web.shop.base import RefusedError, Text, refusal, shop_router
from app.web.shop.jobs import keep_result
from app.wording.errors import sentence
from traceability.actor import Actor
from traceability.errors import InvalidError
from traceability.invoices.linking import link_registered
from traceability.jobs import Job
from traceability.registry.columns import Table
from traceability.registry.import_job import KIND, enqueue_import
from traceability.registry.importing import ImportMode, import_table

router = shop_router()

AT_ONCE_BYTES = 300_000
"""Files up to this size are worked on within the request; larger ones become a job."""

TABLE_WORDS = {
    Table.PRODUCTS: N_("Products"),
    Table.LOTS: N_("Lots"),
    Table.SERIALS: N_("Serial numbers"),
}
MODE_WORDS = {
    ImportMode.ALL_OR_NOTHING: N_("All rows or none: a single fault stops the import"),
    ImportMode.GOOD_ROWS: N_("The good rows: rows with faults are left out"),
}


@router.get("/shop/import")
def import_form(
    request: Request, session: SessionDep, actor: WebActor, kind: str = "products"
) -> Response:
    return _page(request, session, actor, kind=kind, mode=ImportMode.ALL_OR_NOTHING, errors={})


def _page(request: Request, session: SessionDep, actor: WebActor, **context: Any) -> Response:
    return render(
        request, "shop/import.html", status=422 if context["errors"] else 200,
        tables=[(str(each), text) for each, text in TABLE_WORDS.items()],
        modes=[(str(each), text) for each, text in MODE_WORDS.items()],
        jobs=repository.recent_jobs(session, actor, [KIND]), **context,
    )  # fmt: skip


@router.post("/shop/import")
def import_rows(
    request: Request,
    session: SessionDep,
    actor: WebActor,
    translate: TranslatorDep,
    file: Annotated[UploadFile | None, File()] = None,
    kind: Text = "",
    mode: Text = "",
    dry_run: Text = "",
) -> Response:
    """Check every row, and write them unless it is a check alone; the result has its own page."""
    data, name = (file.file.read(), file.filename or "") if file else (b"", "")
    errors = _form_faults(translate, kind, mode, data)
    if errors:
        return _page(request, session, actor, kind=kind, mode=mode, errors=errors)
    try:
        job = _take_in(
            session, actor, Table(kind), data, name, mode=ImportMode(mode), dry_run=bool(dry_run)
        )
    except RefusedError as error:
        errors = refusal(session, translate, error, "file")
        texts = list(field_errors(translate, error.faults, every=True)) if False else []
        return _page(request, session, actor, kind=kind, mode=mode, errors=errors)
    return see_other(f"/shop/jobs/{job.id}")
