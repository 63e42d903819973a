"""The value of an element string as a reader writes it: a date, a weight, money, a country.

>>> from app.i18n import translator
>>> from gs1 import ElementString
>>> in_words(translator("en"), ElementString("17", "271231"))
'31 December 2027'
>>> in_words(translator("vi"), ElementString("3103", "000195"))
'0,195 kg'
>>> in_words(translator("en"), ElementString("10", "LOT7"))
"""

from datetime import date, datetime

from app.i18n import N_, Translator
from gs1.code_lists import alphabetic
from gs1.element_string import ElementString
from gs1.values import Amount, Country, Measure, Percentage, Period, interpret


def in_words(translate: Translator, element: ElementString) -> str | None:
    """The meaning of a value that passed its checks; None where it says it best itself."""
    match interpret(element):
        case Measure(value, unit):
            return f"{translate.number(value)} {unit}"
        case Amount(value, currency):
            # Money as the code has it, not rounded to what the currency is paid in.
            letters = alphabetic("currency", currency) if currency else None
            return f"{translate.number(value)} {letters or ''}".rstrip()
        case Percentage(value):
            return f"{translate.number(value)} %"
        case Country(_, alpha2):
            return str(translate.locale.territories[alpha2]) if alpha2 else None
        case Period(first, last):
            return translate.text(N_("{first} to {last}"), first=first, last=last)
        case datetime() as moment:
            # The clock of the place where the code was made: no zone to convert from.
            return f"{translate.date(moment.date())}, {moment:%H:%M}"
        case date() as day:
            return translate.date(day)
        case _:
            return None
