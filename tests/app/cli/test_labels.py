"""nguon labels."""

from pathlib import Path

import pypdfium2

from app.demo import goods
from tests.app.cli.conftest import Nguon


def test_labels_of_a_registered_product_become_a_pdf(
    nguon: Nguon, demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labels.pdf"
    done = nguon(
        "labels", goods.GINSENG, "-o", file, "--kind", "gs1-data-matrix", "--paper", "a4-5x13",
        "--lot", "SAM2610", "--count", "70", data=demo,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "labels.pdf: 70 labels on 2 pages" in done.stdout
    document = pypdfium2.PdfDocument(file.read_bytes())
    assert len(document) == 2
    document.close()


def test_what_cannot_be_printed_is_said_in_words_and_leaves_no_file(
    here: Nguon, demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "labels.pdf"
    done = here("labels", goods.GINSENG, "-o", file, "--x-dimension", "0.1", data=demo)
    assert done.returncode == 1
    assert "scanner.size-below-standard" in done.stderr
    unknown = here("labels", "9521109999990", "-o", file, data=demo)
    assert unknown.returncode == 1
    assert not file.exists()
