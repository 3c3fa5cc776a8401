"""The elements of FHIR AdverseEvent, R4 and R5, that an event is made of, and of the resources that it points to.

Own structs instead of a full model of FHIR: a full one is 150 resource types of heavy classes for the dozen elements that
are read here, and it would refuse whole reports for faults in elements that nobody asked for. Everything but the
`modifierExtension`, which may turn the meaning round, may be there and is passed over, as FHIR says of unknown content.
Sources: hl7.org/fhir/R4/adverseevent.html and hl7.org/fhir/R5/adverseevent.html.
"""

import msgspec
from msgspec import Raw


class Element(msgspec.Struct, frozen=True, rename="camel"):
    """A part of a resource; what it does not name is passed over."""


class Coding(Element, frozen=True):
    """A code, its system left aside: the mapping says what codes mean."""

    code: str = ""
    display: str = ""


class CodeableConcept(Element, frozen=True):
    """Codes and words for one thing."""

    coding: tuple[Coding, ...] = ()
    text: str = ""

    @property
    def words(self) -> str:
        """What a person would read."""
        return self.text or next((coding.display for coding in self.coding if coding.display), "") or self.code

    @property
    def code(self) -> str:
        """The first code; the words where there is none."""
        return next((coding.code for coding in self.coding if coding.code), "") or self.text


class Identifier(Element, frozen=True):
    """A business identifier."""

    value: str = ""
    type: CodeableConcept = CodeableConcept()


class Reference(Element, frozen=True):
    """Points to another resource, and may say in words to what."""

    reference: str = ""
    display: str = ""
    type: str = ""


class CodeableReference(Element, frozen=True):
    """R5: a concept or a reference."""

    concept: CodeableConcept = CodeableConcept()
    reference: Reference = Reference()


class Period(Element, frozen=True):
    """R5 occurrencePeriod."""

    start: str = ""


class Meta(Element, frozen=True):
    """Of a resource's meta, its version."""

    version_id: str = ""


class SuspectEntity(Element, frozen=True):
    """What is thought to have caused the event."""

    instance: Reference = Reference()  # R4
    instance_reference: Reference = Reference()  # R5
    instance_codeable_concept: CodeableConcept = CodeableConcept()  # R5


class Participant(Element, frozen=True):
    """R5: who took part."""

    function: CodeableConcept = CodeableConcept()
    actor: Reference = Reference()


class Item(Element, frozen=True):
    """R5 contributingFactor, preventiveAction and mitigatingAction."""

    item_reference: Reference = Reference()
    item_codeable_concept: CodeableConcept = CodeableConcept()

    @property
    def words(self) -> str:
        return self.item_codeable_concept.words or self.item_reference.display


class Annotation(Element, frozen=True):
    """R5 note."""

    text: str = ""


class AdverseEvent(Element, frozen=True):
    """R4 and R5 side by side. `category` and `outcome` are single or lists, by version."""

    id: str = ""
    meta: Meta = Meta()
    contained: tuple[Raw, ...] = ()
    modifier_extension: tuple[Raw, ...] = ()
    identifier: Identifier | tuple[Identifier, ...] = ()
    status: str = ""  # R5
    actuality: str = ""
    category: tuple[CodeableConcept, ...] = ()
    event: CodeableConcept = CodeableConcept()  # R4
    code: CodeableConcept = CodeableConcept()  # R5
    subject: Reference = Reference()
    date: str = ""  # R4
    occurrence_date_time: str = ""  # R5
    occurrence_period: Period = Period()  # R5
    detected: str = ""
    recorded_date: str = ""
    location: Reference = Reference()
    seriousness: CodeableConcept = CodeableConcept()
    severity: CodeableConcept = CodeableConcept()  # R4
    outcome: CodeableConcept | tuple[CodeableConcept, ...] = ()
    recorder: Reference = Reference()
    participant: tuple[Participant, ...] = ()  # R5
    suspect_entity: tuple[SuspectEntity, ...] = ()
    contributing_factor: tuple[Item, ...] = ()  # R5
    preventive_action: tuple[Item, ...] = ()  # R5
    mitigating_action: tuple[Item, ...] = ()  # R5
    note: tuple[Annotation, ...] = ()  # R5


class HumanName(Element, frozen=True):
    """A name, in parts or whole."""

    family: str = ""
    given: tuple[str, ...] = ()
    text: str = ""


class ContactPoint(Element, frozen=True):
    """Telephone, e-mail."""

    system: str = ""
    value: str = ""


class Address(Element, frozen=True):
    """A postal address."""

    line: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""


class Person(Element, frozen=True):
    """Patient or Practitioner."""

    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    telecom: tuple[ContactPoint, ...] = ()
    address: tuple[Address, ...] = ()
    gender: str = ""
    birth_date: str = ""


class Thing(Element, frozen=True):
    """Medication, Substance: what a suspect is called."""

    code: CodeableConcept = CodeableConcept()


class Entry(Element, frozen=True):
    """One entry of a Bundle, its resource not yet looked at."""

    full_url: str = ""
    resource: Raw = Raw()


class Head(Element, frozen=True):
    """Which resource this is, and its id."""

    resource_type: str = ""
    id: str = ""


class Bundle(Element, frozen=True):
    """A collection or a transaction of resources."""

    entry: tuple[Entry, ...] = ()
