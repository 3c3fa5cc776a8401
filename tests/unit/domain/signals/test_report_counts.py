"""The fold of corrected reports: which version counts, and that nothing of the others is left."""

import pytest

from stream_processors.domain.signals.folded_table import table
from stream_processors.domain.signals.pair_table import ReportRow
from stream_processors.domain.signals.report_counts import ALL, EventRows, Margin, ReportCounts, fold

X = (ReportRow("r1", "pump", "air", "icu"),)
Y = (ReportRow("r1", "pump", "alarm", "icu"),)
PUMP, AIR, ALARM = Margin("pump"), Margin("pump", "air"), Margin("pump", "alarm")


def said(version: int, rows: tuple[ReportRow, ...] = X, event_id: str = "e1", removed: bool = False) -> EventRows:
    return EventRows(event_id, (version,), removed, () if removed else rows)


def gone(version: int) -> EventRows:
    return said(version, removed=True)


@pytest.mark.parametrize(
    ("versions", "expected", "remark"),
    [
        ([said(1)], (1, 0, 1), "one report"),
        ([said(1), said(1)], (1, 0, 1), "a duplicate changes nothing"),
        ([said(1), said(2, Y)], (0, 1, 1), "a correction replaces"),
        ([said(2, Y), said(1)], (0, 1, 1), "also when it comes first"),
        ([said(1), gone(2)], (0, 0, 0), "a removal removes"),
        ([gone(2), said(1)], (0, 0, 0), "also when it comes first"),
        ([gone(2), said(3)], (1, 0, 1), "a higher version revives"),
        ([said(3), gone(2)], (1, 0, 1), "whatever the order"),
        ([said(2), gone(2)], (0, 0, 0), "of equal versions the removal counts (decision 0002)"),
        ([gone(2), said(2)], (0, 0, 0), "whatever the order"),
        ([said(1, X), said(1, Y)], (0, 1, 1), "of equal reports the greater row, as text"),
        ([said(1, Y), said(1, X)], (0, 1, 1), "whatever the order"),
        ([said(9), said(10, Y)], (0, 1, 1), "versions are numbers, not text"),
        ([said(1, X + Y)], (1, 1, 1), "an event may have several rows"),
        ([said(1, X + Y), said(2, X)], (1, 0, 1), "and lose one"),
        ([said(1), said(1, X, "e2")], (1, 0, 1), "two events of one report count once"),
        ([said(1), said(1, X, "e2"), gone(2)], (1, 0, 1), "and the report stays while one of them does"),
    ],
)
def test_the_highest_version_of_each_event_counts(
    versions: list[EventRows], expected: tuple[int, int, int], remark: str
) -> None:
    counts = ReportCounts()
    fold(counts, versions)
    assert (counts.count(AIR), counts.count(ALARM), counts.count(ALL)) == expected, remark


def test_what_was_removed_leaves_no_report_behind() -> None:
    counts = ReportCounts(stratified=True)
    fold(counts, [said(1), gone(2)])
    assert not any(counts.reports.values())
    assert len(table(counts).counts) == 0


def test_what_is_named_is_touched_also_by_a_stale_version_and_a_duplicate() -> None:
    counts = ReportCounts()
    assert fold(counts, [said(2, Y)]) == {PUMP, ALARM, Margin(None, "alarm"), ALL}
    assert AIR in fold(counts, [said(1)])
    assert ALARM in fold(counts, [said(2, Y)])
    assert {AIR, ALARM} <= fold(counts, [said(3)]), "what it replaces is touched, too"


def test_strata_are_counted_where_they_are_wanted() -> None:
    pooled, stratified = ReportCounts(), ReportCounts(stratified=True)
    for counts in (pooled, stratified):
        fold(counts, [said(1)])
    assert pooled.count(Margin(None, None, "icu")) == 0
    assert stratified.count(Margin("pump", None, "icu")) == 1
