"""The page that a QR code opens, and the look-up of typed text."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.i18n import translator
from tests.app.web.conftest import GTIN, UNKNOWN_GTIN, Goods, People, Visitor, text_of
from traceability.actor import Role
from traceability.clock import today
from traceability.db import Database
from traceability.events.models import Recall
from traceability.registry.models import Lot, ProductPhoto, Registration
from traceability.verification.models import Scan

UNIT = f"/01/{GTIN}/10/L1/21/SN1"


def scans(database: Database) -> list[Scan]:
    with database.reading() as session:
        return list(session.exec(select(Scan)).all())


def change(database: Database, row_type: Any, row_id: int, **values: Any) -> None:
    with database.writing() as session:
        row = session.get(row_type, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_the_link_of_a_label_says_that_the_code_matches_and_what_the_product_is(
    visitor: Visitor, goods: Goods
) -> None:
    answer = visitor.get(UNIT)
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Khớp dữ liệu Mã khớp dữ liệu đã đăng ký; đây là lần tra cứu đầu tiên." in text
    assert "Trà minh họa, hộp 20 gói" in text


def test_the_seven_legal_fields_are_shown_and_a_missing_one_is_named(
    visitor: Visitor, goods: Goods
) -> None:
    text = text_of(visitor.get(UNIT))
    show = translator("vi").date
    assert "Cơ sở sản xuất, kinh doanh VÍ DỤ Trà Minh Họa" in text
    assert "Địa chỉ Thôn Ví Dụ, tỉnh Quảng Ngãi" in text
    assert f"Ngày sản xuất {show(today() - timedelta(days=30))}" in text
    assert "nhãn hiệu: Minh Họa; số lô: L1; số sê-ri: SN1" in text
    assert f"Hạn sử dụng {show(today() + timedelta(days=300))}" in text
    assert "Hình ảnh Chưa có trong dữ liệu" in text
    assert "Điều 23 Nghị định 37/2026/NĐ-CP" in text


def test_no_tax_code_reaches_the_page(visitor: Visitor, goods: Goods) -> None:
    answer = visitor.get(UNIT)
    assert "VÍ DỤ Trà Minh Họa" in answer.text
    assert "9999100017" not in answer.text


def test_a_look_is_kept_as_a_scan_of_the_public(
    visitor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    visitor.get(UNIT)
    (scan,) = scans(sqlite_database)
    assert (scan.role, scan.serial, scan.scan_data) == (
        "anonymous", "SN1", f"https://nguon.example{UNIT}",
    )  # fmt: skip


def test_another_phone_is_told_of_the_first_look_and_the_same_phone_is_not(
    visitor: Visitor, other_visitor: Visitor, goods: Goods
) -> None:
    visitor.get(UNIT)
    assert "đây là lần tra cứu đầu tiên" in visitor.get(UNIT).text
    assert "đã tra cứu 1 lần" in other_visitor.get(UNIT, x_forwarded_for="192.0.2.2").text


def test_a_phone_that_comes_from_another_address_is_known_by_its_mark(
    visitor: Visitor, goods: Goods
) -> None:
    first = visitor.get(UNIT)
    kept = first.headers["set-cookie"]
    assert "nguon_device=" in kept
    assert "HttpOnly" in kept
    again = visitor.get(UNIT, x_forwarded_for="192.0.2.2")
    assert "đây là lần tra cứu đầu tiên" in again.text
    assert "nguon_device" not in again.headers.get("set-cookie", "")


def test_a_robot_is_given_no_mark(visitor: Visitor, goods: Goods) -> None:
    answer = visitor.get(UNIT, user_agent="Googlebot/2.1")
    assert "nguon_device" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"sec_purpose": "prefetch;prerender"}),
        ("GET", {"purpose": "prefetch"}),
        ("GET", {"user_agent": "facebookexternalhit/1.1"}),
        ("GET", {"user_agent": "Googlebot/2.1"}),
        ("GET", {"user_agent": ""}),
    ],
)
def test_what_no_person_looked_at_is_not_counted(
    visitor: Visitor,
    goods: Goods,
    sqlite_database: Database,
    method: str,
    headers: dict[str, str],
) -> None:
    assert visitor.ask(method, UNIT, **headers).status_code == 200
    assert scans(sqlite_database) == []


def test_staff_do_not_use_up_the_first_look(
    visitor: Visitor, other_visitor: Visitor, people: People, sqlite_database: Database
) -> None:
    visitor.log_in(people[Role.INSPECTOR])
    assert visitor.get(UNIT).status_code == 200
    assert scans(sqlite_database) == []
    assert "đây là lần tra cứu đầu tiên" in other_visitor.get(UNIT).text


def test_a_recalled_lot_says_stop_and_what_to_do(
    visitor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        session.add(
            Recall(
                product_id=goods.product_id,
                lot="L1",
                notice_number="7/TB-VD",
                notice_date=date(2026, 11, 2),
                reason="Độ ẩm cao.",
                advice="Mang trả nơi bán.",
            )
        )
    text = text_of(visitor.get(UNIT))
    assert "Dừng lại Lô này đang bị thu hồi theo thông báo số 7/TB-VD ngày 2/11/2026" in text
    assert "Cách xử lý Mang trả nơi bán. Lý do thu hồi Độ ẩm cao." in text


def test_a_second_finding_stands_below_the_verdict(
    visitor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    change(sqlite_database, Lot, goods.lot_id, expiry_date=today() - timedelta(days=1))
    text = text_of(visitor.get(f"/01/{GTIN}/10/L1/21/SN9"))
    in_order = ["hạn dùng đã hết ngày", "Lưu ý thêm", "Số sê-ri SN9 chưa có trong dữ liệu"]
    places = [text.index(words) for words in in_order]
    assert places == sorted(places)


def test_a_date_in_the_query_is_part_of_the_code(visitor: Visitor, goods: Goods) -> None:
    text = text_of(visitor.get(f"/01/{GTIN}/10/L1?17=301231"))
    assert "hạn dùng 31/12/2030 trên mã" in text


def test_an_unknown_code_is_not_called_fake_and_its_prefix_is_no_origin(visitor: Visitor) -> None:
    answer = visitor.get(f"/check?code={UNKNOWN_GTIN}")
    text = text_of(answer)
    assert answer.status_code == 200
    assert "chưa có trong cơ sở dữ liệu. Điều này không có nghĩa là hàng giả." in text
    assert "Dải số được cấp qua GS1 Vietnam; không kết luận được về xuất xứ." in text
    assert "reason=code_not_found" in answer.text


def test_what_waits_for_approval_is_marked_as_only_declared(
    visitor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    change(sqlite_database, Registration, 1, status="pending")
    text = text_of(visitor.get(UNIT))
    assert "đăng ký đang chờ cơ quan quản lý duyệt" in text
    assert "Cơ sở tự khai báo, chưa được duyệt" in text


@pytest.mark.parametrize("path", ["/01/", "/01/abc", "/01/123", f"/01/{GTIN[:-1]}0", "/01/%FF"])
def test_a_path_that_is_no_digital_link_is_a_bad_request(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 400
    assert "Không đọc được mã hợp lệ" in answer.text


def test_a_mistyped_code_is_an_answer_and_stays_in_the_field(
    visitor: Visitor, sqlite_database: Database
) -> None:
    answer = visitor.get("/check?code=8938505974193")
    assert answer.status_code == 200
    assert 'value="8938505974193"' in answer.text
    assert [scan.level for scan in scans(sqlite_database)] == ["info"]


@pytest.mark.parametrize(
    "typed", [GTIN, GTIN[1:], f"(01){GTIN}(10)L1", f"https://nguon.example/01/{GTIN}"]
)
def test_any_way_to_write_a_code_finds_the_product(
    visitor: Visitor, goods: Goods, typed: str
) -> None:
    assert "Trà minh họa" in visitor.ask("GET", f"/check?code={typed}").text


def test_a_link_of_a_host_that_resembles_ours_is_named(visitor: Visitor, goods: Goods) -> None:
    text = text_of(visitor.get(f"/check?code=https://ngu0n.example/01/{GTIN}"))
    assert "Đường dẫn trong mã dẫn đến ngu0n.example" in text


def test_nothing_typed_is_said_beside_the_field(visitor: Visitor) -> None:
    answer = visitor.get("/check?code=")
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text


def test_what_is_typed_is_never_markup(visitor: Visitor) -> None:
    answer = visitor.get("/check?code=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in answer.text


def test_too_many_looks_of_one_address_must_wait(visitor: Visitor, pages: Any) -> None:
    for _ in range(1000):
        pages.state.services.public_limit.hit("127.0.0.1")
    answer = visitor.get(UNIT)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


def test_the_picture_of_a_product_is_sent_once(
    visitor: Visitor, goods: Goods, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        session.add(
            ProductPhoto(
                product_id=goods.product_id, media_type="image/jpeg", data=b"jpeg", digest="ab" * 32
            )
        )
    answer = visitor.get(f"/photos/{GTIN}")
    assert (answer.content, answer.headers["content-type"]) == (b"jpeg", "image/jpeg")
    again = visitor.get(f"/photos/{GTIN}", if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert f"/photos/{GTIN}?v=abababababab" in visitor.get(UNIT).text


def test_a_product_without_a_picture_has_none(visitor: Visitor, goods: Goods) -> None:
    assert visitor.get(f"/photos/{GTIN}").status_code == 404
    assert visitor.get("/photos/nonsense").status_code == 404


def test_an_error_code_of_the_interface_has_a_page(visitor: Visitor) -> None:
    assert "Mật khẩu có từ … đến … ký tự." in visitor.get("/problems/identity.password-length").text
    assert visitor.get("/problems/no.such-code").status_code == 404
