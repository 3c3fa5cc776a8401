"""The repeated parts of an event: devices, medications, narratives, external identifiers, source values."""

from typing import Annotated

from schemas.protection import free_text, patient, plain, provider, quasi
from schemas.records.values import Record, Short, Text
from schemas.taxonomy import IncorrectAction, MedicationStage, NarrativeKind, Route


class Device(Record, frozen=True):
    """A device or supply that took part, health IT included (Common Formats Device module)."""

    kind: Annotated[Short | None, plain("Generic kind of device, for example infusion pump.")] = None
    manufacturer: Annotated[Short | None, quasi("Manufacturer.")] = None
    model: Annotated[Short | None, quasi("Model or product name.")] = None
    software_version: Annotated[Short | None, plain("Software version.")] = None
    lot_number: Annotated[Short | None, patient("Lot or batch number.")] = None
    serial_number: Annotated[Short | None, patient("Serial number: 45 CFR 164.514(b)(2)(i)(M).")] = None
    unique_device_identifier: Annotated[Short | None, patient("UDI; its production part holds the serial number.")] = None


class Medication(Record, frozen=True):
    """A medication or other substance that took part (Common Formats Medication module)."""

    generic_name: Annotated[Short | None, plain("Generic name (DE318).")] = None
    brand_name: Annotated[Short | None, plain("Brand name (DE321).")] = None
    rxcui: Annotated[Short | None, plain("RxNorm concept identifier (DE322, DE328).")] = None
    dose: Annotated[Short | None, plain("Dose as written.")] = None
    stage: Annotated[MedicationStage | None, plain("Process stage in which the event began (DE315).")] = None
    incorrect_actions: Annotated[tuple[IncorrectAction, ...], plain("What was done wrongly (DE291).")] = ()
    route_intended: Annotated[Route | None, plain("Intended route (DE348).")] = None
    route_actual: Annotated[Route | None, plain("Actual route (DE351).")] = None


class Narrative(Record, frozen=True):
    """One answer in the reporter's own words."""

    kind: Annotated[NarrativeKind, plain("Which question it answers.")]
    text: Annotated[Text, free_text("The words.")]


class ExternalId(Record, frozen=True):
    """The name of this event in another system."""

    system: Annotated[Short, provider("The other system.")]
    value: Annotated[Short, provider("The identifier there.")]


class OriginalValue(Record, frozen=True):
    """A value as the source wrote it, kept because mappings lose."""

    field: Annotated[Short, plain("Path of the canonical field it was mapped to.")]
    value: Annotated[Short, free_text("The value as written.")]


class Source(Record, frozen=True):
    """Where the event was written down, and what the reader made of it."""

    system: Annotated[Short, provider("The provider's incident system.")]
    format: Annotated[Short, plain("Format of the file or message it was read from.")]
    mapping: Annotated[Short | None, plain("Name and version of the mapping that was applied.")] = None
    original: Annotated[tuple[OriginalValue, ...], plain("Values as written, where the mapping changed them.")] = ()
