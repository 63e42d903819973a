"""A list of the office as CSV, row by row: a spreadsheet opens it, and nothing in it calculates.

Each list takes `format=csv` beside its filter and answers with `as_csv`. The rows are read in
pages while they are sent, in a session of their own, since that of the request has ended by then.

>>> text_of_cell("=HYPERLINK(1)"), text_of_cell("party:1"), text_of_cell(None)
("'=HYPERLINK(1)", 'party:1', '')
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from fastapi import Request, Response
from sqlmodel import Session
from starlette.responses import StreamingResponse

from app.deps import current_translator, services
from traceability.clock import today
from traceability.db import Database

PAGE_ROWS = 500
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

Row = Sequence[object]
Record = TypeVar("Record")


def as_csv(
    request: Request,
    name: str,
    headings: Sequence[str],
    rows: Callable[[Session], Iterable[Row]],
) -> Response:
    """The file.

    Args:
        request: whose language the headings are in.
        name: of the file, without date and ending.
        headings: English, marked for translation.
        rows: what to write, read with the session that is handed in.
    """
    translate = current_translator(request)
    titles = [translate.text(heading) for heading in headings]
    headers = {
        "Content-Disposition": f'attachment; filename="nguon-{name}-{today():%Y%m%d}.csv"',
        "Cache-Control": "no-store",
    }
    pieces = _pieces(services(request).database, titles, rows)
    return StreamingResponse(pieces, headers=headers, media_type="text/csv; charset=utf-8")


def _pieces(
    database: Database, titles: Row, rows: Callable[[Session], Iterable[Row]]
) -> Iterator[bytes]:
    # The mark by which spreadsheets recognise UTF-8.
    yield b"\xef\xbb\xbf" + _lines([titles])
    with database.reading() as session:
        left = iter(rows(session))
        while some := list(islice(left, PAGE_ROWS)):
            yield _lines(some)


def _lines(rows: Iterable[Row]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([text_of_cell(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


def text_of_cell(value: object) -> str:
    """As text, with an apostrophe in front of what a spreadsheet would take for a formula."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_SIGNS) else text


def pages(
    session: Session, page: Callable[[int], Sequence[Record]], key: Callable[[Record], int]
) -> Iterator[Sequence[Record]]:
    """A whole list, page by page.

    Args:
        session: forgets each page after it: it need not hold a million rows.
        page: the page behind the row with this id; 0 for the first page.
        key: the id of a row.
    """
    last = 0
    while found := page(last):
        yield found
        last = key(found[-1])
        session.expunge_all()
