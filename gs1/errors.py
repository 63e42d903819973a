"""What goes wrong while reading a code.

Everything this package raises is a `Gs1Error`, on any input. The error says *what* by a stable
`code`, *where* by a `span` into `value`, and *with what* by `arguments`; sentences for people are
made elsewhere, by language, from the code and the arguments.

>>> from gs1 import Gtin
>>> try:
...     Gtin.parse("9520123456789")
... except Gs1Error as error:
...     print(error.code, error.span, error.marked, error.arguments["expected"])
gs1.check-digit (12, 13) 952012345678|9| 8

The tree is flat on purpose: callers look at the code, not at the class.

    Exception
    `-- Gs1Error
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gs1.element_string import ElementString

CODES = (
    "gs1.empty",
    "gs1.too-long",
    "gs1.not-understood",
    "gs1.brackets",
    "gs1.unknown-ai",
    "gs1.length",
    "gs1.separator",
    "gs1.charset",
    "gs1.check-digit",
    "gs1.check-characters",
    "gs1.date",
    "gs1.time",
    "gs1.country",
    "gs1.currency",
    "gs1.iban",
    "gs1.coordinate",
    "gs1.coupon",
    "gs1.percent-encoding",
    "gs1.company-prefix",
    "gs1.zero",
    "gs1.piece",
    "gs1.code-list",
    "gs1.exclusive",
    "gs1.requires",
    "gs1.repeated",
    "gs1.serial-required",
    "gs1.symbology-missing",
    "gs1.symbology-unknown",
    "gs1.symbology-data",
    "gs1.link-scheme",
    "gs1.link-characters",
    "gs1.link-host",
    "gs1.link-no-key",
    "gs1.link-order",
    "gs1.link-empty-value",
    "gs1.link-repeated",
    "gs1.link-attribute",
    "gs1.link-path-only",
    "gs1.format",
)
"""Every code an error of this package can have: the list that needs a sentence in each language."""


class Gs1Error(Exception):
    """A text that is not what it should be under the GS1 standards."""

    code: str
    """Stable identity, one of `CODES`."""

    value: str
    """The text the span counts in: the value of one AI, or the whole input."""

    span: tuple[int, int] | None
    """First and one-past-last offending character of `value`; None when it is the whole."""

    arguments: dict[str, str | int]
    """Facts for the sentence: `ai`, `expected`, `test` (the name in the Syntax Dictionary) …"""

    elements: tuple[ElementString, ...]
    """The element strings that were good before this error was met."""

    def __init__(
        self,
        code: str,
        value: str = "",
        span: tuple[int, int] | None = None,
        elements: tuple[ElementString, ...] = (),
        **arguments: str | int,
    ) -> None:
        """Keep the facts; the message is for developers and logs only."""
        super().__init__(code)
        self.code = code
        self.value = value
        self.span = span
        self.elements = elements
        self.arguments = arguments

    def __str__(self) -> str:
        """Return the code, the first 60 characters of the value by repr, and the arguments."""
        shown = repr(self.value[:60]) + ("…" if len(self.value) > 60 else "")
        facts = ", ".join(f"{name}={fact!r}" for name, fact in self.arguments.items())
        return f"{self.code}: {shown}" + (f" ({facts})" if facts else "")

    @property
    def marked(self) -> str:
        """The value with the offending span between bars: ``952012345678|6|``."""
        start, end = self.span if self.span is not None else (0, len(self.value))
        return f"{self.value[:start]}|{self.value[start:end]}|{self.value[end:]}"
