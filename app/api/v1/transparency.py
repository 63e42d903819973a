"""The transparency log: checkpoints, tiles, proofs, and the signatures of witnesses.

Checkpoint and tiles stand where C2SP's tlog-tiles expects them below one address, so that other
people's clients can follow the log; they never change and may be kept by every proxy.
"""

import base64
import re
from typing import Annotated, Any

from fastapi import Body, Path, Query, Response
from starlette.exceptions import HTTPException

from app.api.answers import as_json, problems
from app.api.routing import api_router
from app.deps import ApiActor, ServicesDep, SessionDep
from app.transparency import SOURCES
from traceability.errors import ForbiddenError, NotFoundError
from traceability.transparency import log, receipts, tiles
from traceability.transparency.models import LeafKind, LogTile

router = api_router("transparency log")

_TILE = re.compile(r"(\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/(\d{1,3}))?", re.ASCII)
PUBLIC_KINDS = frozenset({LeafKind.RECALL, LeafKind.REGISTRATION, LeafKind.EVENT})
"""Entries that everybody may see; others only who they stand beside."""
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_BRIEFLY = {"Cache-Control": "public, max-age=5"}


@router.get("/log", summary="The log's name and public keys")
def describe(parts: ServicesDep) -> Response:
    keys = parts.settings.log_keys
    return as_json({"origin": keys.origin, "keys": [str(key) for key in keys.public]})


@router.get("/log/checkpoint", responses=problems(404), summary="The newest signed checkpoint")
def checkpoint(session: SessionDep, parts: ServicesDep) -> Response:
    """A C2SP note: name, size and root, signed by the log and by those who watch it."""
    newest = log.newest_checkpoint(session)
    if newest is None:
        raise NotFoundError("transparency.empty")
    note = log.note_of(parts.settings.log_keys.origin, newest)
    return Response(note, headers=_BRIEFLY, media_type="text/plain; charset=utf-8")


@router.get("/log/tile/{path:path}", responses=problems(404), summary="Hashes of the tree")
def tile(session: SessionDep, path: Annotated[str, Path(max_length=60)]) -> Response:
    """`{level}/{number}` or `{level}/{number}.p/{width}`; numbers in groups as `x001/234`."""
    match = _TILE.fullmatch(path)
    if match is None:
        raise HTTPException(404)
    number = int(match[2].replace("x", "").replace("/", ""))
    width = int(match[3] or tiles.WIDTH)
    level = int(match[1])
    # Of a tile that is kept for ever there is one address: no zeros that say nothing.
    known = tiles.path(level, number, width) == f"tile/{path}"
    row = session.get(LogTile, (level, number)) if known else None
    if row is None or not 0 < width <= len(tiles.split(row.hashes)):
        raise HTTPException(404)
    hashes = b"".join(tiles.split(row.hashes)[:width])
    return Response(hashes, headers=_FOREVER, media_type="application/octet-stream")


@router.get(
    "/log/entries/{kind}/{number}", responses=problems(403, 404),
    summary="What the log says of a record, and the proof",
)  # fmt: skip
def receipt(
    session: SessionDep, actor: ApiActor, parts: ServicesDep, kind: LeafKind, number: int
) -> Response:
    """Facts, place and proof under the newest checkpoint; of cases and invoices for authorities.

    Authorities also get the salt and what the entry commits to.
    """
    if kind not in PUBLIC_KINDS and not actor.sees_everything:
        raise ForbiddenError("web.role", role=str(actor.role))
    subject = subject_of(kind, number)
    found = log.receipt(session, parts.settings.log_keys.origin, kind, subject)
    if actor.sees_everything:
        opened = receipts.opened(session, found.entry, SOURCES)
        return as_json({**receipt_view(found), **opened}, headers={"Cache-Control": "no-store"})
    return as_json(receipt_view(found), headers=_BRIEFLY)


def subject_of(kind: LeafKind, number: int) -> str:
    return f"{'report' if kind is LeafKind.CASE else kind}:{number}"


def receipt_view(found: log.Receipt) -> dict[str, Any]:
    return {
        "type": found.kind,
        "subject": found.subject,
        "facts": found.facts,
        "place": found.place,
        "size": found.size,
        "proof": [base64.b64encode(each).decode() for each in found.proof],
        "checkpoint": found.checkpoint,
    }


@router.get("/log/consistency", responses=problems(422), summary="That the log only grew")
def consistency(
    session: SessionDep,
    old: Annotated[int, Query(ge=1, description="Size of an earlier checkpoint")],
    size: Annotated[int, Query(ge=1, description="Size of a later one")],
) -> Response:
    """The proof of RFC 9162 section 2.1.4 between two sizes."""
    proof = log.consistency(session, old, size)
    return as_json({"proof": [base64.b64encode(each).decode() for each in proof]})


@router.post(
    "/log/cosignatures", status_code=201, responses=problems(422),
    summary="Leave a witness's signature of a checkpoint",
)  # fmt: skip
def cosign(
    session: SessionDep,
    parts: ServicesDep,
    note: Annotated[str, Body(media_type="text/plain", max_length=100_000)],
) -> Response:
    """The checkpoint as it was published, with lines of witnesses that this service knows."""
    settings = parts.settings
    size = log.cosign(session, settings.log_keys.origin, note, settings.witnesses)
    return as_json({"size": size}, 201)
