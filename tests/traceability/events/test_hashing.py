"""The event hash ID does not depend on how an event is spelt, and on all of what it says."""

from pathlib import Path
from typing import Any

import pytest

from tests.shared_material import SHARED, needs_shared
from tests.traceability.events.makers import KEY, LOT, an_event, read_one
from traceability.events.documents import Document, read_json
from traceability.events.hashing import hash_id, pre_image
from traceability.events.namespaces import prefixes
from traceability.events.xml_reading import read_xml

CORPUS = SHARED / "corpora" / "epcis" / "event-hash"


def image(**fields: Any) -> str:
    read = read_one(**fields)
    return pre_image(read.body, prefixes(read.context))


SPELLINGS = {
    "the time zone it is written in": {"eventTime": "2026-11-20T01:00:00.000Z"},
    "a key as EPC URN": {"epcList": ["urn:epc:id:sgtin:952000.0123456.A1"]},
    "its own eventID": {"eventID": "urn:uuid:831c0292-4de1-430a-8255-2aca821abaab"},
    "when it was recorded": {"recordTime": "2026-11-21T01:00:00Z"},
    "that it was in error": {"errorDeclaration": {"declarationTime": "2026-11-21T01:00:00Z"}},
}


@pytest.mark.parametrize("fields", SPELLINGS.values(), ids=SPELLINGS)
def test_the_pre_image_leaves_out_and_levels(fields: dict[str, Any]) -> None:
    assert image(**fields) == image()


def test_the_order_of_lists_does_not_count() -> None:
    epcs = [KEY.format(number) for number in (1, 2, 3)]
    assert image(epcList=epcs) == image(epcList=epcs[::-1])


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "ADD"},
        {"eventTimeZoneOffset": "+08:00"},
        {"bizStep": "shipping"},
        {"vd:truck": "29C"},
        {"quantityList": [{"epcClass": LOT, "quantity": 1}]},
        {"epcList": [f"{LOT}/21/A1"]},
    ],
)
def test_what_an_event_says_counts(fields: dict[str, Any]) -> None:
    assert image(**fields) != image()


def test_prefixes_are_names_of_namespaces_and_nothing_else() -> None:
    event = an_event()
    one = pre_image({**event, "a:x": {"a:y": 2.50}}, {"a": "https://vidu.example/"})
    two = pre_image({**event, "b:x": {"b:y": 2.5}}, {"b": "https://vidu.example/"})
    assert one == two
    assert one.endswith("{https://vidu.example/}x{https://vidu.example/}y=2.5")


def test_a_hash_id_is_a_named_information_uri() -> None:
    read = read_one()
    found = hash_id(read.body, {})
    assert found.startswith("ni:///sha-256;")
    assert found.endswith("?ver=CBV2.0")


def hashes(path: Path) -> list[str]:
    document: Document = (read_xml if path.suffix == ".xml" else read_json)(path.read_bytes())
    return [hash_id(e.body, prefixes(e.context), document.ignored) for e in document.events]


PUBLISHED = sorted(
    path for path in CORPUS.glob("examples/*") if path.suffix in (".jsonld", ".xml")
)  # fmt: skip


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_the_published_hashes_are_met(path: Path) -> None:
    assert hashes(path) == path.with_suffix(".hashes").read_text().split()


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("expected_equal/*")), ids=lambda path: path.name
)
def test_representations_that_are_said_to_be_equal_are(path: Path) -> None:
    assert len(set(hashes(path))) == 1
