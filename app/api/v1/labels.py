"""Labels: one picture at once, sheets of up to 100,000 labels as a job."""

from typing import Annotated, Literal

from fastapi import Body, Query, Response
from starlette.responses import StreamingResponse

from app.api.answers import as_json, problems
from app.api.routing import api_router
from app.api.v1.tables import JobOut, job_view
from app.deps import ApiActor, ServicesDep, SessionDep, TranslatorDep
from app.labels import LabelChoice, LabelFormat, LabelKind, delivery, product_label
from app.labels.choices import PaperName, SheetOrder
from app.labels.items import labelled_product
from app.labels.sheets import enqueue_sheets
from scanner.dimensions import Environment
from scanner.render import LEAST_DPI, MOST_DPI
from traceability import jobs
from traceability.errors import NotFoundError

router = api_router("labels")

Order = Annotated[
    SheetOrder,
    Body(
        examples=[
            {"kind": "gs1-data-matrix", "paper": "a4-5x13", "lot": "SAM2610", "serials": True}
        ]
    ),
]


@router.get(
    "/products/{product_id}/label",
    responses={
        200: {"content": {"image/svg+xml": {}, "image/png": {}}, "description": "The picture"},
        **problems(404, 422),
    },
    summary="A label to print",
    response_class=Response,
)
def get_label(
    session: SessionDep,
    actor: ApiActor,
    parts: ServicesDep,
    product_id: int,
    kind: LabelKind = LabelKind.LABEL,
    format: LabelFormat = LabelFormat.SVG,  # noqa: A002 -- the query parameter's name
    lot: Annotated[str | None, Query(max_length=20)] = None,
    serial: Annotated[str | None, Query(max_length=20)] = None,
    paper: PaperName | None = None,
    scanned_at: Environment | None = None,
    x_dimension: Annotated[float | None, Query(ge=0.05, le=5)] = None,
    dpi: Annotated[int, Query(ge=LEAST_DPI, le=MOST_DPI)] = 300,
    language: Literal["vi", "en"] = "vi",
) -> Response:
    """One symbol, or both on a label; with `paper` as it will be on the sheet.

    It is decoded again before it is sent. A size below the GS1 General Specifications is refused
    with the clause.
    """
    product = labelled_product(session, actor, product_id)
    choice = LabelChoice(
        kind=kind, paper=paper, scanned_at=scanned_at, x_dimension=x_dimension, dpi=dpi,
        language=language, lot=lot, serial=serial,
    )  # fmt: skip
    picture = product_label(session, parts.settings, product, choice, format)
    name = f"{product.gtin}-{kind}.{format}"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(picture, headers=headers, media_type=format.media_type)


@router.post(
    "/products/{product_id}/label-sheets",
    status_code=202,
    response_model=JobOut,
    responses=problems(404, 409, 422),
    summary="Sheets of labels as PDF",
)
def make_sheets(
    session: SessionDep,
    actor: ApiActor,
    parts: ServicesDep,
    translate: TranslatorDep,
    product_id: int,
    order: Order,
) -> Response:
    """Queued: ask the job, then take its `file`. With `serials`, a label for each of them."""
    product = labelled_product(session, actor, product_id)
    job = enqueue_sheets(session, parts.settings, actor, product, order)
    return as_json(job_view(translate, job), 202, {"Location": f"/api/v1/jobs/{job.id}"})


@router.get(
    "/jobs/{job_id}/file",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/pdf": {}, "application/zip": {}}},
        **problems(404, 409),
    },
    summary="What a job has made",
)
def get_file(
    session: SessionDep, actor: ApiActor, parts: ServicesDep, job_id: int
) -> StreamingResponse:
    """A PDF, or a ZIP of PDFs of about 1,000 labels each; kept for seven days."""
    job = jobs.readable_job(session, actor, job_id)
    if job is None:
        raise NotFoundError("jobs.unknown", id=job_id)
    found = delivery.delivery(session, parts.database, job)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(found.pieces, headers=headers, media_type=found.media_type)


@router.delete("/jobs/{job_id}", responses=problems(404), summary="Cancel a job")
def cancel_job(
    session: SessionDep, actor: ApiActor, translate: TranslatorDep, job_id: int
) -> JobOut:
    """What it has made is dropped; a job that is finished already stays as it is."""
    job = jobs.cancel(session, actor, job_id)
    if job is None:
        raise NotFoundError("jobs.unknown", id=job_id)
    return job_view(translate, job)
