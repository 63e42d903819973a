"""The diary of events: an empty table, and the filled one as events."""

from typing import Annotated

from fastapi import File, Response, UploadFile

from app.api.answers import as_json, problems
from app.api.routing import api_router
from app.api.uploads import ONE_FILE
from app.api.v1.tables import XLSX
from app.deps import ApiActor, ServicesDep, SessionDep, TranslatorDep
from app.wording.diary import diary_result_view, diary_template
from traceability.events import diary_capture

router = api_router("events")


@router.get(
    "/diary",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}},
    summary="An empty diary of harvesting, processing, packing, shipping, receiving and selling",
)
def get_diary(translate: TranslatorDep) -> Response:
    headers = {"Content-Disposition": 'attachment; filename="nhat-ky.xlsx"'}
    return Response(diary_template(translate), headers=headers, media_type=XLSX)


@router.post(
    "/diary",
    responses=problems(403, 413, 422),
    dependencies=[ONE_FILE],
    summary="Record the events of a diary",
)
def post_diary(
    session: SessionDep,
    parts: ServicesDep,
    actor: ApiActor,
    translate: TranslatorDep,
    file: Annotated[UploadFile, File(description="XLSX, or CSV in UTF-8")],
) -> Response:
    """Every row becomes an event, or none does; faults come back by row and column."""
    result = diary_capture.capture_diary(
        session, actor, file.file.read(), file.filename or "", parts.settings.capture_policy
    )
    return as_json(diary_result_view(translate, result.as_json()))
