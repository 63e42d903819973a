"""Sentences of the errors of the register, its tables, and the command line."""

from collections.abc import Mapping

from app.i18n import N_

SENTENCES: Mapping[str, str] = {
    "registry.area-ended": N_("The area {code} no longer exists; its successor is {successor}."),
    "registry.area-unknown": N_("There is no area with the code {code}."),
    "registry.authorisation-unknown": N_("There is no such authorisation of this product."),
    "registry.authorisation-ended": N_("The authorisation has ended already."),
    "registry.authority-only": N_("Only an authority may do this; your role is {role}."),
    "registry.cell-formula": N_("A formula is not read: write the value."),
    "registry.cell-is-date": N_("The cell holds a date where a code is expected: {value}"),
    "registry.cell-type": N_("The cell is not of the expected kind ({expected})."),
    "registry.cell-without-heading": N_("There is a value in a column without heading."),
    "registry.choice-unknown": N_("{value} is not one of: {choices}"),
    "registry.csv-broken": N_("The CSV file is damaged at row {row}."),
    "registry.date-format": N_("This is not a date (day/month/year or year-month-day): {value}"),
    "registry.date-in-future": N_("The date is in the future."),
    "registry.decision-pending": N_("A decision is to approve, refuse, suspend or revoke."),
    "registry.expiry-before-production": N_("The expiry date is before the production date."),
    "registry.field-by-authority": N_("Only an authority may change {field}."),
    "registry.file-empty": N_("The file is empty."),
    "registry.file-encoding": N_(
        "The file is not text in UTF-8. Save it as “CSV UTF-8” or as XLSX."
    ),
    "registry.file-too-large": N_("The file has {bytes} bytes; at most {most} are read."),
    "registry.file-type": N_("This is neither XLSX nor CSV: {file_name}"),
    "registry.gln-taken": N_("There is a party with the GLN {gln} already."),
    "registry.gtin-lost-zeros": N_(
        "The number seems to have lost its leading zeros: write {suggestion} as text."
    ),
    "registry.gtin-scientific": N_(
        "The spreadsheet has shortened the number ({value}): format the column as text."
    ),
    "registry.gtin-taken": N_("The number {gtin} is registered already, by {producer_name}."),
    "registry.gtin-unknown": N_("There is no product with the number {gtin}."),
    "registry.heading-missing": N_("The column {heading} is missing."),
    "registry.heading-repeated": N_("The column {heading} is there twice."),
    "registry.heading-unknown": N_("The heading {heading} is not known."),
    "registry.kind-by-authority": N_("A party of the kind {kind} is made by an administrator."),
    "registry.lot-taken": N_("The lot {lot} of this product is registered already."),
    "registry.lot-unknown": N_("There is no lot {lot} of the product {gtin}."),
    "registry.no-party": N_("Your account belongs to no organisation."),
    "registry.not-your-party": N_(
        "The producer must be your own organisation, unless you name the document that authorises you."
    ),
    "registry.not-your-product": N_("The product {gtin} belongs to another organisation."),
    "registry.number-inexact": N_("The number is not exact enough: {value}"),
    "registry.party-approved": N_(
        "The registration is approved: only the party itself or an authority changes it."
    ),
    "registry.party-no-trader": N_("A party of this kind ({kind}) has no products."),
    "registry.party-unknown": N_("There is no such organisation."),
    "registry.period-reversed": N_("The end ({last}) is before the beginning ({first})."),
    "registry.photo-size": N_("The photo has {bytes} bytes; at most {most} are kept."),
    "registry.photo-type": N_("A photo of this kind is not kept: {media_type}"),
    "registry.prefix-not-for-products": N_(
        "Numbers with this prefix do not identify products ({meaning})."
    ),
    "registry.prefix-of-another": N_(
        "The number range {prefix} is licensed to {holder_name}. Name the document that authorises you to use it."
    ),
    "registry.prefix-repeated": N_("The prefix {prefix} is named twice."),
    "registry.prefix-taken": N_("The prefix {prefix} is registered to another party."),
    "registry.producer-missing": N_("Name the producer."),
    "registry.producer-unknown": N_("There is no such producer."),
    "registry.product-unknown": N_("There is no such product."),
    "registry.quantity-ambiguous": N_(
        "It is not clear whether {value} has thousands or decimals: write it without separators."
    ),
    "registry.reason-missing": N_("Please give the reason."),
    "registry.role-may-not-write": N_("Your role ({role}) does not change the register."),
    "registry.row-is-example": N_(
        "This row is the example of the template. Delete it, or write your own goods in it."
    ),
    "registry.row-repeats": N_("The row repeats row {first_row}."),
    "registry.serial-taken": N_("The serial number {serial} is registered already."),
    "registry.serial-unknown": N_("There is no such serial number."),
    "registry.serial-withdrawn": N_("The serial number {serial} is out of circulation for good."),
    "registry.serials-repeated": N_("Serial numbers are there more than once: {values}"),
    "registry.serials-taken": N_("Serial numbers are registered already: {values}"),
    "registry.table-gap": N_("Too many empty rows after row {row}: the rest was not read."),
    "registry.table-no-rows": N_("There are no rows below the headings."),
    "registry.table-too-many-columns": N_(
        "The table has {column} columns; at most {most} are read."
    ),
    "registry.table-too-many-rows": N_("The table has more than {most} rows."),
    "registry.taken-meanwhile": N_(
        "Somebody else has just registered the same. Please look again."
    ),
    "registry.tax-code": N_(
        "This is no tax code (10 digits, 10 and a branch number, or 12): {value}"
    ),
    "registry.tax-code-check-digit": N_("The check digit of the tax code is not right: {value}"),
    "registry.tax-code-unknown": N_("No organisation with the tax code {tax_code} is registered."),
    "registry.tax-code-missing": N_("A party that trades has a tax code."),
    "registry.tax-code-taken": N_("There is a party with the tax code {tax_code} already."),
    "registry.workbook-damaged": N_("The workbook is damaged or protected by a password."),
    "registry.workbook-too-large": N_("The workbook unpacks to more than {most} bytes."),
    "cli.file-exists": N_("There is a file {file} already."),
    "cli.setting": N_("These settings of the environment are not in order: {names}"),
    "cli.not-current": N_(
        "The database is not up to date. First run: nguon db upgrade --data {folder}"
    ),
    "cli.no-database": N_("There is no database in {folder}."),
    "cli.not-embedded": N_("The database is not the embedded one: use the tools of PostgreSQL."),
    "cli.not-a-backup": N_("{file} is not a backup of Nguồn, or is damaged."),
}
