"""The five kinds of events, as EPCIS 2.0 section 7.4 has them in JSON-LD.

A field of another namespace is kept as it is; a bare name that EPCIS does not define is refused.
The rules between fields are in `rules`.

>>> SCHEMAS["ObjectEvent"].validate_python({
...     "type": "ObjectEvent", "eventTime": "2026-11-23T08:00:00+07:00",
...     "eventTimeZoneOffset": "+07:00", "action": "OBSERVE",
...     "epcList": ["https://id.gs1.org/01/09520001234569/21/A7"],
... }).action
'OBSERVE'
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter
from pydantic_core import PydanticCustomError

from traceability.events.event_fields import (
    Alert,
    Amount,
    BizStep,
    Component,
    Disposition,
    ErrorReason,
    ExtensionName,
    HexBinary,
    Key,
    Measurement,
    Number,
    Offset,
    SourceDestType,
    Text,
    Time,
    TransactionType,
    Uom,
    Uri,
)

MAX_EPCS = 20_000
"""Identifiers in one list of one event."""


def _camel(name: str) -> str:
    """The name in JSON: `child_epcs` is `childEPCs`, `parent_id` is `parentID`."""
    first, *rest = name.split("_")
    parts = [_ABBREVIATED.get(part, part.capitalize()) for part in rest]
    return _IRREGULAR.get(name, first + "".join(parts))


_ABBREVIATED = {"id": "ID", "ids": "IDs", "epcs": "EPCs", "epc": "EPC"}
_IRREGULAR = {"sdev": "sDev"}


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=_camel)


class _Open(BaseModel):
    """Takes fields of other namespaces too."""

    model_config = ConfigDict(extra="allow", strict=True, alias_generator=_camel)
    __pydantic_extra__: dict[ExtensionName, Any]


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("events.repeated", "a value appears twice")
    return values


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _certification(value: Any) -> Any:
    """One URI or a list of them; the default is not checked.

    GS1's own examples have come to write the details out: an object of fields of a vocabulary.
    """
    _CERTIFICATES.validate_python(value if isinstance(value, list) else [value])
    return value


def _certificate(value: Any) -> Any:
    return (_DETAILS if isinstance(value, dict) else _URI).validate_python(value)


_CERTIFICATES: TypeAdapter[list[Any]] = TypeAdapter(
    list[Annotated[Any, AfterValidator(_certificate)]]
)

_URI: TypeAdapter[Any] = TypeAdapter(Uri, config=ConfigDict(strict=True))
_DETAILS: TypeAdapter[Any] = TypeAdapter(
    Annotated[dict[ExtensionName, Any], Field(min_length=1)], config=ConfigDict(strict=True)
)


class QuantityElement(_Closed):
    epc_class: Key
    quantity: Amount = 0
    uom: Uom = ""


Epcs = Annotated[list[Key], Field(max_length=MAX_EPCS)]
DistinctEpcs = Annotated[Epcs, AfterValidator(_distinct)]
Quantities = Annotated[list[QuantityElement], Field(max_length=MAX_EPCS)]
Dispositions = Annotated[list[Disposition], Field(min_length=1), AfterValidator(_distinct)]


class Place(_Open):
    id: Key


class BizTransaction(_Closed):
    type: TransactionType = ""
    biz_transaction: Key


class Source(_Closed):
    type: SourceDestType
    source: Key


class Destination(_Closed):
    type: SourceDestType
    destination: Key


class PersistentDisposition(_Closed):
    set: Dispositions = []
    unset: Dispositions = []


class ErrorDeclaration(_Open):
    declaration_time: Time
    reason: ErrorReason = ""
    corrective_event_ids: list[Uri] = []


class SensorMetadata(_Open):
    time: Time = ""
    start_time: Time = ""
    end_time: Time = ""
    device_id: Key = ""
    device_metadata: Key = ""
    raw_data: Key = ""
    data_processing_method: Key = ""
    biz_rules: Key = ""


class SensorReport(_Open):
    type: Measurement = ""
    exception: Alert = ""
    device_id: Key = ""
    device_metadata: Key = ""
    raw_data: Key = ""
    data_processing_method: Key = ""
    biz_rules: Key = ""
    time: Time = ""
    microorganism: Uri = ""
    chemical_substance: Uri = ""
    coordinate_reference_system: Uri = ""
    value: Number = 0
    component: Component = ""
    string_value: Text = ""
    boolean_value: bool = False
    hex_binary_value: HexBinary = ""
    uri_value: Uri = ""
    min_value: Number = 0
    max_value: Number = 0
    mean_value: Number = 0
    sdev: Number = 0
    perc_rank: Number = 0
    perc_value: Number = 0
    uom: Text = ""


class SensorElement(_Open):
    sensor_metadata: SensorMetadata | None = None
    sensor_report: Annotated[list[SensorReport], Field(min_length=1, max_length=MAX_EPCS)]


class Ilmd(_Open):
    """Data of the instance or lot: every field belongs to a namespace."""


class _Event(_Open):
    event_time: Time
    event_time_zone_offset: Offset
    record_time: Time = ""
    """Ours to say; one that was sent is checked and replaced."""
    event_id: Uri = ""
    certification_info: Annotated[Any, AfterValidator(_certification)] = None
    error_declaration: ErrorDeclaration | None = None
    context: Any = Field(None, alias="@context")
    biz_step: BizStep = ""
    disposition: Disposition = ""
    persistent_disposition: PersistentDisposition | None = None
    """GS1's JSON schema has it in two kinds of events, its XML examples in every one."""
    read_point: Place | None = None
    biz_location: Place | None = None
    biz_transaction_list: list[BizTransaction] = []
    source_list: list[Source] = []
    destination_list: list[Destination] = []
    sensor_element_list: list[SensorElement] = []
    master_data_available_for: Annotated[list[dict[str, Any]], BeforeValidator(_listed)] = []
    """Data of the lots and serials of the event: a word of GS1's web vocabulary, written bare
    since its context has it."""


Action = Literal["ADD", "OBSERVE", "DELETE"]


class ObjectEvent(_Event):
    type: Literal["ObjectEvent"]
    action: Action
    epc_list: DistinctEpcs = []
    quantity_list: Quantities = []
    ilmd: Ilmd | None = None


class AggregationEvent(_Event):
    type: Literal["AggregationEvent"]
    action: Action
    parent_id: Key = ""
    child_epcs: Epcs = []
    child_quantity_list: Quantities = []


class AssociationEvent(_Event):
    type: Literal["AssociationEvent"]
    action: Action
    parent_id: Key
    child_epcs: Epcs = []
    child_quantity_list: Quantities = []


class TransactionEvent(_Event):
    type: Literal["TransactionEvent"]
    action: Action
    biz_transaction_list: Annotated[list[BizTransaction], Field(min_length=1)]
    parent_id: Key = ""
    epc_list: Epcs = []
    quantity_list: Quantities = []


class TransformationEvent(_Event):
    type: Literal["TransformationEvent"]
    input_epc_list: DistinctEpcs = []
    input_quantity_list: Quantities = []
    output_epc_list: DistinctEpcs = []
    output_quantity_list: Quantities = []
    transformation_id: Key = ""
    ilmd: Ilmd | None = None


SCHEMAS: dict[str, TypeAdapter[Any]] = {
    model.__name__: TypeAdapter(model)
    for model in (
        ObjectEvent, AggregationEvent, AssociationEvent, TransactionEvent, TransformationEvent,
    )
}  # fmt: skip
"""By the type of the event."""
