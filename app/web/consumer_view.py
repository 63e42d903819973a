"""What a consumer's page shows of one code: the verdict, the product, and how we know.

Nothing of it rests on invoices or taxes: the verdict is projected for consumers first, and the
rest comes from the public register alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

import gs1
from app.i18n import N_, Translator
from app.wording.presentation import verdict_view
from gs1.prefix import PrefixInfo
from traceability.actor import PUBLIC
from traceability.clock import VIETNAM
from traceability.registry import areas, goods_repository
from traceability.registry import repository as registry
from traceability.registry.completeness import LegalFields, legal_fields
from traceability.registry.models import RegistrationStatus
from traceability.verification.findings import FindingCode, Level
from traceability.verification.lookup import Record
from traceability.verification.verdict import Audience, Verdict

_C = FindingCode


@dataclass(frozen=True, slots=True)
class ProductView:
    name: str
    brand: str | None
    gtin: str
    photo: str | None
    """Digest of its picture."""
    fields: LegalFields
    safety_warnings: str | None
    pending: bool
    """The producer's registration waits for the authority's approval."""
    changed_at: datetime
    """Date of the data."""


def product_view(session: Session, verdict: Verdict) -> ProductView | None:
    """The registered product of a verdict, with the seven legal fields; None when unknown."""
    record, reading = verdict.record, verdict.reading
    if record is None or reading is None:
        return None
    product = registry.product(session, PUBLIC, record.product_id)
    producer = registry.parties_by_id(session, [record.producer.id]).get(record.producer.id)
    if product is None or producer is None:
        return None
    photo = registry.photo(session, record.product_id)
    lot = (
        goods_repository.lot_of_product(session, record.product_id, record.lot.lot)
        if record.lot
        else None
    )
    fields = legal_fields(
        product, producer, photo=photo.digest if photo else None, lot=lot,
        lot_text=reading.keys.lot, serial=reading.keys.serial,
    )  # fmt: skip
    return ProductView(
        name=product.name,
        brand=product.brand,
        gtin=product.gtin,
        photo=fields.image,
        fields=fields,
        safety_warnings=product.safety_warnings,
        pending=record.producer.registration_status == RegistrationStatus.PENDING,
        changed_at=record.changed_at,
    )


def answer(translate: Translator, verdict: Verdict) -> dict[str, Any]:
    """The verdict in words, the findings beside the first that a reader should see at once."""
    view = verdict_view(translate, verdict, Audience.CONSUMER)
    view["also"] = [f for f in view["findings"][1:] if f["level"] != Level.OK]
    return view


def meta_lines(translate: Translator, verdict: Verdict) -> list[str]:
    """When the code was looked up, and in which data."""
    lines = [translate.text(N_("Looked up at {time}."), time=verdict.at)]
    if verdict.record is not None:
        changed_at = verdict.record.changed_at
        lines.append(
            translate.text(
                N_("From the product register of Nguồn, data of {date}."),
                date=changed_at.astimezone(VIETNAM).date(),
            )
        )
    elif verdict.reading is not None:
        lines.append(translate.text(N_("From the code itself and the list of GS1 prefixes.")))
    return lines


def compare(translate: Translator, verdict: Verdict) -> list[tuple[str, str]]:
    """What to look for on the pack: lot, dates and serial, of the code or else of the register."""
    if verdict.reading is None:
        return []
    keys, lot = verdict.reading.keys, verdict.record.lot if verdict.record else None
    shown: list[tuple[str, Any]] = [
        (N_("Lot"), keys.lot or (lot.lot if lot else None)),
        (N_("Made on"), keys.production_date or (lot.production_date if lot else None)),
        (N_("Expiry date"), keys.expiry or (lot.expiry_date if lot else None)),
        (N_("Best before"), keys.best_before),
        (N_("Serial number"), keys.serial),
    ]
    return [(translate.text(name), translate.show(value)) for name, value in shown if value]


def identification(translate: Translator, fields: LegalFields) -> str | None:
    """Brand, model, lot and serial on one line, as far as they are known."""
    parts = (
        f"{translate.text(_IDENTIFICATION[name])}: {text}" for name, text in fields.identification
    )
    return "; ".join(parts) or None


_IDENTIFICATION = {
    "brand": N_("brand"),
    "model": N_("model"),
    "lot": N_("lot"),
    "serial": N_("serial number"),
}


def prefix_text(translate: Translator, verdict: Verdict) -> str | None:
    """Who licenses the range of numbers: never where the goods come from."""
    if verdict.reading is None or verdict.reading.keys.gtin is None:
        return None
    info: PrefixInfo = gs1.prefix.lookup(verdict.reading.keys.gtin)
    if info.organisation is None:
        return None
    return translate.text(
        N_("Number range licensed through {organisation}; no conclusion about origin."),
        organisation=info.organisation,
    )


def clear_checks(translate: Translator, verdict: Verdict) -> list[str]:
    """The checks that were made and found nothing, one sentence each."""
    found = {finding.code for finding in verdict.findings}
    if verdict.reading is None:
        return []
    lines = [translate.text(N_("The code is well formed; its check digit is right."))]
    prefix = prefix_text(translate, verdict)
    if prefix and not found & {_C.UNALLOCATED_PREFIX, _C.RESTRICTED_NUMBER}:
        lines.append(prefix)
    if verdict.record is not None:
        lines += [translate.text(text) for text in _record_checks(verdict, verdict.record, found)]
    return lines


def _record_checks(verdict: Verdict, record: Record, found: set[FindingCode]) -> Iterator[str]:
    keys = verdict.reading.keys if verdict.reading else None
    expiry: date | None = (record.lot.expiry_date if record.lot else None) or (
        keys.expiry if keys else None
    )
    if _C.RECALLED not in found:
        yield N_("No recall in force of this product, lot or unit is on record.")
    if _C.EXPIRED not in found and expiry is not None:
        yield N_("The expiry date has not passed.")
    if _C.DATA_MISMATCH not in found and keys and (keys.lot or keys.expiry) and record.lot:
        yield N_("Lot and dates on the code agree with the register.")
    if _C.UNUSUAL_REPEAT not in found and record.serial is not None:
        yield N_("The number of look-ups of this code is not unusual.")
    if record.producer.registration_status == RegistrationStatus.ACTIVE and (
        _C.PRODUCER_INACTIVE not in found
    ):
        yield N_("The producer's registration is in force.")


def first_province(session: Session, translate: Translator, verdict: Verdict) -> str | None:
    """Where the code was looked up first, where others did so before: nothing finer."""
    for finding in verdict.findings:
        code, first_at = finding.arguments.get("area"), finding.arguments.get("first_at")
        if finding.code is _C.MATCH_REPEAT and code and first_at:
            area = areas.resolve(session, code, first_at.astimezone(VIETNAM).date())
            name = area.name if area else code
            return translate.text(N_("The first look-up was made in {province}."), province=name)
    return None
