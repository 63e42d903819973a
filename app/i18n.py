"""Two languages: Vietnamese first, English complete.

Source strings are English msgids; `locale/vi/*.po` hold the Vietnamese. Catalogues are read from
the .po files themselves, so nothing has to be compiled before the service starts.

>>> translator("vi").text("Log in")
'Đăng nhập'
>>> translator("en").date(date(2026, 11, 23))
'23 November 2026'
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from traceability.clock import VIETNAM

LANGUAGES = ("vi", "en")
DEFAULT = "vi"
LOCALE_FOLDER = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "translate this later"
    return message


class Translator:
    """Text, dates and numbers of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        # en_GB: day before month, as Vietnamese readers of English expect.
        self.locale = Locale.parse("en_GB" if language == "en" else language)
        self._messages = _messages(language)

    def text(self, message: str, /, **arguments: Any) -> str:
        """The sentence in this language, `{name}` filled in; the msgid where there is none."""
        sentence = self._messages.get(message, (message,))[0]
        return sentence.format_map(self._shown(arguments)) if arguments else sentence

    def count(self, singular: str, plural: str, n: int, /, **arguments: Any) -> str:
        forms = self._messages.get(singular)
        if forms is None:
            forms = (singular, plural)
        sentence = forms[-1] if n != 1 else forms[0]
        return sentence.format_map(self._shown({"n": n, **arguments}))

    def _shown(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {name: self.show(value) for name, value in arguments.items()}

    def show(self, value: Any) -> str:
        """A value as this language writes it."""
        match value:
            case bool() | str():
                return str(value)
            case datetime():
                return self.time(value)
            case date():
                return self.date(value)
            case int() | Decimal():
                return self.number(value)
            case float():
                return self.number(Decimal(f"{value:.6g}"))
            case None:
                return "–"
            case list() | tuple() | set() | frozenset():
                return ", ".join(self.show(v) for v in value)
            case _:
                return str(value)

    def date(self, value: date) -> str:
        return format_date(
            value, format="d/M/y" if self.language == "vi" else "long", locale=self.locale
        )

    def time(self, value: datetime) -> str:
        """In Vietnam's zone, to the minute."""
        pattern = "HH:mm d/M/y" if self.language == "vi" else "d MMM y, HH:mm"
        return format_datetime(value, format=pattern, tzinfo=VIETNAM, locale=self.locale)

    def number(self, value: Decimal | int) -> str:
        return format_decimal(value, locale=self.locale, decimal_quantization=False)

    def money(self, value: Decimal, currency: str = "VND") -> str:
        return format_currency(value, currency, locale=self.locale)


@cache
def translator(language: str) -> Translator:
    return Translator(language)


@cache
def _messages(language: str) -> dict[str, tuple[str, ...]]:
    messages: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALE_FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                msgid, texts = _forms(message.id)[0], _forms(message.string)
                if msgid and all(texts) and not message.fuzzy:
                    messages[msgid] = texts
    return messages


def _forms(text: object) -> tuple[str, ...]:
    """One form of a message, or its plural forms."""
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text or ""),)


@lru_cache(maxsize=256)
def negotiate(accept_language: str | None) -> str:
    """The language of an Accept-Language header, Vietnamese where it says nothing we speak.

    >>> negotiate("en-GB,en;q=0.9"), negotiate("fr"), negotiate(None), negotiate("en;q=0.2, vi")
    ('en', 'vi', 'vi', 'vi')
    """
    wanted = _by_quality((accept_language or "")[:200])
    return negotiate_locale(wanted, LANGUAGES, sep="-") or DEFAULT


def _by_quality(header: str) -> Sequence[str]:
    wanted = []
    for place, part in enumerate(header.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), place, tag.strip()))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(wanted)]
