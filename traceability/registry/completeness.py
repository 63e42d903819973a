"""Which of the elements asked for by law a record has, and which are missing.

Two texts ask: TT 02/2024/TT-BKHCN with ten elements of traceability, and Decree 37/2026/NĐ-CP
with those of the digital product passport (art. 32) and of the users of codes under 893 (art. 28,
which therefore counts for such codes only). Elements asked for "if any" (a brand, a shelf life)
are counted when they are there and never held against a record that is silent about them.

>>> [element.code for element in ELEMENTS if element.source.startswith("TT 02/2024")][:3]
['product-name', 'image', 'trader-name']
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from traceability.registry.models import Lot, Party, Product


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What else the registry has on a product."""

    photo: str | None = None
    """Digest of its picture."""
    has_lot: bool = False
    has_production_time: bool = False
    """At least one lot says when it was made."""
    has_stage: bool = False
    """At least one lot says when and where it was made: the first stage of its path."""


@dataclass(frozen=True, slots=True)
class Record:
    """A product with its producer and what else is on record."""

    product: Product
    producer: Party
    facts: RecordFacts


@dataclass(frozen=True, slots=True)
class Element:
    """One thing that a record should have."""

    code: str
    source: str
    """Text and clause that ask for it."""
    since: date
    """First day on which it was asked for."""
    is_present: Callable[[Record], bool]
    if_any: bool = False
    """Asked for only where the goods have one."""
    applies: Callable[[Record], bool] = lambda _record: True


@dataclass(frozen=True, slots=True)
class Missing:
    code: str
    source: str


@dataclass(frozen=True, slots=True)
class Completeness:
    score: int
    """How many of the elements asked for are there."""
    total: int
    present: tuple[str, ...]
    missing: tuple[Missing, ...]
    not_stated: tuple[Missing, ...]
    """Elements asked for "if any" on which the record is silent."""


_CIRCULAR = "TT 02/2024/TT-BKHCN"
_PASSPORT = "Decree 37/2026/NĐ-CP, art. 32"
_DECLARATION = "Decree 37/2026/NĐ-CP, art. 28"
_CIRCULAR_SINCE = date(2024, 6, 1)
_DECREE_SINCE = date(2026, 1, 23)


def _is_vietnamese_code(record: Record) -> bool:
    return record.product.gtin[1:4] == "893"


def _has_identification(record: Record) -> bool:
    product = record.product
    return bool(product.brand or product.model or product.serialised)


ELEMENTS: Sequence[Element] = (
    Element("product-name", _CIRCULAR, _CIRCULAR_SINCE, lambda r: bool(r.product.name)),
    Element("image", _CIRCULAR, _CIRCULAR_SINCE, lambda r: r.facts.photo is not None),
    Element("trader-name", _CIRCULAR, _CIRCULAR_SINCE, lambda r: bool(r.producer.name)),
    Element("trader-address", _CIRCULAR, _CIRCULAR_SINCE, lambda r: bool(r.producer.address)),
    Element("stages", _CIRCULAR, _CIRCULAR_SINCE, lambda r: r.facts.has_stage),
    Element(
        "production-time", _CIRCULAR, _CIRCULAR_SINCE, lambda r: r.facts.has_production_time
    ),
    Element(
        "traceability-code", _CIRCULAR, _CIRCULAR_SINCE,
        lambda r: r.facts.has_lot or r.product.serialised,
    ),
    Element("brand-model-serial", _CIRCULAR, _CIRCULAR_SINCE, _has_identification, if_any=True),
    Element(
        "shelf-life", _CIRCULAR, _CIRCULAR_SINCE, lambda r: bool(r.product.shelf_life),
        if_any=True,
    ),
    Element("standards", _CIRCULAR, _CIRCULAR_SINCE, lambda r: bool(r.product.standards)),
    Element("gtin", _PASSPORT, _DECREE_SINCE, lambda r: bool(r.product.gtin)),
    Element(
        "party-identifier", _PASSPORT, _DECREE_SINCE,
        lambda r: bool(r.producer.gln or r.producer.tax_code),
    ),
    Element("origin-place", _PASSPORT, _DECREE_SINCE, lambda r: bool(r.product.origin_place)),
    Element("certificates", _PASSPORT, _DECREE_SINCE, lambda r: bool(r.product.certificates)),
    Element(
        "safety-warnings", _PASSPORT, _DECREE_SINCE, lambda r: bool(r.product.safety_warnings)
    ),
    Element(
        "management-number", _PASSPORT, _DECREE_SINCE,
        lambda r: bool(r.product.management_number),
    ),
    Element(
        "description", _DECLARATION, _DECREE_SINCE, lambda r: bool(r.product.description),
        applies=_is_vietnamese_code,
    ),
    Element(
        "product-group", _DECLARATION, _DECREE_SINCE, lambda r: bool(r.product.category),
        applies=_is_vietnamese_code,
    ),
    Element(
        "market", _DECLARATION, _DECREE_SINCE, lambda r: bool(r.product.market),
        applies=_is_vietnamese_code,
    ),
)  # fmt: skip


def completeness(record: Record, on: date) -> Completeness:
    """Count the elements that were asked for on a day.

    Elements with "if any" raise score and total together when they are there.
    """
    asked = [each for each in ELEMENTS if each.since <= on and each.applies(record)]
    present = [each for each in asked if each.is_present(record)]
    absent = [each for each in asked if each not in present]
    missing = tuple(Missing(each.code, each.source) for each in absent if not each.if_any)
    return Completeness(
        score=len(present),
        total=len(present) + len(missing),
        present=tuple(each.code for each in present),
        missing=missing,
        not_stated=tuple(Missing(each.code, each.source) for each in absent if each.if_any),
    )


@dataclass(frozen=True, slots=True)
class LegalFields:
    """The seven fields that a consumer must see (Decree 37/2026/NĐ-CP, art. 23)."""

    product_name: str
    image: str | None
    """Digest of the picture."""
    trader_name: str
    trader_address: str
    production_date: date | None
    identification: tuple[tuple[str, str], ...]
    """Brand, model, batch and serial, as far as known: pairs of name and text."""
    expiry: date | str | None
    """The lot's expiry date; else the product's shelf life in words."""


def legal_fields(
    product: Product,
    producer: Party,
    *,
    photo: str | None = None,
    lot: Lot | None = None,
    lot_text: str | None = None,
    serial: str | None = None,
) -> LegalFields:
    """Put together the seven fields of one product, lot or unit.

    Args:
        product: the trade item.
        producer: its producer or importer.
        photo: digest of its picture.
        lot: the lot on record.
        lot_text: the lot as the code says it, where none is on record.
        serial: the serial as the code says it.
    """
    named = {
        "brand": product.brand,
        "model": product.model,
        "lot": lot.lot if lot is not None else lot_text,
        "serial": serial,
    }
    return LegalFields(
        product_name=product.name,
        image=photo,
        trader_name=producer.name,
        trader_address=producer.address,
        production_date=lot.production_date if lot is not None else None,
        identification=tuple((name, text) for name, text in named.items() if text),
        expiry=(lot.expiry_date if lot is not None else None) or product.shelf_life,
    )
