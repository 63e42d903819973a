"""Who sees which invoice, lists and single ones, and what the API answers."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from tests.traceability.invoices.conftest import ADMIN, Market
from tests.traceability.invoices.files import (
    DISTRIBUTOR,
    GTIN,
    PRODUCER,
    RIVAL,
    SHOP,
    invoice,
    line,
)
from traceability.actor import PUBLIC, Actor, Role
from traceability.audit import AuditEntry
from traceability.errors import NotFoundError
from traceability.invoices import repository, service
from traceability.invoices.schemas import ImportOut, InvoiceOut, InvoiceSummaryOut
from traceability.invoices.service import InvoiceFilter

SEE_ALL = [Role.ADMIN, Role.SUPERVISOR, Role.INSPECTOR, Role.AUDITOR, Role.TAX]


@pytest.fixture
def ids(session: Session, market: Market) -> list[int]:
    """Producer to distributor, distributor to shop, distributor to rival, shop to a consumer."""
    files = [
        invoice(1, seller=PRODUCER, buyer=DISTRIBUTOR, on="2026-08-01"),
        invoice(2, seller=DISTRIBUTOR, buyer=SHOP, on="2026-08-02"),
        invoice(3, seller=DISTRIBUTOR, buyer=RIVAL, on="2026-08-03", lines=line(code="X")),
        invoice(4, seller=SHOP, buyer="", on="2026-08-04", form="2", symbol="C26MYY"),
    ]
    named = [(f"{place}.xml", data) for place, data in enumerate(files)]
    return [found.id for found in service.import_files(session, ADMIN, named).imported]


def visible(session: Session, actor: Actor, **conditions: object) -> list[int]:
    chosen = InvoiceFilter(**conditions)  # type: ignore[arg-type]
    page = service.list_invoices(session, actor, chosen=chosen)
    return sorted(found.number for found in page.invoices)


@pytest.mark.parametrize("role", SEE_ALL)
def test_authorities_and_the_tax_feed_see_every_invoice(
    session: Session, ids: list[int], role: Role
) -> None:
    assert visible(session, Actor(role)) == [1, 2, 3, 4]


def test_a_member_sees_what_it_sold_and_bought(
    session: Session, market: Market, ids: list[int]
) -> None:
    assert visible(session, market.member(market.shop)) == [2, 4]
    assert visible(session, market.member(market.rival)) == [3]
    assert visible(session, market.member(market.producer)) == [1]


@pytest.mark.parametrize("actor", [PUBLIC, Actor(Role.SHOP), Actor(Role.PRODUCER, party_id=999)])
def test_the_public_and_members_of_nothing_see_none(
    session: Session, ids: list[int], actor: Actor
) -> None:
    assert visible(session, actor) == []


def test_another_shops_invoice_is_answered_like_one_that_is_not_there(
    session: Session, market: Market, ids: list[int]
) -> None:
    shop = market.member(market.shop)
    assert service.get_invoice(session, shop, ids[1]).number == 2
    for hidden in (ids[2], 10**9):
        with pytest.raises(NotFoundError) as refused:
            service.get_invoice(session, shop, hidden)
        assert (refused.value.code, refused.value.arguments) == ("invoices.unknown", {"id": hidden})
        with pytest.raises(NotFoundError):
            service.documents_of(session, shop, hidden)


def test_lines_of_hidden_invoices_stay_hidden(
    session: Session, market: Market, ids: list[int]
) -> None:
    lines = service.invoice_lines(session, market.member(market.shop), ids)
    assert sorted(lines) == [ids[1], ids[3]]
    assert [found.gtin for found in lines[ids[1]]] == [GTIN]


def test_every_document_of_an_invoice_is_found(session: Session, ids: list[int]) -> None:
    other = invoice(2, seller=DISTRIBUTOR, buyer=SHOP, on="2026-08-02", lines=line(9))
    service.import_files(session, ADMIN, [("other.xml", other)])
    found = service.documents_of(session, ADMIN, ids[1])
    assert [(d.document.file_name, d.conflicting) for d in found] == [
        ("1.xml", False),
        ("other.xml", True),
    ]
    assert found[1].document.content == other
    assert repository.conflicting(session, ids) == ["1C26TAA 2"]


def test_a_file_that_also_carries_invoices_of_others_is_not_handed_to_a_member(
    session: Session, market: Market
) -> None:
    both = invoice(1, buyer=SHOP) + invoice(2, buyer=RIVAL)
    message = b"<TDiep><DLieu>" + both + b"</DLieu></TDiep>"
    result = service.import_files(session, Actor(Role.TAX), [("message.xml", message)])
    known = result.imported[0].id
    shop = market.member(market.shop)
    with pytest.raises(NotFoundError) as refused:
        service.documents_of(session, shop, known)
    assert refused.value.code == "invoices.document-of-many"
    assert len(service.documents_of(session, ADMIN, known)) == 1
    own = invoice(1, buyer=SHOP)
    service.import_files(session, shop, [("own.xml", own)])
    [found] = service.documents_of(session, shop, known)
    assert found.document.content == own


def test_a_conflicting_file_is_shown_to_who_brought_it_and_to_authorities(
    session: Session, market: Market, ids: list[int]
) -> None:
    other = invoice(2, seller=DISTRIBUTOR, buyer=SHOP, on="2026-08-02", lines=line(9))
    service.import_files(session, market.member(market.shop), [("other.xml", other)])

    def shown(actor: Actor) -> int:
        return len(service.documents_of(session, actor, ids[1]))

    assert shown(market.member(market.shop)) == 2
    assert shown(market.member(market.distributor)) == 1
    assert shown(Actor(Role.INSPECTOR)) == 2


@pytest.mark.parametrize(
    ("conditions", "numbers"),
    [
        ({"tax_code": SHOP}, [2, 4]),
        ({"seller_tax_code": DISTRIBUTOR}, [2, 3]),
        ({"buyer_tax_code": RIVAL}, [3]),
        ({"symbol": "C26MYY"}, [4]),
        ({"number": 3}, [3]),
        ({"issued_from": date(2026, 8, 2), "issued_to": date(2026, 8, 3)}, [2, 3]),
    ],
)
def test_a_list_can_be_narrowed(
    session: Session, ids: list[int], conditions: dict[str, object], numbers: list[int]
) -> None:
    assert visible(session, ADMIN, **conditions) == numbers


def test_a_list_can_be_narrowed_to_a_product(
    session: Session, market: Market, ids: list[int]
) -> None:
    assert visible(session, ADMIN, product_id=market.product.id) == [1, 2, 4]


def test_pages_hold_every_invoice_once_the_newest_first(session: Session, ids: list[int]) -> None:
    first = service.list_invoices(session, ADMIN, limit=3)
    second = service.list_invoices(session, ADMIN, cursor=first.next_cursor, limit=3)
    assert [found.id for found in first.invoices] == ids[:0:-1]
    assert [found.id for found in second.invoices] == ids[:1]
    assert second.next_cursor is None


@pytest.mark.parametrize("limit", [-1, 0, 1])
def test_a_page_holds_at_least_one(session: Session, ids: list[int], limit: int) -> None:
    assert len(service.list_invoices(session, ADMIN, limit=limit).invoices) == 1


def test_looking_into_an_invoice_can_be_noted(session: Session, ids: list[int]) -> None:
    service.record_reading(session, Actor(Role.INSPECTOR, user_id=3), ids[0])
    session.flush()
    entry = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()  # type: ignore[union-attr]
    assert entry is not None
    assert (entry.action, entry.subject, entry.user_id) == (
        "invoices:invoice:read",
        f"invoice:{ids[0]}",
        3,
    )


def test_the_answer_to_an_upload_has_the_names_the_api_promises(session: Session) -> None:
    files = [
        ("a.xml", invoice(1, lines=line("2.5"))),
        ("b.xml", invoice(1, lines=line(3))),
        ("c.xml", b"no XML"),
    ]
    result = service.import_files(session, ADMIN, files)
    known = result.imported[0].id
    key = {"seller_tax_code": PRODUCER, "form": "1", "symbol": "C26TAA", "number": 1}
    unsigned = [{"role": role, "state": "unsigned"} for role in ("seller", "authority")]
    same = {**key, "id": known, "issued_on": "2026-08-03", "signatures": unsigned}
    goods = {"name": "Sữa bột mẫu 400g", "quantity": "2.5", "unit": "Hộp", "gtin": GTIN}
    assert ImportOut.of(result).model_dump(mode="json") == {
        "imported": [
            {**same, "file": "a.xml", "lines": [{**goods, "product_id": None}], "took_over": False}
        ],
        "duplicates": [{**same, "file": "b.xml", "same_content": False}],
        "rejected": [{"file": "c.xml", "code": "invoices.not-xml", "arguments": {"line": 1}}],
    }


def test_one_invoice_is_answered_with_its_lines(session: Session, ids: list[int]) -> None:
    found = service.get_invoice(session, ADMIN, ids[1])
    lines = service.invoice_lines(session, ADMIN, [ids[1]])[ids[1]]
    answer = InvoiceOut.of(found, lines)
    assert (answer.total, answer.lines[0].base_quantity) == (Decimal(10800), Decimal(10))
    assert InvoiceSummaryOut.model_validate(found).number == 2
