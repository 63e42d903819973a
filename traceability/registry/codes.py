"""GS1 codes at the door of the registry: an error of `gs1` becomes a fault of a field.

>>> gtin("952 0123 45678 8").value
'09520123456788'
>>> cset82("lot", "A/1-b")
'A/1-b'
>>> cset82("lot", "LÔ 1")
Traceback (most recent call last):
traceability.errors.InvalidError: ('gs1.charset', ...)
"""

from gs1.charset import CSET82, first_outside
from gs1.errors import Gs1Error
from gs1.gln import Gln
from gs1.gtin import Gtin, GtinFormat
from gs1.prefix import PrefixKind, lookup
from traceability.errors import Fault, InvalidError

_NOT_FOR_PRODUCTS = frozenset(
    {
        PrefixKind.RESTRICTED_REGION,
        PrefixKind.RESTRICTED_COMPANY,
        PrefixKind.COUPON,
        PrefixKind.REFUND,
        PrefixKind.INVALID,
    }
)
"""What no product in open trade carries. Unallocated, unassigned and demonstration numbers do
occur on goods: they are registered, and each verification says what they are."""


def fault_of(field: str, error: Gs1Error) -> Fault:
    """The same code and arguments, the offending text beside them, for a field of an input."""
    return Fault(field, error.code, {**error.arguments, "value": error.value[:64]})


def gtin(text: str, *, field: str = "gtin") -> Gtin:
    """Read a GTIN of 8, 12, 13 or 14 digits.

    Raises:
        InvalidError: the `gs1.` code of what is wrong.
    """
    try:
        return Gtin.parse(text)
    except Gs1Error as error:
        raise InvalidError([fault_of(field, error)]) from error


def gtin_format(number: Gtin) -> str:
    """How the code is printed, by its name in the GS1 General Specifications: GTIN-13."""
    return f"GTIN-{number.format.value}"


def not_for_products(number: Gtin) -> Fault | None:
    """Why goods in open trade cannot carry this number: `registry.prefix-not-for-products`.

    Its arguments are `prefix`, the deciding first digits, and `meaning`, a
    `gs1.prefix.PrefixKind`.
    """
    found = lookup(number)
    misplaced = found.kind is PrefixKind.GTIN_8 and number.format is not GtinFormat.GTIN_8
    if found.kind not in _NOT_FOR_PRODUCTS and not misplaced:
        return None
    meaning = {"prefix": found.prefix, "meaning": found.kind.value}
    return Fault("gtin", "registry.prefix-not-for-products", meaning)


def company_prefixes(number: Gtin) -> list[str]:
    """Every GS1 Company Prefix that the number could lie under, the longest first.

    A GTIN-8 lies under none: its numbers are issued one by one.

    >>> company_prefixes(Gtin.parse("8934588012341"))[-2:]
    ['89345', '8934']
    """
    if number.format is GtinFormat.GTIN_8:
        return []
    digits = number.value[1:]
    return [digits[:size] for size in range(12, 3, -1)]


def gln(text: str, *, field: str = "gln") -> str:
    """Read a GLN; gives its 13 digits.

    Raises:
        InvalidError: the `gs1.` code of what is wrong.
    """
    try:
        return Gln.parse(text).value
    except Gs1Error as error:
        raise InvalidError([fault_of(field, error)]) from error


def cset82_fault(field: str, text: str) -> Fault | None:
    """What is wrong with a lot or serial number, whose characters are those of set 82."""
    at = first_outside(CSET82, text)
    if at < 0:
        return None
    return Fault(field, "gs1.charset", {"value": text[:64], "position": at, "character": text[at]})


def cset82(field: str, text: str) -> str:
    """The text itself when every character is of set 82 (GS1 General Specifications 7.11).

    Raises:
        InvalidError: `gs1.charset` (value, position, character).
    """
    fault = cset82_fault(field, text)
    if fault is not None:
        raise InvalidError([fault])
    return text
