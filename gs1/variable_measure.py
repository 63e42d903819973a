"""Variable-measure numbers: price or weight inside a restricted number, by a national rule.

Numbers under 02 and 20 to 29 mean what the rule of a country or a chain says, so the rules are
given by the caller. A rule is a layout of 13 characters: digits that must match, ``I`` item
reference, ``V`` price check digit, ``M`` measure, ``C`` check digit.

>>> weight_in_kg = Rule("23IIIIIMMMMMC", MeasureKind.WEIGHT, decimals=3)
>>> found = parse(Gtin.parse("2312345007506"), [weight_in_kg])
>>> found.item, found.value
('12345', Decimal('0.750'))
>>> found.without_measure()
Gtin(value='02312345000002')
>>> price_check_digit("2875"), price_check_digit("14685")
('9', '6')
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gs1 import check_digit
from gs1.charset import is_numeric
from gs1.errors import Gs1Error
from gs1.gtin import Gtin

# Weighted digits of GS1 General Specifications 7.9.2: what 0 to 9 become under each weight.
_TWO_MINUS = (0, 2, 4, 6, 8, 9, 1, 3, 5, 7)
_THREE = (0, 3, 6, 9, 2, 5, 8, 1, 4, 7)
_FIVE_PLUS = (0, 5, 1, 6, 2, 7, 3, 8, 4, 9)
_FIVE_MINUS = (0, 5, 9, 4, 8, 3, 7, 2, 6, 1)
_FOUR_DIGITS = (_TWO_MINUS, _TWO_MINUS, _THREE, _FIVE_MINUS)
_FIVE_DIGITS = (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)


class MeasureKind(enum.StrEnum):
    """What the measure of a rule is."""

    PRICE = "price"
    WEIGHT = "weight"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a country or a chain uses some of the restricted numbers."""

    layout: str
    """13 characters: digits, I, V, M and one C at the end."""

    kind: MeasureKind
    """What is measured."""

    decimals: int
    """Digits of the measure behind the decimal point; the unit is the caller's."""

    def __post_init__(self) -> None:
        """Refuse a layout that is none."""
        if len(self.layout) != 13 or not self.layout.endswith("C") or "M" not in self.layout:
            raise Gs1Error("gs1.format", self.layout[:100], expected="13 of 0-9 I V M, then C")

    def matches(self, number: str) -> bool:
        """Return whether 13 digits have the digits of the layout."""
        pairs = zip(self.layout, number, strict=True)
        return all(place == digit for place, digit in pairs if place.isdigit())

    def part(self, number: str, place: str) -> str:
        """Return the digits of 13 that stand at a letter of the layout."""
        pairs = zip(self.layout, number, strict=True)
        return "".join(digit for letter, digit in pairs if letter == place)


@dataclass(frozen=True, slots=True)
class VariableMeasure:
    """What a rule reads in a number."""

    gtin: Gtin
    """The whole number."""

    rule: Rule
    """The rule that matched."""

    item: str
    """The item reference, meaningful only where the rule is used."""

    value: Decimal
    """Price, weight or count, in the unit of the rule."""

    def without_measure(self) -> Gtin:
        """Return the number with zeros in place of the measure: the same for all of an item."""
        digits = zip(self.rule.layout, self.gtin.value[1:], strict=True)
        payload = "".join("0" if place in "MV" else digit for place, digit in digits)[:12]
        return Gtin(f"0{payload}{check_digit.compute(payload)}")


def parse(gtin: Gtin, rules: Iterable[Rule]) -> VariableMeasure | None:
    """Return what the first matching rule reads, None when none matches.

    Raises:
        Gs1Error: gs1.check-digit when the price check digit is wrong.
    """
    number = gtin.value[1:]
    for rule in rules:
        if gtin.indicator or not rule.matches(number):
            continue
        measure, check = rule.part(number, "M"), rule.part(number, "V")
        if check and price_check_digit(measure) != check:
            at = rule.layout.index("V")
            raise Gs1Error("gs1.check-digit", number, (at, at + 1), test="PRICE_CHECK_DIGIT")
        value = Decimal(measure).scaleb(-rule.decimals)
        return VariableMeasure(gtin, rule, rule.part(number, "I"), value)
    return None


def price_check_digit(measure: str) -> str:
    """Return the check digit of a price or weight of four or five digits.

    Raises:
        Gs1Error: gs1.charset, gs1.length.
    """
    if not is_numeric(measure):
        raise Gs1Error("gs1.charset", measure[:100])
    if len(measure) not in (4, 5):
        raise Gs1Error("gs1.length", measure[:100], expected=5, found=len(measure))
    weights = _FOUR_DIGITS if len(measure) == 4 else _FIVE_DIGITS
    total = sum(table[int(digit)] for table, digit in zip(weights, measure, strict=True))
    if len(measure) == 4:
        return str(total * 3 % 10)
    return str(_FIVE_MINUS.index(-total % 10))
