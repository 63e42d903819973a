"""Whatever comes in whatever order: booking differences gives what summing anew gives."""

from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from tests.traceability.invoices.alias_statements import state
from tests.traceability.invoices.conftest import ADMIN, open_market
from tests.traceability.invoices.files import (
    DISTRIBUTOR,
    GTIN,
    RIVAL,
    SHOP,
    SPOILT,
    invoice,
    line,
    related,
)
from traceability.db import Database
from traceability.invoices import ledger, service
from traceability.invoices.ledger_models import LedgerDay
from traceability.invoices.models import InvoiceLine
from traceability.invoices.service import AliasStatement

_quantities = st.one_of(
    st.integers(-50, 50),
    st.decimals(-9, 9, places=6, allow_nan=False),
    st.sampled_from([999_999_999, -999_999_999]),
)
_lines = st.lists(
    st.builds(
        lambda quantity, code, unit: line(quantity, code=code, unit=unit),
        _quantities,
        st.sampled_from([GTIN[1:], "MA1", "MA2"]),
        st.sampled_from(["Hộp", "hộp ", "Thùng"]),
    ),
    min_size=1,
    max_size=3,
).map("".join)


_SYMBOLS = st.sampled_from(["C26TAA", "C26MYY"])
"""Without a signature an invoice of the first is not intact, one of the second, a cash register's,
is: so documents take over from those whose signature is spoilt."""


def _relations(number: int) -> st.SearchStrategy[str]:
    one = st.builds(
        related, st.sampled_from([1, 2]), st.integers(1, 5).filter(lambda n: n != number), _SYMBOLS
    )
    return st.lists(one, max_size=2).map("".join)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Few numbers and sellers, so that documents often replace, adjust or repeat each other."""
    number = draw(st.integers(1, 5))
    return invoice(
        number,
        seller=draw(st.sampled_from([DISTRIBUTOR, SHOP])),
        buyer=draw(st.sampled_from([SHOP, RIVAL, ""])),
        on=date(2026, 8, 1) + timedelta(days=draw(st.integers(0, 3))),
        lines=draw(_lines),
        symbol=draw(_SYMBOLS),
        general=draw(_relations(number)),
        seal=draw(st.sampled_from(["", SPOILT])),
    )


def alias(code: str, factor: int, product_id: int) -> AliasStatement:
    return AliasStatement(DISTRIBUTOR, code, product_id, "Thùng", Decimal(factor))


_steps = st.lists(
    st.one_of(
        st.lists(documents(), min_size=1, max_size=4),
        st.tuples(st.sampled_from(["MA1", "MA2"]), st.sampled_from([1, 12, 24])),
    ),
    min_size=1,
    max_size=8,
)


def sums(session: Session) -> list[tuple[object, ...]]:
    rows = session.execute(
        sa.select(
            LedgerDay.tax_code, LedgerDay.product_id, LedgerDay.unit, LedgerDay.day,
            LedgerDay.side, LedgerDay.whole, LedgerDay.part, LedgerDay.lines,
        ).order_by(*sa.inspect(LedgerDay).primary_key)  # type: ignore[union-attr]
    )  # fmt: skip
    return [tuple(row) for row in rows]


def counted(session: Session) -> list[tuple[object, ...]]:
    columns = (InvoiceLine.id, InvoiceLine.counted_product_id, InvoiceLine.counted_quantity)
    return [tuple(r) for r in session.execute(sa.select(*columns).order_by(InvoiceLine.id))]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=_steps)
def test_booking_differences_gives_what_summing_anew_gives(
    database: Database, steps: list[list[bytes] | tuple[str, int]]
) -> None:
    with database.write_session() as session:
        market = open_market(session)
        for step in steps:
            if isinstance(step, tuple):
                state(session, alias(*step, market.product.id or 0))
            else:
                files = [(f"{place}.xml", content) for place, content in enumerate(step)]
                assert service.import_files(session, ADMIN, files).rejected == []
        booked, noted = sums(session), counted(session)
        assert ledger.rebuild(session) == len(booked)
        assert sums(session) == booked
        assert counted(session) == noted
        session.rollback()


def test_booking_the_same_invoice_again_changes_nothing(database: Database) -> None:
    with database.write_session() as session:
        open_market(session)
        imported = service.import_files(session, ADMIN, [("1.xml", invoice(1))]).imported
        before = sums(session)
        ledger.apply(session, [each.id for each in imported])
        assert before == sums(session) != []
        session.rollback()
