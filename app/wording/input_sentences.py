"""Sentences of the rules of input schemas."""

from collections.abc import Mapping

from app.i18n import N_

SENTENCES: Mapping[str, str] = {
    "input.missing": N_("This field is needed."),
    "input.null": N_("This field cannot be emptied."),
    "input.extra-forbidden": N_("There is no such field."),
    "input.too-long": N_("At most {max_length} characters or entries."),
    "input.too-short": N_("Too short; the least number of characters or entries is {min_length}."),
    "input.string-type": N_("This must be text."),
    "input.string-unicode": N_("The text holds broken characters."),
    "input.int-type": N_("This must be a whole number."),
    "input.bool-type": N_("This must be true or false."),
    "input.list-type": N_("This must be a list."),
    "input.enum": N_("Choose one of: {expected}."),
    "input.string-pattern-mismatch": N_("The text is not of the expected form."),
    "input.greater-than-equal": N_("At least {ge}."),
    "input.less-than-equal": N_("At most {le}."),
    "input.control-character": N_("The text holds characters that cannot be shown."),
    "input.date-format": N_("A date is written year-month-day: 2026-11-23."),
    "input.date-invalid": N_("This date does not exist."),
    "input.quantity-format": N_("A quantity is a number with at most six decimals."),
    "input.invalid": N_("This value is not of the expected kind."),
    "registry.table-too-large": N_(
        "The table has {rows} rows and {columns} columns: more than {most} cells are not read."
    ),
}
