"""The rules of the devices and medications of an event."""

from collections.abc import Mapping
from types import MappingProxyType

from stream_processors.domain.deidentification.rules_treatments import (
    P1,
    P2,
    Rule,
    clean,
    kept,
    patient_identifier,
)

_TYPED = "A label that somebody typed."
_RARE = "A model or maker identifies no single device; rare ones: see the check of rare characteristics."


def _label(becomes: str, reason: str = _TYPED) -> tuple[Rule, Rule]:
    return clean(P1, becomes, reason), clean(f"{P2}(i)(D)", becomes, reason)


_DEVICE: dict[str, tuple[Rule, Rule]] = {
    "kind": _label("devices[].kind"),
    "manufacturer": _label("devices[].manufacturer", _RARE),
    "model": _label("devices[].model", _RARE),
    "software_version": _label("devices[].software_version"),
    "lot_number": patient_identifier("xii", "M", "Number of a device, shared by few."),
    "serial_number": patient_identifier("xii", "M", "Serial number of a device."),
    "unique_device_identifier": patient_identifier("xii", "M", "Its production part holds the serial number."),
}

_MEDICATION: dict[str, tuple[Rule, Rule]] = {
    "generic_name": _label("medications[].generic_name"),
    "brand_name": _label("medications[].brand_name"),
    "rxcui": _label("medications[].rxcui", "At most eight digits, and no number of this event."),
    "dose": _label("medications[].dose"),
    "stage": kept("medications[].stage"),
    "incorrect_actions[]": kept("medications[].incorrect_actions[]"),
    "route_intended": kept("medications[].route_intended"),
    "route_actual": kept("medications[].route_actual"),
}

PARTS: Mapping[str, tuple[Rule, Rule]] = MappingProxyType(
    {
        **{f"event.devices[].{field}": row for field, row in _DEVICE.items()},
        **{f"event.medications[].{field}": row for field, row in _MEDICATION.items()},
    }
)
"""Path -> rules in P1 and P2."""
