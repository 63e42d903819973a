"""What the law asks of an invoice on its day: dated rows, each with its source.

A rule of today does not judge an invoice of last year. Each row holds from its first day to its
last, says where it is written and how surely it is known, and is data: a new decree is new rows.
A departure from a rule is a remark for a person, never a reason to refuse a file.

>>> [(r.value, r.source) for r in rules_on("vat-reduced", date(2025, 7, 1))]
[('8%', 'Resolution 204/2025/QH15')]
>>> rules_on("vat-reduced", date(2023, 3, 1))
()
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from traceability.errors import InvalidError
from traceability.invoices.symbol import InvoiceKey
from traceability.registry.tax_code import TaxCode


class Sureness(StrEnum):
    TEXT = "T"
    """The official text was read."""
    SECONDARY = "S"
    """Other texts say so."""
    KNOWLEDGE = "K"
    """Common knowledge of the trade, not looked up."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what holds on the days between its dates, both included."""

    subject: str
    value: str
    valid_from: date
    valid_to: date
    source: str
    sure: Sureness

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


_T, _S, _K = Sureness.TEXT, Sureness.SECONDARY, Sureness.KNOWLEDGE
_BEGIN, _END = date(2015, 1, 1), date(2099, 12, 31)
_SUMMER_2025, _JULY_2025 = date(2025, 6, 1), date(2025, 7, 1)
_YEAR_2026, _JULY_2026 = date(2026, 1, 1), date(2026, 7, 1)
_DECISION_1450, _DECISION_1510 = date(2021, 10, 7), date(2022, 9, 21)
_CIRCULAR_78 = "Circular 78/2021/TT-BTC"
_CIRCULAR_32 = "Circular 32/2025/TT-BTC"
_VAT_LAW = "Law on value added tax"
_DECISION_1450_TEXT = "Decision 1450/QĐ-TCT"


def _rows() -> Iterator[Rule]:
    yield from (
        Rule("basis", "123/2020/NĐ-CP, 78/2021/TT-BTC", _BEGIN, date(2025, 5, 31),
             "Decree 123/2020/NĐ-CP", _T),
        Rule("basis", "123/2020/NĐ-CP, 70/2025/NĐ-CP, 32/2025/TT-BTC", _SUMMER_2025,
             date(2026, 6, 30), "Decree 70/2025/NĐ-CP", _T),
        Rule("basis", "254/2026/NĐ-CP, 91/2026/TT-BTC", _JULY_2026, _END,
             "Decree 254/2026/NĐ-CP", _T),
        Rule("version", "2.0.0", _BEGIN, _END, _DECISION_1450_TEXT, _T),
        Rule("version", "2.0.1", _DECISION_1510, _END, "Decision 1510/QĐ-TCT", _T),
        Rule("version", "2.1.0", _SUMMER_2025, _END, "Technical rules of 30 May 2025", _T),
    )  # fmt: skip
    for form in "123456":
        yield Rule("form", form, _BEGIN, _END, _CIRCULAR_78, _S)
    for form in "789":
        yield Rule("form", form, _YEAR_2026, _END, "Forms 7 to 9, in use since 2026", _S)
    for kind in "TDLMNBGH":
        yield Rule("kind", kind, _BEGIN, _END, _CIRCULAR_78, _S)
    for kind in "XF":
        yield Rule("kind", kind, _SUMMER_2025, _END, _CIRCULAR_32, _K)
    for rate in ("0%", "5%", "10%", "KCT", "KKKNT", "KHAC"):
        yield Rule("vat", rate, _BEGIN, _END, _VAT_LAW, _S)
    for first, last, source in _REDUCED:
        yield Rule("vat-reduced", "8%", first, last, source, _S)
    for kind in ("enterprise", "branch"):
        yield Rule("tax-code", kind, _BEGIN, _END, "Circular 105/2020/TT-BTC", _K)
    yield Rule("tax-code", "personal", _JULY_2025, _END, "Circular 86/2024/TT-BTC", _K)
    # A delivery note (6) may state no total; forms 7 to 9 are too new to know.
    for form in "12":
        yield Rule("total", form, _BEGIN, _END, _DECISION_1450_TEXT, _T)
    yield Rule("lump-sum", "household", _BEGIN, date(2025, 12, 31), "Resolution 198/2025/QH15", _K)
    yield Rule("cash-register", "household", _SUMMER_2025, _END, "Decree 70/2025/NĐ-CP", _K)


_REDUCED = (
    (date(2022, 2, 1), date(2022, 12, 31), "Resolution 43/2022/QH15"),
    (date(2023, 7, 1), date(2023, 12, 31), "Resolution 101/2023/QH15"),
    (date(2024, 1, 1), date(2024, 6, 30), "Resolution 110/2023/QH15"),
    (date(2024, 7, 1), date(2024, 12, 31), "Resolution 142/2024/QH15"),
    (date(2025, 1, 1), date(2025, 6, 30), "Resolution 174/2024/QH15"),
    (date(2025, 7, 1), date(2026, 12, 31), "Resolution 204/2025/QH15"),
)
"""Half years in which 8% stood for 10%; there were none from January to June 2023."""

RULES = tuple(_rows())

_BY_SUBJECT: Mapping[str, tuple[Rule, ...]] = {
    subject: tuple(rule for rule in RULES if rule.subject == subject)
    for subject in dict.fromkeys(rule.subject for rule in RULES)
}
DEPARTURES = (
    "invoices.rule-version",
    "invoices.rule-form",
    "invoices.rule-kind",
    "invoices.rule-year",
    "invoices.rule-vat",
    "invoices.rule-tax-code",
    "invoices.rule-authority-code",
)
"""Every code of a departure: the list that needs a sentence in each language."""


def rules_on(subject: str, day: date) -> tuple[Rule, ...]:
    """The rows of a subject that hold on a day."""
    return tuple(rule for rule in _BY_SUBJECT[subject] if rule.holds_on(day))


def needed_totals(form: str, day: date) -> tuple[str, ...]:
    """Elements of TToan that an invoice of this form cannot do without."""
    return ("TgTTTBSo",) if _holds("total", form, day) else ()


def vat_rate_is_in_force(rate: str, day: date) -> bool:
    """Whether a line may carry this TSuat; `KHAC:…` is a rate of its own, said to be other.

    >>> vat_rate_is_in_force("8%", date(2026, 12, 31)), vat_rate_is_in_force("8%", date(2027, 1, 1))
    (True, False)
    """
    name = "KHAC" if rate.startswith("KHAC") else rate
    return _holds("vat", name, day) or _holds("vat-reduced", name, day)


def _holds(subject: str, value: str, day: date) -> bool:
    return any(rule.value == value and rule.holds_on(day) for rule in _BY_SUBJECT[subject])


@dataclass(frozen=True, slots=True)
class Departure:
    """Something in an invoice that the rules of its day do not have."""

    code: str
    """One of `DEPARTURES`."""
    arguments: Mapping[str, Any]
    sources: tuple[str, ...]
    """Where it is written; of a value that held on other days, the rows that say so."""


class Judged(Protocol):
    """What is asked of an invoice, as read or as stored."""

    @property
    def issued_on(self) -> date: ...
    @property
    def format_version(self) -> str: ...
    @property
    def authority_code(self) -> str | None: ...


def departures(invoice: Judged, key: InvoiceKey, vat_rates: tuple[str, ...]) -> list[Departure]:
    """Compare an invoice with the rules of its day.

    Args:
        invoice: as read or as stored.
        key: its key.
        vat_rates: TSuat of its lines.
    """
    return list(_departures(invoice, key, vat_rates))


def _departures(
    invoice: Judged, key: InvoiceKey, vat_rates: tuple[str, ...]
) -> Iterator[Departure]:
    day = invoice.issued_on
    facts = (
        ("version", invoice.format_version), ("form", key.form), ("kind", key.symbol[3]),
        ("tax-code", _kind_of(key.seller_tax_code)),
    )  # fmt: skip
    for subject, value in facts:
        if not _holds(subject, value, day):
            yield _departure(subject, value, day)
    if key.year != day.year:
        arguments = {"value": key.symbol, "day": day}
        yield Departure("invoices.rule-year", arguments, (_CIRCULAR_78,))
    for rate in dict.fromkeys(vat_rates):
        if not vat_rate_is_in_force(rate, day):
            yield _departure("vat", rate, day)
    if not _authority_code_fits(invoice.authority_code, key):
        arguments = {"value": invoice.authority_code or "", "symbol": key.symbol}
        yield Departure("invoices.rule-authority-code", arguments, (_DECISION_1450_TEXT,))


def _departure(subject: str, value: str, day: date) -> Departure:
    rows = [rule for rule in RULES if rule.subject.startswith(subject) and rule.value == value]
    sources = [rule.source for rule in rows or rules_on(subject, day)]
    arguments = {"value": value, "day": day}
    return Departure(f"invoices.rule-{subject}", arguments, tuple(dict.fromkeys(sources)))


def _kind_of(tax_code: str) -> str:
    try:
        return TaxCode.parse(tax_code).kind.value
    except InvalidError:
        return ""


def _authority_code_fits(code: str | None, key: InvoiceKey) -> bool:
    """Grammar of MCCQT: `00` and 32 hexadecimal digits, or the cash register's own.

    >>> key = InvoiceKey("9999100017", "2", "C26MYY", 881)
    >>> _authority_code_fits("M2-26-AB12C-00000000881", key), _authority_code_fits(None, key)
    (True, False)
    """
    if key.symbol[0] == "K":
        return code is None
    if code is None:
        return False
    if key.from_cash_register:
        parts = code.split("-")
        lengths = [len(part) for part in parts]
        return (
            lengths == [2, 2, 5, 11]
            and parts[0] == f"M{key.form}"
            and parts[1] == key.symbol[1:3]
            and parts[3].isdigit()
        )
    digits = set("0123456789ABCDEFabcdef")
    return len(code) == 34 and code.startswith("00") and set(code) <= digits
