"""The identifiers that an event itself names: what must not be found in anything that leaves it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from types import MappingProxyType

from schemas.grades import Grade
from schemas.records import SafetyEvent
from schemas.records.people import InvolvedProvider, Patient, Reporter
from stream_processors.domain.deidentification.words import spelled

FEWEST_LETTERS = 2
"""A part of a name with fewer letters is an initial: it cannot be told from any other letter."""

FEWEST_DIGITS = 4
"""A number with fewer digits cannot be told from a dose or a room."""

_LANGUAGE = """
    a an and are as at be by do for from he if in is it me my no of on or so the to up us was we with
    annex area bed bldg boulevard blvd building care ccu center centre clinic county court department drive east ed emergency
    er facility floor general group health healthcare home hospital icu inpatient intensive lab laboratory lane medical
    medicine memorial national nicu north northern nursing pacu pharmacy picu place regional road room saint service services
    south southern st street suite surgery surgical system tower unit university ward west western wing avenue ave hwy way
"""
_GENERIC = frozenset(_LANGUAGE.split())
"""Words of the names of facilities, units and streets that belong to the language: alone they name no place."""


OLDEST_AGE = 89
"""In years; above it all are one group: 45 CFR 164.514(b)(2)(i)(C)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose identifier it is: the placeholder's kind, and which of that kind."""

    kind: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """The identifiers of one event: sequences of folded words, and numbers as digits only."""

    sequences: Mapping[tuple[str, ...], Subject]
    numbers: Mapping[str, Subject]
    by_first_word: Mapping[str, Sequence[tuple[str, ...]]]
    """The sequences that start with a word, longest first."""


def known_identifiers(event: SafetyEvent, grade: Grade) -> Known:
    """The identifiers that the structured fields of this event hold and this grade forbids.

    Direct ones of providers (42 CFR 3.206(b)(4)(iv)(A)(1)-(13)), of the patient (45 CFR 164.514(e)(2)) and of the reporter
    (3.20); in P2 also towns, ZIP codes, the year of birth and an age over 89. It cannot know who is named in words only:
    relatives, colleagues, other facilities, or the same people by a nickname.
    """
    sequences: dict[tuple[str, ...], Subject] = {}
    numbers: dict[str, Subject] = {}
    for subject, texts in chain(_texts(event), _places_and_age(event) if grade is Grade.P2 else ()):
        for form in chain.from_iterable(texts):
            _remember(form, subject, sequences, numbers)
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for sequence in sorted(sequences, key=len, reverse=True):
        by_first.setdefault(sequence[0], []).append(sequence)
    return Known(MappingProxyType(sequences), MappingProxyType(numbers), MappingProxyType(by_first))


def _remember(
    form: tuple[str, ...], subject: Subject, sequences: dict[tuple[str, ...], Subject], numbers: dict[str, Subject]
) -> None:
    digits = _digits_in_a_row(form)
    if len(digits) >= FEWEST_DIGITS:
        numbers.setdefault(digits, subject)
    together = "".join(form)
    if len(together) >= (FEWEST_DIGITS if together.isdigit() and subject.kind != "AGE" else FEWEST_LETTERS):
        sequences.setdefault(form, subject)


def _digits_in_a_row(form: tuple[str, ...]) -> str:
    """The digits of an identifier whose numbers stand side by side, as in a telephone number; else nothing."""
    groups = ["".join(words) for is_number, words in groupby(form, str.isdigit) if is_number]
    return groups[0] if len(groups) == 1 else ""


Forms = Iterator[tuple[str, ...]]


def _texts(event: SafetyEvent) -> Iterator[tuple[Subject, list[Forms]]]:
    """Every identifier in all the forms in which it is looked for, with its owner; earlier owners keep shared words."""
    if event.patient:
        yield Subject("NAME", 1), [_name(event.patient.given, event.patient.middle, event.patient.family)]
        yield Subject("ID"), _codes(_of_patient(event.patient))
        yield Subject("ADDRESS"), [_title(event.patient.street)]
    if event.reporter:
        yield Subject("NAME", 2), [_name(event.reporter.given, event.reporter.family)]
        yield Subject("ID"), _codes(_of_reporter(event.reporter))
    for number, provider in enumerate(event.providers, start=3):
        yield Subject("NAME", number), [_name(provider.given, provider.family)]
        yield Subject("ID"), _codes(_of_provider(provider))
    if event.facility:
        yield Subject("FACILITY"), [_title(event.facility.name), _title(event.facility.abbreviation)]
        yield Subject("ID"), _codes((event.facility.phone,))
        yield Subject("ADDRESS"), [_title(event.facility.street)]
    yield Subject("UNIT"), [_title(event.unit)]
    yield Subject("ID"), _codes(_of_event(event))


def _places_and_age(event: SafetyEvent) -> Iterator[tuple[Subject, list[Forms]]]:
    """What 3.212(a)(2)(i)(B) and 45 CFR 164.514(b)(2)(i)(B)-(C) forbid beyond the direct identifiers."""
    for place in (event.facility, event.patient):
        if place:
            yield Subject("PLACE"), _codes((place.city, place.zip_code))
    if event.patient and event.patient.birth_date:
        yield Subject("DATE"), _codes((event.patient.birth_date[:4],))
    if event.patient and (event.patient.age_years or 0) > OLDEST_AGE:
        yield Subject("AGE"), _codes((str(event.patient.age_years),))


def _of_patient(patient: Patient) -> Iterable[str | None]:
    return (
        patient.medical_record_number,
        patient.account_number,
        patient.health_plan_number,
        patient.social_security_number,
        patient.phone,
        patient.email,
    )


def _of_reporter(reporter: Reporter) -> Iterable[str | None]:
    return (reporter.phone, reporter.email)


def _of_provider(provider: InvolvedProvider) -> Iterable[str | None]:
    return (
        provider.national_provider_id,
        provider.license_number,
        provider.dea_number,
        provider.phone,
        provider.email,
    )


def _of_event(event: SafetyEvent) -> Iterable[str | None]:
    yield from (event.event_id, event.provider, event.pses_policy)
    yield event.source.system if event.source else None
    for external in event.external_ids:
        yield from (external.system, external.value)
    for device in event.devices:
        yield from (device.lot_number, device.serial_number, device.unique_device_identifier)


def _codes(texts: Iterable[str | None]) -> list[Forms]:
    """An identifier as a whole, whatever stands between its parts, and written without anything between them."""
    return [_whole(spelled(text)) for text in texts if text]


def _whole(parts: tuple[str, ...]) -> Forms:
    if parts:
        yield parts
        yield from _joined(parts)


def _joined(parts: tuple[str, ...]) -> Forms:
    """The parts written together, where that is one word again."""
    together = "".join(parts)
    if len(parts) > 1 and (together.isalpha() or together.isdigit()):
        yield (together,)


def _name(*names: str | None) -> Forms:
    """Each part of a person's name alone, and the whole written together in either order."""
    spellings = [spelled(name) for name in names if name]
    for parts in spellings:
        yield from ((part,) for part in parts if len(part) >= FEWEST_LETTERS)
        yield from _joined(parts)
    whole = tuple(part for parts in spellings for part in parts)
    yield from _joined(whole)
    if len(spellings) > 1:
        yield from _joined(spellings[-1] + spellings[0])
        yield from _joined(spellings[0] + spellings[-1])


def _title(text: str | None) -> Forms:
    """The name of a place as a whole, and each of its words that does not belong to the language."""
    parts = spelled(text or "")
    if len(parts) > 1 or not _GENERIC.issuperset(parts):
        yield from _whole(parts)
    yield from ((part,) for part in parts if part not in _GENERIC and not part.isdigit() and len(part) >= FEWEST_LETTERS)
