"""Idempotency-Key: the same POST sent twice is done once and answered the same.

The answer is kept in the transaction that did the work, so there is no moment at which one is
there without the other.
"""

import hashlib
from datetime import timedelta

from python_multipart.multipart import parse_options_header
from sqlmodel import Session, col, delete
from starlette.requests import Request
from starlette.responses import Response

from app.security.models import IdempotencyRecord
from traceability.clock import now
from traceability.errors import ConflictError, InvalidError

HEADER = "idempotency-key"
MAX_KEY = 100
_KEPT_HEADERS = ("location", "content-language")
KEPT = timedelta(days=30)
"""A phone that was without signal for weeks may still send its scans again."""


class Replay(Exception):  # noqa: N818 -- no error: it carries the kept answer out of a dependency
    def __init__(self, response: Response) -> None:
        super().__init__("the answer is already known")
        self.response = response


class Claim:
    """One request that carries a key."""

    def __init__(self, caller: str, key: str, request: Request, body: bytes) -> None:
        if not 0 < len(key) <= MAX_KEY or not key.isprintable():
            raise InvalidError.of("Idempotency-Key", "web.idempotency-key", maximum=MAX_KEY)
        text = f"{caller}\n{request.method}\n{request.url.path}"
        self.scope = hashlib.sha256(text.encode()).hexdigest()
        self.key = key
        self.fingerprint = hashlib.sha256(_content(request, body)).hexdigest()
        self.kept_body: bytes | None = None
        """What is kept in place of the answer's own body, where that holds a secret."""

    def kept_answer(self, session: Session) -> Response | None:
        """The answer of an earlier request with this key.

        Raises:
            ConflictError: `web.idempotency-reused`, the earlier request had another body.
        """
        record = session.get(IdempotencyRecord, (self.scope, self.key))
        if record is None:
            return None
        if record.fingerprint != self.fingerprint:
            raise ConflictError("web.idempotency-reused", key=self.key)
        headers = {**record.headers, "Idempotency-Replayed": "true"}
        return Response(record.body, record.status, headers, record.media_type)

    def keep(self, session: Session, response: Response) -> None:
        """Keep the answer in the transaction of the work.

        Raises:
            IntegrityError: another request with this key was faster.
        """
        session.add(
            IdempotencyRecord(
                scope=self.scope,
                key=self.key,
                fingerprint=self.fingerprint,
                status=response.status_code,
                media_type=response.headers.get("content-type", "application/json"),
                headers={n: response.headers[n] for n in _KEPT_HEADERS if n in response.headers},
                body=bytes(response.body) if self.kept_body is None else self.kept_body,
            )
        )
        session.flush()


def _content(request: Request, body: bytes) -> bytes:
    """The body without the boundary of its parts, which a client makes anew each time it sends."""
    _, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    return body.replace(boundary, b"") if boundary else body


def forget_old(session: Session) -> int:
    """Remove answers that nobody will ask for again; returns how many."""
    old = delete(IdempotencyRecord).where(col(IdempotencyRecord.created_at) < now() - KEPT)
    return int(session.exec(old).rowcount)
