"""What an Application Identifier announces, in words; a rare one keeps its GS1 data title.

>>> from app.i18n import translator
>>> title_of(translator("en"), "17")
'Expiry date'
>>> title_of(translator("en"), "3103"), title_of(translator("en"), "7005")
('Net weight', 'CATCH AREA')
"""

from collections.abc import Mapping
from typing import NamedTuple

from app.i18n import N_, Translator
from gs1.ai import find


class Words(NamedTuple):
    title: str
    meaning: str = ""
    """One more sentence, where the title leaves a question."""


_PLACES = {
    "410": Words(N_("Place to deliver to (GLN)")),
    "411": Words(N_("Party that gets the bill (GLN)")),
    "412": Words(N_("Party the goods were bought from (GLN)")),
    "413": Words(N_("Place to send the goods on to (GLN)")),
    "414": Words(N_("Place (GLN)"), N_("A building, a field, a room or a shelf.")),
    "415": Words(N_("Party to be paid (GLN)")),
    "416": Words(N_("Place of production or service (GLN)")),
    "417": Words(N_("Party (GLN)"), N_("A company or a part of it.")),
    "254": Words(N_("Addition to a location number"), N_("A finer place within the location.")),
}

_TIMES = {
    "11": Words(N_("Production date")),
    "12": Words(N_("Due date of the payment")),
    "13": Words(N_("Packaging date")),
    "15": Words(N_("Best before date"), N_("Until this day the quality is what was promised.")),
    "16": Words(N_("Sell by date")),
    "17": Words(N_("Expiry date"), N_("Not to be used after this day.")),
    "7003": Words(N_("Expiry date and time"), N_("Not to be used after this time.")),
    "7006": Words(N_("Date of first freezing")),
    "7007": Words(N_("Harvest date")),
    "8008": Words(N_("Production date and time")),
}

_AMOUNTS = {
    "30": Words(N_("Number of items")),
    "37": Words(N_("Number of items inside"), N_("How many of the product a logistic unit holds.")),
    "310": Words(N_("Net weight")),
    "311": Words(N_("Length")),
    "315": Words(N_("Net volume")),
    "330": Words(N_("Gross weight")),
    "390": Words(N_("Amount to pay"), N_("In the money of the place.")),
    "391": Words(N_("Amount to pay, with its currency")),
    "392": Words(N_("Price"), N_("In the money of the place.")),
    "393": Words(N_("Price, with its currency")),
    "394": Words(N_("Discount in per cent")),
    "395": Words(N_("Price of one unit of measure")),
}

TITLES: Mapping[str, Words] = {
    **_PLACES,
    **_TIMES,
    **_AMOUNTS,
    "00": Words(
        N_("Number of a logistic unit (SSCC)"),
        N_("One pallet, box or parcel on its way; no other one has this number."),
    ),
    "01": Words(
        N_("Product number (GTIN)"), N_("Names the kind of product; every item of it has the same.")
    ),
    "02": Words(N_("Product number of the contents (GTIN)"), N_("What a logistic unit holds.")),
    "10": Words(N_("Batch or lot number"), N_("Goods that were made or packed together.")),
    "20": Words(N_("Variant of the product")),
    "21": Words(N_("Serial number"), N_("Tells one item from all others of the product.")),
    "22": Words(N_("Consumer product variant"), N_("A small change that kept the product number.")),
    "235": Words(N_("Serial number given by a third party")),
    "240": Words(N_("Further product number of the producer")),
    "241": Words(N_("Part number of the customer")),
    "250": Words(N_("Second serial number")),
    "253": Words(N_("Document number (GDTI)")),
    "255": Words(N_("Coupon number (GCN)")),
    "400": Words(N_("Order number of the customer")),
    "401": Words(N_("Consignment number (GINC)"), N_("What a forwarder carries together.")),
    "402": Words(N_("Shipment number (GSIN)"), N_("What a seller sends to a buyer together.")),
    "403": Words(N_("Routing code")),
    "420": Words(N_("Postal code to deliver to")),
    "421": Words(N_("Country and postal code to deliver to")),
    "422": Words(
        N_("Country of origin"),
        N_("As the maker of the code states it; it does not follow from the product number."),
    ),
    "423": Words(N_("Country of first processing")),
    "426": Words(N_("Country of all processing")),
    "8003": Words(N_("Returnable asset (GRAI)"), N_("A crate, keg or pallet that comes back.")),
    "8004": Words(N_("Asset (GIAI)"), N_("One thing that belongs to a company.")),
    "8006": Words(
        N_("Piece of a product (ITIP)"), N_("Product number, which piece, and of how many.")
    ),
    "8010": Words(N_("Component or part (CPID)")),
    "8013": Words(N_("Model number (GMN)")),
    "8017": Words(N_("Provider of a service (GSRN)")),
    "8018": Words(N_("Recipient of a service (GSRN)")),
    "8020": Words(N_("Reference of a payment slip")),
    "8200": Words(N_("Web address of the packaging")),
    "90": Words(N_("Agreed between partners")),
    **{f"9{n}": Words(N_("For use inside a company")) for n in range(1, 10)},
}
"""By AI; measures and amounts by the first three digits, as the fourth only counts decimals."""


def words_of(ai: str) -> Words | None:
    """The words of an AI, None for one that keeps its GS1 title."""
    return TITLES.get(ai) or (TITLES.get(ai[:3]) if _has_decimals(ai) else None)


def _has_decimals(ai: str) -> bool:
    info = find(ai)
    return info is not None and info.decimals is not None


def title_of(translate: Translator, ai: str) -> str:
    """The title of an AI in the reader's language, else the GS1 data title, else nothing."""
    words, info = words_of(ai), find(ai)
    if words is not None:
        return translate.text(words.title)
    return info.title if info is not None else ""
