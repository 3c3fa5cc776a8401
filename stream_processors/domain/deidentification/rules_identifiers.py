"""The identifiers that the two rules list, and the fields of an event that may carry each: 13, 16 and 18 of them.

Any of them may also stand in words: `event.narratives[].text` goes through the narrative engine, labels that somebody typed
leave only where they are clean, other free text does not leave at all. That is said once here and not in every row.
"""

from dataclasses import dataclass

PATIENT, REPORTER, FACILITY, PROVIDERS = "event.patient", "event.reporter", "event.facility", "event.providers[]"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier of a list."""

    place: str
    """Its number or letter in the list."""
    what: str
    carriers: tuple[str, ...]
    """Paths of the fields made to hold it; none where a record has no such field."""
    is_words: bool = True
    """False for prints and images, which no field of a record can hold."""


def _one(place: str, what: str, *carriers: str) -> Identifier:
    return Identifier(place, what, carriers)


def _no_words(place: str, what: str) -> Identifier:
    return Identifier(place, what, (), is_words=False)


_OF_PEOPLE = (f"{REPORTER}.given", f"{REPORTER}.family", f"{PROVIDERS}.given", f"{PROVIDERS}.family")
_NAMES = (f"{PATIENT}.given", f"{PATIENT}.middle", f"{PATIENT}.family")
_DATES = ("event.event_date", "event.event_time", "event.discovery_date", "event.report_date", "event.pses_entered_at")
_NUMBERS_OF_EVENT = ("event.event_id", "event.external_ids[].value", "acceptance.arrangement")
_DEVICES = ("lot_number", "serial_number", "unique_device_identifier")
_OF_DEVICES = tuple(f"event.devices[].{field}" for field in _DEVICES)
_OF_HOUSE = (f"{FACILITY}.name", f"{FACILITY}.abbreviation", "event.unit")

PROVIDER_IDENTIFIERS = (
    _one("1", "Names", *_OF_PEOPLE, *_OF_HOUSE, "event.provider", "event.pses_policy", "event.source.system"),
    _one("2", "Postal address information, other than town or city, State and zip code", f"{FACILITY}.street"),
    _one("3", "Telephone numbers", f"{FACILITY}.phone", f"{REPORTER}.phone", f"{PROVIDERS}.phone"),
    _one("4", "Fax numbers", f"{FACILITY}.phone", f"{REPORTER}.phone", f"{PROVIDERS}.phone"),
    _one("5", "Electronic mail addresses", f"{REPORTER}.email", f"{PROVIDERS}.email"),
    _one("6", "Social security numbers or taxpayer identification numbers"),
    _one("7", "Provider or practitioner credentialing or DEA numbers", f"{PROVIDERS}.dea_number"),
    _one("8", "National provider identification number", f"{PROVIDERS}.national_provider_id"),
    _one("9", "Certificate or license numbers", f"{PROVIDERS}.license_number"),
    _one("10", "Web Universal Resource Locators (URLs)"),
    _one("11", "Internet Protocol (IP) address numbers"),
    _no_words("12", "Biometric identifiers, including finger and voice prints"),
    _no_words("13", "Full face photographic images and any comparable images"),
)
"""42 CFR 3.206(b)(4)(iv)(A)(1)-(13): of providers, their affiliates, parents, subsidiaries, practice partners, employers,
members of the workforce and of the household. 3.212(a)(2)(i)(A) repeats them."""

LIMITED_DATA_SET = (
    _one("i", "Names", *_NAMES),
    _one("ii", "Postal address information, other than town or city, State and zip code", f"{PATIENT}.street"),
    _one("iii", "Telephone numbers", f"{PATIENT}.phone"),
    _one("iv", "Fax numbers", f"{PATIENT}.phone"),
    _one("v", "Electronic mail addresses", f"{PATIENT}.email"),
    _one("vi", "Social security numbers", f"{PATIENT}.social_security_number"),
    _one("vii", "Medical record numbers", f"{PATIENT}.medical_record_number"),
    _one("viii", "Health plan beneficiary numbers", f"{PATIENT}.health_plan_number"),
    _one("ix", "Account numbers", f"{PATIENT}.account_number"),
    _one("x", "Certificate or license numbers"),
    _one("xi", "Vehicle identifiers and serial numbers, including license plate numbers"),
    _one("xii", "Device identifiers and serial numbers", *_OF_DEVICES),
    _one("xiii", "Web Universal Resource Locators (URLs)"),
    _one("xiv", "Internet Protocol (IP) address numbers"),
    _no_words("xv", "Biometric identifiers, including finger and voice prints"),
    _no_words("xvi", "Full face photographic images and any comparable images"),
)
"""45 CFR 164.514(e)(2)(i)-(xvi): of the individual, relatives, employers and household members."""

_PLACES = tuple(f"{whose}.{field}" for whose in (PATIENT, FACILITY) for field in ("street", "city", "zip_code"))

SAFE_HARBOR = (
    _one("A", "Names", *_NAMES),
    _one("B", "Geographic subdivisions smaller than a State, but for ZIP3 above 20,000 people", *_PLACES),
    _one("C", "Elements of dates but the year; ages over 89", f"{PATIENT}.birth_date", f"{PATIENT}.age_years", *_DATES),
    _one("D", "Telephone numbers", f"{PATIENT}.phone"),
    _one("E", "Fax numbers", f"{PATIENT}.phone"),
    _one("F", "Electronic mail addresses", f"{PATIENT}.email"),
    _one("G", "Social security numbers", f"{PATIENT}.social_security_number"),
    _one("H", "Medical record numbers", f"{PATIENT}.medical_record_number"),
    _one("I", "Health plan beneficiary numbers", f"{PATIENT}.health_plan_number"),
    _one("J", "Account numbers", f"{PATIENT}.account_number"),
    _one("K", "Certificate or license numbers"),
    _one("L", "Vehicle identifiers and serial numbers, including license plate numbers"),
    _one("M", "Device identifiers and serial numbers", *_OF_DEVICES),
    _one("N", "Web Universal Resource Locators (URLs)"),
    _one("O", "Internet Protocol (IP) address numbers"),
    _no_words("P", "Biometric identifiers, including finger and voice prints"),
    _no_words("Q", "Full face photographs and any comparable images"),
    _one("R", "Any other unique identifying number, characteristic or code", *_NUMBERS_OF_EVENT),
)
"""45 CFR 164.514(b)(2)(i)(A)-(R): of the individual, relatives, employers and household members."""
