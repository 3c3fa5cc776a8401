"""Ages in P2: to 89 in years, above it one group, and no year that would tell one."""

import pytest
from msgspec import to_builtins

from schemas.records.people import Patient
from stream_processors.domain.deidentification.ages import age_group
from stream_processors.domain.deidentification.nonidentified import nonidentify
from tests.support.builders import classified, safety_event

# In full, so that no rule of the test can be wrong in the way in which the code is.
AGES = [
    (85, "85"), (86, "86"), (87, "87"), (88, "88"), (89, "89"),
    (90, "90+"), (91, "90+"), (92, "90+"), (93, "90+"), (94, "90+"), (95, "90+"), (96, "90+"), (97, "90+"), (98, "90+"),
    (99, "90+"), (100, "90+"), (101, "90+"), (102, "90+"), (103, "90+"), (104, "90+"), (105, "90+"), (106, "90+"),
    (107, "90+"), (108, "90+"), (109, "90+"), (110, "90+"), (111, "90+"), (112, "90+"), (113, "90+"), (114, "90+"),
    (115, "90+"), (116, "90+"), (117, "90+"), (118, "90+"), (119, "90+"), (120, "90+"),
]  # fmt: skip


@pytest.mark.parametrize(("years", "expected"), [(0, "0"), (1, "1"), (45, "45"), *AGES, (130, "90+")])
def test_an_age_is_told_to_89_and_one_group_above(years: int, expected: str) -> None:
    assert age_group(years) == expected
    assert nonidentify(classified(safety_event(patient=Patient(age_years=years))), "e-1", "c-1").age == expected


def test_an_age_that_is_not_known_is_not_told() -> None:
    assert age_group(None) is None


@pytest.mark.parametrize("born", range(1904, 1940))
def test_a_year_of_birth_is_neither_told_nor_made_an_age(born: int) -> None:
    event = safety_event(patient=Patient(birth_date=f"{born}-02-27"))
    record = to_builtins(nonidentify(classified(event), "e-1", "c-1"))
    assert record["age"] is None
    assert str(born) not in repr(record)


def test_the_year_of_the_event_stands_beside_the_group_and_no_other_year_does() -> None:
    event = safety_event(event_date="2024-05-16", patient=Patient(birth_date="1931-02-27", age_years=93))
    record = nonidentify(classified(event), "e-1", "c-1")
    assert (record.event_year, record.age) == (2024, "90+")
    numbers = [value for value in to_builtins(record).values() if type(value) is int]
    assert sorted(numbers) == [1, 3, 2024]  # revision, version of the arrangement, year
