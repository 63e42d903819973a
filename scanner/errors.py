"""What goes wrong while a picture is read or a label is drawn.

Everything this package raises is a `ScannerError`. It says *what* by a stable `code` and *with
what* by `arguments`; sentences for people are made elsewhere, by language.

>>> error = ScannerError("scanner.too-large", size=31_457_280, limit=20_971_520)
>>> error.code, error.arguments["limit"]
('scanner.too-large', 20971520)
>>> print(error)
scanner.too-large (size=31457280, limit=20971520)

The tree is flat on purpose: callers look at the code, not at the class.

    Exception
    `-- ScannerError

A picture without a barcode is no error but a `Reading` without symbols.
"""

CODES = (
    # The picture is at fault.
    "scanner.not-an-image",
    "scanner.format",
    "scanner.too-large",
    "scanner.too-many-pixels",
    "scanner.too-small",
    "scanner.truncated",
    # The service is at fault, or the picture meant harm.
    "scanner.busy",
    "scanner.timeout",
    "scanner.crashed",
    "scanner.memory",
    "scanner.stopped",
    # A symbol cannot be drawn as asked.
    "scanner.key",
    "scanner.size-below-standard",
    "scanner.size-above-standard",
    "scanner.resolution",
    "scanner.content",
    "scanner.element-string",
    "scanner.empty",
    "scanner.unreadable-label",
    "scanner.symbol-not-for-use",
    "scanner.label-too-small",
)
"""Every code an error of this package can have: the list that needs a sentence in each language."""


class ScannerError(Exception):
    """A picture that cannot be read within bounds, or a symbol that cannot be drawn."""

    code: str
    """Stable identity, one of `CODES`."""

    arguments: dict[str, str | int | float]
    """Facts for the sentence: `size` and `limit` in bytes or pixels, `format`, `seconds` …"""

    def __init__(self, code: str, **arguments: str | int | float) -> None:
        """Keep the facts; the message is for developers and logs only."""
        super().__init__(code)
        self.code = code
        self.arguments = arguments

    def __str__(self) -> str:
        """Return the code, and the arguments in brackets."""
        facts = ", ".join(f"{name}={fact!r}" for name, fact in self.arguments.items())
        return f"{self.code} ({facts})" if facts else self.code
