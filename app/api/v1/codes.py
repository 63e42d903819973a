"""What a code says, whatever is on record about it."""

from collections.abc import Collection
from typing import Annotated

from fastapi import Query, Request, Response

from app.api.answers import as_json, problems
from app.api.context import count_public
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep, TranslatorDep
from app.wording.gs1_view import gs1_view
from gs1.element_string import MAX_LENGTH
from traceability.registry import repository as registry

router = api_router("codes")

_HEADERS = {"Cache-Control": "public, max-age=30", "Vary": "Accept-Language, Cookie"}
_SYMBOLOGY = Query(
    pattern=r"^\][A-Za-z][0-9A-Za-z]$", description="`]C1` and the like, as the scanner sent it"
)


@router.get(
    "/gs1/parse", responses=problems(422, 429), summary="What a code says, and what is wrong in it"
)
def parse(
    request: Request,
    session: SessionDep,
    actor: ApiActor,
    translate: TranslatorDep,
    data: Annotated[
        str,
        Query(
            min_length=1,
            max_length=MAX_LENGTH,
            description="GTIN, element strings with or without brackets, scan data, Digital Link",
            openapi_examples={"element strings": {"value": "(01)09521101000016(10)SAM2610"}},
        ),
    ],
    symbology_identifier: Annotated[str | None, _SYMBOLOGY] = None,
) -> Response:
    """A wrong code is an answer too: `ok` is false; `errors`, `hints` and `elements` tell more."""

    def registered(gtins: Collection[str]) -> Collection[str]:
        return registry.products_with_gtins(session, gtins).keys()

    count_public(request, actor)
    view = gs1_view(translate, data, symbology_identifier, registered)
    return as_json(view, headers={**_HEADERS, "Content-Language": translate.language})
