"""The printed QR: made as the format asks, read however providers print it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.invoices.files import PRODUCER
from traceability.invoices.qr import (
    InvoiceQr,
    Printed,
    QrCrc,
    QrTier,
    as_qr,
    parse_qr,
)
from traceability.invoices.qr_comparison import compare
from traceability.invoices.symbol import InvoiceKey

DAY = date(2026, 8, 3)
PRINTED = Printed(PRODUCER, "1", "C26TAA", 12, DAY, Decimal(13200000))
TEXT = as_qr(PRINTED)
KEY = InvoiceKey(PRODUCER, "1", "C26TAA", 12)
BARE = f"{PRODUCER}|1|C26TAA|12|20260803|13200000"


def facts(qr: InvoiceQr | None) -> tuple[object, ...]:
    assert qr is not None
    return qr.tax_code, qr.form, qr.symbol, qr.number, qr.issued_on, qr.total


@pytest.mark.parametrize(
    ("text", "tier", "crc"),
    [
        (TEXT, QrTier.STRICT, QrCrc.RIGHT),
        (f" {TEXT}\n", QrTier.STRICT, QrCrc.RIGHT),
        (TEXT[:-4] + "383C", QrTier.TOLERANT, QrCrc.CONSTANT),
        (TEXT[:-4] + "0000", QrTier.TOLERANT, QrCrc.WRONG),
        (TEXT[:-8], QrTier.TOLERANT, QrCrc.ABSENT),
        # Lengths of one digit, as one provider writes them.
        (
            (
                f"00020199700010A0000007750110{PRODUCER}02110306C26TAA042120582026080306813200000"
                "6304383C"
            ),
            QrTier.TOLERANT,
            QrCrc.CONSTANT,
        ),
        (TEXT.replace("0002019973", "0002016273")[:-4] + "FFFF", QrTier.TAG_62, QrCrc.WRONG),
        (f"00020162{len(BARE):02d}{BARE}", QrTier.TAG_62, QrCrc.ABSENT),
        (BARE, QrTier.PIPE, QrCrc.ABSENT),
        (f"x | {PRODUCER} | 1C26TAA | 00000012 | 03/08/2026 | 13200000", QrTier.PIPE, QrCrc.ABSENT),
        (
            (
                f"https://hd.example/?mst={PRODUCER}&khmshdon=1&khhdon=C26TAA&shdon=12"
                "&nlap=2026-08-03&tgtttbso=13200000"
            ),
            QrTier.URL,
            QrCrc.ABSENT,
        ),
        (f"https://hd.example/tra-cuu?d={TEXT}", QrTier.URL, QrCrc.RIGHT),
    ],
)
def test_each_way_to_print_it_is_read_and_named(text: str, tier: QrTier, crc: QrCrc) -> None:
    found = parse_qr(text)
    assert found is not None
    assert (found.tier, found.crc) == (tier, crc)
    assert facts(found)[:5] == (PRODUCER, "1", "C26TAA", 12, DAY)


def test_what_is_made_is_read_again_without_loss() -> None:
    found = parse_qr(TEXT)
    assert facts(found) == (PRODUCER, "1", "C26TAA", 12, DAY, Decimal(13200000))
    assert found is not None
    assert as_qr(found) == TEXT
    assert found.key == KEY


def test_a_link_that_names_no_form_names_no_key() -> None:
    found = parse_qr(f"https://hd.example/?mst={PRODUCER}&khhdon=C26TAA&shdon=12")
    assert found is not None
    assert (found.form, found.key) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "8936000000013", "(01)09521101000016(10)SAM2610",
        "https://id.gs1.org/01/09521101000016", "https://example.com/?mst=x&khhdon=y&shdon=1",
        "00020101021238570010A000000727", "a|b|c|d", f"{PRODUCER}|C26TAA", "x" * 5000,
        f"{PRODUCER}|1|C26TAA|0|20260803", "9999100018|1|C26TAA|12|20260803",
    ],
)  # fmt: skip
def test_what_is_no_invoice_is_none(text: str) -> None:
    assert parse_qr(text) is None


@given(st.text(max_size=200))
def test_any_text_is_read_or_none(text: str) -> None:
    found = parse_qr(text)
    assert found is None or found.number > 0


@given(st.integers(0, len(TEXT) - 1), st.text("0123456789ABC|", max_size=3))
def test_a_damaged_code_is_never_called_strict(at: int, put: str) -> None:
    damaged = TEXT[:at] + put + TEXT[at + 1 :]
    found = parse_qr(damaged)
    assert damaged == TEXT or found is None or found.tier is not QrTier.STRICT


@dataclass(frozen=True)
class Stated:
    issued_on: date = DAY
    total: Decimal | None = Decimal(13200000)


def differing(stated: Stated, key: InvoiceKey = KEY) -> list[str]:
    found = parse_qr(TEXT)
    assert found is not None
    return [field.name for field in compare(found, stated, key) if field.agrees is False]


def test_each_field_is_compared_with_the_invoice() -> None:
    assert differing(Stated()) == []
    assert differing(Stated(issued_on=date(2026, 8, 4))) == ["NLap"]
    assert differing(Stated(total=Decimal(13200001))) == ["TgTTTBSo"]
    other = InvoiceKey("9999100024", "2", "C26TAB", 13)
    assert differing(Stated(), other) == ["MST", "KHMSHDon", "KHHDon", "SHDon"]


def test_less_than_a_dong_is_rounding() -> None:
    assert differing(Stated(total=Decimal("13200000.49"))) == []


def test_what_one_side_does_not_say_is_no_difference() -> None:
    assert differing(Stated(total=None)) == []
