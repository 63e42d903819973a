"""The fields of an event in XML: one table for what is read and what is written.

The order is that of the sequences of the XML schema of EPCIS 2.0 (EPCglobal-epcis-2_0.xsd); fields
of other namespaces come last.

>>> ORDER["AssociationEvent"][6:10]
('parentID', 'childEPCs', 'childQuantityList', 'action')
"""

from collections.abc import Mapping

from traceability.events.vocabulary import CBV, GS1, MDA, XML_MDA

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LINKED: Mapping[str, str] = {"@id": f"{{{RDF}}}about", "@type": f"{{{RDF}}}type"}
"""What linked data is about and of which kind: attributes of RDF in XML (RDF 1.1 XML Syntax)."""
OWN = "urn:epcglobal:epcis"
"""How every namespace of EPCIS itself begins."""
GS1_PREFIXES = {CBV: "cbv", GS1: "gs1", MDA: "cbvmda", XML_MDA: "cbvmda"}
"""Namespaces that GS1's context has a prefix for; XML's of master data lacks the last colon."""

EPC_LISTS = frozenset({"epcList", "childEPCs", "inputEPCList", "outputEPCList"})
TEXT_LISTS: Mapping[str, str] = {
    **dict.fromkeys(EPC_LISTS, "epc"), "correctiveEventIDs": "correctiveEventID",
}  # fmt: skip
"""Lists of texts, and the element of an entry."""
QUANTITY_LISTS = frozenset({
    "quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList",
})  # fmt: skip
TYPED_LISTS: Mapping[str, tuple[str, str]] = {
    "bizTransactionList": ("bizTransaction", "bizTransaction"),
    "sourceList": ("source", "sourceDest"),
    "destinationList": ("destination", "sourceDest"),
}
"""Lists of entries with a `type`: the element of an entry, and the vocabulary of its type."""
WORDS: Mapping[str, str] = {
    "bizStep": "bizStep", "disposition": "disposition", "reason": "errorReason",
    "set": "disposition", "unset": "disposition",
}  # fmt: skip
"""Elements that hold a word, and its vocabulary."""
REPORT_WORDS: Mapping[str, str] = {
    "type": "measurement", "exception": "alert", "component": "component",
}  # fmt: skip
"""The same for the attributes of a sensor report."""
TIMES = frozenset({
    "eventTime", "recordTime", "declarationTime", "time", "startTime", "endTime",
})  # fmt: skip
WRITTEN_OUT = frozenset({"certificationInfo", "masterDataAvailableFor"})
"""Fields that are a text, or have fields of other namespaces inside; there may be several."""

COMMON = (
    "eventTime", "recordTime", "eventTimeZoneOffset", "eventID", "errorDeclaration",
    "certificationInfo",
)  # fmt: skip
"""What every event has, before all else (EPCISEventType)."""
_STEP = ("bizStep", "disposition", "readPoint", "bizLocation")
_PARTIES = ("sourceList", "destinationList", "sensorElementList", "persistentDisposition")
_INPUTS = (
    "inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID",
)  # fmt: skip
ORDER: Mapping[str, tuple[str, ...]] = {
    "ObjectEvent": (*COMMON, "epcList", "action", *_STEP, "bizTransactionList", "quantityList",
                    *_PARTIES, "ilmd"),
    "AggregationEvent": (*COMMON, "parentID", "childEPCs", "action", *_STEP, "bizTransactionList",
                         "childQuantityList", *_PARTIES),
    "TransactionEvent": (*COMMON, "bizTransactionList", "parentID", "epcList", "action", *_STEP,
                         "quantityList", *_PARTIES),
    "TransformationEvent": (*COMMON, *_INPUTS, *_STEP, "bizTransactionList", *_PARTIES, "ilmd"),
    "AssociationEvent": (*COMMON, "parentID", "childEPCs", "childQuantityList", "action", *_STEP,
                         "bizTransactionList", *_PARTIES),
}  # fmt: skip
"""The standard fields of each kind of event, as they follow each other."""
INSIDE: Mapping[str, tuple[str, ...]] = {
    "errorDeclaration": ("declarationTime", "reason", "correctiveEventIDs"),
    "readPoint": ("id",),
    "bizLocation": ("id",),
    "sensorElement": ("sensorMetadata", "sensorReport"),
    "persistentDisposition": ("unset", "set"),
    "ilmd": (),
}
"""The same of the elements that have fields of their own."""
