"""The rules of the people and places of an event: patient, reporter, providers who took part, facility."""

from collections.abc import Mapping
from types import MappingProxyType

from stream_processors.domain.deidentification.rules_treatments import (
    HARBOR,
    LIMITED,
    NO_NEED,
    P1,
    P2,
    Rule,
    clean,
    drop,
    generalise,
    keep,
    patient_identifier,
    provider_identifier,
)

_CODE_OF_STATE = "As the postal code of a State or inhabited territory; any other text goes."
_TOWN = "Towns stay in a limited data set."
_SMALL_GROUPS = drop("45 CFR 164.514(b)(2)(ii)", "With State, age and device it can single somebody out.")

_PATIENT: dict[str, tuple[Rule, Rule]] = {
    "given": patient_identifier("i", "A", "Name."),
    "middle": patient_identifier("i", "A", "Name."),
    "family": patient_identifier("i", "A", "Name."),
    "birth_date": (
        keep(LIMITED, "patient.birth_date", "Dates stay in a limited data set."),
        drop(f"{HARBOR}(C)", "The year too: with the year of the event it would tell an age over 89."),
    ),
    "medical_record_number": patient_identifier("vii", "H", "Medical record number."),
    "account_number": patient_identifier("ix", "J", "Account number."),
    "health_plan_number": patient_identifier("viii", "I", "Health plan beneficiary number."),
    "social_security_number": patient_identifier("vi", "G", "Social security number."),
    "phone": patient_identifier("iii", "D", "Telephone number; a fax number if somebody wrote one."),
    "email": patient_identifier("v", "F", "Electronic mail address."),
    "street": patient_identifier("ii", "B", "Street address."),
    "city": (clean(f"{LIMITED}(ii)", "patient.city", _TOWN), drop(f"{HARBOR}(B)", "Smaller than a State.")),
    "state": (
        generalise(f"{LIMITED}(ii)", "patient.state", _CODE_OF_STATE),
        drop("none", "The State of the facility is told; two places single out more than one."),
    ),
    "zip_code": (
        clean(f"{LIMITED}(ii)", "patient.zip_code", "ZIP codes stay in a limited data set; what is none goes."),
        drop(f"{HARBOR}(B)", "Its first three digits could leave; those of the facility do, and two places single out more."),
    ),
    "age_years": (
        keep(LIMITED, "patient.age_years", "Ages stay in a limited data set."),
        generalise(f"{HARBOR}(C)", "age", "Whole years to 89; above, `90+`."),
    ),
    "sex": (keep(LIMITED, "patient.sex"), keep(HARBOR, "sex")),
    "race": (clean(LIMITED, "patient.race", "A label that somebody typed."), _SMALL_GROUPS),
    "ethnicity": (clean(LIMITED, "patient.ethnicity", "A label that somebody typed."), _SMALL_GROUPS),
}

_REPORTER: dict[str, tuple[Rule, Rule]] = {
    "given": provider_identifier(1, "Name of a member of the workforce, who reported in good faith."),
    "family": provider_identifier(1, "Name of a member of the workforce, who reported in good faith."),
    "phone": provider_identifier(3, "Telephone number; a fax number if somebody wrote one."),
    "email": provider_identifier(5, "Electronic mail address."),
    "role": (NO_NEED, drop(f"{P2}(i)(D)", "The only holder of a job is named by it.")),
    "anonymous": (NO_NEED, NO_NEED),
}

_PROVIDER: dict[str, tuple[Rule, Rule]] = {
    "given": provider_identifier(1, "Name."),
    "family": provider_identifier(1, "Name."),
    "role": (NO_NEED, drop(f"{P2}(i)(D)", "The only one of a specialty is named by it.")),
    "national_provider_id": provider_identifier(8, "National provider identification number."),
    "license_number": provider_identifier(9, "Certificate or license number."),
    "dea_number": provider_identifier(7, "DEA number."),
    "phone": provider_identifier(3, "Telephone number; a fax number if somebody wrote one."),
    "email": provider_identifier(5, "Electronic mail address."),
}

_FACILITY: dict[str, tuple[Rule, Rule]] = {
    "name": provider_identifier(1, "Name."),
    "abbreviation": provider_identifier(1, "Name."),
    "street": provider_identifier(2, "Street address."),
    "city": (clean(f"{P1}(A)(2)", "city", "Towns are excepted from the 13."), drop(f"{P2}(i)(B)", "Smaller than a State.")),
    "state": (
        generalise(f"{P1}(A)(2)", "state", _CODE_OF_STATE),
        generalise(f"{P2}(i)(B)", "state", _CODE_OF_STATE),
    ),
    "zip_code": (
        clean(f"{P1}(A)(2)", "zip_code", "ZIP codes are excepted from the 13; what is none goes."),
        generalise(
            f"{P2}(i)(B)", "zip3", "Three digits of a unit of more than 20,000 people, else `000`; only beside the State."
        ),
    ),
    "phone": provider_identifier(3, "Telephone number; a fax number if somebody wrote one."),
}

PEOPLE: Mapping[str, tuple[Rule, Rule]] = MappingProxyType(
    {
        **{f"event.facility.{field}": row for field, row in _FACILITY.items()},
        **{f"event.patient.{field}": row for field, row in _PATIENT.items()},
        **{f"event.reporter.{field}": row for field, row in _REPORTER.items()},
        **{f"event.providers[].{field}": row for field, row in _PROVIDER.items()},
    }
)
"""Path -> rules in P1 and P2."""
