"""The identifiers that an event itself names: what must not be found in anything that leaves it."""

from collections.abc import Mapping, Sequence, Set

from msgspec import Struct

from schemas.grades import Grade
from schemas.records import SafetyEvent
from schemas.records.people import InvolvedProvider, Patient
from stream_processors.domain.deidentification.spellings import Collector, Subject

OLDEST_AGE = 89
"""In years; above it all are one group: 45 CFR 164.514(b)(2)(i)(C)."""

_ID, _ADDRESS, _FACILITY, _UNIT = Subject("ID"), Subject("ADDRESS"), Subject("FACILITY"), Subject("UNIT")
_P2 = Grade.P2
_PATIENT, _REPORTER = Subject("NAME", 1), Subject("NAME", 2)
_PLACE, _DATE, _AGE = Subject("PLACE"), Subject("DATE"), Subject("AGE")


class Known(Struct, frozen=True):
    """The identifiers of one event: folded words, and numbers as digits only."""

    single: Mapping[str, Subject]
    """Identifiers of one word."""
    longer: Mapping[str, Sequence[tuple[tuple[str, ...], Subject]]]
    """Those of more words by their first word, longest first."""
    numbers: Mapping[str, Subject]

    @property
    def starts(self) -> Set[str]:
        """Every word with which an identifier begins."""
        return self.single.keys() | self.longer.keys()

    @property
    def words(self) -> Sequence[str]:
        """The identifiers of one word of letters, with a space before and behind."""
        return [f" {word} " for word in self.single if not word.isdigit()]

    @property
    def short_numbers(self) -> Sequence[str]:
        """Those of one number, so."""
        return [f" {word} " for word in self.single if word.isdigit()]

    @property
    def phrases(self) -> Sequence[str]:
        """Those of more words, with a space before, between and behind them."""
        return [f" {' '.join(sequence)} " for sequences in self.longer.values() for sequence, _ in sequences]


def known_identifiers(event: SafetyEvent, grade: Grade) -> Known:
    """The identifiers that the structured fields of this event hold and this grade forbids.

    Direct ones of providers (42 CFR 3.206(b)(4)(iv)(A)(1)-(13)), of the patient (45 CFR 164.514(e)(2)) and of the reporter
    (3.20); in P2 also towns, ZIP codes, the year of birth and an age over 89. It cannot know who is named in words only:
    relatives, colleagues, other facilities, or the same people by a nickname.
    """
    found = Collector()
    _people(event, found)
    _places_and_things(event, found)
    if grade is _P2:
        _towns_and_age(event, found)
    return _known(found)


def _known(found: Collector) -> Known:
    longer: dict[str, list[tuple[tuple[str, ...], Subject]]] = {}
    for sequence in sorted(found.longer, key=len, reverse=True):
        longer.setdefault(sequence[0], []).append((sequence, found.longer[sequence]))
    return Known(found.single, longer, found.numbers)


def _people(event: SafetyEvent, found: Collector) -> None:
    """Whose name comes first keeps the words that are shared."""
    patient, reporter = event.patient, event.reporter
    if patient:
        found.name(_PATIENT, patient.given, patient.middle, patient.family)
        found.codes(_ID, *_of_patient(patient))
        found.title(_ADDRESS, patient.street)
    if reporter:
        found.name(_REPORTER, reporter.given, reporter.family)
        found.codes(_ID, reporter.phone, reporter.email)
    for number, provider in enumerate(event.providers, start=3):
        found.name(Subject("NAME", number), provider.given, provider.family)
        found.codes(_ID, *_of_provider(provider))


def _places_and_things(event: SafetyEvent, found: Collector) -> None:
    facility = event.facility
    if facility:
        found.title(_FACILITY, facility.name)
        found.title(_FACILITY, facility.abbreviation)
        found.codes(_ID, facility.phone)
        found.title(_ADDRESS, facility.street)
    found.title(_UNIT, event.unit)
    found.codes(_ID, event.event_id, event.provider, event.pses_policy, event.source.system if event.source else None)
    for external in event.external_ids:
        found.codes(_ID, external.system, external.value)
    for device in event.devices:
        found.codes(_ID, device.lot_number, device.serial_number, device.unique_device_identifier)


def _towns_and_age(event: SafetyEvent, found: Collector) -> None:
    """What 3.212(a)(2)(i)(B) and 45 CFR 164.514(b)(2)(i)(B)-(C) forbid beyond the direct identifiers."""
    for place in (event.facility, event.patient):
        if place:
            found.codes(_PLACE, place.city, place.zip_code)
    if event.patient and event.patient.birth_date:
        found.codes(_DATE, event.patient.birth_date[:4])
    if event.patient and (event.patient.age_years or 0) > OLDEST_AGE:
        found.codes(_AGE, str(event.patient.age_years))


def _of_patient(patient: Patient) -> tuple[str | None, ...]:
    return (
        patient.medical_record_number,
        patient.account_number,
        patient.health_plan_number,
        patient.social_security_number,
        patient.phone,
        patient.email,
    )


def _of_provider(provider: InvolvedProvider) -> tuple[str | None, ...]:
    return (
        provider.national_provider_id,
        provider.license_number,
        provider.dea_number,
        provider.phone,
        provider.email,
    )
