"""What a FHIR reference points to: in the same resource, or in the same Bundle. Nothing is ever fetched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from msgspec import Raw

from producers.readers.fhir_resources import Bundle, Head, Person, Reference, Thing


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Resources by the ways in which a reference may name them: `#id`, `Type/id`, or the full URL of an entry."""

    by_name: Mapping[str, Raw] = field(default_factory=dict)

    def with_contained(self, contained: Iterable[Raw]) -> "Neighbours":
        """The same, and the resources inside the one that refers."""
        inside = {f"#{_head(one).id}": one for one in contained}
        return Neighbours({**self.by_name, **inside}) if inside else self

    def type_of(self, resource: Raw) -> str:
        return _head(resource).resource_type

    def type_behind(self, reference: Reference) -> str:
        """Patient, Group, Device: as the reference says, or the resource behind it, or its relative address."""
        if reference.type:
            return reference.type
        if found := self.by_name.get(reference.reference):
            return _head(found).resource_type
        parts = reference.reference.split("/")
        return parts[-2] if len(parts) > 1 else ""

    def person(self, reference: Reference) -> Person | None:
        """The patient or practitioner, where the reference leads to one."""
        found = self.by_name.get(reference.reference)
        return msgspec.json.decode(found, type=Person) if found else None

    def name_of(self, reference: Reference) -> str:
        """What the thing is called: by the reference itself, or by the resource behind it."""
        if reference.display:
            return reference.display
        found = self.by_name.get(reference.reference)
        return msgspec.json.decode(found, type=Thing).code.words if found else ""


def in_bundle(bundle: Bundle) -> Neighbours:
    """Every resource of a Bundle under its full URL and its type and id."""
    names: dict[str, Raw] = {}
    for entry in bundle.entry:
        if not bytes(entry.resource):
            continue
        head = _head(entry.resource)
        names[f"{head.resource_type}/{head.id}"] = entry.resource
        if entry.full_url:
            names[entry.full_url] = entry.resource
    return Neighbours(names)


def _head(resource: Raw) -> Head:
    return msgspec.json.decode(resource, type=Head)
