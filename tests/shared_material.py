"""Where the shared corpora and scorers lie; the suite is whole without them."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("NGUON_SHARED", Path(__file__).resolve().parents[2] / "shared"))

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared corpora are not beside the project"
)
