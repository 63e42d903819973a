from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from tests.traceability.registry.makers import ADMIN, a_party, a_product, gtin, member
from traceability.actor import PUBLIC, Actor, Role
from traceability.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from traceability.registry import authorisations, goods_repository, lots
from traceability.registry.models import Lot
from traceability.registry.schemas import AuthorisationIn, LotIn, LotPatch


def a_lot(session: Session, actor: Actor = ADMIN, **given: object) -> Lot:
    values = {"gtin": gtin(1), "lot": "VD-1"}
    return lots.create_lot(session, actor, LotIn.model_validate(values | given))


def test_a_lot_keeps_what_is_said_about_it(session: Session) -> None:
    own = a_party(session)
    a_product(session, own)
    lot = a_lot(
        session, member(own), production_date="2026-10-01", expiry_date="2027-10-01",
        quantity=1200.5, unit="gói", place="xã Măng Ri",
    )  # fmt: skip
    (shown,) = lots.describe(session, [lot])
    assert (shown.gtin, shown.lot, shown.quantity) == ("0" + gtin(1), "VD-1", Decimal("1200.5"))
    assert (shown.production_date, shown.expiry_date) == (date(2026, 10, 1), date(2027, 10, 1))


def test_a_lot_is_unique_within_its_product(session: Session) -> None:
    own = a_party(session)
    a_product(session, own)
    a_product(session, own, 2)
    a_lot(session)
    a_lot(session, gtin=gtin(2))
    with pytest.raises(ConflictError) as refused:
        a_lot(session)
    assert (refused.value.code, refused.value.arguments) == (
        "registry.lot-taken", {"gtin": "0" + gtin(1), "lot": "VD-1"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"lot": "LÔ-1"}, "lot", "gs1.charset"),
        ({"lot": "A B"}, "lot", "gs1.charset"),
        ({"gtin": "9520000000104"}, "gtin", "gs1.check-digit"),
        ({"gtin": gtin(99)}, "gtin", "registry.gtin-unknown"),
        (
            {"production_date": "2026-10-02", "expiry_date": "2026-10-01"},
            "expiry_date",
            "registry.expiry-before-production",
        ),
    ],
)
def test_a_wrong_lot_is_named_by_field(
    session: Session, given: dict[str, str], field: str, code: str
) -> None:
    a_product(session, a_party(session))
    with pytest.raises(InvalidError) as refused:
        a_lot(session, **given)
    assert [(f.field, f.code) for f in refused.value.faults] == [(field, code)]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"lot": "x" * 21}, "string_too_long"),
        ({"quantity": -1}, "greater_than_equal"),
        ({"quantity": float("nan")}, "quantity_format"),
        ({"quantity": float("inf")}, "quantity_format"),
        ({"quantity": True}, "quantity_format"),
        ({"quantity": "1.0000001"}, "quantity_format"),
        ({"quantity": 10**13}, "quantity_format"),
        ({"expiry_date": 0}, "date_format"),
        ({"expiry_date": "31/12/2026"}, "date_format"),
        ({"expiry_date": "0001-01-01"}, "greater_than_equal"),
    ],
)
def test_the_input_of_a_lot_is_strict(given: dict[str, object], rule: str) -> None:
    with pytest.raises(ValidationError) as refused:
        LotIn.model_validate({"gtin": gtin(1), "lot": "VD-1"} | given)
    assert [error["type"] for error in refused.value.errors()] == [rule]


def test_lots_are_made_and_seen_by_who_may_use_the_code(session: Session) -> None:
    own, packer, other = (a_party(session, number) for number in (1, 2, 3))
    product = a_product(session, own)
    document = {"party_id": packer.id, "document_number": "1", "document_date": "2026-01-01"}
    authorisations.authorise(
        session, ADMIN, product.id or 0, AuthorisationIn.model_validate(document)
    )
    lot = a_lot(session, member(packer))
    with pytest.raises(ForbiddenError) as refused:
        a_lot(session, member(other), lot="VD-2")
    assert refused.value.code == "registry.not-your-product"
    seen = {
        name: [row.id for row in goods_repository.list_lots(session, actor)]
        for name, actor in {
            "owner": member(own), "packer": member(packer), "other": member(other),
            "inspector": Actor(Role.INSPECTOR), "public": PUBLIC,
        }.items()
    }  # fmt: skip
    assert seen == {
        "owner": [lot.id], "packer": [lot.id], "other": [],
        "inspector": [lot.id], "public": [],
    }  # fmt: skip


def test_a_lot_of_others_is_not_found(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    a_product(session, own)
    lot = a_lot(session)
    with pytest.raises(NotFoundError) as refused:
        lots.change_lot(session, member(other), lot.id or 0, LotPatch(place="Khác"))
    assert (refused.value.code, refused.value.arguments) == (
        "registry.lot-unknown", {"lot_id": lot.id},
    )  # fmt: skip


def test_a_change_is_checked_against_what_stays(session: Session) -> None:
    own = a_party(session)
    a_product(session, own)
    lot = a_lot(session, production_date="2026-10-01")
    patch = LotPatch.model_validate({"expiry_date": "2026-09-30"})
    with pytest.raises(InvalidError, match=r"registry\.expiry-before-production"):
        lots.change_lot(session, member(own), lot.id or 0, patch)
    patch = LotPatch.model_validate({"expiry_date": "2026-12-31", "production_date": None})
    changed = lots.change_lot(session, member(own), lot.id or 0, patch)
    assert (changed.production_date, changed.expiry_date) == (None, date(2026, 12, 31))


def test_lots_are_listed_by_product_and_producer(session: Session) -> None:
    own, other = a_party(session), a_party(session, 2)
    a_product(session, own)
    a_product(session, own, 2)
    a_product(session, other, 3)
    made = [a_lot(session, gtin=gtin(number)).id for number in (1, 2, 3)]

    def listed(**filters: object) -> list[int | None]:
        return [row.id for row in goods_repository.list_lots(session, ADMIN, **filters)]  # type: ignore[arg-type]

    assert listed(gtin="0" + gtin(2)) == [made[1]]
    assert listed(producer_id=own.id) == made[:2]
    assert listed(after_id=made[0], limit=1) == [made[1]]
