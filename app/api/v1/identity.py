"""Users, API keys and the audit log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import Cursor, Limit, Page, id_of_cursor, page, problems
from app.api.fields import Text, Time
from app.api.routing import api_router
from app.deps import ApiActor, SessionDep
from app.security import keys, users
from app.security.access import Scope
from app.security.idempotency import Claim
from traceability import audit
from traceability.actor import MEMBERS, Actor, Role
from traceability.errors import ForbiddenError

router = api_router("identity")


class KeyIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Till 1", "role": "shop", "scopes": ["scans"]}]},
    )

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    role: Role
    party_id: int | None = None
    scopes: list[Scope] = []
    expires_at: Time | None = None


class KeyOut(BaseModel):
    id: int
    name: str
    hint: str
    role: str
    scopes: list[str]
    party_id: int | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyOut(KeyOut):
    key: str | None
    """Shown this once: null when the request is repeated with its Idempotency-Key."""


@router.post("/keys", status_code=201, responses=problems(422), summary="Make an API key")
def create_key(request: Request, session: SessionDep, actor: ApiActor, key_in: KeyIn) -> NewKeyOut:
    """The key is shown once. Members make keys of their own role and organisation only."""
    if actor.role in MEMBERS:
        key_in = _of_own_organisation(actor, key_in)
    _check_scopes(request.state.scopes, key_in.scopes)
    ends = keys.expiry_within(session, actor, key_in.expires_at)
    key_in = key_in.model_copy(update={"expires_at": ends})
    row, secret = keys.create_key(session, actor, **key_in.model_dump())
    made = NewKeyOut(key=secret, **KeyOut.model_validate(row, from_attributes=True).model_dump())
    claim: Claim | None = request.state.unit.claim
    if claim is not None:
        # The answer is kept for a repetition; the key itself is kept nowhere.
        claim.kept_body = made.model_copy(update={"key": None}).model_dump_json().encode()
    return made


def _check_scopes(own: frozenset[Scope], wanted: Sequence[Scope]) -> None:
    """A key that is narrowed makes none that may do more."""
    if own and not (wanted and own.issuperset(wanted)):
        beyond = set(wanted or Scope) - own
        raise ForbiddenError("web.scope", scope=", ".join(sorted(beyond)))


def _of_own_organisation(actor: Actor, key_in: KeyIn) -> KeyIn:
    if key_in.role is not actor.role or key_in.party_id not in (None, actor.party_id):
        raise ForbiddenError("web.role", role=str(actor.role))
    return key_in.model_copy(update={"party_id": actor.party_id})


@router.get("/keys", summary="API keys of the organisation")
def list_keys(session: SessionDep, actor: ApiActor) -> Page[KeyOut]:
    rows = keys.list_keys(session, actor)
    return Page(items=[KeyOut.model_validate(row, from_attributes=True) for row in rows])


@router.delete("/keys/{key_id}", responses=problems(404), summary="Revoke an API key")
def revoke_key(session: SessionDep, actor: ApiActor, key_id: int) -> KeyOut:
    return KeyOut.model_validate(keys.revoke_key(session, actor, key_id), from_attributes=True)


class UserIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "email": "inspector@example.vn",
                    "name": "Kiểm soát viên",
                    "password": "at least twelve characters",
                    "role": "inspector",
                }
            ]
        },
    )

    email: Annotated[Text, Field(max_length=254)]
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    password: str = Field(max_length=200)
    role: Role
    party_id: int | None = None


class UserPatch(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"active": False}]})

    active: bool | None = None
    password: str | None = Field(default=None, max_length=200)


class UserOut(BaseModel):
    id: int
    email: str
    name: str
    role: str
    party_id: int | None
    active: bool
    created_at: datetime


@router.get("/users", summary="User accounts")
def list_users(session: SessionDep, cursor: Cursor = None, limit: Limit = 50) -> Page[UserOut]:
    rows = users.list_users(session, after_id=id_of_cursor(cursor) or 0, limit=limit)
    items = [UserOut.model_validate(row, from_attributes=True) for row in rows]
    return page(items, limit, rows[-1].id if rows else None)


@router.post("/users", status_code=201, responses=problems(409, 422), summary="Make an account")
def create_user(session: SessionDep, actor: ApiActor, user_in: UserIn) -> UserOut:
    user = users.create_user(session, actor, **user_in.model_dump())
    return UserOut.model_validate(user, from_attributes=True)


@router.patch("/users/{user_id}", responses=problems(404, 409, 422), summary="Change an account")
def change_user(session: SessionDep, actor: ApiActor, user_id: int, change: UserPatch) -> UserOut:
    """Closing an account or setting a password ends its log-ins."""
    user = users.get_user(session, user_id)
    if change.password is not None:
        user = users.set_password(session, actor, user_id, change.password)
    if change.active is not None:
        user = users.set_active(session, actor, user_id, active=change.active)
    return UserOut.model_validate(user, from_attributes=True)


class AuditOut(BaseModel):
    id: int
    at: datetime
    action: str
    role: str
    party_id: int | None
    user_id: int | None
    key_id: int | None
    subject: str
    detail: dict[str, Any]


@router.get("/audit", responses=problems(422), summary="Who did what, newest first")
def list_audit(
    session: SessionDep,
    subject: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AuditOut]:
    before_id = id_of_cursor(cursor)
    rows = audit.entries(session, subject=subject, before_id=before_id, limit=limit)
    items = [AuditOut.model_validate(row, from_attributes=True) for row in rows]
    return page(items, limit, rows[-1].id if rows else None)
