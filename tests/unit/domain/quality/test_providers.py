"""A provider as a whole and its batches: figures, copies, what was refused, what is worst."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.records.parts import Source
from schemas.taxonomy import Category, Setting
from stream_processors.domain.quality.delays import Delay, Stored
from stream_processors.domain.quality.distribution import LEAST_PROVIDERS, Spread, spreads
from stream_processors.domain.quality.findings import FEWEST, MOST, findings
from stream_processors.domain.quality.measures import Batch, Share
from stream_processors.domain.quality.providers import UNNAMED, Quality, measured
from tests.support.builders import PROVIDER, crowded_event, safety_event

NOW = datetime(2024, 6, 1, tzinfo=UTC)
OLD, NEW = Source("Riskwatcher", "csv", "rw v1"), Source("Riskwatcher", "csv", "rw v2")


def stored(**changes: Any) -> Stored:
    return Stored(safety_event(**changes), NOW, NOW)


def numbered(count: int, **changes: Any) -> list[Stored]:
    """Events that differ in their unit alone."""
    return [stored(event_id=f"evt-{n}", unit=f"ward {n}", **changes) for n in range(count)]


def part_of(quality: Quality, name: str, subject: str = "") -> tuple[int, int]:
    found = quality.measure(name, subject)
    assert found is not None, (name, subject)
    return found.part, found.whole


def test_the_whole_provider_stands_before_its_batches_and_is_their_sum() -> None:
    events = [*numbered(3, source=OLD), *numbered(2, source=NEW, setting=Setting.OTHER), stored(event_id="x")]
    whole, *batches = measured(PROVIDER, events, {})
    assert [(one.batch, one.events) for one in (whole, *batches)] == [
        (Batch(PROVIDER), 6),
        (Batch(PROVIDER, "Riskwatcher", "csv", "rw v1"), 3),
        (Batch(PROVIDER, "Riskwatcher", "csv", "rw v2"), 2),
        (Batch(PROVIDER, UNNAMED), 1),
    ]
    assert [part_of(one, Share.VAGUE, "setting") for one in (whole, *batches)] == [(2, 6), (0, 3), (2, 2), (0, 1)]
    for name in (Share.COMPLETE, Share.VAGUE, Share.REPEATED):
        sums = tuple(map(sum, zip(*(part_of(one, name) for one in batches), strict=True)))
        assert part_of(whole, name) == sums


def test_a_source_without_a_name_is_not_taken_for_the_whole_provider() -> None:
    whole, batch = measured(PROVIDER, [stored(source=Source("", "", None))], {})
    assert (whole.batch.system, batch.batch.system) == ("", UNNAMED)


def test_completeness_is_weighed_as_a_whole_and_counted_by_question() -> None:
    whole, _ = measured(PROVIDER, [stored()], {})
    # Asked of a medication incident: 3 required (weight 2) and 15 others; answered: categories, harm; setting and 3 dates.
    assert part_of(whole, Share.COMPLETE) == (2 * 2 + 4, 3 * 2 + 15)
    assert part_of(whole, Share.COMPLETE, "harm") == (1, 1)
    assert part_of(whole, Share.COMPLETE, "patient.age_years") == (0, 1)


def test_the_second_of_two_events_with_one_content_is_a_copy_whatever_it_is_called() -> None:
    first = stored(event_id="a", source=OLD, pses_entered_at="2024-05-17T14:03:00Z")
    again = stored(event_id="b", revision=2, source=NEW, pses_entered_at="2024-05-19T10:00:00Z")
    whole, old, new = measured(PROVIDER, [first, again, stored(event_id="c", unit="other ward")], {})[:3]
    assert part_of(whole, Share.REPEATED) == (1, 3)
    assert (part_of(old, Share.REPEATED), part_of(new, Share.REPEATED)) == ((0, 1), (1, 1))


def test_near_copies_are_compared_where_it_is_asked_for() -> None:
    events = [Stored(crowded_event(event_id=name, unit=name), NOW, NOW) for name in ("a", "b")]
    whole = measured(PROVIDER, events, {}, near=True)[0]
    assert part_of(whole, Share.NEARLY_REPEATED) == (1, 2)
    assert part_of(whole, Share.REPEATED) == (0, 2)
    assert measured(PROVIDER, events, {})[0].measure(Share.NEARLY_REPEATED) is None


def test_what_was_refused_is_of_everything_that_came_and_of_no_batch() -> None:
    whole, batch = measured(PROVIDER, numbered(6), {"incomplete": 3, "out_of_scope": 1})
    assert part_of(whole, Share.INVALID) == (4, 10)
    assert part_of(whole, Share.INVALID, "incomplete") == (3, 10)
    assert batch.measure(Share.INVALID) is None


def test_a_provider_of_which_nothing_came_through_is_told_as_well() -> None:
    (whole,) = measured(PROVIDER, [], {"not_framed": 12})
    assert whole.events == 0
    (worst,) = findings([whole])
    assert (worst.measure.subject, worst.measure.value) == ("not_framed", 1.0)


def test_findings_are_the_worst_first_and_tell_each_figure_once() -> None:
    events = numbered(20, source=OLD, categories=(Category.FALL,), setting=Setting.UNKNOWN, event_date="2024-01-01")
    found = findings(measured(PROVIDER, events, {"incomplete": 20}))
    assert [one.badness for one in found] == sorted((one.badness for one in found), reverse=True)
    assert found[0].measure.name == Share.INVALID
    told = [(one.measure.name, one.measure.subject) for one in found]
    assert len(told) == len(set(told))
    assert (Share.VAGUE, "setting") in told
    assert (Delay.EVENT_TO_REPORT_DAYS, "median") in told
    assert (Share.COMPLETE, "harm") not in told


def test_what_the_formats_require_is_worse_when_it_is_missing_and_old_events_do_not_hide_it() -> None:
    found = findings(measured(PROVIDER, numbered(20, event_date="1990-01-01"), {}))
    badness = {one.measure.subject: one.badness for one in found}
    assert badness["patient.age_years"] == 2 * badness["patient.race"] == 4.0
    assert max(one.badness for one in found) == MOST


@pytest.mark.parametrize(("count", "any_finding"), [(FEWEST - 1, False), (FEWEST, True)])
def test_few_events_say_nothing(count: int, any_finding: bool) -> None:
    assert bool(findings(measured(PROVIDER, numbered(count, setting=Setting.OTHER), {}))) is any_finding


def of_provider(number: int) -> tuple[Quality, ...]:
    """A provider that leaves the setting open in as many of ten events as its number says."""
    events = [
        stored(event_id=f"e{n}", unit=f"ward {n}", setting=Setting.OTHER if n < number else Setting.HOME) for n in range(10)
    ]
    return measured(f"prv-{number}", events, {})


def test_across_ten_providers_the_middle_and_the_worse_end_are_shown() -> None:
    found = {one.measure: one for one in spreads(q for n in range(10) for q in of_provider(n))}
    assert found[Share.VAGUE] == Spread(Share.VAGUE, 4 / 30, 8 / 30)  # three coded answers in each event
    assert found[Delay.EVENT_TO_REPORT_DAYS] == Spread(Delay.EVENT_TO_REPORT_DAYS, 1, 1)
    complete = found[Share.COMPLETE]
    assert complete.worst_decile <= complete.median
    assert found[Share.INVALID] == Spread(Share.INVALID, 0, 0)
    assert Share.UNMAPPED not in found, "nobody kept a value as written: no provider has the measure"


def test_across_fewer_providers_nothing_is_shown() -> None:
    assert list(spreads(q for n in range(LEAST_PROVIDERS - 1) for q in of_provider(n))) == []
