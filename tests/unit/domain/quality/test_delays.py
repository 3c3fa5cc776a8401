"""From the bedside to the warehouse: days and seconds, and what is typical."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from stream_processors.domain.quality.delays import Delay, Stored, delays, quantile
from tests.support.builders import safety_event

TAKEN = datetime(2024, 5, 17, 15, 3, tzinfo=UTC)


def known(**changes: str | None) -> dict[Delay, int]:
    return dict(delays(Stored(safety_event(**changes), TAKEN, TAKEN + timedelta(seconds=2.9))))


def test_every_delay_in_its_unit() -> None:
    assert known() == {
        Delay.EVENT_TO_REPORT_DAYS: 1,
        Delay.EVENT_TO_ENTRY_DAYS: 1,
        Delay.ENTRY_TO_PSO_SECONDS: 3600,
        Delay.REPORTED_TO_ROW_SECONDS: 2,
    }


@pytest.mark.parametrize(
    ("changes", "missing", "remark"),
    [
        ({"event_date": "2024-05"}, {Delay.EVENT_TO_REPORT_DAYS, Delay.EVENT_TO_ENTRY_DAYS}, "a month is no day"),
        ({"report_date": None}, {Delay.EVENT_TO_REPORT_DAYS}, "nobody said when"),
        ({"pses_entered_at": None}, {Delay.EVENT_TO_ENTRY_DAYS, Delay.ENTRY_TO_PSO_SECONDS}, "never entered"),
        (
            {"pses_entered_at": "2016-12-31T23:59:60Z"},
            {Delay.EVENT_TO_ENTRY_DAYS, Delay.ENTRY_TO_PSO_SECONDS},
            "PostgreSQL takes a leap second, Python does not",
        ),
    ],
)
def test_what_is_not_known_has_no_delay(changes: dict[str, str | None], missing: set[Delay], remark: str) -> None:
    assert set(Delay) - set(known(**changes)) == missing, remark


def test_an_event_that_entered_before_it_happened_by_its_local_date_took_no_day() -> None:
    assert known(event_date="2024-05-18", report_date="2024-05-18")[Delay.EVENT_TO_ENTRY_DAYS] == 0, "Guam's morning"


def test_a_row_of_an_older_version_does_not_know_when_the_pso_had_it() -> None:
    found = dict(delays(Stored(safety_event(), None, TAKEN)))
    assert set(found) == {Delay.EVENT_TO_REPORT_DAYS, Delay.EVENT_TO_ENTRY_DAYS}


@pytest.mark.parametrize(
    ("values", "tenths", "found"),
    [([7], 5, 7), ([1, 2], 5, 1), ([1, 2, 3], 5, 2), (range(1, 11), 9, 9), (range(1, 12), 9, 10), ([5] * 9 + [100], 9, 5)],
)
def test_the_nearest_rank(values: list[int], tenths: int, found: int) -> None:
    assert quantile(Counter(values), tenths) == found


def test_nothing_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        quantile(Counter(), 5)
