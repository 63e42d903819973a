"""Sentences of what `gs1` reports by code: errors, repairs, hints, kinds of readings and prefixes."""

from collections.abc import Mapping

from app.i18n import N_
from gs1.prefix import PrefixKind
from gs1.reading import ReadingKind

SENTENCES: Mapping[str, str] = {
    "gs1.empty": N_("There is no code."),
    "gs1.too-long": N_("The code is too long."),
    "gs1.not-understood": N_("This text is not a GS1 code."),
    "gs1.brackets": N_("The brackets around the application identifiers are not in order."),
    "gs1.unknown-ai": N_("There is no such application identifier."),
    "gs1.length": N_(
        "The number of characters is not right: a product number has 8, 12, 13 or 14 digits."
    ),
    "gs1.separator": N_(
        "A separator between two parts of the code is missing or not in its place."
    ),
    "gs1.charset": N_("There are characters that cannot be in this part of the code."),
    "gs1.check-digit": N_(
        "The check digit is not right (expected: {expected}). A digit may have been misread or mistyped."
    ),
    "gs1.check-characters": N_("The check characters are not right."),
    "gs1.date": N_("This date does not exist; dates are written year, month, day (YYMMDD)."),
    "gs1.time": N_("This time does not exist."),
    "gs1.country": N_("This is no country code."),
    "gs1.currency": N_("This is no currency code."),
    "gs1.iban": N_("This is no valid IBAN."),
    "gs1.coordinate": N_("The coordinates are out of range."),
    "gs1.coupon": N_("The coupon code is not in order."),
    "gs1.percent-encoding": N_("The percent-encoding is not in order."),
    "gs1.company-prefix": N_("The company prefix is not in order."),
    "gs1.zero": N_("This part must not be zero."),
    "gs1.piece": N_("The piece number or total is not in order."),
    "gs1.code-list": N_("This value is not in the list that GS1 allows here."),
    "gs1.exclusive": N_("Two parts of the code exclude each other."),
    "gs1.requires": N_("A part of the code needs another one beside it that is missing."),
    "gs1.repeated": N_("A part of the code is there twice with different values."),
    "gs1.serial-required": N_("The serial number is missing."),
    "gs1.symbology-missing": N_("The symbology identifier is missing."),
    "gs1.symbology-unknown": N_("This symbology identifier is not one of GS1."),
    "gs1.symbology-data": N_("The content does not fit this kind of symbol."),
    "gs1.link-scheme": N_("A Digital Link begins with https:// or http://."),
    "gs1.link-characters": N_("There are characters that cannot be in a link."),
    "gs1.link-host": N_("The link has no valid host name."),
    "gs1.link-no-key": N_("The link carries no GS1 key."),
    "gs1.link-order": N_("The parts of the link are not in the order of the standard."),
    "gs1.link-empty-value": N_("A part of the link is empty."),
    "gs1.link-repeated": N_("A part of the link is there twice."),
    "gs1.link-attribute": N_("A part of the link cannot stand where it is."),
    "gs1.link-path-only": N_("A part of the link belongs in its path."),
    "gs1.format": N_("The code is not in the expected form."),
    "gs1.no-gtin": N_("The code is well formed but names no trade item (no GTIN)."),
}

LENGTH_OF_PART = N_("The number of characters is not right: this part of the code has {most}.")
OPEN_LENGTH_OF_PART = N_(
    "The number of characters is not right: this part of the code has {least} to {most}."
)
MOST_CHARACTERS = N_("At most {maximum} characters.")
"""In place of the sentence of `gs1.length`, where the error is in the value of an AI, or in all."""

REPAIRS: Mapping[str, str] = {
    "gs1.repaired-blanks": N_("Blanks around the link were left out."),
    "gs1.repaired-scheme": N_("The beginning of the link, {before}, was read as {after}."),
    "gs1.repaired-trailing-slash": N_("A slash at the end of the link was left out."),
    "gs1.repaired-name": N_(
        "The name {before} in the link was read as ({after}); such names are out of use."
    ),
    "gs1.repaired-zeros": N_("The number {before} was filled up with zeros: {after}."),
    "gs1.repaired-upc-e": N_("The short number {before} (UPC-E) was written out: {after}."),
}
"""What was put right while reading."""

HINTS: Mapping[str, str] = {
    "gs1.hint-digit": N_("One digit may be wrong."),
    "gs1.hint-transposition": N_("Two neighbouring digits may have changed places."),
    "gs1.hint-look-alike": N_(
        "A character may have been taken for another that looks the same, such as O for 0."
    ),
    "gs1.hint-leading-zero": N_("The zero in front may have been left out."),
    "gs1.hint-separator": N_("The separator between two parts of the code may be missing."),
}
"""Why a wrong code may have been meant to be another one."""

KINDS: Mapping[ReadingKind, str] = {
    ReadingKind.GTIN: N_("a product number (GTIN)"),
    ReadingKind.SSCC: N_("the number of a logistic unit (SSCC)"),
    ReadingKind.ELEMENT_STRINGS: N_("GS1 element strings"),
    ReadingKind.SCAN_DATA: N_("what a scanner sends"),
    ReadingKind.DIGITAL_LINK: N_("a GS1 Digital Link"),
}

PREFIXES: Mapping[PrefixKind, str] = {
    PrefixKind.COMPANY: N_(
        "Number range licensed through {organisation}; no conclusion about origin."
    ),
    PrefixKind.RESTRICTED_REGION: N_(
        "A number for use inside a region, often with a weight or price in it: not unique in the world, and it names no producer."
    ),
    PrefixKind.RESTRICTED_COMPANY: N_(
        "A number for use inside one company: not unique in the world, and it names no producer."
    ),
    PrefixKind.DEMO: N_(
        "This range is for examples and demonstrations; real goods do not carry it."
    ),
    PrefixKind.EPC_MANAGER: N_("This range is kept for radio tags (EPC), not for products."),
    PrefixKind.RESERVED: N_("This range is reserved; no products are numbered from it."),
    PrefixKind.UNASSIGNED: N_(
        "The range {prefix} is assigned to no organisation in the list of {date}."
    ),
    PrefixKind.UNALLOCATED: N_(
        "The range {prefix} was not seen allocated in the list of {date}; the list may be late."
    ),
    PrefixKind.INVALID: N_("This range is never used: its numbers would read as a GTIN-8."),
    PrefixKind.GTIN_8: N_("A short number (GTIN-8), each one licensed by itself."),
    PrefixKind.ISSN: N_("A newspaper or magazine (ISSN)."),
    PrefixKind.ISBN: N_("A book (ISBN)."),
    PrefixKind.ISMN: N_("Printed music (ISMN)."),
    PrefixKind.REFUND: N_("A refund receipt, not a product."),
    PrefixKind.COUPON: N_("A coupon, not a product."),
}
"""What the range of a number says; never where goods come from."""
