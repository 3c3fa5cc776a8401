"""Dates as days from the event, in P2 where the arrangement says so; and dates that are moved, which leave nowhere yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.records import NonidentifiedEvent
from schemas.records.parts import Narrative
from schemas.taxonomy import NarrativeDates, NarrativeKind, NarrativeRelease
from stream_processors.domain.deidentification.anonymized import anonymize
from stream_processors.domain.deidentification.nonidentified import nonidentify
from stream_processors.domain.deidentification.relative_dates import FURTHEST, day_of_event, days_after, told, whole_day
from stream_processors.domain.deidentification.shifted_dates import OFFSETS, WEEKS, shifted
from tests.support.builders import classified, crowded_event

EVENT = date(2024, 5, 16)
DAYS: list[tuple[str, int | None, str]] = [
    ("5/19/2024", 3, "as the United States write it"),
    ("5/19/24", 3, "two digits of a year"),
    ("2024-05-16", 0, "the day itself"),
    ("May 20", 4, "without a year the nearest"),
    ("Thurs., May 9th, 2024", -7, "with its weekday"),
    ("3 June 2024", 18, "day first"),
    ("the 4th of July", None, "with a word before it"),
    ("4 of July", 49, "in words"),
    ("2024-08-14", 90, "a quarter of a year"),
    ("2024-08-15", None, "a day more"),
    ("2024-02-16", -90, "a quarter before"),
    ("2024-02-15", None, "a day before that"),
    ("1931-02-27", None, "a date of birth is an age in days"),
    ("13/45/2024", None, "no day of a calendar"),
    ("February 30", None, "nor this in any year"),
    ("May 2024", None, "no day"),
    ("Christmas", None, "a holiday by its name"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("text", "days", "remark"), DAYS, ids=[one[-1] for one in DAYS])
def test_a_day_near_the_event_is_so_many_days_from_it(text: str, days: int | None, remark: str) -> None:
    assert day_of_event(text, EVENT) == days, remark


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_is_read_by_its_name_and_by_three_letters_of_it(number: int) -> None:
    day = date(2024, number, 9)
    for pattern in ("%B %d", "%b. %d, %Y", "%d %b %Y"):
        assert day_of_event(day.strftime(pattern), day) == 0, pattern


def test_around_new_year_a_day_without_a_year_is_the_nearest_one() -> None:
    assert day_of_event("1/2", date(2024, 12, 30)) == 3
    assert day_of_event("12/30", date(2025, 1, 2)) == -3
    assert day_of_event("2/29", date(2024, 3, 1)) == -1


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(-400, 400))
def test_every_form_of_a_date_says_the_same_days(event: date, apart: int) -> None:
    day = event + timedelta(apart)
    expected = apart if abs(apart) <= FURTHEST else None
    assert [day_of_event(day.strftime(form), event) for form in ("%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%d %b %Y")] == [
        expected
    ] * 4


def test_an_event_without_a_day_has_no_days_from_it() -> None:
    assert day_of_event("5/19/2024", None) is None
    assert [whole_day(text) for text in ("2024-05-16", "2024-05", "2024", None, "2024-02-30", "20240516")] == [
        EVENT,
        *[None] * 5,
    ]
    assert [days_after(text, EVENT) for text in ("2024-05-19", "2024-05", None, "May 20")] == [3, None, None, None]


def test_the_words_name_no_date() -> None:
    assert [told(days) for days in (-2, 0, 3)] == ["day -2 of event", "day 0 of event", "day +3 of event"]


TEXT = "Fell on 5/16/2024 at 14:30, seen Friday, May 17. Readmitted 5/30/2024. Born on 2/27/1931, as told. In 2023 it was new."
TOLD = (
    "Fell on day 0 of event at [TIME], seen [DATE], day +1 of event. Readmitted day +14 of event. Born on [DATE], as told. "
    "In 2023 it was new."
)


def disclosed(dates: NarrativeDates, text: str = TEXT, event_date: str | None = "2024-05-16") -> NonidentifiedEvent:
    event = crowded_event(event_date=event_date, narratives=(Narrative(NarrativeKind.DESCRIPTION, text),))
    found = classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED, narrative_dates=dates)
    return nonidentify(found, "e", "c")


def test_a_narrative_tells_days_where_the_arrangement_says_so_and_keeps_no_clock_or_weekday_beside_them() -> None:
    assert disclosed(NarrativeDates.RELATIVE).narratives[0].text == TOLD
    assert "day" not in disclosed(NarrativeDates.SAFE_HARBOR).narratives[0].text
    assert (
        disclosed(NarrativeDates.RELATIVE, event_date="2024-05").narratives == disclosed(NarrativeDates.SAFE_HARBOR).narratives
    )


def test_the_days_from_the_event_to_its_discovery_and_report_leave_only_then() -> None:
    relative, harbor = disclosed(NarrativeDates.RELATIVE), disclosed(NarrativeDates.SAFE_HARBOR)
    assert (relative.discovery_day, relative.report_day) == (1, 1)
    assert (harbor.discovery_day, harbor.report_day) == (None, None)
    assert relative.manifest == harbor.manifest, "as many dates went"


def test_words_in_brackets_that_look_like_a_tag_move_no_day_to_another_place() -> None:
    told_so = disclosed(NarrativeDates.RELATIVE, "Form [DATE] of 5/17/2024 [NAME-1].").narratives[0].text
    assert told_so == "Form (DATE) of day +1 of event (NAME-1)."


def test_dates_of_p1_stay_what_they_are() -> None:
    event = crowded_event(narratives=(Narrative(NarrativeKind.DESCRIPTION, "Fell on 5/16/2024."),))
    found = classified(event, narrative_release=NarrativeRelease.NONIDENTIFIED, narrative_dates=NarrativeDates.RELATIVE)
    assert anonymize(found, "e", "c").narratives[0].text == "Fell on 5/16/2024."


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(OFFSETS))
def test_moved_dates_keep_their_order_and_their_gaps_and_are_never_the_dates(one: date, other: date, offset: int) -> None:
    moved = [date.fromisoformat(shifted(day.isoformat(), offset) or "") for day in (one, other)]
    assert moved[0] - moved[1] == one - other
    assert moved[0] != one


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from(WEEKS))
def test_dates_moved_by_weeks_keep_their_day_of_the_week(day: date, offset: int) -> None:
    assert date.fromisoformat(shifted(day.isoformat(), offset) or "").weekday() == day.weekday()


@pytest.mark.parametrize("text", [None, "", "2024-05", "2024-02-30", "5/16/2024", "20240516", "9999-12-31"])
def test_what_is_no_day_cannot_be_moved_and_is_removed(text: str | None) -> None:
    assert shifted(text, 364) is None


@pytest.mark.parametrize("offset", [0, 365, -365])
def test_an_offset_that_hides_nothing_or_that_no_vault_gives_is_refused(offset: int) -> None:
    with pytest.raises(ValueError):
        shifted("2024-05-16", offset)


def test_offsets_go_a_year_either_way_and_weeks_are_some_of_them() -> None:
    assert (len(OFFSETS), min(OFFSETS), max(OFFSETS)) == (728, -364, 364)
    assert (len(WEEKS), min(WEEKS), max(WEEKS)) == (104, -364, 364)
