import io

import pytest
from python_calamine import CalamineWorkbook

from tests.app.client import Client, Members
from traceability.actor import Role

TABLE = "Việc;Thời gian;Mã GTIN;Số lô\nthu hoạch;20/11/2026;{};L7\n"


def test_a_diary_is_fetched_filled_and_sent_back(client: Client, members: Members) -> None:
    producer = client.acting(members.keys[Role.PRODUCER])
    assert producer.get("/api/v1/diary").content.startswith(b"PK")
    filled = TABLE.format("9520001234569").encode()
    answer = producer.post("/api/v1/diary", files={"file": ("nhat-ky.csv", filled)})
    assert (answer.json()["captured"], answer.json()["errors"]) == (1, [])
    events = producer.get("/epcis/v2/events").json()["epcisBody"]["queryResults"]["resultsBody"]
    assert events["eventList"][0]["bizStep"] == "creating_class_instance"


def test_faults_come_back_by_row_and_column(client: Client, members: Members) -> None:
    producer = client.acting(members.keys[Role.PRODUCER]).speaking("vi")
    filled = TABLE.format("9520001234560").encode()
    error = producer.post("/api/v1/diary", files={"file": ("a.csv", filled)}).json()["errors"][0]
    assert (error["row"], error["column"], error["code"]) == (2, "gtin", "gs1.check-digit")
    assert error["heading"] == "Mã GTIN"
    assert error["detail"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_untouched_template_records_nothing(
    client: Client, members: Members, language: str
) -> None:
    producer = client.acting(members.keys[Role.PRODUCER]).speaking(language)
    empty = producer.get("/api/v1/diary").content
    answer = producer.post("/api/v1/diary", files={"file": ("nhat-ky.xlsx", empty)})
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["errors"]] == ["registry.table-no-rows"]


def test_the_second_sheet_explains_the_columns(client: Client, members: Members) -> None:
    producer = client.acting(members.keys[Role.PRODUCER]).speaking("vi")
    book = CalamineWorkbook.from_filelike(io.BytesIO(producer.get("/api/v1/diary").content))
    assert book.sheet_names == ["Nhật ký", "Cách điền"]
    rows = {row[0]: row for row in book.get_sheet_by_name("Cách điền").to_python() if row[0]}
    assert rows["Cột"][7] == "Ý nghĩa của cột"
    steps = rows["Cột"][1:7]
    assert steps == ["thu hoạch", "chế biến", "đóng gói", "xuất hàng", "nhận hàng", "bán"]
    assert rows["Mã đối tác (GLN)"][1:7] == ["", "", "", "cần", "cần", ""]
    assert rows["Mã thùng (SSCC)"][1:7] == ["", "", "cần", *["một trong hai"] * 3]
    assert "18 chữ số" in str(rows["Mã thùng (SSCC)"][7])
    assert rows["bán"][2] == "9520000000110"


def test_an_example_sent_as_it_is_records_nothing(client: Client, members: Members) -> None:
    producer = client.acting(members.keys[Role.PRODUCER]).speaking("vi")
    example = TABLE.replace("L7", "VD-2026-01").format("9520000000103").encode()
    answer = producer.post("/api/v1/diary", files={"file": ("a.csv", example)}).json()
    assert (answer["captured"], answer["errors"][0]["code"]) == (0, "events.diary-example")
    assert answer["errors"][0]["detail"].startswith("Dòng này là ví dụ")


def test_the_kind_of_a_cell_is_told_in_vietnamese(client: Client, members: Members) -> None:
    producer = client.acting(members.keys[Role.PRODUCER]).speaking("vi")
    rows = "Việc;Thời gian;Mã GTIN;Số lô;Số lượng\nbán;20/11/2026;9520001234569;L7;nhiều\n"
    answer = producer.post("/api/v1/diary", files={"file": ("a.csv", rows.encode())}).json()
    (error,) = answer["errors"]
    assert error["heading"] == "Số lượng"
    assert error["detail"].startswith("nhiều không phải là số.")
