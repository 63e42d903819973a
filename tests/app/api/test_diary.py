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
    assert error["detail"]
