"""The files of a finished job, as one download: a PDF, or a ZIP of PDFs where there are many."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app.labels.sheets import KIND
from traceability import jobs
from traceability.db import Database
from traceability.errors import NotFoundError
from traceability.jobs import Job, JobStatus

KEPT_DAYS = 7
"""Days that the files of a finished job are kept."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A download that is read while it is sent."""

    name: str
    media_type: str
    pieces: Iterator[bytes]


def delivery(session: Session, database: Database, job: Job) -> Delivery:
    """The files of a job that is done; one of them is in memory at a time.

    Raises:
        NotFoundError: `jobs.no-file` (id): it is not done, makes no files, or they were dropped.
    """
    job_id = job.id or 0
    if job.kind != KIND or job.status != JobStatus.DONE or not jobs.has_parts(session, job_id):
        raise NotFoundError("jobs.no-file", id=job_id)
    name, parts = str(job.payload["file_name"]), jobs.parts_of(database, job_id)
    if (job.result or {}).get("files") == 1:
        return Delivery(f"{name}.pdf", "application/pdf", parts)
    return Delivery(f"{name}.zip", "application/zip", zipped(name, parts))


def zipped(name: str, files: Iterator[bytes]) -> Iterator[bytes]:
    """Pack PDFs as they come; they are compressed already."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for number, content in enumerate(files, 1):
            archive.writestr(f"{name}-{number:03d}.pdf", content)
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """A file that forgets what has been taken from it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def close(self) -> None:
        """Nothing is held open."""

    def taken(self) -> bytes:
        whole = b"".join(self._pieces)
        self._pieces.clear()
        return whole
