"""Lots and serials."""

from app.api.answers import Cursor, Limit, Page, id_of_cursor, page, problems
from app.api.examples import LotBody, LotPatchBody, SampleBody, SerialPatchBody, SerialsBody
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from traceability.registry import codes, goods_repository, lots, serials
from traceability.registry.schemas import (
    LotOut,
    SerialOut,
    SerialsIssueIn,
    SerialsOut,
)

router = api_router("registry")


@router.post("/lots", status_code=201, responses=problems(404, 409, 422), summary="Register a lot")
def create_lot(session: SessionDep, actor: ApiActor, lot_in: LotBody) -> LotOut:
    return lots.describe(session, [lots.create_lot(session, actor, lot_in)])[0]


@router.get("/lots", responses=problems(422), summary="Lots")
def list_lots(
    session: SessionDep,
    actor: ApiActor,
    gtin: str | None = None,
    producer_id: int | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[LotOut]:
    rows = goods_repository.list_lots(
        session, actor, gtin=_fourteen(gtin), producer_id=producer_id,
        after_id=id_of_cursor(cursor) or 0, limit=limit,
    )  # fmt: skip
    return page(lots.describe(session, rows), limit, rows[-1].id if rows else None)


@router.get("/lots/{lot_id}", responses=problems(404), summary="A lot")
def get_lot(session: SessionDep, actor: ApiActor, lot_id: int) -> LotOut:
    return lots.describe(session, [lots.get_lot(session, actor, lot_id)])[0]


@router.patch("/lots/{lot_id}", responses=problems(403, 404, 422), summary="Change a lot")
def change_lot(session: SessionDep, actor: ApiActor, lot_id: int, change: LotPatchBody) -> LotOut:
    return lots.describe(session, [lots.change_lot(session, actor, lot_id, change)])[0]


@router.post(
    "/serials", status_code=201, responses=problems(404, 409, 422), summary="Register serials"
)
def create_serials(session: SessionDep, actor: ApiActor, serials_in: SerialsBody) -> SerialsOut:
    """Your own (`serials`), or as many as you ask for (`count`), which nobody can guess."""
    if isinstance(serials_in, SerialsIssueIn):
        return serials.issue_serials(session, actor, serials_in)
    return serials.register_serials(session, actor, serials_in)


@router.get("/serials", responses=problems(422), summary="Serials")
def list_serials(
    session: SessionDep,
    actor: ApiActor,
    gtin: str | None = None,
    lot: str | None = None,
    status: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[SerialOut]:
    rows = goods_repository.list_serials(
        session, actor, gtin=_fourteen(gtin), lot=lot, status=status,
        after_id=id_of_cursor(cursor) or 0, limit=limit,
    )  # fmt: skip
    return page(serials.describe(session, rows), limit, rows[-1].id if rows else None)


@router.get("/serials/{serial_id}", responses=problems(404), summary="A serial")
def get_serial(session: SessionDep, actor: ApiActor, serial_id: int) -> SerialOut:
    return serials.describe(session, [serials.get_serial(session, actor, serial_id)])[0]


@router.patch("/serials/{serial_id}", responses=problems(403, 404, 422), summary="Change a serial")
def change_serial(
    session: SessionDep, actor: ApiActor, serial_id: int, change: SerialPatchBody
) -> SerialOut:
    """Sold, or taken out of circulation, with the day and the reason."""
    return serials.describe(session, [serials.change_serial(session, actor, serial_id, change)])[0]


@router.put(
    "/serials/{serial_id}/display-sample",
    responses=problems(403, 404, 422),
    summary="List a unit as a display sample",
)
def list_as_sample(
    session: SessionDep, actor: ApiActor, serial_id: int, sample: SampleBody
) -> SerialOut:
    """It stands in a shop for everybody to scan: repeated look-ups then mean nothing."""
    row = serials.list_as_sample(session, actor, serial_id, listed=sample.display_sample)
    return serials.describe(session, [row])[0]


def _fourteen(text: str | None) -> str | None:
    return None if text is None else codes.gtin(text).value
