"""The rule of rare characteristics, applied to a nonidentifiable record: 42 CFR 3.212(a)(2)(i)(D)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from schemas.records import NonidentifiedEvent
from schemas.records.disclosed import ReleasedDevice
from schemas.records.parts import Device
from schemas.taxonomy import Setting
from stream_processors.domain.deidentification.states import STATE_NAMES
from stream_processors.domain.deidentification.uniqueness import GIVEN_UP, Combination, Finding, that_told
from stream_processors.domain.deidentification.version import hash_of
from stream_processors.domain.deidentification.words import normalised
from stream_processors.domain.rejection import Reason, Rejected


@dataclass(frozen=True, slots=True)
class Rarity:
    """What is asked before an event tells its rare characteristics."""

    ask: Callable[[Collection[Combination]], Finding]
    snapshot: str | None
    """Hash of the counts that answer; it goes into the manifest. None where nothing is asked."""
    withholds: bool = False
    """Whether an event stays behind whose category, kind of provider and year too few share; else it tells just them."""


def _tells_all(_combinations: Collection[Combination]) -> Finding:
    return Finding((), is_shared=True)


def _tells_nothing_rare(combinations: Collection[Combination]) -> Finding:
    return Finding(that_told(combinations, GIVEN_UP), is_shared=False)


UNASKED = Rarity(_tells_all, None)
"""The rule is off: for a PSO that looks for rare characteristics otherwise, and for comparison."""

UNCOUNTED = Rarity(_tells_nothing_rare, hash_of(b""))
"""Nobody has counted yet, so that anything may be rare: every event leaves in its most general form."""


def without_rare(record: NonidentifiedEvent, rarity: Rarity) -> tuple[NonidentifiedEvent, tuple[str, ...]]:
    """The record without what is rare of it, and the words by which a narrative would tell it all the same.

    Raises Rejected (rare) where even its most general form may not leave.
    """
    finding = rarity.ask(combinations_of(record))
    if rarity.withholds and not finding.is_shared and not record.test:  # an invented event singles nobody out
        raise Rejected(Reason.RARE, "event.categories")
    gone = frozenset(finding.generalised)
    if not gone:
        return record, ()
    left = {name: value for name, value in (("zip3", None), ("setting", Setting.UNKNOWN), ("state", None)) if name in gone}
    devices = tuple(left_of for one in record.devices if (left_of := _device(one, gone)) is not None)
    return replace(record, devices=devices, **left), tuple(_words(record, gone))


def combinations_of(record: NonidentifiedEvent) -> frozenset[Combination]:
    """The combinations that a record tells. Not for a withdrawal, which tells none."""
    return combinations(
        (str(category) for category in record.categories),
        record.devices,
        provider_type=str(record.provider_type),
        year=record.event_year,
        state=record.state,
        zip3=record.zip3,
        setting=None if record.setting is Setting.UNKNOWN else str(record.setting),
    )


def combinations(
    categories: Iterable[str], devices: Collection[ReleasedDevice | Device], **of_the_event: Any
) -> frozenset[Combination]:
    """One for each pair of category and device. Labels are compared without case and punctuation."""
    told = {_told_of(device) for device in devices} or {(None, None, None)}
    return frozenset(
        Combination(category, device_kind=kind, device_model=model, device_version=version, **of_the_event)
        for category in categories
        for kind, model, version in told
    )


def _told_of(device: ReleasedDevice | Device) -> tuple[str | None, str | None, str | None]:
    maker_and_model = " ".join(part for part in (device.manufacturer, device.model) if part)
    return _label(device.kind), _label(maker_and_model), _label(device.software_version)


def _label(text: str | None) -> str | None:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split()) or None if text else None


def _device(device: ReleasedDevice, gone: frozenset[str]) -> ReleasedDevice | None:
    if "device_kind" in gone:
        return None
    if "device_model" in gone:
        return ReleasedDevice(kind=device.kind)
    return replace(device, software_version=None) if "device_version" in gone else device


def _words(record: NonidentifiedEvent, gone: frozenset[str]) -> Iterator[str]:
    """Model, maker and State. A kind of device and a setting are words of every narrative and single nobody out in it."""
    if "device_model" in gone:
        yield from (label for one in record.devices for label in (_label(one.model), _label(one.manufacturer)) if label)
    if "state" in gone and record.state in STATE_NAMES:
        yield STATE_NAMES[record.state]


def says(text: str, words: Collection[str]) -> bool:
    """Whether a text says one of these words, whole, whatever its case and punctuation."""
    line = f" {_label(normalised(text))} " if words else ""
    return any(f" {word} " in line for word in words)
