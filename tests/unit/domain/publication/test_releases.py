"""The calendar, the plan and the manifest of a release: once, in time, whole, and the same bytes for the same counts."""

from collections.abc import Callable
from datetime import date
from functools import cache

import msgspec
import pytest

from stream_processors.domain.publication.not_releasable import NotReleasable
from stream_processors.domain.publication.periods import Rhythm, period
from stream_processors.domain.publication.pooled_counts import PooledCount, within
from stream_processors.domain.publication.release import (
    Earlier,
    Manifest,
    Release,
    changes,
    made,
    refuse_undetermined,
    refuse_untimely,
)
from stream_processors.domain.publication.release_plan import BY_STATISTICS, InvalidPlan, parse_plan
from stream_processors.lawfulness import BY_STATISTICS as OF_LAWFULNESS
from tests.properties.attacked_tables import limit
from tests.support.releases import PLAN, QUARTER, earlier, plan, pooled

APRIL = date(2025, 4, 30)


@pytest.mark.parametrize(
    ("name", "first", "last", "due"),
    [
        ("2025-Q1", "2025-01", "2025-03", date(2025, 5, 1)),
        ("2025-Q4", "2025-10", "2025-12", date(2026, 1, 31)),
        ("2025-12", "2025-12", "2025-12", date(2026, 1, 31)),
    ],
)
def test_a_period_is_due_so_many_days_after_its_last(name: str, first: str, last: str, due: date) -> None:
    found = period(name)
    assert found is not None
    assert (found.first, found.last, found.due(30)) == (first, last, due)


@pytest.mark.parametrize("name", ["2025", "2025-13", "2025-Q5", "2025-Q0", "2025-1", "2025-01-01", ""])
def test_anything_else_is_no_period(name: str) -> None:
    assert period(name) is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('determined_by = "staff 17"', "", "3.212(a)(1) needs who determined it"),
        ('"harm"]', '"patient"]', "unknown axis patient"),
        ('"harm"]', '"report_type"]', "names an axis twice"),
        ('"type-by-harm"', '"type-by-provider"', "is there twice"),
        ("days_after = 30", "days_after = -1", "days_after"),
        ("days_after = 30", "day_after = 30", "day_after"),
        ('rhythm = "quarterly"', 'rhythm = "daily"', "rhythm"),
        ("[[table]]", "[[table", "is no TOML"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_with_its_reason(before: str, after: str, said: str) -> None:
    with pytest.raises(InvalidPlan) as refused:
        parse_plan(PLAN.replace(before, after))
    assert said in str(refused.value)


def test_the_paragraph_of_statistics_is_written_the_same_everywhere() -> None:
    assert BY_STATISTICS == OF_LAWFULNESS


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_a_month_or_a_quarter_leaves_by_a_determination_and_never_by_removal(rhythm: Rhythm) -> None:
    text = PLAN.replace("quarterly", rhythm)
    refuse_undetermined(plan(text))
    with pytest.raises(NotReleasable, match=r"3\.212\(a\)\(2\)\(i\)\(C\)"):
        refuse_undetermined(plan(text.replace("3.212(a)(1)", "3.212(a)(2)")))


@cache
def first() -> Release:
    """The first release of the quarter."""
    return made(plan(), QUARTER, pooled(900), [], limit(60))


def test_a_release_is_the_same_for_the_same_counts_in_any_order() -> None:
    again = made(plan(), QUARTER, reversed(pooled(900)), [], limit(60))
    assert msgspec.json.encode(again.manifest) == msgspec.json.encode(first().manifest)
    assert again.published == first().published
    assert first().manifest.release_id == "2025-Q1.r1"


def test_tables_that_share_a_total_hide_it_in_both_or_in_none() -> None:
    totals = {label: first().published["type-by-provider", (label, "*", "")] for label in ("incident", "near_miss", "*")}
    assert totals == {label: first().published["type-by-harm", (label, "*", "")] for label in totals}


def test_what_is_not_of_the_period_does_not_count() -> None:
    others = [PooledCount(f"fall/mild/incident/{month}/hospital/unknown", "prv-1", 500) for month in ("2025-04", "unknown")]
    assert within([*pooled(900), *others], QUARTER) == within(pooled(900), QUARTER)


def test_a_manifest_comes_back_as_it_was() -> None:
    assert msgspec.json.decode(msgspec.json.encode(first().manifest), type=Manifest) == first().manifest


def refusal(name: str, today: date, before: list[Earlier], revise: bool = False, text: str = PLAN) -> str:
    """Why it may not be released; nothing where it may."""
    wanted = period(name)
    assert wanted is not None
    try:
        refuse_untimely(plan(text), wanted, today, before, revise)
    except NotReleasable as error:
        return str(error)
    return ""


MONTHLY, MAY = PLAN.replace("quarterly", "monthly"), date(2025, 5, 1)
NONE: list[Earlier] = []


def released() -> list[Earlier]:
    """The quarter was released."""
    return [earlier(first())]


def torn() -> list[Earlier]:
    """The quarter was released, and somebody changed a row."""
    return [Earlier(first().manifest, {**first().published, ("type-by-harm", ("*", "*", "")): 1}, first().counts)]


@pytest.mark.parametrize(
    ("name", "today", "before", "revise", "text", "said"),
    [
        ("2025-Q1", MAY, NONE.copy, False, PLAN, ""),
        ("2025-Q1", APRIL, NONE.copy, False, PLAN, "from 2025-05-01 on"),
        ("2025-03", MAY, NONE.copy, False, PLAN, "no period of a quarterly plan"),
        ("2025-Q1", MAY, released, False, PLAN, "was released as 2025-Q1.r1"),
        ("2025-Q1", MAY, released, True, PLAN, ""),
        ("2025-Q1", MAY, NONE.copy, True, PLAN, "nothing to revise"),
        ("2025-02", MAY, released, False, MONTHLY, "overlaps with 2025-Q1.r1"),
        ("2025-Q1", MAY, torn, True, PLAN, "are not those of its manifest"),
    ],
)
def test_the_calendar_and_earlier_releases_decide_whether_a_period_may_be_released(
    name: str, today: date, before: Callable[[], list[Earlier]], revise: bool, text: str, said: str
) -> None:
    found = refusal(name, today, before(), revise, text)
    assert said in found
    assert bool(said) == bool(found)


def test_a_revision_without_a_change_publishes_the_same() -> None:
    again = made(plan(), QUARTER, pooled(900), [earlier(first())], limit(60))
    assert list(changes(earlier(first()), again)) == []
    assert (again.manifest.release_id, again.manifest.revises) == ("2025-Q1.r2", "2025-Q1.r1")
