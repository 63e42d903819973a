"""POST /api/v1/scans: a verdict on what was read, and the record that it was asked for."""

from collections.abc import Callable

import pytest

from tests.app.client import Client, Members
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from tests.scanner.pictures import GTIN, bomb, photo, saved
from tests.scanner.pictures import qr as qr_picture
from traceability.actor import Role
from traceability.db import Database

READS_PICTURES = True
SCANS = "/api/v1/scans"


@pytest.fixture
def gtin(producer: Client, new_gtin: Callable[[], str]) -> str:
    number = new_gtin()
    producer.post("/api/v1/products", json={"gtin": number, "name": "Trà ví dụ"})
    return number


def test_scan_data_gets_a_verdict_and_is_kept(
    inspector: Client, gtin: str, sqlite_database: Database
) -> None:
    given = {"scan_data": f"]d2010{gtin}10L1", "location": {"area_code": "51"}}
    with stored(sqlite_database, scan=1, audit_entry=1):
        answer = inspector.post(SCANS, json=given)
    assert answer.status_code == 201
    scan = answer.json()
    assert answer.headers["location"] == f"{SCANS}/{scan['id']}"
    assert scan["symbols"] == [{"text": given["scan_data"], "symbology_identifier": None}]
    verdict = scan["verdict"]
    assert {"level", "findings", "policy_version"} <= verdict.keys()
    assert all({"code", "level", "text", "evidence"} <= f.keys() for f in verdict["findings"])
    assert scan["product"]["gtin"] == f"0{gtin}"
    assert scan["producer"]["name"].startswith("VÍ DỤ producer")


def test_the_symbology_identifier_may_stand_beside_the_data(admin: Client, gtin: str) -> None:
    given = {"scan_data": f"010{gtin}10L1", "symbology_identifier": "]C1"}
    scan = admin.post(SCANS, json=given).json()
    assert (scan["key"]["gtin"], scan["key"]["lot"]) == (f"0{gtin}", "L1")


def test_a_photo_gets_the_verdict_on_its_symbol(
    inspector: Client, sqlite_database: Database
) -> None:
    form = {"location": '{"area_code": "51"}'}
    with stored(sqlite_database, scan=1):
        answer = inspector.post(SCANS, files={"image": ("a.jpg", photo())}, data=form)
    scan = answer.json()
    assert answer.status_code == 201
    assert scan["symbols"][0]["text"] == GTIN
    assert scan["symbols"][0]["position"]
    assert scan["verdict"]["findings"][0]["code"] == "RESTRICTED_NUMBER"
    kept = inspector.get(f"{SCANS}/{scan['id']}").json()
    assert (kept["gtin"], kept["area_code"]) == (f"0{GTIN}", "51")


def test_what_cannot_be_read_is_kept_too(inspector: Client, sqlite_database: Database) -> None:
    with stored(sqlite_database, scan=3):
        blank = inspector.post(
            SCANS, files={"image": ("b.png", saved(qr_picture().resize((40, 40))))}
        )
        wrong = inspector.post(SCANS, json={"scan_data": "9521101000017"})
        nul = inspector.post(SCANS, json={"scan_data": "952\u0000"})
    for answer in (blank, wrong, nul):
        assert answer.status_code == 201
        assert answer.json()["verdict"]["findings"][0]["code"] == "INVALID_CODE"
        assert answer.json()["product"] is None


def test_a_kept_scan_reads_as_it_was_given(inspector: Client, gtin: str) -> None:
    given = inspector.speaking("en").post(SCANS, json={"scan_data": gtin}).json()
    path = f"{SCANS}/{given['id']}"
    assert inspector.speaking("en").get(path).json()["verdict"] == given["verdict"]
    in_vietnamese = inspector.speaking("vi").get(path).json()["verdict"]
    assert in_vietnamese["level"] == given["verdict"]["level"]
    assert in_vietnamese["text"] != given["verdict"]["text"]


def test_an_inspector_notes_and_keeps_a_scan(inspector: Client, gtin: str) -> None:
    scan = inspector.post(SCANS, json={"scan_data": gtin}).json()
    path = f"{SCANS}/{scan['id']}"
    noted = inspector.patch(path, json={"note": "Kệ 3", "kept": True}).json()
    assert (noted["note"], noted["kept"]) == ("Kệ 3", True)
    assert fields(problem(inspector.patch(path, json={"note": "x" * 4001}), 422)) == {
        "note": "web.field-too-long"
    }
    assert fields(problem(inspector.patch(path, json={"note": "\u0000"}), 422)) == {
        "note": "input.control-character"
    }


def test_a_scan_of_another_is_like_one_that_does_not_exist(
    inspector: Client, shop: Client, producer: Client, gtin: str
) -> None:
    scan = inspector.post(SCANS, json={"scan_data": gtin}).json()
    for other in (shop, producer):
        for number in (scan["id"], 999_999):
            problem(other.get(f"{SCANS}/{number}"), 404, "verification.scan-unknown")
        assert scan["id"] not in [s["id"] for s in other.get(SCANS).json()["items"]]
    problem(shop.patch(f"{SCANS}/{scan['id']}", json={"note": "x"}), 403, "web.role")


def test_own_scans_are_read_page_by_page_the_newest_first(shop: Client, gtin: str) -> None:
    made = [shop.post(SCANS, json={"scan_data": gtin}).json()["id"] for _ in range(5)]
    found, cursor = [], None
    for _ in range(3):
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = shop.get(SCANS, params=query).json()
        found += [scan["id"] for scan in page["items"]]
        cursor = page["next_cursor"]
    assert found[:5] == made[::-1]


def test_a_scan_by_the_public_counts_for_its_serial_once_a_day(
    client: Client, producer: Client, gtin: str
) -> None:
    producer.post("/api/v1/serials", json={"gtin": gtin, "serials": ["S1"]})
    given = {"scan_data": f"(01)0{gtin}(21)S1"}
    first = client.post(SCANS, json=given, headers={"X-Forwarded-For": "192.0.2.1"}).json()
    same = client.post(SCANS, json=given, headers={"X-Forwarded-For": "192.0.2.1"}).json()
    other = client.post(SCANS, json=given, headers={"X-Forwarded-For": "192.0.2.2"}).json()
    codes = [scan["verdict"]["findings"][0]["code"] for scan in (first, same, other)]
    assert codes[0] == "MATCH_FIRST"
    assert codes[2] == "MATCH_REPEAT"


def test_an_application_that_sends_the_token_of_its_phone_is_known_at_another_address(
    client: Client, producer: Client, gtin: str
) -> None:
    producer.post("/api/v1/serials", json={"gtin": gtin, "serials": ["S1"]})
    given = {"scan_data": f"(01)0{gtin}(21)S1"}
    codes = []
    for host, token in ((1, "0123456789abcdef"), (2, "0123456789abcdef"), (3, "fedcba9876543210")):
        headers = {"X-Forwarded-For": f"192.0.2.{host}", "Nguon-Device": token}
        scan = client.post(SCANS, json=given, headers=headers).json()
        codes.append(scan["verdict"]["findings"][0]["code"])
    assert codes == ["MATCH_FIRST", "MATCH_FIRST", "MATCH_REPEAT"]


@pytest.mark.parametrize("token", ["short", "x" * 65, "0123456789 abcdef"])
def test_a_token_of_a_phone_that_is_not_one_is_named(client: Client, token: str) -> None:
    answer = client.post(SCANS, json={"scan_data": "x"}, headers={"Nguon-Device": token})
    assert list(fields(problem(answer, 422))) == ["header.Nguon-Device"]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"scan_data": ""}, {"scan_data": "web.field-too-short"}),
        ({"scan_data": "9" * 4001}, {"scan_data": "web.field-too-long"}),
        ({"scan_data": 9521101000016}, {"scan_data": "web.field-invalid"}),
        ({"symbology_identifier": "C1"}, {"symbology_identifier": "web.field-invalid"}),
        ({"location": {"latitude": 91}}, {"location.latitude": "web.field-invalid"}),
        ({"location": {"area_code": "a'b"}}, {"location.area_code": "web.field-invalid"}),
        ({"location": {"counted": -1}}, {"location.counted": "web.field-invalid"}),
        ({"location": {"shop_id": 999_999}}, {"location.shop_id": "registry.party-unknown"}),
        ({"location": {"street": "x"}}, {"location.street": "web.field-unknown"}),
        ({"location": None}, {"location": "web.field-invalid"}),
        ({"device": "x"}, {"device": "web.field-unknown"}),
    ],
)
def test_each_fault_of_a_scan_is_named_and_nothing_is_stored(
    inspector: Client, gtin: str, sqlite_database: Database,
    wrong: dict[str, object], expected: dict[str, str],
) -> None:  # fmt: skip
    with nothing_stored(sqlite_database):
        answer = inspector.post(SCANS, json={"scan_data": gtin, **wrong})
        assert fields(problem(answer, 422)) == expected


def test_a_form_with_a_bad_picture_or_place_stores_nothing(
    inspector: Client, sqlite_database: Database
) -> None:
    picture = ("a.jpg", photo())
    with nothing_stored(sqlite_database):
        for place in ("{]", '{"area_code": 51}', "[]", '{"latitude": NaN}'):
            answer = inspector.post(SCANS, files={"image": picture}, data={"location": place})
            problem(answer, 422, "web.malformed")
        too_many = inspector.post(SCANS, files={"image": ("b.png", bomb())})
        problem(too_many, 413, "scanner.too-many-pixels")
        no_image = inspector.post(SCANS, files={"file": picture})
        assert fields(problem(no_image, 422)) == {"image": "web.field-missing"}
        text = inspector.post(SCANS, data={"image": "x"}, files={"other": picture})
        assert fields(problem(text, 422)) == {"image": "web.field-missing"}
        two = [("image", picture), ("image", picture)]
        assert fields(problem(inspector.post(SCANS, files=two), 422)) == {"image": "web.one-file"}
        many = [("image", picture)] * 5
        problem(inspector.post(SCANS, files=many), 400, "web.malformed")


def test_a_body_of_another_kind_is_refused(inspector: Client, sqlite_database: Database) -> None:
    with nothing_stored(sqlite_database):
        for kind in ("image/jpeg", "text/plain", "application/xml"):
            answer = inspector.post(SCANS, content=photo(), headers={"content-type": kind})
            problem(answer, 415, "web.content-type")


def test_a_key_for_scans_stands_for_its_shop(shop: Client, members: Members, gtin: str) -> None:
    place = {"shop_id": members.parties[Role.SHOP], "counted": "3"}
    answer = shop.post(SCANS, json={"scan_data": gtin, "location": place}).json()
    codes = [finding["code"] for finding in answer["verdict"]["findings"]]
    assert "INVOICE_UNEXPLAINED" in codes
