"""What an invoice's signatures are worth, and the printed QR that leads to it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.demo.invoice_maker import qr_text
from app.demo.signing import Style
from tests.app.client import Client
from tests.traceability.invoices.signatures.signed import DAY, PRODUCER, Desk, content_of, pretty
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.invoices.qr import Printed, as_qr
from traceability.invoices.signatures.folder import load_folder

INVOICES, SCANS = "/api/v1/invoices", "/api/v1/scans"
TOTAL = Decimal(3_267_000)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def brought_in(client: Client, data: bytes) -> dict[str, object]:
    answer = client.post(INVOICES, files=[("file", ("a.xml", data))])
    assert answer.status_code == 201
    [imported] = answer.json()["imported"]
    return imported  # type: ignore[no-any-return]


def test_an_invoice_shows_both_signatures_with_their_evidence(
    admin: Client, inspector: Client, desk: Desk
) -> None:
    imported = brought_in(admin, desk.invoice(number=101))
    body = inspector.get(f"{INVOICES}/{imported['id']}").json()
    seller, authority = body["signatures"]
    assert (seller["role"], seller["state"]) == ("seller", "intact_untrusted")
    assert (authority["role"], authority["state"]) == ("authority", "intact_untrusted")
    assert seller["signed_at"] == "2026-08-03T02:00:00Z"
    assert PRODUCER in seller["certificate"]
    assert "demo CA" in seller["issuer"]
    assert "trust store" in seller["detail"] or "kho tin cậy" in seller["detail"]


def test_the_detail_is_in_the_language_that_was_asked_for(admin: Client, desk: Desk) -> None:
    imported = brought_in(admin, desk.invoice(number=102, style=Style(sha1=True)))
    path = f"{INVOICES}/{imported['id']}"
    english = admin.get(path, headers={"Accept-Language": "en"}).json()["signatures"][0]["detail"]
    vietnamese = admin.get(path, headers={"Accept-Language": "vi"}).json()["signatures"][0]
    assert "accepted until 31 December 2030" in english
    assert "31/12/2030" in vietnamese["detail"]


def tampered(data: bytes) -> bytes:
    return data.replace(b"<SLuong>10<", b"<SLuong>100<")


@pytest.mark.parametrize(
    ("number", "change", "state"), [(111, tampered, "broken"), (112, pretty, "reformatted")]
)
def test_each_file_is_answered_with_the_states_of_its_signatures(
    admin: Client, desk: Desk, number: int, change: Callable[[bytes], bytes], state: str
) -> None:
    imported = brought_in(admin, change(desk.invoice(number=number)))
    assert imported["signatures"] == [
        {"role": "seller", "state": state},
        {"role": "authority", "state": state},
    ]


def test_a_wrapped_invoice_is_kept_as_ambiguous_with_the_signed_values(
    admin: Client, desk: Desk
) -> None:
    data = desk.invoice(number=121)
    fake = content_of(data).replace(b"<SLuong>10<", b"<SLuong>1000<").replace(b' Id="', b' Id="F')
    imported = brought_in(admin, data.replace(content_of(data), fake + content_of(data)))
    body = admin.get(f"{INVOICES}/{imported['id']}").json()
    assert [s["state"] for s in body["signatures"]] == ["ambiguous", "ambiguous"]
    assert body["lines"][0]["quantity"] == "10"


def test_a_resend_is_answered_with_its_own_signatures(admin: Client, desk: Desk) -> None:
    data = desk.invoice(number=122)
    brought_in(admin, data)
    changed = data.replace(b"<SLuong>10<", b"<SLuong>100<")
    [duplicate] = admin.post(INVOICES, files=[("file", ("b.xml", changed))]).json()["duplicates"]
    assert [s["state"] for s in duplicate["signatures"]] == ["broken", "broken"]


def test_a_trusted_issuer_makes_new_invoices_trusted(
    admin: Client, desk: Desk, sqlite_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("trust")
    (folder / "ca.pem").write_bytes(desk.maker.authority.pem())
    with sqlite_database.writing() as session:
        load_folder(session, Actor(Role.ADMIN), folder)
    imported = brought_in(admin, desk.invoice(number=131))
    assert {s["state"] for s in imported["signatures"]} == {"intact_trusted"}  # type: ignore[union-attr, attr-defined]


def qr_of(number: int, total: Decimal = TOTAL) -> str:
    return as_qr(Printed(PRODUCER, "1", "C26TAA", number, DAY, total))


def test_a_scanned_qr_of_an_invoice_leads_an_inspector_to_it(
    admin: Client, inspector: Client, desk: Desk
) -> None:
    imported = brought_in(admin, desk.invoice(number=141))
    total = Decimal(admin.get(f"{INVOICES}/{imported['id']}").json()["total"])
    scan = inspector.post(SCANS, json={"scan_data": qr_of(141, total)}).json()
    found = scan["invoice"]
    assert (found["id"], found["tier"], found["crc"]) == (imported["id"], "strict", "right")
    assert {f["agrees"] for f in found["fields"]} == {True}


def test_a_qr_that_differs_is_shown_field_by_field(
    admin: Client, inspector: Client, desk: Desk
) -> None:
    brought_in(admin, desk.invoice(number=142))
    scan = inspector.post(SCANS, json={"scan_data": qr_of(142, Decimal(1))}).json()
    differing = [f["field"] for f in scan["invoice"]["fields"] if f["agrees"] is False]
    assert differing == ["TgTTTBSo"]


def test_an_invoice_that_is_not_on_record_has_no_id(inspector: Client) -> None:
    scan = inspector.post(SCANS, json={"scan_data": qr_of(99999)}).json()
    assert (scan["invoice"]["id"], scan["invoice"]["number"]) == (None, 99999)
    assert scan["invoice"]["fields"] == []


def test_a_code_of_goods_is_no_invoice(inspector: Client) -> None:
    assert inspector.post(SCANS, json={"scan_data": "8936000000013"}).json()["invoice"] is None


def test_the_public_learns_nothing_of_invoices(client: Client, admin: Client, desk: Desk) -> None:
    brought_in(admin, desk.invoice(number=143))
    assert "invoice" not in client.post(SCANS, json={"scan_data": qr_of(143)}).json()


def test_a_shop_that_has_no_part_in_it_gets_the_answer_of_one_not_on_record(
    shop: Client, admin: Client, desk: Desk
) -> None:
    brought_in(admin, desk.invoice(number=144))
    own = shop.post(SCANS, json={"scan_data": qr_of(144)}).json()["invoice"]
    assert (own["id"], own["fields"]) == (None, [])


def test_the_makers_qr_is_the_one_that_is_read() -> None:
    made = qr_text(PRODUCER, "1", "C26TAA", 7, DAY, TOTAL)
    assert made == qr_of(7)
