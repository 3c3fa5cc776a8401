"""Which providers are similar: the same kind of provider (42 CFR 3.20) of about the same size.

Size is what a provider did, not what it says of itself: for those with inpatients the average daily census, patient days over
days (the bed-size groups of the American Hospital Association, neighbours merged so that few members share one), else
encounters a month (our own cuts, between an office, a centre and a large clinic).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from enum import StrEnum

from stream_processors.domain.denominators import DenominatorKind

MONTHS = 12
"""The newest months that are told decide, so that a season does not."""


class SizeBand(StrEnum):
    """How large a provider is, beside others of its kind."""

    CENSUS_UNDER_25 = "census_under_25"
    CENSUS_25_TO_99 = "census_25_to_99"
    CENSUS_100_TO_299 = "census_100_to_299"
    CENSUS_300_OR_MORE = "census_300_or_more"
    ENCOUNTERS_UNDER_500 = "encounters_under_500"
    ENCOUNTERS_500_TO_4999 = "encounters_500_to_4999"
    ENCOUNTERS_5000_OR_MORE = "encounters_5000_or_more"
    UNKNOWN = "unknown"


_CENSUS = ((300, SizeBand.CENSUS_300_OR_MORE), (100, SizeBand.CENSUS_100_TO_299), (25, SizeBand.CENSUS_25_TO_99))
_ENCOUNTERS = ((5000, SizeBand.ENCOUNTERS_5000_OR_MORE), (500, SizeBand.ENCOUNTERS_500_TO_4999))

Told = Mapping[tuple[DenominatorKind, str], int]
"""Kind and month (YYYY-MM): the quantity that counts now."""


def size_band(told: Told) -> SizeBand:
    """The size of a provider by its own denominators; patient days decide where there are any."""
    patient_days = _newest(told, DenominatorKind.PATIENT_DAYS)
    if any(patient_days.values()):
        days = sum(map(_days, patient_days))
        return _band(sum(patient_days.values()), days, _CENSUS, SizeBand.CENSUS_UNDER_25)
    encounters = _newest(told, DenominatorKind.ENCOUNTERS)
    if any(encounters.values()):
        return _band(sum(encounters.values()), len(encounters), _ENCOUNTERS, SizeBand.ENCOUNTERS_UNDER_500)
    return SizeBand.UNKNOWN


def _band(quantity: int, over: int, cuts: Iterable[tuple[int, SizeBand]], least: SizeBand) -> SizeBand:
    """Whole numbers throughout: the same band on every machine."""
    return next((band for cut, band in cuts if quantity >= cut * over), least)


def _newest(told: Told, kind: DenominatorKind) -> dict[str, int]:
    found = {month: quantity for (of, month), quantity in told.items() if of is kind}
    return {month: found[month] for month in sorted(found, reverse=True)[:MONTHS]}


def _days(month: str) -> int:
    year, _, number = month.partition("-")
    return monthrange(int(year), int(number))[1]
