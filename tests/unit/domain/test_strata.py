"""Similar providers: the size of a provider by what it did."""

from calendar import monthrange

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_processors.domain.denominators import DenominatorKind
from stream_processors.domain.strata import SizeBand, Told, size_band

DAYS, ENCOUNTERS, DISCHARGES = DenominatorKind.PATIENT_DAYS, DenominatorKind.ENCOUNTERS, DenominatorKind.DISCHARGES
YEAR = [f"2024-{number:02}" for number in range(1, 13)]


def census(beds: int, months: list[str] = YEAR) -> dict[tuple[DenominatorKind, str], int]:
    """So many patients in bed on every day."""
    return {(DAYS, month): beds * monthrange(int(month[:4]), int(month[5:]))[1] for month in months}


@pytest.mark.parametrize(
    ("told", "band", "remark"),
    [
        (census(24), SizeBand.CENSUS_UNDER_25, "just under"),
        (census(25), SizeBand.CENSUS_25_TO_99, "on the cut"),
        (census(100), SizeBand.CENSUS_100_TO_299, "on the cut"),
        (census(300), SizeBand.CENSUS_300_OR_MORE, "on the cut"),
        ({(DAYS, "2024-01"): 82_125 // 12}, SizeBand.CENSUS_100_TO_299, "300 beds at 75 % occupancy, one month told"),
        ({(DAYS, "2024-02"): 29 * 25 - 1}, SizeBand.CENSUS_UNDER_25, "the leap day is a day"),
        (census(24) | {(ENCOUNTERS, "2024-01"): 90_000}, SizeBand.CENSUS_UNDER_25, "inpatients decide"),
        ({(DAYS, "2024-01"): 0, (ENCOUNTERS, "2024-01"): 499}, SizeBand.ENCOUNTERS_UNDER_500, "no inpatients at all"),
        ({(ENCOUNTERS, "2024-01"): 500}, SizeBand.ENCOUNTERS_500_TO_4999, "on the cut"),
        ({(ENCOUNTERS, "2024-01"): 9_999, (ENCOUNTERS, "2024-02"): 0}, SizeBand.ENCOUNTERS_500_TO_4999, "a mean of months"),
        ({(ENCOUNTERS, "2024-01"): 5_000}, SizeBand.ENCOUNTERS_5000_OR_MORE, "on the cut"),
        ({(DISCHARGES, "2024-01"): 5_000}, SizeBand.UNKNOWN, "discharges alone say no size"),
        ({}, SizeBand.UNKNOWN, "nothing told"),
    ],
)
def test_the_size_of_a_provider_follows_from_its_denominators(told: Told, band: SizeBand, remark: str) -> None:
    assert size_band(told) is band, remark


def test_the_newest_twelve_months_decide() -> None:
    assert size_band(census(10) | census(400, ["2023-12"])) is SizeBand.CENSUS_UNDER_25


@given(st.dictionaries(st.tuples(st.sampled_from(DenominatorKind), st.sampled_from(YEAR)), st.integers(0, 10**9)))
def test_the_order_in_which_months_are_told_does_not_matter(told: dict[tuple[DenominatorKind, str], int]) -> None:
    assert size_band(told) is size_band(dict(reversed(told.items())))
