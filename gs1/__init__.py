"""What a GS1 code says: identifiers, element strings, scan data and Digital Links, both ways.

>>> import gs1
>>> reading = gs1.read("(01)09520123456788(17)271231(10)LOT7")
>>> reading.keys.gtin, reading.keys.expiry.isoformat(), reading.keys.lot
(Gtin(value='09520123456788'), '2027-12-31', 'LOT7')
>>> reading.as_digital_link("https://example.com")
'https://example.com/01/09520123456788/10/LOT7?17=271231'
>>> reading.as_element_string()
'01095201234567881727123110LOT7'

The value types cannot hold a wrong value:

>>> gs1.Gtin.parse("9520123456788").as_gtin_14()
'09520123456788'
>>> gs1.Gtin.parse("9520123456789")
Traceback (most recent call last):
gs1.errors.Gs1Error: gs1.check-digit: '9520123456789' (expected='8', test='INCORRECT_CHECK_DIGIT')

A prefix says who licensed a number, not where the goods come from:

>>> gs1.prefix.lookup("8937000000009").kind.value
'unallocated'

More stands in `gs1.keys` (GRAI, GIAI …), `gs1.values` (measures, amounts, dates), `gs1.hints` (what
a wrong code may have been meant to be), `gs1.epc` (EPC URNs), `gs1.upc` (UPC-E), `gs1.publication`
(ISBN, ISSN, ISMN), `gs1.compression` (short links), `gs1.variable_measure` and
`gs1.company_prefix`.

Nothing but `Gs1Error` is raised, on any text, and the time taken grows linearly with its length.
Only the standard library is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from gs1 import check_digit, hri, prefix, upc
from gs1.ai import ApplicationIdentifier
from gs1.ai import find as find_ai
from gs1.digital_link import REPAIRS, DigitalLink, Repair
from gs1.digital_link import build as build_digital_link
from gs1.digital_link import parse as parse_digital_link
from gs1.element_string import FNC1, ElementString, as_bracketed, as_element_string
from gs1.element_string import parse as parse_element_strings
from gs1.errors import CODES, Gs1Error
from gs1.gln import Gln
from gs1.gtin import Gtin, GtinFormat
from gs1.prefix import PrefixInfo, PrefixKind
from gs1.reading import Keys, Reading, ReadingKind, read
from gs1.sscc import Sscc
from gs1.symbology import ScanData
from gs1.symbology import parse as parse_scan_data

if TYPE_CHECKING:
    from types import ModuleType

    from gs1 import (
        company_prefix,
        compression,
        epc,
        hints,
        keys,
        publication,
        values,
        variable_measure,
    )

__all__ = [
    "CODES",
    "FNC1",
    "REPAIRS",
    "ApplicationIdentifier",
    "DigitalLink",
    "ElementString",
    "Gln",
    "Gs1Error",
    "Gtin",
    "GtinFormat",
    "Keys",
    "PrefixInfo",
    "PrefixKind",
    "Reading",
    "ReadingKind",
    "Repair",
    "ScanData",
    "Sscc",
    "as_bracketed",
    "as_element_string",
    "build_digital_link",
    "check_digit",
    "company_prefix",
    "compression",
    "epc",
    "find_ai",
    "hints",
    "hri",
    "keys",
    "parse_digital_link",
    "parse_element_strings",
    "parse_scan_data",
    "prefix",
    "publication",
    "read",
    "upc",
    "values",
    "variable_measure",
]

# Not needed to read a code, so they are imported at first use.
_LATER = frozenset(
    (
        "company_prefix",
        "compression",
        "epc",
        "hints",
        "keys",
        "publication",
        "values",
        "variable_measure",
    )
)


def __getattr__(name: str) -> "ModuleType":
    """Import a module of this package at first use."""
    if name in _LATER:
        return import_module(f"gs1.{name}")
    raise AttributeError(f"module 'gs1' has no attribute {name!r}")
