"""Events and traces in words: what was done, to what, and where the records do not fit together."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app.i18n import N_, Translator
from gs1.errors import Gs1Error
from traceability.events.identifiers import elements_of

STEPS: Mapping[str, str] = {
    "accepting": N_("Accepted"),
    "arriving": N_("Arrived"),
    "assembling": N_("Assembled"),
    "collecting": N_("Collected"),
    "commissioning": N_("Commissioned"),
    "consigning": N_("Consigned"),
    "creating_class_instance": N_("Made or harvested"),
    "cycle_counting": N_("Counted"),
    "decommissioning": N_("Decommissioned"),
    "departing": N_("Departed"),
    "destroying": N_("Destroyed"),
    "dispensing": N_("Dispensed"),
    "encoding": N_("Encoded"),
    "entering_exiting": N_("Went in or out"),
    "holding": N_("Held back"),
    "inspecting": N_("Inspected"),
    "installing": N_("Installed"),
    "loading": N_("Loaded"),
    "notifying": N_("Notified"),
    "packing": N_("Packed"),
    "picking": N_("Picked"),
    "receiving": N_("Received"),
    "repackaging": N_("Repacked"),
    "retail_selling": N_("Sold"),
    "returning": N_("Returned"),
    "sampling": N_("Sampled"),
    "sensor_reporting": N_("Measured"),
    "shipping": N_("Shipped"),
    "staging_outbound": N_("Made ready for shipping"),
    "stocking": N_("Put on the shelf"),
    "storing": N_("Stored"),
    "transporting": N_("Transported"),
    "unloading": N_("Unloaded"),
    "unpacking": N_("Unpacked"),
}
_TYPES: Mapping[str, str] = {
    "ObjectEvent": N_("Observed"),
    "AggregationEvent": N_("Packed or unpacked"),
    "TransformationEvent": N_("Processed"),
    "TransactionEvent": N_("Tied to a document"),
    "AssociationEvent": N_("Fitted or removed"),
}
ROLES: Mapping[str, str] = {
    "epc": N_("Goods"),
    "parent": N_("Container"),
    "child": N_("Content"),
    "input": N_("Went in"),
    "output": N_("Came out"),
}
EDGES: Mapping[str, str] = {
    "process": N_("processed"),
    "packed": N_("packed into"),
    "held": N_("held inside"),
    "lot": N_("of the lot"),
}
GAPS: Mapping[str, str] = {
    "no-origin": N_("{key}: nobody recorded how it began."),
    "unexpected": N_("{key} was seen in {container} at {time} without having been packed there."),
    "unseen": N_("{key} should have been in {container} at {time} and was not seen."),
    "not-received": N_("{key} was shipped at {time}, and nobody has recorded a receipt since."),
    "not-shipped": N_("{key} was received at {time}, and nobody recorded that it was shipped."),
    "before-origin": N_("{key}: an event of {time} is older than its beginning."),
    "after-end": N_("{key}: an event of {time} is later than its destruction."),
    "inside-itself": N_("{key} is inside itself from {time} on, in a container that is in it."),
    "made-of-itself": N_(
        "{key} came out of a process at {time} that it, or what was made of it then, went into."
    ),
    "two-lots": N_("{key} is told to be of one lot, and from {time} on of another."),
    "balance": N_("{key}: the process of {time} made more than it took."),
    "travel": N_("{key} was seen at {time} too far from where it was just before."),
}
STAGES: Mapping[str, str] = {
    "no-origin": N_("how the goods began"),
    "not-received": N_("the receipt after a shipment"),
    "not-shipped": N_("the shipment before a receipt"),
}
"""Steps that may be missing, as everybody may read it: without quantities and partners."""
CONTRADICTIONS: Mapping[str, str] = {
    "before-origin": N_("a step is older than the goods"),
    "after-end": N_("a step is later than the end of the goods"),
    "inside-itself": N_("a container is inside itself"),
    "made-of-itself": N_("goods were made of themselves"),
    "two-lots": N_("one item is told to be of two lots"),
    "balance": N_("more came out of a process than went in"),
    "travel": N_("two places are too far apart for the time between them"),
}
_UNITS: Mapping[str, str] = {
    "KGM": "kg", "GRM": "g", "TNE": "t", "LTR": "l", "MLT": "ml", "MTR": "m",
}  # fmt: skip


def step_word(translate: Translator, step: str | None, kind: str) -> str:
    """What was done: the business step, else the kind of event."""
    if step and (kind, step) != ("TransformationEvent", "commissioning"):
        return translate.text(STEPS[step]) if step in STEPS else step
    return translate.text(_TYPES[kind])


def quantity_text(translate: Translator, quantity: Decimal | None, uom: str | None) -> str:
    if quantity is None:
        return ""
    unit = _UNITS.get(uom, uom) if uom else translate.text(N_("pieces"))
    return f"{translate.number(quantity)} {unit}"


def key_text(translate: Translator, key: str) -> str:
    """A key as people say it: its kind and number, without the product it is of."""
    try:
        parts = dict(elements_of(key) or ())
    except Gs1Error:
        parts = {}
    if "10" in parts and "22" in parts:
        told = N_("Lot {number}, variant {variant}")
        return translate.text(told, number=parts["10"], variant=parts["22"])
    for ai, word in (
        ("21", N_("Serial {number}")), ("10", N_("Lot {number}")), ("00", N_("SSCC {number}")),
        ("8003", N_("Crate {number}")), ("8004", N_("Asset {number}")),
        ("254", N_("Place {number}")), ("414", N_("GLN {number}")), ("417", N_("GLN {number}")),
        ("22", N_("Variant {number}")),
    ):  # fmt: skip
        if ai in parts:
            return translate.text(word, number=parts[ai])
    return parts.get("01", key)


def brackets(key: str) -> str:
    """A key as it is printed: (01)…(10)…; what is no GS1 key as it is.

    >>> brackets("https://id.gs1.org/01/09520001234569/10/L7")
    '(01)09520001234569(10)L7'
    """
    try:
        elements = elements_of(key) or ()
    except Gs1Error:
        elements = ()
    return "".join(f"({ai}){value}" for ai, value in elements) or key


def gap_sentence(
    translate: Translator, kind: str, key: str, container: str | None, time: datetime | None
) -> str:
    """Where the records do not fit together, in a sentence."""
    return translate.text(GAPS[kind], key=key, container=container or "", time=translate.show(time))
