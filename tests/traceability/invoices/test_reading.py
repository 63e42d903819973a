import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.invoices.files import GTIN, PRODUCER, SHOP, invoice, line, related
from traceability.invoices.errors import InvoiceError
from traceability.invoices.reading import InvoiceData, LineData, RelatedInvoice, read_invoices
from traceability.invoices.symbol import InvoiceKey


def read(data: bytes) -> InvoiceData:
    [found] = read_invoices(data)
    return found


def code_of(data: bytes) -> tuple[str, object]:
    with pytest.raises(InvoiceError) as refused:
        read_invoices(data)
    return refused.value.code, refused.value.arguments.get("field")


def test_an_invoice_is_read_whole() -> None:
    found = read(invoice("00000012", buyer=" 062 099 000 001 "))
    assert found == InvoiceData(
        key=InvoiceKey(PRODUCER, "1", "C26TAA", 12),
        issued_on=date(2026, 8, 3),
        format_version="2.1.0",
        seller_name=f"Bên bán {PRODUCER}",
        seller_address="Địa chỉ mẫu",
        buyer_tax_code=SHOP,
        buyer_name="Bên mua 062 099 000 001",
        currency="VND",
        net_total=Decimal(10000),
        tax_total=Decimal(800),
        total=Decimal(10800),
        authority_code="00AB",
        qr_text="0002 01",
        related=None,
        lines=(
            LineData(
                position=1,
                nature="1",
                item_code=GTIN[1:],
                name="Sữa bột mẫu 400g",
                unit="Hộp",
                quantity=Decimal(10),
                unit_price=Decimal(1000),
                discount=None,
                amount=Decimal(10000),
                vat_rate="8%",
                gtin=GTIN,
            ),
        ),
        content_digest=found.content_digest,
    )


@pytest.mark.parametrize("version", ["2.0.0", "2.0.1", "2.1.0"])
def test_each_version_of_the_format_is_read(version: str) -> None:
    assert read(invoice(version=version)).format_version == version


def test_the_order_of_elements_and_unknown_ones_do_not_matter() -> None:
    usual = invoice().decode()
    turned = usual.replace("<KHMSHDon>1</KHMSHDon>", "").replace(
        "</TTChung>", "<Moi><SHDon>99</SHDon></Moi><KHMSHDon>1</KHMSHDon></TTChung>"
    )
    assert read(turned.encode()).key == read(usual.encode()).key


def test_a_namespace_that_the_format_does_not_have_is_passed_over() -> None:
    data = invoice().replace(b"<HDon>", b"<HDon xmlns='urn:example:x'>")
    assert read(data).key.number == 12


def test_blanks_around_values_are_no_part_of_them() -> None:
    data = invoice(" 12\n", on=" 2026-08-03 ", form=" 1", lines=line(" 10.50 "))
    found = read(data)
    assert (found.key.number, found.lines[0].quantity) == (12, Decimal("10.5"))


def test_a_comment_inside_a_number_hides_nothing_of_it() -> None:
    assert read(invoice(lines=line("1<!-- -->00"))).lines[0].quantity == Decimal(100)


@pytest.mark.parametrize(
    "repeated",
    ["DLHDon", "TTChung", "NDHDon", "NBan", "DSHHDVu", "SHDon", "MST", "SLuong", "TToan"],
)
def test_two_of_what_there_is_one_of_is_ambiguous(repeated: str) -> None:
    text = invoice().decode()
    start = text.index(f"<{repeated}")
    end = text.index(f"</{repeated}>") + len(repeated) + 3
    data = (text[:end] + text[start:end] + text[end:]).encode()
    assert code_of(data) == ("invoices.ambiguous", repeated)


@pytest.mark.parametrize(
    "missing",
    [
        "DLHDon",
        "TTChung",
        "NDHDon",
        "NBan",
        "DSHHDVu",
        "KHHDon",
        "SHDon",
        "NLap",
        "PBan",
        "MST",
        "Ten",
        "THHDVu",
        "TgTTTBSo",
    ],
)
def test_what_an_invoice_cannot_do_without_is_named_when_missing(missing: str) -> None:
    text = invoice().decode()
    start = text.index(f"<{missing}")
    end = text.index(f"</{missing}>") + len(missing) + 3
    assert code_of((text[:start] + text[end:]).encode()) == ("invoices.missing", missing)


def test_a_delivery_note_may_state_no_total() -> None:
    data = invoice(form="6", symbol="C26NAA").replace(b"<TgTTTBSo>10800</TgTTTBSo>", b"")
    assert read(data).total is None


@pytest.mark.parametrize(
    "quantity",
    [
        "1,5",
        "1.234.567",
        "1e3",
        "NaN",
        "Infinity",
        "--1",
        ".",
        "1.0000001",
        "9" * 22,
        "١",
        "1000000000000",
        "0x10",
        "1 000",
    ],
)
def test_a_quantity_that_is_no_number_of_the_format_is_refused(quantity: str) -> None:
    assert code_of(invoice(lines=line(quantity))) == ("invoices.number", "SLuong")


@pytest.mark.parametrize(
    ("written", "quantity"),
    [
        ("-5", "-5"),
        ("+5", "5"),
        ("0.000001", "0.000001"),
        ("1.50000000", "1.5"),
        (".5", "0.5"),
        ("000123", "123"),
        ("999999999999.999999", "999999999999.999999"),
    ],
)
def test_numbers_are_exact(written: str, quantity: str) -> None:
    assert read(invoice(lines=line(written))).lines[0].quantity == Decimal(quantity)


def test_amounts_have_up_to_21_digits() -> None:
    assert read(invoice(total="123456789012345.678901")).total == Decimal("123456789012345.678901")
    assert code_of(invoice(total="1234567890123456.678901")) == ("invoices.number", "TgTTTBSo")


@pytest.mark.parametrize(
    "day", ["2026-02-30", "03/08/2026", "2026-8-3", "26-08-03", "1999-12-31", "9999-01-01", "x"]
)
def test_a_date_that_is_none_is_refused(day: str) -> None:
    assert code_of(invoice(on=day)) == ("invoices.date", "NLap")


def test_a_time_of_day_after_the_date_is_dropped() -> None:
    assert read(invoice(on="2026-08-03T07:15:00+07:00")).issued_on == date(2026, 8, 3)


def test_the_seller_must_have_a_tax_code_that_can_exist() -> None:
    assert code_of(invoice(seller="9999100018")) == ("invoices.tax-code", "NBan/MST")


def test_a_buyer_may_have_none_or_a_foreign_one() -> None:
    assert read(invoice(buyer="")).buyer_tax_code is None
    assert read(invoice(buyer="de 123456789")).buyer_tax_code == "DE123456789"
    assert code_of(invoice(buyer="X" * 15)) == ("invoices.tax-code", "NMua/MST")


def test_other_versions_are_refused_by_number() -> None:
    with pytest.raises(InvoiceError) as refused:
        read_invoices(invoice(version="1.0.0"))
    assert (refused.value.code, refused.value.arguments) == (
        "invoices.version",
        {"value": "1.0.0"},
    )


def test_a_value_with_elements_inside_is_no_value() -> None:
    assert code_of(invoice(lines=line("1<b/>0"))) == ("invoices.value", "SLuong")


@pytest.mark.parametrize("currency", ["VN", "đồng", "V1D"])
def test_a_currency_has_three_letters(currency: str) -> None:
    data = invoice().replace(b">VND<", f">{currency}<".encode())
    assert code_of(data) == ("invoices.value", "DVTTe")


def test_an_invoice_without_currency_is_in_dong() -> None:
    assert read(invoice().replace(b"<DVTTe>VND</DVTTe>", b"")).currency == "VND"


def test_a_related_invoice_is_replaced_or_adjusted_and_nothing_else() -> None:
    assert code_of(invoice(general=related(3, 12))) == ("invoices.value", "TCHDon")


@pytest.mark.parametrize("nature", ["0", "6", "11"])
def test_an_unknown_nature_of_a_line_is_refused(nature: str) -> None:
    assert code_of(invoice(lines=line(nature=nature))) == ("invoices.value", "TChat")


@pytest.mark.parametrize(("nature", "moves"), [("1", 1), ("2", 1), ("3", 0), ("4", 0), ("5", 1)])
def test_discounts_and_notes_move_no_goods(nature: str, moves: int) -> None:
    assert read(invoice(lines=line(nature=nature))).lines[0].moves_goods is bool(moves)


def test_the_related_invoice_is_named_by_the_same_rules() -> None:
    found = read(invoice(13, general=related(1, 12, " c26taa")))
    assert found.related == RelatedInvoice("1", "1", "C26TAA", 12)


def test_a_related_invoice_of_the_time_before_2021_is_kept_as_named() -> None:
    old = "<TTHDLQuan><TCHDon>2</TCHDon><KHMSHDCLQuan>01GTKT0/001</KHMSHDCLQuan>"
    old += "<KHHDCLQuan>AB/20E</KHHDCLQuan><SHDCLQuan>0000123</SHDCLQuan></TTHDLQuan>"
    found = read(invoice(general=old))
    assert found.related == RelatedInvoice("2", "01GTKT0/001", "AB/20E", 123)


def test_a_gtin_in_the_free_fields_of_a_line_is_found() -> None:
    extra = f"<TTKhac><TTin><TTruong>Mã vạch</TTruong><DLieu>{GTIN[1:]}</DLieu></TTin></TTKhac>"
    assert read(invoice(lines=line(code="SP-1", extra=extra))).lines[0].gtin == GTIN


@pytest.mark.parametrize("code", ["9520123456789", "952012345678", "SP-9520123456788", "0" * 13])
def test_what_only_looks_like_a_gtin_is_none(code: str) -> None:
    assert read(invoice(lines=line(code=code))).lines[0].gtin is None


def test_a_reformatted_or_wrapped_copy_has_the_same_content() -> None:
    plain = invoice()
    pretty = plain.replace(b"><", b">\n  <")
    wrapped = b"<TDiep><DLieu>" + plain + b"</DLieu></TDiep>"
    other_qr = plain.replace(b"0002 01", b"0002 02")
    digests = {read(copy).content_digest for copy in (plain, pretty, wrapped, other_qr)}
    assert len(digests) == 1
    assert read(invoice(lines=line(11))).content_digest not in digests


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_by_our_own_error(data: bytes) -> None:
    with contextlib.suppress(InvoiceError):
        read_invoices(data)


@given(
    st.sampled_from(["TChat", "SLuong", "NLap", "SHDon", "KHHDon", "MST", "TgTTTBSo", "PBan"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40),
)
def test_any_value_is_read_or_refused_by_our_own_error(name: str, value: str) -> None:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")
    text = invoice().decode()
    start, end = text.index(f"<{name}>") + len(name) + 2, text.index(f"</{name}>")
    with contextlib.suppress(InvoiceError):
        read_invoices((text[:start] + escaped + text[end:]).encode())


def test_one_invoice_may_replace_or_adjust_many_that_a_statement_lists() -> None:
    listed = (
        "<TTHDLQuan><TCHDon>2</TCHDon><LHDCLQuan>1</LHDCLQuan><SBKCLQuan> BK-07 </SBKCLQuan>"
        "<NBKCLQuan>2026-07-31</NBKCLQuan></TTHDLQuan>"
    )
    found = read(invoice(13, general=listed))
    assert found.related == RelatedInvoice(
        "2", None, None, None, statement="BK-07", statement_on=date(2026, 7, 31)
    )


def test_further_related_invoices_are_kept_in_order() -> None:
    found = read(invoice(13, general=related(2, 11) + related(2, 12)))
    assert found.related == RelatedInvoice("2", "1", "C26TAA", 11)
    assert found.further_related == (RelatedInvoice("2", "1", "C26TAA", 12),)


def test_an_empty_element_for_related_invoices_says_nothing() -> None:
    assert read(invoice(general="<TTHDLQuan/>")).related is None


def test_a_foreign_currency_has_its_rate() -> None:
    data = invoice(general="<TGia>25410.5</TGia>").replace(b">VND<", b">usd<")
    found = read(data)
    assert (found.currency, found.exchange_rate) == ("USD", Decimal("25410.5"))


@pytest.mark.parametrize("form", "123456789")
def test_each_of_the_nine_forms_is_read(form: str) -> None:
    assert read(invoice(form=form)).key.form == form
