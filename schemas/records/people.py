"""The people and places of an event: patient, reporter, involved providers, facility."""

from typing import Annotated

from schemas.protection import patient, plain, provider, quasi, reporter
from schemas.records.values import Age, Date, Record, Short
from schemas.taxonomy import Sex


class Patient(Record, frozen=True):
    """The patient whom an incident reached (Common Formats PIF). Absent for unsafe conditions."""

    given: Annotated[Short | None, patient("Given name (DE46).")] = None
    middle: Annotated[Short | None, patient("Middle name or initial.")] = None
    family: Annotated[Short | None, patient("Family name (DE46).")] = None
    birth_date: Annotated[Date | None, patient("Date of birth (DE47).")] = None
    medical_record_number: Annotated[Short | None, patient("Medical record number (DE49).")] = None
    account_number: Annotated[Short | None, patient("Account or encounter number.")] = None
    health_plan_number: Annotated[Short | None, patient("Health plan beneficiary number.")] = None
    social_security_number: Annotated[Short | None, patient("Social security number.")] = None
    phone: Annotated[Short | None, patient("Telephone number.")] = None
    email: Annotated[Short | None, patient("Electronic mail address.")] = None
    street: Annotated[Short | None, patient("Street address.")] = None
    city: Annotated[Short | None, quasi("Town or city.")] = None
    state: Annotated[Short | None, quasi("State or territory, two letters.")] = None
    zip_code: Annotated[Short | None, quasi("ZIP code, five digits or ZIP+4.")] = None
    age_years: Annotated[Age | None, quasi("Age at the event in whole years (LOINC 74500-0).")] = None
    sex: Annotated[Sex | None, quasi("Gender (DE42).")] = None
    race: Annotated[Short | None, quasi("Race (LOINC 74693-3).")] = None
    ethnicity: Annotated[Short | None, quasi("Ethnicity (LOINC 74694-1).")] = None


class Reporter(Record, frozen=True):
    """Who reported in good faith (HERF). An anonymous reporter leaves everything but the role empty."""

    given: Annotated[Short | None, reporter("Given name (DE50).")] = None
    family: Annotated[Short | None, reporter("Family name (DE50).")] = None
    phone: Annotated[Short | None, reporter("Telephone number (DE52).")] = None
    email: Annotated[Short | None, reporter("Electronic mail address (DE53).")] = None
    role: Annotated[Short | None, quasi("Job or position (DE36).")] = None
    anonymous: Annotated[bool, plain("The reporter chose to stay anonymous (DE33).")] = False


class InvolvedProvider(Record, frozen=True):
    """A clinician or another provider who took part in the event."""

    given: Annotated[Short | None, provider("Given name.")] = None
    family: Annotated[Short | None, provider("Family name.")] = None
    role: Annotated[Short | None, quasi("Profession or role in the event.")] = None
    national_provider_id: Annotated[Short | None, provider("National provider identification number (NPI).")] = None
    license_number: Annotated[Short | None, provider("Certificate or license number.")] = None
    dea_number: Annotated[Short | None, provider("Drug Enforcement Administration number.")] = None
    phone: Annotated[Short | None, provider("Telephone number.")] = None
    email: Annotated[Short | None, provider("Electronic mail address.")] = None


class Facility(Record, frozen=True):
    """The place of care that is, or belongs to, the provider of record."""

    name: Annotated[Short | None, provider("Name of the facility.")] = None
    abbreviation: Annotated[Short | None, provider("The short name by which its people call it.")] = None
    street: Annotated[Short | None, provider("Street address.")] = None
    city: Annotated[Short | None, quasi("Town or city.")] = None
    state: Annotated[Short | None, quasi("State or territory, two letters.")] = None
    zip_code: Annotated[Short | None, quasi("ZIP code.")] = None
    phone: Annotated[Short | None, provider("Telephone number.")] = None
