"""Answers that hold events, in JSON-LD or XML."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from app.api.answers import as_json
from app.epcis.headers import JSON_TYPES, XML, Form
from traceability.events import rendering
from traceability.events.documents import CONTEXT
from traceability.events.queries import Found

FORMS: dict[int | str, dict[str, Any]] = {
    200: {"content": {media_type: {} for media_type in (*JSON_TYPES, *XML)}}
}
"""What an endpoint that answers with events declares in `responses=`."""


def query_document(
    found: Sequence[Found], form: Form, *, name: str, headers: dict[str, str]
) -> Response:
    """An EPCISQueryDocument with the events of one page.

    Raises:
        NotInXmlError: XML is asked for, and has no place for what an event holds.
    """
    headers = {**headers, **form.headers}
    if form.media_type in XML:
        body = rendering.xml_document(found, form.spelling, form.cbv, name)
        return Response(body, headers=headers, media_type=form.media_type)
    return as_json(rendering.query_document(found, form.spelling, queryName=name), headers=headers)


def single(found: Found, form: Form) -> Response:
    """One event: alone, with GS1's context beside its own; in XML the only one of its document.

    Raises:
        NotInXmlError: XML is asked for, and has no place for what the event holds.
    """
    if form.media_type in XML:
        return query_document([found], form, name="events", headers={})
    event = rendering.shown(found, form.spelling)
    event["@context"] = [CONTEXT, *event.get("@context", [])]
    return as_json(event, headers=form.headers)
