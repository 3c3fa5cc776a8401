"""The parts that both lawful outputs copy by allow-list: devices, medications and short texts that hold no identifier."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.grades import Grade
from schemas.records import SafetyEvent
from schemas.records.disclosed import ReleasedDevice
from schemas.records.parts import Device, Medication
from stream_processors.domain.deidentification.encoded import holds_encoded
from stream_processors.domain.deidentification.engine import Layers
from stream_processors.domain.deidentification.known import Known, known_identifiers


@dataclass(frozen=True, slots=True)
class Release:
    """How short fields leave one event for one grade. A field that names somebody, or may, leaves as None.

    A person who types a name or a number into the model of a device types an identifier; and a maker who is called like the
    patient is lost with it. That price is paid.
    """

    known: Known
    grade: Grade
    layers: Layers

    def text(self, value: str | None) -> str | None:
        """A label somebody typed, where it holds no identifier of this event and nothing shaped like one."""
        if value is None or self.layers.holds_identifier(value, self.known, self.grade) or holds_encoded(value, self.known):
            return None
        return value

    def code(self, value: str | None) -> str | None:
        """A value whose shape was checked already: only the identifiers of this event are looked for."""
        return None if value is None or self.layers.holds_known(value, self.known) else value

    def device(self, device: Device) -> ReleasedDevice:
        """Without lot, serial number and UDI: 45 CFR 164.514(b)(2)(i)(M)."""
        return ReleasedDevice(
            kind=self.text(device.kind),
            manufacturer=self.text(device.manufacturer),
            model=self.text(device.model),
            software_version=self.text(device.software_version),
        )

    def medication(self, medication: Medication) -> Medication:
        """The substance, how it was dosed and what went wrong; an RXCUI is a number, at most eight digits."""
        rxcui = medication.rxcui
        return Medication(
            generic_name=self.text(medication.generic_name),
            brand_name=self.text(medication.brand_name),
            rxcui=self.code(rxcui) if rxcui and rxcui.isascii() and rxcui.isdigit() and len(rxcui) <= 8 else None,
            dose=self.text(medication.dose),
            stage=medication.stage,
            incorrect_actions=medication.incorrect_actions,
            route_intended=medication.route_intended,
            route_actual=medication.route_actual,
        )


def release_of(event: SafetyEvent, grade: Grade, layers: Layers, party_names: Sequence[str] = ()) -> Release:
    """The release of one event into one grade; the layers are those of the narrative engine, the names of its contract."""
    return Release(known_identifiers(event, grade, party_names), grade, layers)
