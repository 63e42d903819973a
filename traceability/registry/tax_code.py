"""The Vietnamese tax code (mã số thuế, MST), the number a firm or a household trades under.

Three kinds are in use. A firm has ten digits, the tenth a check digit; a branch adds `-NNN`;
since July 2025 households and persons use their twelve-digit personal number, which carries no
check digit. People print spaces, dots and forget the hyphen of a branch; inside it is one form.

>>> TaxCode.parse("9999 1000 17").value
'9999100017'
>>> TaxCode.parse("9999100017001")
TaxCode(value='9999100017-001', kind=<TaxCodeKind.BRANCH: 'branch'>)
>>> TaxCode.parse("9999100018")
Traceback (most recent call last):
traceability.errors.InvalidError: ('registry.tax-code-check-digit', ...)
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from traceability.errors import InvalidError

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_BLANKS = re.compile(r"[\s.]+")
_SHAPE = re.compile(r"([0-9]{10})(?:[-‐-―]?([0-9]{3}))?|[0-9]{12}")


class TaxCodeKind(StrEnum):
    ENTERPRISE = "enterprise"
    """Ten digits: a firm, or a household registered before July 2025."""
    BRANCH = "branch"
    """Ten digits of the firm, a hyphen and the branch's three."""
    PERSONAL = "personal"
    """Twelve digits: the personal number of a household's owner."""


@dataclass(frozen=True, slots=True)
class TaxCode:
    """A tax code in its one written form; the check digit is right if an object is returned."""

    value: str
    """As issued: `NNNNNNNNNN`, `NNNNNNNNNN-NNN` or `NNNNNNNNNNNN`."""
    kind: TaxCodeKind

    @classmethod
    def parse(cls, text: str, *, field: str = "tax_code") -> "TaxCode":
        """Read a tax code; spaces and dots are no part of it, the hyphen of a branch may lack.

        Args:
            text: as printed or typed.
            field: name of the input field, for the error.

        Raises:
            InvalidError: `registry.tax-code` (value) when it is not 10, 12 or 13 digits or a
                number that is never issued; `registry.tax-code-check-digit` (value, expected)
                when the tenth digit is wrong.
        """
        compact = _BLANKS.sub("", text)
        match = _SHAPE.fullmatch(compact)
        if match is None or not compact.strip("0"):
            raise InvalidError.of(field, "registry.tax-code", value=text[:40])
        firm, branch = match.groups()
        if firm is None:
            return cls(compact, TaxCodeKind.PERSONAL)
        expected = check_digit(firm[:9])
        if expected is None or branch == "000":
            raise InvalidError.of(field, "registry.tax-code", value=text[:40])
        if firm[9] != expected:
            raise InvalidError.of(
                field, "registry.tax-code-check-digit", value=text[:40], expected=expected
            )
        if branch is not None:
            return cls(f"{firm}-{branch}", TaxCodeKind.BRANCH)
        return cls(firm, TaxCodeKind.ENTERPRISE)

    def __str__(self) -> str:
        return self.value


def check_digit(body: str) -> str | None:
    """The tenth digit for the first nine; None for a body that is never issued.

    It is 10 minus the weighted sum modulo 11, and a sum that would need "10" is left out.

    >>> check_digit("999910001"), check_digit("999900002")
    ('7', None)
    """
    rest = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11
    return None if rest == 0 else str(10 - rest)
