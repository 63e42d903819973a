"""Answers that hold events."""

from collections.abc import Sequence

from starlette.responses import Response

from app.api.answers import as_json
from traceability.events import rendering
from traceability.events.documents import CONTEXT
from traceability.events.queries import Found
from traceability.events.rendering import EpcFormat
from traceability.events.visibility import View


def query_document(
    found: Sequence[Found], view: View, spelling: EpcFormat, *, name: str, headers: dict[str, str]
) -> Response:
    """An EPCISQueryDocument with the events of one page."""
    body = rendering.query_document(found, view, spelling, queryName=name)
    return as_json(body, headers={**headers, "GS1-EPC-Format": spelling})


def single(found: Found, view: View, spelling: EpcFormat) -> Response:
    """One event, with GS1's context beside its own."""
    event = rendering.shown(found, view, spelling)
    event["@context"] = [CONTEXT, *event.get("@context", [])]
    return as_json(event, headers={"GS1-EPC-Format": spelling})
