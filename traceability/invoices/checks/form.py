"""Do symbol, year, code of the tax authority and rates of tax have the form of their day?"""

from typing import Any

from traceability.invoices.checks.answer import (
    CheckCode,
    CheckResult,
    Observation,
    contradictory,
    insufficient,
)
from traceability.invoices.checks.facts import InvoiceFact, ShopCase
from traceability.invoices.rules import Departure, departures


def form(case: ShopCase) -> CheckResult:
    """Symbol, year, code of the tax authority and rates of tax have the form of their day.

    Formula: grammar(MCCQT, symbol) by the rules of NLap, year(symbol) = year(NLap),
    kind of tax code and each TSuat in force on NLap,
    and for cash registers form and year in MCCQT = form and year of the symbol.

    Parts of one document that name different years or forms contradict each other; any other
    departure from the grammar may be a rule that is newer than the table of rules.
    """
    seen = [
        _observation(invoice, departure)
        for invoice in case.invoices.values()
        for departure in departures(invoice, invoice.key, case.vat_rates.get(invoice.id, ()))
    ]
    return CheckResult.of(CheckCode.FORMAT, seen, len(case.invoices))


def _observation(invoice: InvoiceFact, departure: Departure) -> Observation:
    reason = departure.code.removeprefix("invoices.rule-")
    arguments: dict[str, Any] = {
        "invoice": invoice.written,
        "value": str(departure.arguments["value"]),
    }
    if reason == "year" or (reason == "authority-code" and _other_register(invoice)):
        return contradictory(f"format-{reason}", invoice.evidence, **arguments)
    return insufficient(f"format-{reason}", invoice.evidence, **arguments)


def _other_register(invoice: InvoiceFact) -> bool:
    """A cash register's code that names another form or year than the symbol does."""
    code = (invoice.authority_code or "").split("-")
    is_registers = len(code) == 4 and code[0][:1] == "M"
    return is_registers and (code[0][1:] != invoice.form or code[1] != invoice.symbol[1:3])
