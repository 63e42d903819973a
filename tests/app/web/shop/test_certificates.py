"""Certificates with a quantity on the pages of their holder: handed in, and what is left."""

import hashlib

from tests.app.web.conftest import GTIN, Goods, Visitor, text_of
from tests.app.web.shop.conftest import OTHER_GTIN, Neighbour
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.registry import certificates, serials
from traceability.registry.certificate_models import (
    CertificateStatus,
    Exceeding,
    QuantityCertificate,
)
from traceability.registry.certificate_schemas import CertificateDecisionIn
from traceability.registry.models import Product, Serial

PATH = "/shop/certificates"
ADMIN = Actor(Role.ADMIN, name="test")
FORM = {
    "number": "01/GCN-VD", "issuer": "Sở Ví Dụ", "gtins": f"{GTIN}\n", "quantity": "2200",
    "unit": "hộp", "valid_from": "2026-01-01", "valid_to": "",
}  # fmt: skip


def confirm(database: Database) -> None:
    with database.writing() as session:
        decision = CertificateDecisionIn(status=CertificateStatus.ACTIVE)
        certificates.decide_certificate(session, ADMIN, 1, decision, Exceeding.REFUSE)


def stored(database: Database) -> QuantityCertificate | None:
    with database.reading() as session:
        return session.get(QuantityCertificate, 1)


def test_without_one_the_page_says_what_a_certificate_does(member: Visitor) -> None:
    assert "Chưa có giấy xác nhận nào" in text_of(member.get(PATH))


def test_a_certificate_is_handed_in_with_the_digest_of_its_file(
    member: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    files = {"document": ("giay.pdf", b"%PDF ...", "application/pdf")}
    answer = member.send(PATH, PATH, files=files, **FORM)
    assert answer.headers["location"] == f"{PATH}?done=1"
    shown = text_of(member.get(f"{PATH}?done=1"))
    assert "Chờ cơ quan xác nhận" in shown
    assert "Còn 2.200 trên 2.200 hộp" in shown
    row = stored(sqlite_database)
    assert row is not None
    assert row.document_digest == hashlib.sha256(b"%PDF ...").hexdigest()
    assert (row.party_id, row.per_serial) == (goods.party_id, 1)


def test_what_was_wrong_stands_beside_its_field_and_keeps_what_was_typed(
    member: Visitor, sqlite_database: Database, neighbour: Neighbour
) -> None:
    wrong = {"quantity": "nhiều", "gtins": OTHER_GTIN[:-1] + "9", "issuer": ""}
    answer = member.send(PATH, PATH, **{**FORM, **wrong})
    assert answer.status_code == 422
    assert 'value="nhiều"' in answer.text
    assert stored(sqlite_database) is None
    answer = member.send(PATH, PATH, **{**FORM, "gtins": "123"})
    assert answer.status_code == 422
    assert 'id="gtins-error"' in answer.text


def test_labels_beyond_the_certificate_are_refused_on_the_form(
    member: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    member.send(PATH, PATH, **{**FORM, "quantity": "3"})
    confirm(sqlite_database)
    page = f"/shop/products/{goods.product_id}/serials"
    refused = member.send(page, page, way="issue", count="4")
    assert refused.status_code == 422
    assert "còn 3 trên 3" in text_of(refused)
    made = member.send(page, page, way="issue", count="3", certificate="01/GCN-VD")
    assert made.headers["location"] == f"{page}?done=3"
    assert "Còn 0 trên 3 hộp" in text_of(member.get(PATH))


def test_a_lot_names_its_certificate(
    member: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    member.send(PATH, PATH, **FORM)
    confirm(sqlite_database)
    page = f"/shop/products/{goods.product_id}/lots"
    member.send(page, page, lot="L2", quantity="200", certificate="01/GCN-VD")
    assert "Còn 2.000 trên 2.200 hộp" in text_of(member.get(PATH))
    member.send(f"{page}/{goods.lot_id}", f"{page}/{goods.lot_id}", certificate="01/GCN-VD")
    assert 'value="01/GCN-VD"' in member.get(f"{page}/{goods.lot_id}").text
    assert "Còn 1.999 trên 2.200 hộp" in text_of(member.get(PATH))


def test_a_unit_is_listed_as_a_display_sample_on_its_page(
    member: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    page = f"/shop/products/{goods.product_id}/serials/1"
    answer = member.send(page, f"{page}/sample", listed="1")
    assert answer.headers["location"] == f"{page}?done=1"
    assert "Đã ghi là hàng trưng bày" in text_of(member.get(page))
    with sqlite_database.reading() as session:
        assert session.get_one(Serial, 1).display_sample
    member.send(page, f"{page}/sample", listed="")
    assert "Không còn là hàng trưng bày" in text_of(member.get(page))
    with sqlite_database.reading() as session:
        assert not session.get_one(Serial, 1).display_sample


def test_the_public_is_told_that_a_code_is_that_of_a_sample(
    visitor: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    with sqlite_database.writing() as session:
        serials.list_as_sample(session, ADMIN, 1, listed=True)
    assert "Đây là mã của hàng trưng bày" in text_of(visitor.get(f"/01/{GTIN}/21/SN1"))


def test_a_product_s_own_threshold_stands_in_its_form(
    member: Visitor, sqlite_database: Database, goods: Goods
) -> None:
    edit, page = f"/shop/products/{goods.product_id}/edit", f"/shop/products/{goods.product_id}"
    member.send(edit, page, name="Trà", risk_class="low", repeat_devices="12")
    assert 'value="12"' in member.get(edit).text
    refused = member.send(edit, page, name="Trà", risk_class="low", repeat_devices="2")
    assert refused.status_code == 422
    member.send(edit, page, name="Trà", risk_class="low", repeat_devices="")
    with sqlite_database.reading() as session:
        assert session.get_one(Product, goods.product_id).repeat_devices is None
