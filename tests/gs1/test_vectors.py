"""The vectors of GS1's own syntax engine, from the shared corpora: every one must agree."""

import runpy

import pytest

from gs1.jsonl import answer
from tests.shared_material import SHARED, needs_shared

pytestmark = [pytest.mark.shared, needs_shared]

FILES = sorted((SHARED / "corpora" / "gs1").glob("engine_*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_vector_agrees(path):
    scorer = runpy.run_path(str(SHARED / "bench" / "gs1" / "check.py"))
    wrong = [
        vector["input"]
        for vector, question in scorer["rows"](str(path))
        if not scorer["right"](vector, answer(question))
    ]
    assert wrong == []
