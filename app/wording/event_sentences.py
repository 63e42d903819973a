"""Sentences of the error codes of EPCIS events."""

from collections.abc import Mapping

from app.i18n import N_

SENTENCES: Mapping[str, str] = {
    "events.content-type": N_(
        "Send JSON (application/json, application/ld+json) or, for events, XML (application/xml, text/xml)."
    ),
    "events.json": N_("The body is not valid JSON (at byte {position})."),
    "events.json-object": N_("An EPCIS document or an event is a JSON object."),
    "events.xml": N_("The body is not well-formed XML (line {line})."),
    "events.xml-dtd": N_("A document type declaration is not accepted."),
    "events.content-encoding": N_("Send it as it is, not compressed."),
    "events.xml-encoding": N_("The XML is not in the encoding that it says: send UTF-8."),
    "events.document-type": N_("Send an EPCISDocument, an EPCISQueryDocument or one event."),
    "events.event-type": N_("There is no such kind of event; choose one of: {choices}."),
    "events.one-event": N_("Send exactly one event here; a document goes to /capture."),
    "events.version": N_("This version of EPCIS is not read: {value}."),
    "events.context": N_("A @context is an address, an object, or a list of these."),
    "events.depth": N_("Objects and lists may be nested in at most {maximum} levels."),
    "events.field-missing": N_("This field is needed."),
    "events.field-unknown": N_(
        "EPCIS has no such field here; a field of your own is named prefix:name."
    ),
    "events.prefix-undeclared": N_("The prefix {value} is not declared in @context."),
    "events.class-in-epcs": N_(
        "{value} names a lot or a kind of goods, not one piece: it belongs in a list of quantities (quantityList)."
    ),
    "events.instance-in-quantities": N_(
        "{value} names one piece, not a lot or a kind of goods: it belongs in a list of EPCs (epcList)."
    ),
    "events.type": N_("This value is not of the kind that EPCIS has here."),
    "events.null": N_("A field without a value is left out."),
    "events.empty": N_("At least one entry is needed."),
    "events.too-many": N_("At most {maximum} entries."),
    "events.too-long": N_("At most {maximum} characters."),
    "events.too-large": N_("At most {maximum}."),
    "events.negative": N_("A quantity is not negative."),
    "events.format": N_("This value does not have the form that EPCIS asks for."),
    "events.choice": N_("Choose one of: {choices}."),
    "events.repeated": N_("A value appears twice in this list."),
    "events.uri": N_("This is not a URI."),
    "events.word": N_(
        "{value} is not a word of the vocabulary; in JSON its words are written bare: shipping."
    ),
    "events.time-format": N_(
        "A time is written with seconds and an offset: 2026-11-23T08:00:00+07:00."
    ),
    "events.no-such-time": N_("This time does not exist, or lies outside the years 1 to 9999."),
    "events.future": N_("This time is more than {hours} hours ahead."),
    "events.nothing-observed": N_(
        "The event names no goods: an epcList, a quantityList, or sensor data of a place."
    ),
    "events.ilmd-only-add": N_("Data of an instance or lot (ilmd) are told when it begins: ADD."),
    "events.parent-missing": N_("The action {action} names the parent."),
    "events.children-missing": N_("The action {action} names children."),
    "events.webhook-sealed": N_("The receiver's secret no longer opens. Subscribe anew."),
    "events.order": N_(
        "This field comes before those of the kind of event (XML schema of EPCIS 2.0)."
    ),
    "events.own-parent": N_("Nothing is contained in itself."),
    "events.transformation-incomplete": N_(
        "A transformation has inputs and outputs, or one of them and a transformationID."
    ),
    "events.sensor-repeated": N_("{name} of this report differs from that of its metadata."),
    "events.id-taken": N_("Another event with the eventID {value} is on record."),
    "events.known": N_("The event {event_id} is on record."),
    "events.not-yours": N_("Only who recorded the event, or an authority, declares it in error."),
    "events.product-unknown": N_("No product with the GTIN {value} is registered."),
    "events.party-unknown": N_("No party with the GLN {value} is registered."),
    "events.behaviour": N_("GS1-Capture-Error-Behaviour is rollback or proceed, not {value}."),
    "events.capture-unknown": N_("There is no capture {id}."),
    "events.capture-failed": N_("The capture could not be finished."),
    "events.unknown": N_("There is no event {event_id}."),
    "events.not-in-xml": N_(
        "XML has no place for the field {field} of the event {event_id}: ask for JSON."
    ),
    "events.resource-unknown": N_("There is no resource {value}."),
    "events.parameter-unknown": N_("There is no query parameter {name}."),
    "events.parameter-value": N_("The query parameter {name} cannot have this value: {value}"),
    "events.parameter-values": N_("The query parameter {name} has too many values."),
    "events.parameters-exclude": N_("This parameter and {name} exclude each other."),
    "events.query-too-large": N_("More than {maximum} events match."),
    "events.token": N_("This nextPageToken was not given out for this query."),
    "events.token-release": N_("A nextPageToken holds nothing here that could be released."),
    "events.public-parameter": N_("The public does not ask by {name}."),
    "events.public-needs-key": N_(
        "The public names whole keys of what it holds: MATCH_anyEPC, MATCH_epc or EQ_eventID."
    ),
    "events.public-one-key": N_("The public asks by one parameter MATCH_… at a time."),
    "events.webhook-address": N_("Give a whole web address: https://…"),
    "events.webhook-private": N_("This address is not reachable from the web."),
    "events.webhook-stream": N_("Subscriptions are told of new events as they come: stream: true."),
    "events.webhook-token": N_("A signatureToken has {minimum} to {maximum} characters."),
    "events.subscription-unknown": N_("There is no subscription {id}."),
    "events.unit-unknown": N_(
        "The unit {value} is not known; write for example kg, g, l or a count."
    ),
    "events.quantity-format": N_(
        "{value} is not a number. Write for example 12 or 0.5 or 1,200.5; the unit has a column of its own."
    ),
    "events.diary-example": N_(
        "This row is an example of the template and was not recorded. Delete it, or write what was done with your own goods."
    ),
    "events.sscc-no-prefix": N_(
        "Your organisation has no GS1 Company Prefix on record that is in force: numbers of boxes are made from it."
    ),
    "events.sscc-used-up": N_("All numbers of your GS1 Company Prefix have been given out."),
    "events.sscc-unknown": N_("The number {sscc} was not given out to your organisation here."),
    "trace.key": N_("No GS1 key and no EPC: {key}"),
    "trace.direction": N_("A trace has no such direction: {value}"),
    "trace.moment": N_("This is no date with a time of day: {value}"),
    "trace.unknown": N_("No event that you may see names {key}."),
    "events.query-name": N_("A query's name has 1 to 100 letters, digits, dots, - and _."),
    "events.query-taken": N_("There is a query named {name} already."),
    "events.query-unknown": N_("There is no query named {name}."),
}
