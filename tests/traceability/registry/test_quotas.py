"""Labels and lots are counted against a certificate, and no more are taken than it is for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.traceability.registry import makers
from tests.traceability.registry.gardens import (
    WARN,
    Garden,
    a_garden,
    certificate,
    decide,
    issue,
    lot,
    used,
)
from traceability.actor import Actor
from traceability.clock import today
from traceability.db import Database
from traceability.errors import InvalidError
from traceability.registry import (
    importing,
    lots,
    quotas,
    serials,
)
from traceability.registry.certificate_models import QuantityCertificate
from traceability.registry.columns import Table
from traceability.registry.importing import ImportMode
from traceability.registry.models import Product, Serial
from traceability.registry.quotas import Goods, Quotas
from traceability.registry.schemas import LotIn, LotPatch, SerialsIn, SerialsIssueIn


@pytest.fixture
def garden(database: Database) -> Garden:
    return a_garden(database)


def test_the_last_label_is_issued_and_the_next_is_refused_with_what_is_left(
    database: Database, garden: Garden
) -> None:
    assert issue(database, garden, 8) == 8
    with pytest.raises(InvalidError) as refused:
        issue(database, garden, 3)
    (fault,) = refused.value.faults
    assert (fault.field, fault.code) == ("certificate", "registry.quota-exceeded")
    assert fault.arguments == {
        "number": "01/GCN-VD", "unit": "củ", "quantity": "10", "left": "2", "asked": "3",
    }  # fmt: skip
    assert issue(database, garden, 2) == 2
    assert used(database, garden) == 10


def test_own_serial_numbers_count_like_issued_ones(database: Database, garden: Garden) -> None:
    own = SerialsIn(gtin=garden.gtin, serials=[f"S{n}" for n in range(11)])
    with database.writing() as session, pytest.raises(InvalidError, match="quota-exceeded"):
        serials.register_serials(session, garden.member, own)


def test_a_lot_takes_its_quantity_or_its_serial_numbers_whichever_is_more(
    database: Database, garden: Garden
) -> None:
    lot(database, garden, "L1", quantity="6", unit="Củ")
    issue(database, garden, 5, lot="L1")
    assert used(database, garden) == 6
    issue(database, garden, 2, lot="L1")
    assert used(database, garden) == 7
    with pytest.raises(InvalidError, match="quota-exceeded"):
        lot(database, garden, "L2", quantity="4")
    lot(database, garden, "L2", quantity="3")
    with pytest.raises(InvalidError, match="quota-exceeded"):
        issue(database, garden, 1)


def test_a_lot_that_grows_is_counted_anew_and_one_that_shrinks_gives_back(
    database: Database, garden: Garden
) -> None:
    lot_id = lot(database, garden, "L1", quantity="6")

    def change(quantity: str) -> None:
        with database.writing() as session:
            lots.change_lot(session, garden.member, lot_id, LotPatch(quantity=Decimal(quantity)))

    with pytest.raises(InvalidError, match="quota-exceeded"):
        change("11")
    change("10")
    assert used(database, garden) == 10
    change("1")
    assert used(database, garden) == 1


def test_a_serial_number_may_stand_for_a_part_or_a_multiple_of_the_unit(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        packs = makers.a_product(session, makers.a_party(session, 2), 7)
        member = Actor(garden.member.role, party_id=packs.producer_id)
        certificate(
            session, packs.producer_id, packs.gtin, quantity="1", unit="kg", per_serial="0.25"
        )
        gtin = packs.gtin
    with database.writing() as session:
        serials.issue_serials(session, member, SerialsIssueIn(gtin=gtin, count=4))
    with database.writing() as session, pytest.raises(InvalidError) as refused:
        serials.issue_serials(session, member, SerialsIssueIn(gtin=gtin, count=1))
    assert refused.value.arguments["left"] == "0"


def test_of_two_issues_at_the_same_moment_only_what_is_there_is_taken(
    database: Database, garden: Garden
) -> None:
    def take(_: int) -> int:
        try:
            return issue(database, garden, 3)
        except InvalidError as error:
            assert error.code == "registry.quota-exceeded"  # noqa: PT017 -- in a thread
            return 0

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(take, range(6))) == 9
    assert used(database, garden) == 9


def test_with_the_setting_warn_more_is_taken_on_record(database: Database, garden: Garden) -> None:
    with database.writing() as session:
        session.get_one(QuantityCertificate, garden.certificate_id).exceeding = WARN
    assert issue(database, garden, 12) == 12
    assert used(database, garden) == 12


# Which certificate counts


def test_labels_of_a_product_on_no_certificate_are_not_bounded(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        free = makers.a_product(session, makers.a_party(session, 2), 7)
        many = SerialsIssueIn(gtin=free.gtin, count=100)
        assert serials.issue_serials(session, makers.ADMIN, many).count == 100
        assert session.exec(select(Serial.certificate_id).distinct()).all() == [None]


def test_of_two_certificates_in_force_one_has_to_be_named(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        certificate(session, garden.party_id, garden.gtin, number="02/GCN-VD", quantity="5")
    with pytest.raises(InvalidError) as refused:
        issue(database, garden, 1)
    assert refused.value.code == "registry.certificate-needed"
    assert refused.value.arguments["numbers"] == "01/GCN-VD, 02/GCN-VD"
    assert issue(database, garden, 5, certificate="02/GCN-VD") == 5
    assert used(database, garden) == 0


def test_a_product_stays_bounded_when_its_certificate_is_over(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        row = session.get_one(QuantityCertificate, garden.certificate_id)
        row.valid_to = today() - timedelta(days=1)
    with pytest.raises(InvalidError, match="certificate-needed"):
        issue(database, garden, 1)
    with pytest.raises(InvalidError, match="certificate-not-in-force"):
        issue(database, garden, 1, certificate="01/GCN-VD")


def test_the_labels_of_a_lot_may_follow_after_the_last_day_but_not_after_a_revocation(
    database: Database, garden: Garden
) -> None:
    lot(database, garden, "L1", quantity="4")
    with database.writing() as session:
        row = session.get_one(QuantityCertificate, garden.certificate_id)
        row.valid_to = today() - timedelta(days=1)
    assert issue(database, garden, 4, lot="L1") == 4
    decide(database, garden.certificate_id, "revoked", reason="Thu hồi")
    with pytest.raises(InvalidError, match="certificate-not-in-force"):
        issue(database, garden, 1, lot="L1")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"certificate": "99/GCN-VD"}, "registry.certificate-unknown"),
        ({"certificate": "03/GCN-VD"}, "registry.certificate-other-product"),
        ({"certificate": "04/GCN-VD", "lot": "L1"}, "registry.certificate-of-lot"),
    ],
)
def test_a_certificate_that_cannot_count_is_refused_by_name(
    database: Database, garden: Garden, given: dict[str, str], code: str
) -> None:
    lot(database, garden, "L1", quantity="4")
    with database.writing() as session:
        owner = makers.a_party(session, 2)
        other = makers.a_product(session, owner, 7)
        certificate(session, garden.party_id, other.gtin, number="03/GCN-VD")
        certificate(session, garden.party_id, number="04/GCN-VD")
    with pytest.raises(InvalidError) as refused:
        issue(database, garden, 1, **given)
    assert refused.value.code == code
    assert used(database, garden) == 4


def test_the_certificate_of_another_holder_does_not_count(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        other = makers.a_party(session, 2)
        certificate(session, other.id or 0, number="05/GCN-VD")
    with pytest.raises(InvalidError, match="certificate-unknown"):
        issue(database, garden, 1, certificate="05/GCN-VD")


def test_a_quantity_in_another_unit_is_not_taken_for_it(database: Database, garden: Garden) -> None:
    with pytest.raises(InvalidError) as refused:
        lot(database, garden, "L1", quantity="4", unit="kg")
    assert refused.value.code == "registry.certificate-unit"


def test_a_lot_of_before_is_counted_with_its_serial_numbers_once_it_is_named(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        party = makers.a_party(session, 2)
        product = makers.a_product(session, party, 7)
        member, gtin = makers.member(party), product.gtin
        made = lots.create_lot(session, member, LotIn(gtin=gtin, lot="L1", quantity=Decimal(2)))
        serials.issue_serials(session, member, SerialsIssueIn(gtin=gtin, lot="L1", count=3))
        number = certificate(session, party.id or 0, gtin)
        lots.change_lot(session, member, made.id or 0, LotPatch(certificate="01/GCN-VD"))
        row = session.get_one(QuantityCertificate, number)
        assert quotas.usage_of(session, row).total == 3
        serials.issue_serials(session, member, SerialsIssueIn(gtin=gtin, lot="L1", count=7))
        with pytest.raises(InvalidError, match="quota-exceeded"):
            serials.issue_serials(session, member, SerialsIssueIn(gtin=gtin, lot="L1", count=1))


# Tables and labels


def bring(
    database: Database, garden: Garden, kind: Table, text: str, **options: object
) -> importing.TableResult:
    with database.writing() as session:
        return importing.import_table(
            session, garden.member, kind, text.encode(), "t.csv", **options
        )  # type: ignore[arg-type]


def test_a_table_of_serials_stops_at_the_quantity_row_by_row(
    database: Database, garden: Garden
) -> None:
    rows = "".join(f"{garden.gtin},S{n}\n" for n in range(12))
    table = f"gtin,serial\n{rows}"
    dry = bring(database, garden, Table.SERIALS, table, dry_run=True)
    assert [(e.row, e.column, e.code) for e in dry.errors] == [
        (12, "certificate", "registry.quota-exceeded"),
        (13, "certificate", "registry.quota-exceeded"),
    ]
    assert used(database, garden) == 0
    assert bring(database, garden, Table.SERIALS, table).imported == 0
    good = bring(database, garden, Table.SERIALS, table, mode=ImportMode.GOOD_ROWS)
    assert good.imported == 10
    assert used(database, garden) == 10


def test_a_table_of_lots_is_counted_and_names_its_certificates(
    database: Database, garden: Garden
) -> None:
    with database.writing() as session:
        certificate(session, garden.party_id, garden.gtin, number="02/GCN-VD", quantity="5")
    table = (
        "gtin,lot,quantity,unit,certificate\n"
        f"{garden.gtin},L1,10,củ,01/GCN-VD\n"
        f"{garden.gtin},L2,5,củ,02/GCN-VD\n"
        f"{garden.gtin},L3,1,củ,02/GCN-VD\n"
        f"{garden.gtin},L4,1,củ,\n"
        f"{garden.gtin},L5,1,kg,02/GCN-VD\n"
    )
    result = bring(database, garden, Table.LOTS, table, mode=ImportMode.GOOD_ROWS)
    assert result.imported == 2
    assert [(e.row, e.code) for e in result.errors] == [
        (4, "registry.quota-exceeded"),
        (5, "registry.certificate-needed"),
        (6, "registry.certificate-unit"),
    ]
    with database.reading() as session:
        listed = lots.describe(
            session, lots.goods_repository.list_lots(session, garden.member, limit=9)
        )
    assert {each.lot: each.certificate for each in listed} == {
        "L1": "01/GCN-VD", "L2": "02/GCN-VD",
    }  # fmt: skip


def test_copies_of_a_label_are_bounded_by_the_lot_or_the_certificate(
    database: Database, garden: Garden
) -> None:
    lot(database, garden, "L1", quantity="4")
    with database.reading() as session:
        product = session.get_one(Product, garden.product_id)
        made = lots.goods_repository.lot_of_product(session, garden.product_id, "L1")
        assert made is not None
        goods = Goods.of(product)
        bounds = Quotas(session, garden.member, [goods], [made.certificate_id], lock=False)
        assert bounds.most_labels(goods, made) == ("01/GCN-VD", 4)
        assert bounds.most_labels(goods, None) == ("01/GCN-VD", 10)
