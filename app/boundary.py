"""The boundary of a request: one transaction, committed before the answer leaves.

Routers of the API and of the pages use `TransactionRoute`. Endpoints get the session by
`SessionDep`; it begins at its first statement, so that a photograph is decoded before any lock is
taken. An exception rolls back; an answer commits, and a commit that fails is a 500, not a 200.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.security.idempotency import HEADER, Claim, Replay
from traceability.db import Database
from traceability.errors import ConflictError

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Unit:
    """One request's unit of work."""

    def __init__(self, database: Database, *, write: bool) -> None:
        self._database, self._write = database, write
        self._session: Session | None = None
        self.claim: Claim | None = None
        """Set when the request carries an Idempotency-Key."""

    @property
    def session(self) -> Session:
        if self._session is None:
            database = self._database
            self._session = (
                database.write_session()
                if self._write
                else Session(database.engine, expire_on_commit=False)
            )
        return self._session

    @property
    def begun(self) -> bool:
        return self._session is not None

    def end(self, response: Response) -> None:
        """Keep the answer where it was asked to be kept, and commit what was written."""
        if self.claim is not None and response.status_code < 400:
            self.claim.keep(self.session, response)
        if self._write:
            self.session.commit()
        self.session.close()

    def finish(self) -> None:
        """End in the thread that did the work: no lock is held on the way to another one.

        A request whose answer is to be kept ends with `end`, in one transaction with the answer.
        """
        if self.claim is None and self._session is not None:
            if self._write:
                self._session.commit()
            self._session.close()
            self._session = None

    def abandon(self) -> None:
        if self._session is not None:
            self._session.close()

    def answer_of_the_faster(self) -> Response | None:
        """What a concurrent request with the same key was answered, if that is what failed us."""
        self.abandon()
        if self.claim is None:
            return None
        with self._database.reading() as session:
            return self.claim.kept_answer(session)


class TransactionRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def in_one_transaction(request: Request) -> Response:
            database: Database = request.app.state.services.database
            unit = Unit(database, write=request.method not in READ_METHODS)
            request.state.unit = unit
            if "\0" in request.url.path or "%00" in request.url.query:
                # No text on record holds it, and PostgreSQL takes it for an error.
                raise HTTPException(400)
            if request.method == "POST" and HEADER in request.headers:
                # Kept by the request: once a form has been parsed, its bytes are gone.
                await request.body()
            try:
                response = await handler(request)
                # A look-up that needs no session is not sent to a thread to end one.
                if unit.begun:
                    await run_in_threadpool(unit.end, response)
            except Replay as replay:
                return replay.response
            except (IntegrityError, ConflictError):
                kept = await run_in_threadpool(unit.answer_of_the_faster)
                if kept is None:
                    raise
                return kept
            except BaseException:
                unit.abandon()
                raise
            return response

        return in_one_transaction
