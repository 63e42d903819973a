"""The list of refused files, as a spreadsheet opens it."""

import csv
import io

from app.i18n import translator
from app.wording.refused import refused_csv


def test_every_file_is_a_row_with_its_reason_in_words() -> None:
    files = ({"file": f"{n}.xml", "code": "invoices.not-xml", "arguments": {}} for n in range(1200))
    text = b"".join(refused_csv(translator("en"), files)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert (rows[0], len(rows)) == (["File", "Reason", "Code"], 1201)
    assert rows[1] == ["0.xml", "The file is not XML.", "invoices.not-xml"]


def test_a_name_that_a_spreadsheet_would_calculate_is_text() -> None:
    files = [{"file": "=1+1.xml", "code": "invoices.not-xml", "arguments": {}}]
    assert b"'=1+1.xml" in b"".join(refused_csv(translator("vi"), files))
