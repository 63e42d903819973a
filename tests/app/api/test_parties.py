"""Parties: entered by anybody in trade, decided on by the authority, seen by their own members."""

import pytest

from app.demo.invoice_maker import fictional_tax_code
from tests.app.client import Client, Members
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from traceability.actor import Role
from traceability.db import Database

PARTIES = "/api/v1/parties"


def given(number: int, **fields: object) -> dict[str, object]:
    return {
        "name": f"VÍ DỤ Nông trại {number}", "kind": "producer",
        "tax_code": fictional_tax_code(number), "address": "Thôn Ví Dụ", **fields,
    }  # fmt: skip


def test_an_authority_s_entry_is_registered_at_once(admin: Client) -> None:
    answer = admin.post(PARTIES, json=given(1, gln="9524000059109", area_code="51"))
    assert answer.status_code == 201
    party = answer.json()
    assert party["registration"]["state"] == "active"
    assert (party["tax_code"], party["gln"]) == (fictional_tax_code(1), "9524000059109")
    assert admin.get(f"{PARTIES}/{party['id']}").json() == party


def test_a_member_s_entry_waits_for_the_authority(
    admin: Client, producer: Client, shop: Client
) -> None:
    party = producer.post(PARTIES, json=given(2)).json()
    assert party["registration"]["state"] == "pending"
    path = f"{PARTIES}/{party['id']}"
    problem(producer.post(f"{path}/registrations", json={"status": "active"}), 403, "web.role")
    decision = {"status": "active", "decision_number": "1/QĐ-VD"}
    decided = admin.post(f"{path}/registrations", json=decision)
    assert decided.status_code == 201
    assert decided.json()["registration"]["state"] == "active"


def test_a_refusal_needs_its_reason(admin: Client, producer: Client) -> None:
    party = producer.post(PARTIES, json=given(3)).json()
    path = f"{PARTIES}/{party['id']}/registrations"
    body = problem(admin.post(path, json={"status": "refused"}), 422)
    assert fields(body) == {"reason": "registry.reason-missing"}
    refused = admin.post(path, json={"status": "refused", "reason": "Thiếu giấy tờ (ví dụ)"})
    assert refused.json()["registration"]["state"] == "refused"


def test_another_s_party_by_its_id_is_like_one_that_does_not_exist(
    shop: Client, members: Members
) -> None:
    other = members.parties[Role.PRODUCER]
    theirs = problem(shop.get(f"{PARTIES}/{other}"), 404)
    nobody_s = problem(shop.get(f"{PARTIES}/999999"), 404)
    assert theirs["detail"].replace(str(other), "#") == nobody_s["detail"].replace("999.999", "#")
    changed = shop.patch(f"{PARTIES}/{other}", json={"phone": "0"})
    problem(changed, 404, "registry.party-unknown")
    balances = shop.get(f"{PARTIES}/{other}/balances")
    problem(balances, 404, "registry.party-unknown")
    listed = [party["id"] for party in shop.get(PARTIES).json()["items"]]
    assert listed == [members.parties[Role.SHOP]]


def test_a_change_names_only_what_changes(admin: Client) -> None:
    party = admin.post(PARTIES, json=given(4, phone="0260 000 000")).json()
    answer = admin.patch(f"{PARTIES}/{party['id']}", json={"address": "Thôn Khác"})
    assert answer.json() == {**party, "address": "Thôn Khác"}


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"tax_code": "9999100018"}, {"tax_code": "registry.tax-code-check-digit"}),
        ({"tax_code": "99991"}, {"tax_code": "registry.tax-code"}),
        ({"tax_code": None}, {"tax_code": "registry.tax-code-missing"}),
        ({"gln": "9524000059108"}, {"gln": "gs1.check-digit"}),
        ({"area_code": "999"}, {"area_code": "web.field-invalid"}),
        ({"area_code": "00"}, {"area_code": "registry.area-unknown"}),
        ({"name": ""}, {"name": "web.field-too-short"}),
        ({"name": "a\u0001b"}, {"name": "input.control-character"}),
        ({"kind": "wizard"}, {"kind": "web.field-choice"}),
        ({"colour": "red"}, {"colour": "web.field-unknown"}),
        ({"address": 7}, {"address": "web.field-invalid"}),
    ],
)  # fmt: skip
def test_each_fault_is_named_and_nothing_is_stored(
    admin: Client, sqlite_database: Database, wrong: dict[str, object], expected: dict[str, str]
) -> None:
    with nothing_stored(sqlite_database):
        body = problem(admin.post(PARTIES, json=given(5, **wrong)), 422)
    assert fields(body) == expected


def test_a_tax_code_is_registered_once(admin: Client, sqlite_database: Database) -> None:
    with stored(sqlite_database, party=1, registration=1, audit_entry=1):
        admin.post(PARTIES, json=given(6))
    with nothing_stored(sqlite_database):
        problem(admin.post(PARTIES, json=given(6)), 409, "registry.tax-code-taken")


def test_parties_are_found_without_diacritics_and_by_tax_code(admin: Client) -> None:
    admin.post(PARTIES, json=given(7, name="VÍ DỤ Đặng Tưởng Tượng"))
    for query in ("dang tuong", "Đặng", fictional_tax_code(7)):
        found = admin.get(PARTIES, params={"q": query}).json()["items"]
        assert [party["name"] for party in found] == ["VÍ DỤ Đặng Tưởng Tượng"], query


def test_pages_lead_to_the_last_party_and_no_further(admin: Client) -> None:
    for number in range(8, 13):
        admin.post(PARTIES, json=given(number))
    whole = [party["id"] for party in admin.get(PARTIES, params={"limit": 200}).json()["items"]]
    pages, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = admin.get(PARTIES, params=query).json()
        pages.append([party["id"] for party in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [number for page in pages for number in page] == whole
    assert len(pages) <= len(whole) // 2 + 1


def test_kon_tum_became_part_of_quang_ngai_on_the_first_of_july_2025(client: Client) -> None:
    def names(on: str) -> set[str]:
        areas = client.get("/api/v1/areas", params={"on": on, "level": "province"}).json()
        return {area["name"] for area in areas["items"]}

    assert any("Kon Tum" in name for name in names("2025-06-30"))
    assert not any("Kon Tum" in name for name in names("2025-07-01"))
    assert any("Quảng Ngãi" in name for name in names("2025-07-01"))
