"""The words are those that GS1's own JSON schema of EPCIS 2.0 and CBV 2.0 enumerates."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.shared_material import SHARED
from traceability.events.vocabulary import VOCABULARIES, address, bare

SCHEMA = SHARED / "corpora/epcis/gs1-epcis/schema/EPCIS-JSON-Schema.json"


@cache
def definitions() -> dict[str, Any]:
    if not SCHEMA.exists():
        pytest.skip(f"GS1's schema is not beside the project: {SCHEMA}")
    found: dict[str, Any] = json.loads(SCHEMA.read_text())["definitions"]
    return found


def enumerated(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("enum", ())
        for below in schema.values():
            yield from enumerated(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from enumerated(below)


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("bizStep", "bizStep"), ("disposition", "disposition"),
        ("bizTransaction", "bizTransaction-type"), ("sourceDest", "source-dest-type"),
        ("errorReason", "error-reason"), ("component", "component"),
        ("alert", "sensorAlertType"), ("measurement", "measurementType"),
    ],
)  # fmt: skip
def test_a_list_of_words_is_gs1_s_with_those_that_came_later(name: str, definition: str) -> None:
    later = VOCABULARIES[name].words & {"notifying", "subject_to_regulation"}
    assert VOCABULARIES[name].words - later == set(enumerated(definitions()[definition]))


@pytest.mark.parametrize("name", sorted(VOCABULARIES))
def test_every_form_of_a_word_is_one_word(name: str) -> None:
    known = VOCABULARIES[name]
    for word in known.words:
        for start in ("", known.address, *known.older):
            assert bare(name, start + word) == word
            assert address(name, start + word) == known.address + word
