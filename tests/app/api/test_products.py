"""Products: one record for one GTIN, in any printed length, with its photo and its labels."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from PIL import Image

from app.demo.goods import gtin_13
from scanner import decode
from tests.app.client import Client, Members
from tests.app.problem import fields, problem
from tests.app.rows import nothing_stored, stored
from tests.scanner.pictures import photo, png_that_claims, saved
from traceability.actor import Role
from traceability.clock import today
from traceability.db import Database

PRODUCTS = "/api/v1/products"
NewGtin = Callable[[], str]


def test_a_producer_registers_a_product_of_its_own(
    producer: Client, members: Members, new_gtin: NewGtin, sqlite_database: Database
) -> None:
    gtin = new_gtin()
    with stored(sqlite_database, product=1, audit_entry=1):
        answer = producer.post(PRODUCTS, json={"gtin": gtin, "name": "Trà ví dụ", "brand": "VD"})
    assert answer.status_code == 201
    product = answer.json()
    assert (product["gtin"], product["gtin_format"]) == (f"0{gtin}", "GTIN-13")
    assert product["producer"]["id"] == members.parties[Role.PRODUCER]
    assert producer.get(f"{PRODUCTS}/{product['id']}").json() == product
    assert producer.get(PRODUCTS, params={"gtin": gtin}).json()["items"] == [product]


def test_completeness_says_what_is_there_and_what_the_law_still_asks(
    producer: Client, new_gtin: NewGtin
) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "Trà"}).json()
    before = product["completeness"]
    assert before["score"] == len(before["present"])
    assert before["score"] + len(before["missing"]) == before["total"]
    assert all(missing["source"] for missing in before["missing"])
    changed = producer.patch(f"{PRODUCTS}/{product['id']}", json={"shelf_life": "12 tháng"}).json()
    assert changed["completeness"]["score"] == before["score"] + 1


@pytest.mark.parametrize(
    ("printed", "gtin_format", "stored_as"),
    [
        ("96385074", "GTIN-8", "00000096385074"),
        ("614141007349", "GTIN-12", "00614141007349"),
        ("9520000900014", "GTIN-13", "09520000900014"),
        ("19520000900028", "GTIN-14", "19520000900028"),
    ],
)
def test_a_gtin_is_taken_in_any_printed_length(
    admin: Client, members: Members, printed: str, gtin_format: str, stored_as: str
) -> None:
    owner = members.parties[Role.PRODUCER]
    given = {"gtin": printed, "name": "VD", "producer_id": owner}
    product = admin.post(PRODUCTS, json=given).json()
    assert (product["gtin_format"], product["gtin"]) == (gtin_format, stored_as)
    found = admin.get(PRODUCTS, params={"gtin": stored_as}).json()["items"]
    assert [each["id"] for each in found] == [product["id"]]


@pytest.mark.parametrize(
    ("gtin", "code"),
    [
        ("9521101000017", "gs1.check-digit"),
        ("95211010000", "gs1.length"),
        ("95211010000161234", "gs1.length"),
        ("95211O1000016", "gs1.charset"),
        ("", "web.field-too-short"),
        ("2000000000015", "registry.prefix-not-for-products"),
    ],
)
def test_a_wrong_gtin_is_named_and_nothing_is_stored(
    producer: Client, sqlite_database: Database, gtin: str, code: str
) -> None:
    with nothing_stored(sqlite_database):
        body = problem(producer.post(PRODUCTS, json={"gtin": gtin, "name": "VD"}), 422)
    assert fields(body) == {"gtin": code}


def test_a_gtin_is_registered_once_and_the_refusal_names_its_holder(
    producer: Client, admin: Client, members: Members, new_gtin: NewGtin, sqlite_database: Database
) -> None:
    gtin = new_gtin()
    producer.post(PRODUCTS, json={"gtin": gtin, "name": "VD"})
    other = {"gtin": gtin, "name": "VD", "producer_id": members.parties[Role.SHOP]}
    with nothing_stored(sqlite_database):
        body = problem(admin.post(PRODUCTS, json=other), 409, "registry.gtin-taken")
    assert "VÍ DỤ producer" in body["detail"]


def test_a_gtin_under_another_s_prefix_needs_the_document_that_allows_it(
    admin: Client, shop: Client, members: Members, sqlite_database: Database
) -> None:
    holder = members.parties[Role.PRODUCER]
    prefixes = {"company_prefixes": ["9520777"]}
    assert admin.patch(f"/api/v1/parties/{holder}", json=prefixes).status_code == 200
    given = {"gtin": gtin_13("9520777", 1), "name": "VD"}
    with nothing_stored(sqlite_database):
        body = problem(shop.post(PRODUCTS, json=given), 422)
    assert fields(body) == {"gtin": "registry.prefix-of-another"}
    document = {"document_number": "01/UQ-VD", "document_date": "2026-01-01"}
    answer = shop.post(PRODUCTS, json={**given, "authorisation": document})
    assert answer.status_code == 201


def test_a_shop_cannot_change_what_another_registered(
    producer: Client, shop: Client, new_gtin: NewGtin
) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "VD"}).json()
    path = f"{PRODUCTS}/{product['id']}"
    problem(shop.patch(path, json={"name": "X"}), 403, "registry.not-your-product")
    picture = {"file": ("a.png", photo(), "image/jpeg")}
    problem(shop.ask("PUT", f"{path}/photo", files=picture), 403, "registry.not-your-product")
    assert producer.get(path).json() == product


def test_a_gtin_is_no_field_that_changes(producer: Client, new_gtin: NewGtin) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "VD"}).json()
    answer = producer.patch(f"{PRODUCTS}/{product['id']}", json={"gtin": new_gtin()})
    assert fields(problem(answer, 422)) == {"gtin": "web.field-unknown"}


def test_products_are_found_without_diacritics(producer: Client, new_gtin: NewGtin) -> None:
    producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "Đẳng sâm tưởng tượng"})
    for query in ("dang sam", "Đẳng", "TUONG tuong"):
        found = producer.get(PRODUCTS, params={"q": query}).json()["items"]
        assert [product["name"] for product in found] == ["Đẳng sâm tưởng tượng"], query


def test_a_photo_is_kept_as_pixels_alone(producer: Client, new_gtin: NewGtin) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "VD"}).json()
    exif = Image.Exif()
    exif[0x010F] = "CAMERA MAKER"
    picture = saved(Image.new("RGB", (600, 400), "white"), "JPEG", exif=exif)
    path = f"{PRODUCTS}/{product['id']}"
    answer = producer.ask("PUT", f"{path}/photo", files={"file": ("a.jpg", picture)})
    assert answer.status_code == 200
    shown = producer.get(f"/photos/{product['gtin']}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert b"CAMERA MAKER" in picture
    assert b"CAMERA MAKER" not in shown.content
    assert answer.json()["photo"] == hashlib.sha256(shown.content).hexdigest()


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("text", b"no picture", 422, "scanner.not-an-image"),
        ("eps", b"%!PS-Adobe-3.0 EPSF-3.0\nshowpage\n", 422, "scanner.format"),
        ("bomb", png_that_claims(13_000, 13_000), 413, "scanner.too-many-pixels"),
        ("cut", photo()[:500], 422, "scanner.truncated"),
        ("empty", b"", 422, "scanner.not-an-image"),
    ],
)
def test_what_is_no_photo_is_refused(
    producer: Client, new_gtin: NewGtin, sqlite_database: Database,
    name: str, data: bytes, status: int, code: str,
) -> None:  # fmt: skip
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "VD"}).json()
    path = f"{PRODUCTS}/{product['id']}/photo"
    with nothing_stored(sqlite_database):
        problem(producer.ask("PUT", path, files={"file": (name, data)}), status, code)
    assert producer.get(f"{PRODUCTS}/{product['id']}").json()["photo"] is None


def test_a_printed_label_says_what_is_registered_when_it_is_scanned(
    producer: Client, new_gtin: NewGtin
) -> None:
    gtin = new_gtin()
    product = producer.post(PRODUCTS, json={"gtin": gtin, "name": "Trà ví dụ"}).json()
    producer.post("/api/v1/lots", json={"gtin": gtin, "lot": "L1"})
    path = f"{PRODUCTS}/{product['id']}/label"
    query = {"kind": "label", "format": "png", "lot": "L1"}
    answer = producer.get(path, params=query)
    assert answer.headers["content-type"] == "image/png"
    texts = {symbol.text for symbol in decode(answer.content).symbols}
    assert {gtin, f"https://nguon.example/01/0{gtin}/10/L1"} <= texts


@pytest.mark.parametrize("kind", ["label", "barcode", "qr"])
def test_a_label_is_drawn_as_svg_too(producer: Client, new_gtin: NewGtin, kind: str) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "Trà ví dụ"}).json()
    answer = producer.get(f"{PRODUCTS}/{product['id']}/label", params={"kind": kind})
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert b"<svg" in answer.content


def test_only_what_is_registered_is_printed(producer: Client, new_gtin: NewGtin) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "Trà"}).json()
    path = f"{PRODUCTS}/{product['id']}/label"
    problem(producer.get(path, params={"lot": "L9"}), 404, "registry.lot-unknown")
    problem(producer.get(path, params={"serial": "S9"}), 404, "registry.serial-unknown")
    problem(producer.get(path, params={"kind": "hologram"}), 422, "web.malformed")
    problem(producer.get(f"{PRODUCTS}/999999/label"), 404, "registry.product-unknown")


def test_the_owner_of_a_code_lets_another_use_it_by_a_document(
    producer: Client, shop: Client, members: Members, new_gtin: NewGtin, sqlite_database: Database
) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "VD"}).json()
    path, label = (f"{PRODUCTS}/{product['id']}/{end}" for end in ("authorisations", "label"))
    document = {
        "party_id": members.parties[Role.SHOP], "document_number": "07/UQ-VD",
        "document_date": "2026-01-15",
    }  # fmt: skip
    with nothing_stored(sqlite_database):
        problem(shop.post(path, json=document), 403, "registry.not-your-product")
        problem(shop.get(label), 404, "registry.product-unknown")
        wrong = producer.post(path, json={**document, "valid_to": "2026-01-14"})
        assert fields(problem(wrong, 422)) == {"valid_to": "registry.period-reversed"}
        nobody = producer.post(path, json={**document, "party_id": 999_999})
        assert fields(problem(nobody, 422)) == {"party_id": "registry.party-unknown"}
    answer = producer.post(path, json=document)
    assert answer.status_code == 201
    assert shop.get(path).json() == answer.json()
    assert answer.json()["items"][0]["document_number"] == "07/UQ-VD"
    assert shop.get(label).status_code == 200


def test_a_large_picture_is_made_smaller(producer: Client, new_gtin: NewGtin) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "VD"}).json()
    picture = saved(Image.new("L", (4000, 3000), 200), "JPEG")
    path = f"{PRODUCTS}/{product['id']}/photo"
    producer.ask("PUT", path, files={"file": ("a.jpg", picture)})
    shown = Image.open(io.BytesIO(producer.get(f"/photos/{product['gtin']}").content))
    assert max(shown.size) <= 1600


def test_the_use_of_a_code_is_ended_by_its_owner(
    producer: Client, shop: Client, members: Members, new_gtin: NewGtin
) -> None:
    product = producer.post(PRODUCTS, json={"gtin": new_gtin(), "name": "VD"}).json()
    path = f"{PRODUCTS}/{product['id']}/authorisations"
    document = {
        "party_id": members.parties[Role.SHOP], "document_number": "08/UQ-VD",
        "document_date": "2026-01-15",
    }  # fmt: skip
    (row,) = producer.post(path, json=document).json()["items"]
    problem(shop.ask("DELETE", f"{path}/{row['id']}"), 403, "registry.not-your-product")
    ended = producer.ask("DELETE", f"{path}/{row['id']}")
    assert ended.status_code == 200
    assert ended.json()["items"][0]["valid_to"] == str(today() - timedelta(days=1))
    problem(producer.ask("DELETE", f"{path}/999"), 404, "registry.authorisation-unknown")
