"""Sentences of the errors of invoices, jobs and recalls."""

from collections.abc import Mapping

from app.i18n import N_

SENTENCES: Mapping[str, str] = {
    "invoices.alias-closed": N_("This link is no longer open; see the list for what holds now."),
    "invoices.alias-code": N_("The seller's code of goods has 1 to 60 characters."),
    "invoices.alias-factor": N_(
        "The factor is a number above 0 and at most {maximum}, with at most six decimals."
    ),
    "invoices.alias-forbidden": N_(
        "Your role ({role}) may not say which product this seller's goods are."
    ),
    "invoices.alias-same-person": N_(
        "You confirmed this link yourself; another person has to confirm it too."
    ),
    "invoices.alias-unknown": N_(
        "There is no such link between a code of goods and a product ({id})."
    ),
    "invoices.ambiguous": N_(
        "The invoice has its content more than once ({field}), so it is not clear which one was signed."
    ),
    "invoices.changed": N_("The file changed while it was read; send it again."),
    "invoices.date": N_("{field} is not a date of an invoice: {value}"),
    "invoices.document-of-many": N_(
        "This file holds several invoices of other parties; ask an authority for it."
    ),
    "invoices.dtd": N_("The file declares a document type or entities, which are refused."),
    "invoices.encoding": N_("The file is not text in UTF-8."),
    "invoices.import-forbidden": N_("Your role ({role}) does not bring in invoices."),
    "invoices.missing": N_("The invoice lacks {field}."),
    "invoices.not-xml": N_("The file is not XML."),
    "invoices.not-yours": N_("Your organisation is neither seller nor buyer of invoice {invoice}."),
    "invoices.number": N_(
        "{field} is not a number of an invoice (at most 21 digits, 6 of them decimals): {value}"
    ),
    "invoices.old-format": N_(
        "This is an invoice in the format of 2014, which is no longer in force and is not read."
    ),
    "invoices.other-document": N_("This XML is not an e-invoice of Decision 1450/QĐ-TCT ({root})."),
    "invoices.list-column": N_("The table lacks the column {column}."),
    "invoices.list-empty": N_("The table holds no rows."),
    "invoices.list-forbidden": N_("Your role ({role}) has no part in lists of the tax authority."),
    "invoices.list-future": N_("The list is of a day that is still to come."),
    "invoices.list-source": N_("Say who keeps the list, in at most {limit} characters."),
    "invoices.stock-document": N_("The number of a document has at most {limit} characters."),
    "invoices.stock-forbidden": N_("Your role may not state this about a shop's stock ({kind})."),
    "invoices.stock-future": N_("The time is still to come."),
    "invoices.stock-no-tax-code": N_("The shop has no tax code on record, so no invoice names it."),
    "invoices.stock-nonce": N_("This number of a request belongs to another statement."),
    "invoices.stock-quantity": N_(
        "A quantity is a number from 0 to {maximum}, with at most six decimals."
    ),
    "invoices.symbol": N_("The symbol of the invoice is not in order: {value}"),
    "invoices.tax-code": N_("{field} is not a tax code: {value}"),
    "invoices.outside-forbidden": N_(
        "Your role ({role}) may not ask the outside invoice registry."
    ),
    "invoices.outside-none": N_("No outside invoice registry is set up here."),
    "invoices.too-large": N_("An invoice file has at most {limit} bytes."),
    "invoices.unknown": N_("There is no invoice {id}."),
    "invoices.unreadable": N_("The file cannot be read: {reason}"),
    "invoices.value": N_("{field} is not in order: {value}"),
    "invoices.version": N_("This version of the invoice format is not known: {value}"),
    "invoices.zip": N_("The ZIP file is damaged."),
    "invoices.zip-nested": N_("A ZIP file inside a ZIP file is not opened."),
    "invoices.zip-too-large": N_(
        "The ZIP file unpacks to more than is allowed ({what}: at most {limit})."
    ),
    "events.recall-answer-sum": N_("More was returned and destroyed than was found."),
    "events.recall-closed": N_("The recall is closed already ({closing_decision})."),
    "events.recall-confirmed": N_("The recall holds for all of its goods already."),
    "events.recall-input-not-own": N_(
        "{key} is neither a product of yours nor in an event that your organisation has recorded."
    ),
    "events.recall-input-unknown": N_("No event that you may see names {key}."),
    "events.recall-not-held": N_(
        "The recall {recall_id} does not concern this organisation, as far as the events tell."
    ),
    "events.recall-nothing-own": N_(
        "Nothing of your own would be recalled. Tell the authority what you know of these goods."
    ),
    "events.recall-open": N_(
        "There is an open recall of these goods already (notice {notice_number})."
    ),
    "events.recall-scope": N_(
        "Inputs stand alone, and several serial numbers stand with the GTIN alone."
    ),
    "events.recall-webhook-unknown": N_("There is no webhook {id}."),
    "events.recall-unknown": N_("There is no recall {recall_id}."),
}
