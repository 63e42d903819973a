"""The identification keys beside GTIN, GLN and SSCC, as values that cannot be wrong.

>>> grai = Grai("0952000000000442")
>>> grai.asset_type, grai.serial
('9520000000004', '42')
>>> Gmn.parse("1987654Ad4X4bL5ttr2310c2K").as_digital_link()
'https://id.gs1.org/8013/1987654Ad4X4bL5ttr2310c2K'
>>> Itip("095201234567880102").piece, Itip("095201234567880102").total
(1, 2)

Each key is what its Application Identifier allows, no more: the checks are those of the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from gs1.ai import TABLE
from gs1.digital_link import CANONICAL_STEM, build
from gs1.element_string import BLANKS, ElementString, refuse
from gs1.gtin import Gtin


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A value that passed the checks of the Application Identifier of its class."""

    ai: ClassVar[str]
    """The Application Identifier that announces the key."""

    value: str
    """The key as it stands behind its AI."""

    def __post_init__(self) -> None:
        """Refuse a value that the AI does not allow."""
        info = TABLE[self.ai]
        fault = info.check(self.value)
        if fault is not None:
            raise refuse(info, self.value[:100], fault)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key of a text; blanks around it are skipped.

        Raises:
            Gs1Error: what the checks of the AI found.
        """
        return cls(text.strip(BLANKS))

    def __str__(self) -> str:
        """Return the key as it stands behind its AI."""
        return self.value

    def as_element_string(self) -> ElementString:
        """Return the key behind its AI."""
        return ElementString(self.ai, self.value)

    def as_digital_link(self, stem: str = CANONICAL_STEM) -> str:
        """Return the Digital Link of the key."""
        return build((self.as_element_string(),), stem)


class Grai(Key):
    """Global Returnable Asset Identifier: a kind of crate or keg, and which one."""

    __slots__ = ()
    ai = "8003"

    @property
    def asset_type(self) -> str:
        """13 digits, without the zero in front."""
        return self.value[1:14]

    @property
    def serial(self) -> str | None:
        """Which one of its kind, None when only the kind is meant."""
        return self.value[14:] or None


class Giai(Key):
    """Global Individual Asset Identifier: one asset of a company."""

    __slots__ = ()
    ai = "8004"


class GsrnProvider(Key):
    """Global Service Relation Number of one who provides a service."""

    __slots__ = ()
    ai = "8017"


class GsrnRecipient(Key):
    """Global Service Relation Number of one who receives a service."""

    __slots__ = ()
    ai = "8018"


class Gdti(Key):
    """Global Document Type Identifier: a kind of document, and which one."""

    __slots__ = ()
    ai = "253"

    @property
    def document_type(self) -> str:
        """13 digits."""
        return self.value[:13]

    @property
    def serial(self) -> str | None:
        """Which one of its kind, None when only the kind is meant."""
        return self.value[13:] or None


class Gcn(Key):
    """Global Coupon Number: a coupon, and which one."""

    __slots__ = ()
    ai = "255"

    @property
    def coupon(self) -> str:
        """13 digits."""
        return self.value[:13]

    @property
    def serial(self) -> str | None:
        """Which one, None when all of them are meant."""
        return self.value[13:] or None


class Ginc(Key):
    """Global Identification Number for Consignment: what a forwarder carries together."""

    __slots__ = ()
    ai = "401"


class Gsin(Key):
    """Global Shipment Identification Number: what a seller sends to a buyer together."""

    __slots__ = ()
    ai = "402"


class Cpid(Key):
    """Component or Part Identifier."""

    __slots__ = ()
    ai = "8010"


class Gmn(Key):
    """Global Model Number: a product family, as medical devices have."""

    __slots__ = ()
    ai = "8013"


class Itip(Key):
    """Individual Trade Item Piece: one piece of an item that comes in several."""

    __slots__ = ()
    ai = "8006"

    @property
    def gtin(self) -> Gtin:
        """The whole item."""
        return Gtin(self.value[:14])

    @property
    def piece(self) -> int:
        """Which piece, from 1."""
        return int(self.value[14:16])

    @property
    def total(self) -> int:
        """How many pieces there are."""
        return int(self.value[16:])
