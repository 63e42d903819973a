"""Loads the demonstration, once: everything goes through the services that users go through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session

from app.demo import goods
from app.demo.invoice_maker import CONSUMER, Buyer, InvoiceMaker, Issuer, Line, fictional_tax_code
from app.demo.journeys import tell_journeys
from app.demo.people import LOG_INS, ORGANISATIONS
from app.demo.pictures import pack
from app.security.users import create_user
from traceability.actor import PUBLIC, Actor, Role
from traceability.clock import now
from traceability.db import Database
from traceability.enforcement.models import ReportReason
from traceability.enforcement.schemas import ReportIn
from traceability.enforcement.service import create_report
from traceability.events.recall_schemas import RecallIn
from traceability.events.recalls import open_recall
from traceability.invoices.service import import_files
from traceability.registry import areas, lots, parties, photos, products, serials
from traceability.registry.certificate_models import Exceeding
from traceability.registry.certificate_schemas import CertificateIn
from traceability.registry.certificates import register_certificate
from traceability.registry.models import Party, PartyKind, SerialStatus
from traceability.registry.repository import party_with_tax_code
from traceability.registry.schemas import (
    CompanyPrefixIn,
    LotIn,
    PartyIn,
    ProductIn,
    SerialPatch,
    SerialsIn,
)  # fmt: skip
from traceability.verification import repository, service
from traceability.verification.case import Context, Place

LOADER = Actor(Role.ADMIN, name="demo")
HOUSEHOLD = fictional_tax_code(199)
"""A seller that no register knows."""


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A code to try, and what it shows."""

    path: str
    shows: str


CODES = (
    DemoCode(f"/01/0{goods.GINSENG}/10/SAM2610/21/VD000001", "ok"),
    DemoCode(f"/01/0{goods.NOT_REGISTERED}", "info"),
    DemoCode(f"/01/0{goods.CLONED[0]}/10/{goods.CLONED[1]}/21/{goods.CLONED[2]}", "care"),
    DemoCode(f"/01/0{goods.RECALLED[0]}/10/{goods.RECALLED[1]}", "stop"),
    DemoCode(f"/01/0{goods.MEDICINE}/10/TH2405", "stop"),
)


def load_once(database: Database) -> bool:
    """Load everything in one transaction; False where it is there already."""
    with database.writing() as session:
        areas.seed_areas(session)
        if party_with_tax_code(session, str(ORGANISATIONS[4].tax_code)) is not None:
            return False
        known = _organisations(session)
        for log_in in LOG_INS:
            create_user(
                session, LOADER, email=log_in.email, name=log_in.name, password=log_in.password,
                role=log_in.role,
                party_id=known[log_in.organisation].id if log_in.organisation else None,
            )  # fmt: skip
        _goods(session, known)
        import_files(session, Actor(Role.TAX, known["tax"].id, name="demo"), _invoices(known))
        tell_journeys(session, known)
        _happenings(session, known)
    return True


def _organisations(session: Session) -> dict[str, Party]:
    known = {}
    for organisation in ORGANISATIONS:
        prefixes = [organisation.prefix] if organisation.prefix else []
        given = PartyIn(
            name=organisation.name,
            kind=organisation.kind,
            tax_code=organisation.tax_code,
            gln=organisation.gln,
            address=organisation.address,
            area_code="51" if organisation.key != "old-office" else None,
            company_prefixes=[CompanyPrefixIn(prefix=prefix) for prefix in prefixes],
        )
        known[organisation.key] = parties.create_party(session, LOADER, given)
    # The merger of the provinces: whoever asks for the old office is led to the new one.
    old, new = known["old-office"], known["office"]
    old.area_code, old.valid_to, old.successor_id = "62", date(2025, 6, 30), new.id
    new.valid_from = date(2025, 7, 1)
    session.flush()
    return known


def _goods(session: Session, known: dict[str, Party]) -> None:
    for product in goods.PRODUCTS:
        given = ProductIn(
            gtin=product.gtin, producer_id=known[product.producer].id, **product.fields
        )
        registered = products.create_product(session, LOADER, given)
        photos.set_photo(session, LOADER, registered, "image/jpeg", pack(registered.name))
        if product.gtin == goods.GINSENG:
            _certificates(session, known["ginseng"])
        for lot in product.lots:
            lots.create_lot(
                session,
                LOADER,
                LotIn(
                    gtin=product.gtin, lot=lot.lot, production_date=lot.production_date,
                    expiry_date=lot.expiry_date, quantity=Decimal(lot.quantity), unit=product.unit,
                    place=product.fields["origin_place"],
                ),
            )  # fmt: skip
            if lot.serials:
                serials.register_serials(
                    session,
                    LOADER,
                    SerialsIn(gtin=product.gtin, lot=lot.lot, serials=list(lot.serials)),
                )


def _certificates(session: Session, holder: Party) -> None:
    """One garden confirmed, from which the lots are made, and another one that waits."""
    waiting = Actor(Role.PRODUCER, holder.id, name="demo")
    for actor, number, quantity, gtins in (
        (LOADER, "01/GXN-VIDU", 10_000, [goods.GINSENG]),
        (waiting, "02/GXN-VIDU", 2_200, []),
    ):
        given = CertificateIn(
            number=number, issuer="Cơ quan Ví Dụ (minh họa)", party_id=holder.id, gtins=gtins,
            quantity=Decimal(quantity), unit="Củ", area="Vườn sâm Ví Dụ, xã Măng Ri",
            valid_from=date(2026, 1, 1),
        )  # fmt: skip
        register_certificate(session, actor, given, Exceeding.REFUSE)


def _invoices(known: dict[str, Party]) -> Sequence[tuple[str, bytes]]:
    maker = InvoiceMaker()
    # A higher number carries no earlier day.
    by_day = sorted(goods.SALES, key=lambda sale: sale.on)
    issuers: dict[str, Issuer] = {}
    by_gtin = {product.gtin: product for product in goods.PRODUCTS}
    files = []
    for sale in goods.SALES:
        if sale.seller not in issuers:
            issuers[sale.seller] = _issuer(maker, known.get(sale.seller))
        product, number = by_gtin[sale.gtin], by_day.index(sale) + 1
        line = Line(
            product.fields["name"], Decimal(sale.quantity), Decimal(product.wholesale),
            unit=product.unit, item_code=sale.item_code or sale.gtin,
        )  # fmt: skip
        file = maker.invoice(
            issuers[sale.seller],
            _buyer(known, sale.buyer),
            [line],
            symbol="C26TVD",
            number=number,
            issued_on=sale.on,
        )
        files.append((f"hoa-don-{number:03d}.xml", file))
    return files


def _issuer(maker: InvoiceMaker, party: Party | None) -> Issuer:
    if party is None:
        return maker.issuer(HOUSEHOLD, "Hộ kinh doanh không đăng ký (minh họa)")
    return maker.issuer(str(party.tax_code), party.name, party.address)


def _buyer(known: dict[str, Party], key: str | None) -> Buyer:
    if key is None:
        return CONSUMER
    party = known[key]
    return Buyer(party.name, party.tax_code, party.address)


def _happenings(session: Session, known: dict[str, Party]) -> None:
    """A recall, work for the office, a sold serial, and one that seven buyers have looked up."""
    gtin, lot = goods.RECALLED
    recall = RecallIn(
        gtin=gtin, lot=lot, notice_number="15/TB-VIDU", notice_date=date(2026, 11, 2),
        issuer_id=known["office"].id, reason="Minh họa: chỉ tiêu vi sinh không đạt.",
        advice="Ngừng dùng và mang trả nơi đã mua.",
    )  # fmt: skip
    open_recall(session, Actor(Role.SUPERVISOR, known["office"].id, name="demo"), recall)
    farm = PartyIn(
        name="Nông hộ Ví Dụ",
        kind=PartyKind.PRODUCER,
        tax_code=fictional_tax_code(120),
        address="Xã Ngọc Linh, tỉnh Quảng Ngãi (dữ liệu minh họa)",
        area_code="51",
    )
    parties.create_party(session, Actor(Role.PRODUCER, known["ginseng"].id, name="demo"), farm)
    report = ReportIn(
        reason=ReportReason.LABEL_DIFFERS,
        code=f"(01){goods.GINSENG.zfill(14)}(10)SAM2610(21)VD000007",
        text="Minh họa: hạn dùng trên tem khác với thông tin khi quét.",
        area_code="48",
    )
    create_report(session, PUBLIC, report)
    sold = repository.serial_id(session, goods.SOLD[0].zfill(14), goods.SOLD[2])
    change = SerialPatch(status=SerialStatus.SUPPLIED, status_on=date(2026, 11, 1))
    serials.change_serial(session, LOADER, sold or 0, change)
    gtin, lot, serial = goods.CLONED
    symbol = service.Symbol(f"(01){gtin.zfill(14)}(10){lot}(21){serial}")
    for day, province in enumerate(["51", "51", "48", "01", "79", "51", "48"]):
        at = now() - timedelta(days=9 - day)
        context = Context(PUBLIC, f"device:demo-{day}", Place(area_code=province), at=at)
        service.scan(session, symbol, context)
