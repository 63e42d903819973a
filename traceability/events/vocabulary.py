"""Words of the Core Business Vocabulary (CBV 2.0, section 7) and the forms they are written in.

JSON has the bare word, XML the URN of CBV 1.2 or the web address; a record has the bare word.
`notifying` and `subject_to_regulation` came later: GS1's standard for the EU's regulation on
deforestation tells of due diligence with them.

>>> bare("bizStep", "urn:epcglobal:cbv:bizstep:shipping"), address("bizStep", "shipping")
('shipping', 'https://ref.gs1.org/cbv/BizStep-shipping')
>>> bare("bizStep", "https://shop.example/steps/wrapping")
'https://shop.example/steps/wrapping'
"""

from collections.abc import Mapping
from typing import NamedTuple

CBV = "https://ref.gs1.org/cbv/"
GS1 = "https://gs1.org/voc/"
GS1_SPELT = ("https://ref.gs1.org/voc/", "https://www.gs1.org/voc/", "http://gs1.org/voc/")
"""The same web vocabulary: where it is published, and where it was."""
MDA = "urn:epcglobal:cbv:mda:"
"""Master data attributes, in GS1's context of JSON-LD."""
XML_MDA = "urn:epcglobal:cbv:mda"
"""The same as the namespace that XML has."""


class Vocabulary(NamedTuple):
    """One list of words."""

    words: frozenset[str]
    address: str
    """What stands before the bare word in its web address."""
    older: tuple[str, ...]
    """What else stands before it: URNs, compact forms, older addresses."""


def _cbv(label: str, urn: str, words: str) -> Vocabulary:
    older = (
        f"urn:epcglobal:cbv:{urn}:", f"cbv:{label}-", f"https://ns.gs1.org/cbv/{label}-",
        f"http://ns.gs1.org/cbv/{label}-", f"http://ref.gs1.org/cbv/{label}-",
    )  # fmt: skip
    return Vocabulary(frozenset(words.split()), f"{CBV}{label}-", older)


def _gs1(words: str) -> Vocabulary:
    return Vocabulary(frozenset(words.split()), GS1, ("gs1:", *GS1_SPELT))


_DISPOSITIONS = """
active available completeness_inferred completeness_verified conformant container_closed
container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive
mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match
non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned
sellable_accessible sellable_not_accessible stolen subject_to_regulation unavailable unknown
"""

VOCABULARIES: Mapping[str, Vocabulary] = {
    "bizStep": _cbv("BizStep", "bizstep", """
        accepting arriving assembling collecting commissioning consigning creating_class_instance
        cycle_counting decommissioning departing destroying disassembling dispensing encoding
        entering_exiting holding inspecting installing killing loading notifying other packing
        picking receiving removing repackaging repairing replacing reserving retail_selling sampling
        sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
        unloading unpacking void_shipping
    """),
    "disposition": _cbv("Disp", "disp", _DISPOSITIONS),
    "bizTransaction": _cbv("BTT", "btt", """
        bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt
    """),
    "sourceDest": _cbv("SDT", "sdt", "owning_party possessing_party location"),
    "errorReason": _cbv("ER", "er", "did_not_occur incorrect_data"),
    "component": _cbv("Comp", "comp", """
        altitude axial_distance azimuth easting elevation_angle height latitude longitude northing
        polar_angle spherical_radius x y z
    """),
    "alert": _gs1("ALARM_CONDITION ERROR_CONDITION"),
    "measurement": _gs1("""
        AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
        AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity
        Area Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent
        DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity
        ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance
        KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity
        MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration
        MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass
        MolarVolume Power Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity
        Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension
        Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux
        Wavenumber
    """),
}  # fmt: skip

EVENT_TYPES = (
    "ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent",
    "AssociationEvent",
)  # fmt: skip
NUMBERS = frozenset({
    "value", "minValue", "maxValue", "meanValue", "sDev", "percRank", "percValue", "quantity",
})  # fmt: skip
"""Fields that hold a number."""
WITHOUT_PREFIX: Mapping[str, str] = {"masterDataAvailableFor": "gs1:masterDataAvailableFor"}
"""Words of GS1's context that are written bare in JSON, though EPCIS does not define them."""
ACTIONS = ("ADD", "OBSERVE", "DELETE")


def bare(vocabulary: str, text: str) -> str:
    """The bare word of a standard value in any of its forms; any other text as it is."""
    words, address_, older = VOCABULARIES[vocabulary]
    if text in words:
        return text
    for start in (address_, *older):
        if text.startswith(start):
            word = text[len(start) :]
            return word if word in words else text
    return text


def address(vocabulary: str, text: str) -> str:
    """The web address of a standard value; any other text as it is."""
    known = VOCABULARIES[vocabulary]
    if text in known.words:
        return known.address + text
    for start in known.older:
        if text.startswith(start):
            return known.address + text[len(start) :]
    return text


def is_word(vocabulary: str, text: str) -> bool:
    return text in VOCABULARIES[vocabulary].words


def urn(vocabulary: str, text: str) -> str:
    """The URN of a standard word; its address where it has none.

    >>> urn("disposition", "in_transit"), urn("measurement", "Mass")
    ('urn:epcglobal:cbv:disp:in_transit', 'https://gs1.org/voc/Mass')
    """
    start = VOCABULARIES[vocabulary].older[0]
    return start + text if start.startswith("urn:") else address(vocabulary, text)
