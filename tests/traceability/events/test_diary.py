"""The diary: a row is an event, and what is wrong with a row is told by its column."""

import io
from datetime import datetime

import pytest
import xlsxwriter
from sqlmodel import Session, select

from tests.traceability.registry.makers import a_party, member
from traceability.errors import InvalidError
from traceability.events.diary import read_diary
from traceability.events.diary_capture import capture_diary
from traceability.events.diary_columns import EXAMPLES, STEPS
from traceability.events.models import Event
from traceability.events.policy import Policy, Unknown

HEAD = "Việc;Thời gian;Mã GTIN;Số lô;Số sê-ri;Số lượng;Đơn vị;GTIN nguyên liệu;Lô nguyên liệu;Lượng nguyên liệu;Đơn vị nguyên liệu;Mã thùng (SSCC);Mã địa điểm (GLN);Mã đối tác (GLN);Chứng từ\n"  # noqa: E501
OWN = "9520000000004"
PARTNER = "9520000000011"
LOT = "https://id.gs1.org/01/09520001234569/10/L7"
SSCC = "https://id.gs1.org/00/395200000000000012"


def row(step: str, **cells: str) -> str:
    names = ("gtin", "lot", "serial", "quantity", "unit", "from_gtin", "from_lot", "from_quantity",
             "from_unit", "sscc", "place", "partner", "document")  # fmt: skip
    values = [step, cells.pop("time", "20/11/2026 08:00"), *(cells.pop(n, "") for n in names)]
    assert not cells
    return ";".join(values) + "\n"


def table(*rows: str) -> bytes:
    return (HEAD + "".join(rows)).encode()


def events(*rows: str) -> list[dict[str, object]]:
    diary = read_diary(table(*rows), "nhat-ky.csv", OWN)
    assert diary.faults.errors == []
    return [dict(read.body) for read in diary.events]


def faults(*rows: str) -> list[tuple[int, str, str]]:
    found = read_diary(table(*rows), "nhat-ky.csv", OWN).faults.errors
    return [(fault.row, fault.column, fault.code) for fault in found]


GOODS = {"gtin": "9520001234569", "lot": "L7", "quantity": "2,5", "unit": "kg"}
QUANTITY = [{"epcClass": LOT, "quantity": 2.5, "uom": "KGM"}]


def test_a_harvest_begins_a_lot() -> None:
    event = events(row("Thu hoạch", place=OWN, **GOODS))[0]
    assert (event["type"], event["action"], event["bizStep"]) == (
        "ObjectEvent", "ADD", "creating_class_instance")  # fmt: skip
    assert event["eventTime"] == "2026-11-20T08:00:00+07:00"
    assert event["quantityList"] == QUANTITY
    assert event["ilmd"] == {"cbvmda:lotNumber": "L7"}
    assert event["bizLocation"] == {"id": f"https://id.gs1.org/414/{OWN}"}


def test_processing_makes_a_lot_of_another() -> None:
    event = events(
        row("chế biến", from_gtin="9520001234569", from_lot="L6", from_quantity="10",
            from_unit="kg", **GOODS)
    )[0]  # fmt: skip
    assert event["type"] == "TransformationEvent"
    assert event["outputQuantityList"] == QUANTITY
    assert event["inputQuantityList"] == [
        {"epcClass": LOT.replace("L7", "L6"), "quantity": 10.0, "uom": "KGM"}
    ]


def test_packing_puts_goods_into_a_box() -> None:
    event = events(row("đóng gói", sscc="395200000000000012", **GOODS))[0]
    assert (event["type"], event["action"], event["parentID"]) == ("AggregationEvent", "ADD", SSCC)
    assert event["childQuantityList"] == QUANTITY


def test_shipping_and_receiving_name_both_sides() -> None:
    sent, received = events(
        row("xuất hàng", sscc="395200000000000012", partner=PARTNER, document="HĐ 00012"),
        row("nhận hàng", partner=PARTNER, **GOODS),
    )
    own, partner = (f"https://id.gs1.org/417/{gln}" for gln in (OWN, PARTNER))
    assert sent["epcList"] == [SSCC]
    assert sent["sourceList"] == [{"type": "owning_party", "source": own}]
    assert sent["destinationList"] == [{"type": "owning_party", "destination": partner}]
    assert sent["bizTransactionList"] == [{"bizTransaction": f"urn:epcglobal:cbv:bt:{OWN}:H-00012"}]
    assert received["sourceList"] == [{"type": "owning_party", "source": partner}]


@pytest.mark.parametrize(
    ("word", "step"),
    [("bán", "retail_selling"), ("xuất hàng", "shipping"), ("nhận hàng", "receiving")],
)
def test_a_whole_box_is_handed_on_by_its_number_alone(word: str, step: str) -> None:
    partner = {} if word == "bán" else {"partner": PARTNER}
    event = events(row(word, sscc="395200000000000012", **partner))[0]
    assert (event["bizStep"], event["epcList"]) == (step, [SSCC])
    assert "quantityList" not in event
    assert faults(row(word, **partner)) == [(2, "gtin", "events.field-missing")]


def test_a_single_piece_is_sold() -> None:
    event = events(row("bán", gtin="9520001234569", serial="A1"))[0]
    assert event["epcList"] == ["https://id.gs1.org/01/09520001234569/21/A1"]
    assert event["bizStep"] == "retail_selling"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (row("nhảy múa", **GOODS), (2, "step", "registry.choice-unknown")),
        (row("thu hoạch", **GOODS | {"gtin": "9520001234560"}), (2, "gtin", "gs1.check-digit")),
        (row("thu hoạch", **GOODS | {"unit": "sào"}), (2, "unit", "events.unit-unknown")),
        (row("thu hoạch", **GOODS | {"quantity": "nhiều"}),
         (2, "quantity", "events.quantity-format")),
        (row("thu hoạch", **GOODS | {"quantity": "1.500"}),
         (2, "quantity", "registry.quantity-ambiguous")),
        (row("thu hoạch", time="31/02/2026", **GOODS), (2, "time", "registry.date-format")),
        (row("thu hoạch", time="20/11/2996", **GOODS), (2, "time", "events.future")),
        (row("thu hoạch", gtin="9520001234569"), (2, "lot", "events.field-missing")),
        (row("đóng gói", **GOODS), (2, "sscc", "events.field-missing")),
        (row("xuất hàng", **GOODS), (2, "partner", "events.field-missing")),
        (row("nhận hàng", partner=PARTNER), (2, "gtin", "events.field-missing")),
        (row("nhận hàng", partner="9520000000012", **GOODS), (2, "partner", "gs1.check-digit")),
        (row("thu hoạch", **GOODS | {"quantity": "-1"}), (2, "quantity", "events.negative")),
        (row("thu hoạch", **GOODS | {"quantity": "2e12"}),
         (2, "quantity", "events.quantity-format")),
        (row("thu hoạch", **GOODS | {"quantity": "9" * 13}), (2, "quantity", "events.too-large")),
        (row("thu hoạch", **GOODS | {"lot": "LÔ 7"}), (2, "lot", "gs1.charset")),
        (row("thu hoạch", time="0001-01-01", **GOODS), (2, "time", "registry.date-format")),
    ],
)  # fmt: skip
def test_a_fault_names_its_row_and_column(line: str, expected: tuple[int, str, str]) -> None:
    assert expected in faults(line)


def test_an_unknown_heading_is_named() -> None:
    with pytest.raises(InvalidError, match="heading-unknown"):
        read_diary("Việc;Thời gian;Thời tiết\nbán;20/11/2026;mưa\n".encode(), "a.csv", None)


def test_a_workbook_goes_the_same_way() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        when = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for at, text in enumerate(("Việc", "Thời gian", "Mã GTIN", "Số lô", "Số lượng")):
            sheet.write_string(0, at, text)
        sheet.write_string(1, 0, "thu hoạch")
        sheet.write_datetime(1, 1, datetime(2026, 11, 20, 8), when)  # noqa: DTZ001 -- as sheets have it
        sheet.write_number(1, 2, 9520001234569)
        sheet.write_string(1, 3, "L7")
        sheet.write_number(1, 4, 12)
    body = read_diary(file.getvalue(), "nhat-ky.xlsx", None).events[0].body
    assert body["eventTime"] == "2026-11-20T08:00:00+07:00"
    assert body["quantityList"] == [{"epcClass": LOT, "quantity": 12.0}]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.200,5", 1200.5), ("1,200.5", 1200.5), ("1.200.000", 1_200_000.0), ("1 200,5", 1200.5),
     ("120,5", 120.5), ("120.5", 120.5), (",5", 0.5)],
)  # fmt: skip
def test_a_quantity_is_read_as_it_is_written_in_vietnam(text: str, number: float) -> None:
    event = events(row("thu hoạch", **GOODS | {"quantity": text}))[0]
    assert event["quantityList"] == [{"epcClass": LOT, "quantity": number, "uom": "KGM"}]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    line = row("thu hoạch", time="31/02/2026", gtin="9521101005005", lot="T1", quantity="-5",
               unit="bó")  # fmt: skip
    assert faults(line) == [
        (2, "time", "registry.date-format"),
        (2, "quantity", "events.negative"),
        (2, "unit", "events.unit-unknown"),
        (2, "gtin", "gs1.check-digit"),
    ]


def test_what_is_missing_is_told_once() -> None:
    assert faults(row("bán")) == [(2, "gtin", "events.field-missing")]
    assert faults(row("nhận hàng", partner=PARTNER)) == [(2, "gtin", "events.field-missing")]


def test_a_cell_that_cannot_be_read_is_not_missing() -> None:
    assert faults(row("thu hoạch", **GOODS, time="hôm qua")) == [
        (2, "time", "registry.date-format")
    ]


def test_the_examples_are_no_events() -> None:
    """They are good but for their codes, and are told for what they are."""
    told = [row(STEPS[step][0], **example) for step, example in EXAMPLES.items()]
    assert faults(*told) == [(number, "", "events.diary-example") for number in range(2, 8)]
    own = [row(STEPS[step][0], **{name: _OWN_CODES.get(text, text)
                                  for name, text in example.items()})
           for step, example in EXAMPLES.items()]  # fmt: skip
    assert len(events(*own)) == len(STEPS)


_OWN_CODES = {"VD-2026-01": "L1", "VD-2026-02": "L2", "395200000000009992": "395200000000000012"}


def test_the_example_of_older_templates_is_no_event() -> None:
    assert faults("thu hoạch;20/11/2026 08:00;9520000000103;VD-2026-01;;120,5;kg\n") == [
        (2, "", "events.diary-example")
    ]


def test_every_row_is_kept_or_none(session: Session) -> None:
    own = member(a_party(session, gln=OWN))
    good = row("thu hoạch", **GOODS)
    kept = capture_diary(session, own, table(good), "a.csv", Policy())
    assert (kept.total, kept.captured) == (1, 1)
    bad = capture_diary(session, own, table(row("bán", **GOODS), row("bán")), "a.csv", Policy())
    assert (bad.captured, {error.row for error in bad.errors}) == (0, {3})
    assert len(session.exec(select(Event)).all()) == 1


def test_what_the_settings_refuse_is_told_by_its_row(session: Session) -> None:
    own = member(a_party(session, gln=OWN))
    strict = Policy(unknown_products=Unknown.REFUSE)
    result = capture_diary(session, own, table(row("bán", **GOODS)), "a.csv", strict)
    assert [(error.row, error.code) for error in result.errors] == [(2, "events.product-unknown")]
    assert session.exec(select(Event)).first() is None
