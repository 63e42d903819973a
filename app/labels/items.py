"""From what is registered to what stands on a label."""

from datetime import date

from sqlmodel import Session

from app.i18n import N_, translator
from gs1 import ElementString, Gtin, build_digital_link
from scanner.item import Item
from traceability.actor import MEMBERS, Actor
from traceability.errors import NotFoundError
from traceability.registry import goods_repository, products
from traceability.registry.models import Lot, Product


def labelled_product(session: Session, actor: Actor, product_id: int) -> Product:
    """A product the actor may print labels of: an authority any, members those they may use.

    Raises:
        NotFoundError: `registry.product-unknown`.
    """
    product = products.get_product(session, actor, product_id)
    if actor.role in MEMBERS and not products.may_use(session, actor, product):
        raise NotFoundError("registry.product-unknown", product_id=product_id)
    return product


def registered_lot(session: Session, product: Product, text: str | None) -> Lot | None:
    """The lot of that number; only what is registered is printed.

    Raises:
        NotFoundError: `registry.lot-unknown` (gtin, lot).
    """
    if not text:
        return None
    found = goods_repository.lot_of_product(session, product.id or 0, text)
    if found is None:
        raise NotFoundError("registry.lot-unknown", gtin=product.gtin, lot=text)
    return found


def check_serial(session: Session, product: Product, serial: str | None) -> None:
    """Refuse a serial that is not registered.

    Raises:
        NotFoundError: `registry.serial-unknown` (gtin, serial).
    """
    asked = [serial] if serial else []
    if serial not in goods_repository.serials_on_record(session, product.id or 0, asked) and asked:
        raise NotFoundError("registry.serial-unknown", gtin=product.gtin, serial=serial)


class Labelling:
    """Makes the items of one product: what stays the same is worked out once."""

    def __init__(self, public_url: str, product: Product, language: str) -> None:
        self._gtin = Gtin.parse(product.gtin)
        self._name = product.name
        self._public_url = public_url
        self._translate = translator(language)

    def item(self, lot: str | None, serial: str | None, expiry: date | None) -> Item:
        """What one label says."""
        text = self._translate.text
        notes = (
            text(N_("Lot: {lot}"), lot=lot) if lot else None,
            text(N_("Best before: {date}"), date=expiry) if expiry else None,
        )
        return Item(
            self._gtin.printed, digital_link(self._public_url, self._gtin, lot, serial), self._name,
            lot, serial, expiry, tuple(note for note in notes if note),
        )  # fmt: skip


def digital_link(public_url: str, gtin: Gtin, lot: str | None, serial: str | None) -> str:
    """The address of a product, lot or item at this installation."""
    keys = (("01", gtin.value), ("10", lot), ("21", serial))
    elements = [ElementString(ai, value) for ai, value in keys if value]
    return build_digital_link(elements, stem=public_url)
