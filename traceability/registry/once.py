"""Facts that exist once: the unique constraint of the database decides, not a look before."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from traceability.errors import ConflictError


@contextmanager
def once_only(session: Session) -> Iterator[None]:
    """Flush what the block adds.

    Raises:
        ConflictError: `registry.taken-meanwhile` when another writer entered the same thing
            after we had looked; the block is undone, the transaction goes on.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        raise ConflictError("registry.taken-meanwhile") from error
