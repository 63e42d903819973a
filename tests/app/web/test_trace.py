"""Pages of a trace: where goods are, the way as a picture and as a list, one event by itself."""

import re
import xml.etree.ElementTree as ET

import pytest

from tests.app.client import OPERATOR, make_party
from tests.app.web.conftest import People, Visitor, text_of
from tests.app.web.stories import (
    BOX,
    DRYING,
    LEAVES,
    PACK,
    SHOP,
    STEM,
    STORY,
    TEA,
    on,
    some,
    tell,
)
from tests.traceability.events.makers import read
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.events.capture import Behaviour, capture
from traceability.events.policy import Policy
from traceability.registry.models import Party

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def story(sqlite_database: Database) -> Database:
    with sqlite_database.writing() as session:
        session.add(Party(name="VÍ DỤ Cửa hàng cuối đường", kind="shop", gln="9520000000028"))
    tell(sqlite_database)
    return sqlite_database


@pytest.fixture
def inspector(visitor: Visitor, people: People) -> Visitor:
    visitor.log_in(people[Role.INSPECTOR])
    return visitor


def asked(visitor: Visitor, key: str, **how: str) -> str:
    rest = "".join(f"&{name}={value}" for name, value in how.items())
    return text_of(visitor.get(f"/trace?key={key}{rest}"))


def test_the_page_tells_where_goods_are_now_and_in_what(
    inspector: Visitor, story: Database
) -> None:
    page = asked(inspector, "(01)09521234500018(21)SN1")
    assert "Địa điểm VÍ DỤ Cửa hàng cuối đường" in page
    assert "Ở đó từ 08:00 6/11/2026" in page
    assert "Đang nằm trong Đơn vị vận chuyển, SSCC 395200000000000012" in page


def test_a_label_with_lot_and_serial_finds_what_events_call_by_the_serial(
    inspector: Visitor, story: Database
) -> None:
    assert "Sê-ri SN1" in asked(inspector, "01/09521234500018/10/L1/21/SN1")


def test_the_picture_has_the_origin_on_the_left_and_names_the_event_of_each_step(
    inspector: Visitor, story: Database
) -> None:
    answer = inspector.get("/trace/picture.svg?key=01/09521234500018/10/L1")
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ET.fromstring(answer.text)
    titles = [each.findtext(f"{SVG}title") or "" for each in root.findall(f"{SVG}a")]
    boxes = {
        each.findtext(f"{SVG}title") or "": float(box.get("x", ""))
        for each in root.findall(f"{SVG}a")
        if (box := each.find(f"{SVG}rect")) is not None
    }
    leaves, tea, pack = (
        next(x for title, x in boxes.items() if printed in title)
        for printed in ("(10)L7", "(10)L1", "(21)SN1")
    )
    assert leaves < tea < pack
    assert any("chế biến" in title and DRYING in title for title in titles)
    assert "style=" not in answer.text


def test_what_is_only_possible_is_told_by_shape_and_word_not_by_colour(
    inspector: Visitor, story: Database
) -> None:
    other = f"{STEM}/01/09520001234569/10/L8"
    mixed = on(7, type="TransformationEvent", action=None,
               inputQuantityList=[some(TEA, 1), some(other, 1)],
               outputQuantityList=[some(f"{TEA}X", 1), some(f"{TEA}Y", 1)])  # fmt: skip
    tell(story, mixed)
    page = inspector.get("/trace?key=01/09521234500018/10/L1X&direction=up")
    assert 'class="trace-possible"' in page.text
    # The lots L1, L7 and L8, and the one in the explanation below the picture.
    assert page.text.count('stroke-dasharray="6 4"') == 4
    assert "có thể" in text_of(page)


def test_one_direction_and_a_moment_narrow_the_answer(inspector: Visitor, story: Database) -> None:
    whole, down = asked(inspector, BOX), asked(inspector, BOX, at="2026-11-01T00:00")
    assert "Sê-ri SN1" in whole
    assert "Sê-ri SN1" not in down
    wrong = inspector.get(f"/trace?key={BOX}&at=yesterday")
    assert wrong.status_code == 422
    assert "Đây không phải ngày kèm giờ: yesterday" in text_of(wrong)


def test_a_moment_bounds_the_way_and_is_the_time_of_nothing(
    inspector: Visitor, story: Database
) -> None:
    page = asked(inspector, BOX, at="2026-11-05T12:00")
    assert "08:00 4/11/2026 Đơn vị vận chuyển" in page, "the packing has its own time"
    assert page.count("12:00 5/11/2026") == 1, "in the sentence that what is here now is not of it"
    assert "không phải lúc bạn hỏi (12:00 5/11/2026)" in page
    assert "không phải lúc bạn hỏi" not in asked(inspector, BOX)


def test_a_direction_that_is_none_is_refused_beside_its_field(
    inspector: Visitor, story: Database
) -> None:
    for address in (f"/trace?key={BOX}&direction=zz", "/trace?direction=zz"):
        answer = inspector.get(address)
        assert answer.status_code == 422
        assert 'id="direction-error"' in answer.text
        assert "Truy vết không có chiều này: zz" in text_of(answer)
    assert inspector.get(f"/trace/picture.svg?key={BOX}&direction=zz").status_code == 422


def test_links_lead_to_goods_with_a_slash_in_their_lot(inspector: Visitor, story: Database) -> None:
    lot = f"{STEM}/01/09521234500018/10/A%2FB"
    mixed = on(7, type="TransformationEvent", action=None, inputQuantityList=[some(TEA, 1)],
               outputQuantityList=[some(lot, 1)])  # fmt: skip
    tell(story, mixed)
    page = inspector.get("/trace?key=01/09521234500018/10/L1").text
    (address,) = set(re.findall(r'href="(/trace\?key=[^"]*A%252FB)"', page))
    assert "Lô A/B" in text_of(inspector.get(address))


def test_the_mass_balance_of_each_process_is_shown(inspector: Visitor, story: Database) -> None:
    page = asked(inspector, LEAVES, direction="down")
    assert "08:00 3/11/2026 50 kg 10 kg 1" in page


def test_a_key_that_no_event_names_leads_to_those_of_its_product(
    inspector: Visitor, story: Database
) -> None:
    answer = inspector.get("/trace?key=9521234500018")
    assert answer.status_code == 404
    page = text_of(answer)
    assert "Không có sự kiện nào bạn được xem nhắc đến mã này" in page
    assert "Lô L1" in page
    assert "Sê-ri SN1" in page


def test_a_key_with_a_wrong_digit_is_refused_beside_its_field(inspector: Visitor) -> None:
    answer = inspector.get("/trace?key=(01)09521234500019(10)L1")
    assert answer.status_code == 422
    assert 'id="key-error"' in answer.text
    assert "Số kiểm tra chưa đúng" in text_of(answer)


def test_a_member_sees_its_own_step_and_not_the_others(
    visitor: Visitor, people: People, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        stranger = make_party(session, "producer", "9999100024")
    tell(sqlite_database, actor=Actor(Role.PRODUCER, stranger))
    visitor.log_in(people[Role.PRODUCER])
    assert visitor.get("/trace?key=01/09521234500018/10/L1").status_code == 404
    assert visitor.get(f"/trace/event?id={DRYING}").status_code == 404


def test_an_event_is_told_in_plain_words_and_as_machines_read_it(
    inspector: Visitor, story: Database
) -> None:
    answer = inspector.get(f"/trace/event?id={DRYING}")
    page = text_of(answer)
    assert "Chế biến 08:00 3/11/2026" in page
    assert "Đưa vào GTIN 9520001234569, Lô L7 (01)09520001234569(10)L7 50 kg" in page
    assert "GLN 9520000000011" in page
    assert "TransformationEvent" in page


def test_the_verdict_and_the_pages_of_the_shop_lead_to_the_trace(
    visitor: Visitor, people: People, story: Database
) -> None:
    visitor.log_in(people[Role.PRODUCER])
    lots = visitor.get("/shop/products/1/lots/1").text
    assert "/trace?key=%2801%2909521234500018%2810%29L1" in lots
    assert "/trace?key=%2801%2909521234500018%2821%29SN1" in (
        visitor.get("/shop/products/1/serials/1").text
    )


def test_the_verdict_of_an_inspector_leads_to_the_trace(
    inspector: Visitor, story: Database
) -> None:
    answer = inspector.send(
        "/inspect", "/inspect/scan", scan_data="(01)09521234500018(10)L1(21)SN1", nonce="n1"
    )
    page = inspector.get(answer.headers["location"]).text
    assert "/trace?key=%2801%2909521234500018%2821%29SN1" in page


def test_names_that_others_sent_are_shown_and_never_obeyed(
    inspector: Visitor, sqlite_database: Database
) -> None:
    evil = "<script>alert(1)</script>"
    element = {"id": SHOP, "attributes": [{"id": "cbvmda:name", "attribute": evil}]}
    vocabulary = {"type": "urn:epcglobal:epcis:vtype:BusinessLocation",
                  "vocabularyElementList": [element]}  # fmt: skip
    document = read(*STORY, epcisHeader={"epcisMasterData": {"vocabularyList": [vocabulary]}})
    with sqlite_database.writing() as session:
        capture(session, OPERATOR, document, Behaviour.ROLLBACK, Policy())
    for path in (f"/trace?key={BOX}", f"/trace/picture.svg?key={BOX}"):
        page = inspector.get(path).text
        assert evil not in page
        assert "&lt;script&gt;" in page


def test_gaps_are_told_with_their_events_and_to_the_public_without_quantities(
    inspector: Visitor, other_visitor: Visitor, story: Database
) -> None:
    tell(story, on(1, bizStep="storing", epcList=[PACK], eventID="urn:vd:early"))
    page = inspector.get("/trace?key=(01)09521234500018(21)SN1").text
    assert "có sự kiện lúc 08:00 1/11/2026, trước khi hàng được làm ra" in page
    assert "/trace/event?id=urn%3Avd%3Aearly" in page
    public = text_of(other_visitor.get("/01/09521234500018/10/L1/21/SN1"))
    assert "Hồ sơ chưa khớp nhau: có bước ghi trước khi hàng được làm ra." in public
    assert "10 kg" not in public
