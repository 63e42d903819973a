"""The diary: telling an event question by question, a filled diary, a declared error."""

import re
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from sqlmodel import select

from tests.app.client import make_party
from tests.app.web.conftest import GTIN, Goods, People, Visitor, text_of
from tests.app.web.shop.conftest import OTHER_TAX_CODE
from tests.app.web.stories import on, tell
from tests.traceability.events.makers import an_event
from traceability.actor import Actor, Role
from traceability.db import Database
from traceability.events.models import Event
from traceability.registry.models import Party

NEW = "/shop/events/new"
OWN_GLN, PARTNER_GLN = "9520000000011", "9520000000028"
LOT = f"https://id.gs1.org/01/{GTIN}/10/L1"
SSCC = "395200000000000012"
TIME = "2026-11-20T08:00"


@pytest.fixture
def located(sqlite_database: Database, goods: Goods) -> Goods:
    """The organisation has a GLN, and so has a partner."""
    with sqlite_database.writing() as session:
        session.get_one(Party, goods.party_id).gln = OWN_GLN
        partner = Party(name="VÍ DỤ Siêu thị", kind="shop", gln=PARTNER_GLN)
        session.add(partner)
    return goods


def asked(member: Visitor, **answers: str) -> str:
    answer = member.get(f"{NEW}?{urlencode(answers)}")
    assert answer.status_code == 200, text_of(answer)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text)
    assert heading
    return heading[1]


def recorded(member: Visitor, **answers: str) -> str:
    """Record what the last page shows; the address of the event's page."""
    page = f"{NEW}?{urlencode({'page': 'time', **answers})}"
    answer = member.send(page, "/shop/events", **answers)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def events(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [orjson.loads(row.body) for row in session.exec(select(Event).order_by(Event.id))]  # type: ignore[arg-type]


def test_one_question_follows_another_and_a_single_piece_has_no_quantity(
    member: Visitor, located: Goods
) -> None:
    assert asked(member) == "Bạn vừa làm việc gì?"
    assert asked(member, step="ship") == "Hàng nào?"
    lot = {"step": "ship", "gtin": GTIN, "lot": "L1"}
    assert asked(member, **lot, page="goods") == "Bao nhiêu?"
    assert asked(member, **lot, page="amount", quantity="5") == "Giao cho ai?"
    assert asked(member, step="ship", gtin=GTIN, serial="SN1", page="goods") == "Giao cho ai?"
    assert asked(member, **lot, partner=PARTNER_GLN, page="partner") == "Ở đâu?"
    assert asked(member, **lot, partner=PARTNER_GLN, page="place") == "Khi nào?"
    assert asked(member, **lot, partner=PARTNER_GLN, time=TIME, page="time") == (
        "Như thế này đúng chưa?"
    )


def test_own_lots_are_offered_and_a_choice_fills_the_fields(
    member: Visitor, located: Goods
) -> None:
    page = member.get(f"{NEW}?step=harvest").text
    assert f'value="{LOT}"' in page
    assert "Trà minh họa, hộp 20 gói, Lô L1" in page
    answer = member.get(
        f"{NEW}?{urlencode({'step': 'harvest', 'page': 'goods', 'goods_key': LOT})}"
    )
    assert f'name="gtin" value="{GTIN}"' in answer.text
    assert 'name="lot" value="L1"' in answer.text


def test_what_is_wrong_is_said_on_its_own_page_beside_the_field(
    member: Visitor, located: Goods
) -> None:
    answers = {"step": "harvest", "page": "goods", "gtin": "9521234500019", "lot": "L1"}
    answer = member.get(f"{NEW}?{urlencode(answers)}")
    assert answer.status_code == 422
    assert 'id="gtin-error"' in answer.text
    assert 'value="9521234500019"' in answer.text
    late = member.get(f"{NEW}?{urlencode({**answers, 'gtin': GTIN, 'page': 'time', 'time': 'x'})}")
    assert 'id="time-error"' in late.text


def test_the_last_page_shows_what_will_be_recorded_and_it_is_recorded_once(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    answers = {"step": "harvest", "gtin": GTIN, "lot": "L2", "quantity": "12,5", "unit": "kg",
               "place": OWN_GLN, "time": TIME}  # fmt: skip
    check = text_of(member.get(f"{NEW}?{urlencode({**answers, 'page': 'time'})}"))
    assert "Trà minh họa, hộp 20 gói, Lô L2 – 12,5 kg" in check
    assert "08:00 20/11/2026" in check
    assert events(sqlite_database) == []
    page = member.get(recorded(member, **answers))
    assert "Đã ghi sự kiện." in text_of(page)
    assert "/trace?key=01%2F" in page.text
    assert recorded(member, **answers).endswith("done=known")
    (event,) = events(sqlite_database)
    assert event["eventTime"] == "2026-11-20T08:00:00+07:00"
    assert event["quantityList"] == [
        {"epcClass": f"https://id.gs1.org/01/{GTIN}/10/L2", "quantity": 12.5, "uom": "KGM"}
    ]


def test_processing_packing_sending_and_selling_make_valid_events(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    recorded(member, step="process", gtin=GTIN, lot="L1", from_gtin="9520001234569", from_lot="R1",
             from_quantity="20", from_unit="kg", quantity="5", unit="kg", time=TIME)  # fmt: skip
    recorded(member, step="pack", gtin=GTIN, lot="L1", quantity="5", sscc=SSCC, time=TIME)
    recorded(member, step="ship", sscc=SSCC, partner=PARTNER_GLN, document="HĐ 7", time=TIME)
    recorded(member, step="sell", gtin=GTIN, serial="SN1", time=TIME)
    assert [(event["type"], event["bizStep"]) for event in events(sqlite_database)] == [
        ("TransformationEvent", "commissioning"), ("AggregationEvent", "packing"),
        ("ObjectEvent", "shipping"), ("ObjectEvent", "retail_selling"),
    ]  # fmt: skip
    offered = member.get(f"{NEW}?step=ship").text
    assert f'value="https://id.gs1.org/00/{SSCC}"' in offered, "own boxes are offered"


def test_a_whole_box_is_sold_by_its_number_alone(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    box = f"https://id.gs1.org/00/{SSCC}"
    recorded(member, step="pack", gtin=GTIN, lot="L1", sscc=SSCC, time=TIME)
    question = member.get(f"{NEW}?step=sell").text
    assert f'value="{box}"' in question
    assert 'name="sscc"' in question
    assert asked(member, step="sell", page="goods", goods_key=box) == "Ở đâu?"
    recorded(member, step="sell", sscc=SSCC, time=TIME)
    assert events(sqlite_database)[-1]["epcList"] == [box]


def test_goods_on_their_way_here_are_offered_for_receiving(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        sender = make_party(session, "producer", OTHER_TAX_CODE)
    to = {"type": "owning_party", "destination": f"https://id.gs1.org/417/{OWN_GLN}"}
    by = {"type": "owning_party", "source": f"https://id.gs1.org/417/{PARTNER_GLN}"}
    box = f"https://id.gs1.org/00/{SSCC}"
    tell(
        sqlite_database,
        on(5, bizStep="shipping", epcList=[box], destinationList=[to], sourceList=[by]),
        actor=Actor(Role.PRODUCER, sender),
    )  # fmt: skip
    assert f'value="{box}"' in member.get(f"{NEW}?step=receive").text
    answers = {"step": "receive", "page": "goods", "goods_key": box}
    assert "VÍ DỤ Siêu thị" in text_of(member.get(f"{NEW}?{urlencode(answers)}"))
    recorded(member, step="receive", sscc=SSCC, partner=PARTNER_GLN, time=TIME)
    assert f'value="{box}"' not in member.get(f"{NEW}?step=receive").text


def test_partners_and_places_are_offered_by_name(member: Visitor, located: Goods) -> None:
    lot = {"step": "ship", "gtin": GTIN, "lot": "L1"}
    question = f"{NEW}?{urlencode({**lot, 'page': 'amount'})}"
    assert "VÍ DỤ Siêu thị" not in text_of(member.get(question)), "strangers are not offered"
    recorded(member, **lot, partner=PARTNER_GLN, place=OWN_GLN, time=TIME)
    assert "VÍ DỤ Siêu thị" in text_of(member.get(f"{NEW}?{urlencode({**lot, 'page': 'amount'})}"))
    place = member.get(f"{NEW}?{urlencode({**lot, 'page': 'partner', 'partner_key': PARTNER_GLN})}")
    assert f'name="partner" value="{PARTNER_GLN}"' in place.text
    assert f'value="{OWN_GLN}"' in place.text


def test_own_events_are_listed_page_by_page_and_those_of_others_are_not(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    own = Actor(Role.PRODUCER, located.party_id)
    assert "Chưa ghi gì" in text_of(member.get("/shop/events"))
    many = [an_event(eventTime=f"2026-11-{1 + n // 24:02}T{n % 24:02}:00:00+07:00",
               bizStep="storing", epcList=[LOT]) for n in range(27)]  # fmt: skip
    tell(sqlite_database, *many, actor=own)
    tell(sqlite_database, on(9, bizStep="shipping", epcList=[LOT]))
    first = member.get("/shop/events")
    assert text_of(first).count("Lưu kho") == 25
    assert "Xuất hàng" not in text_of(first)
    following = re.search(r'href="(/shop/events\?before=\d+)"', first.text)
    assert following
    assert text_of(member.get(following[1])).count("Lưu kho") == 2


def test_a_mistake_is_declared_and_stays_on_record(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    address = recorded(member, step="sell", gtin=GTIN, serial="SN1", time=TIME)
    page = member.get(address).text
    form = re.search(r'href="(/shop/events/error\?id=[^"]+)"', page)
    assert form
    event_id = re.search(r'name="id" value="([^"]+)"', member.get(form[1]).text)
    assert event_id
    refused = member.send(form[1], "/shop/events/error", id=event_id[1])
    assert refused.status_code == 422
    answer = member.send(form[1], "/shop/events/error", id=event_id[1], reason="did_not_occur")
    assert answer.status_code == 303, text_of(answer)
    shown = text_of(member.get(answer.headers["location"]))
    assert "đã được khai là ghi sai" in shown
    with sqlite_database.reading() as session:
        (row,) = session.exec(select(Event)).all()
    assert row.in_error
    assert orjson.loads(row.body)["errorDeclaration"]["reason"] == "did_not_occur"
    assert "ghi sai" in text_of(member.get("/shop/events"))


def test_nobody_declares_the_events_of_others(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    to = {"type": "owning_party", "destination": f"https://id.gs1.org/417/{OWN_GLN}"}
    tell(sqlite_database, on(5, eventID="urn:vd:x", bizStep="shipping", epcList=[LOT],
                             destinationList=[to]))  # fmt: skip
    assert "error?id" not in member.get("/trace/event?id=urn:vd:x").text
    assert member.get("/shop/events/error?id=urn:vd:x").status_code == 403
    page = "/shop/events/table"
    sent = member.send(page, "/shop/events/error", id="urn:vd:x", reason="did_not_occur")
    assert sent.status_code == 403
    with sqlite_database.reading() as session:
        assert [row.in_error for row in session.exec(select(Event))] == [False]


def test_a_diary_is_sent_on_a_page_and_its_faults_come_by_row_and_column(
    member: Visitor, located: Goods, sqlite_database: Database
) -> None:
    page = "/shop/events/table"
    good = f"Việc;Thời gian;Mã GTIN;Số lô\nthu hoạch;20/11/2026 08:00;{GTIN};L7\n"
    bad = good + f"thu hoạch;hôm qua;{GTIN};L8\n"
    refused = member.send(page, page, files={"file": ("nhat-ky.csv", bad.encode())})
    assert refused.status_code == 422
    assert re.search(r'data-label="Dòng"><strong>3</strong>', refused.text)
    assert "Thời gian" in text_of(refused)
    assert events(sqlite_database) == []
    sent = member.send(page, page, files={"file": ("nhat-ky.csv", good.encode())})
    assert sent.headers["location"] == "/shop/events?done=1"
    assert "Đã ghi 1 sự kiện." in text_of(member.get("/shop/events?done=1"))
    nothing = member.send(page, page)
    assert 'id="file-error"' in nothing.text
    unknown = member.send(page, page, files={"file": ("x.csv", b"Ngay;Cot la\n1;2\n")})
    assert unknown.status_code == 422


def test_the_empty_table_can_be_taken_away(member: Visitor) -> None:
    answer = member.get("/shop/events/template")
    assert answer.headers["content-disposition"] == 'attachment; filename="nhat-ky.xlsx"'
    assert answer.content[:2] == b"PK"


def test_an_inspector_has_no_diary(visitor: Visitor, people: People) -> None:
    visitor.log_in(people[Role.INSPECTOR])
    assert visitor.get("/shop/events").status_code == 403
