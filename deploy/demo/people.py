"""Invented people: with the identifiers that a de-identification must find, and numbers that nobody has."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.providers import NAMES, Provider


@dataclass(frozen=True, slots=True)
class Person:
    """A patient. Telephone numbers lie in 555-0100 to 555-0199, kept for fiction; no SSN begins with 9."""

    given: str
    family: str
    female: bool
    age: int
    born: date
    mrn: str
    phone: str
    ssn: str

    @property
    def called(self) -> str:
        return f"{'Ms.' if self.female else 'Mr.'} {self.family}"

    def identifiers(self) -> list[str]:
        """What must not be found where this person has been taken out."""
        return [self.family, self.mrn, self.phone, self.ssn]


def patient(random: Random, provider: Provider, day: date) -> Person:
    """Somebody whose age is that of the provider's patients."""
    female = random.random() < 0.53
    age = random.randint(*provider.ages)
    number = random.randrange(10**7)
    return Person(
        given=random.choice(NAMES["given_female" if female else "given_male"]),
        family=random.choice(NAMES["family"]),
        female=female,
        age=age,
        born=day - timedelta(days=age * 365 + age // 4 + random.randrange(1, 364)),
        mrn=f"MRN{number:07d}",
        phone=phone(random),
        ssn=f"9{number % 100:02d}-{number % 89 + 10}-{number % 10000:04d}",
    )


def phone(random: Random) -> str:
    """A telephone number out of the range that is kept for fiction."""
    return f"{random.choice(('217', '307', '615', '608'))}-555-01{random.randrange(100):02d}"


def clinician(random: Random) -> tuple[str, str]:
    """Given and family name."""
    return random.choice([*NAMES["given_female"], *NAMES["given_male"]]), random.choice(NAMES["family"])


def as_patient(random: Random, person: Person, provider: Provider) -> dict[str, Any]:
    """The patient's part of an event, as incomplete as reports are (sex in 56 %, age in 30 % of reports)."""
    town, state, zip_code = provider.place
    record: dict[str, Any] = {
        "given": person.given,
        "family": person.family,
        "birth_date": f"{person.born}",
        "medical_record_number": person.mrn,
    }
    if random.random() < 0.56:
        record["sex"] = "female" if person.female else "male"
    if random.random() < 0.3:
        record["age_years"] = person.age
    if random.random() < 0.2:
        street = f"{random.randrange(1, 400)} {random.choice(NAMES['streets'])}"
        record |= {"street": street, "city": town, "state": state, "zip_code": zip_code}
        record |= {"phone": person.phone, "social_security_number": person.ssn}
        record["email"] = f"{person.given}.{person.family}@example.org".lower()
    return record
