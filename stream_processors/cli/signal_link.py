"""`pso signals link`: reports of one event by different people, in groups of which one counts."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from stream_processors.cli import context, exit_codes
from stream_processors.cli.csv_tables import FILE, Row, UnusableFile, Wrong, rows, write
from stream_processors.domain.linking.field_agreement import Report
from stream_processors.domain.linking.near_duplicates import ENOUGH, counted_once, groups, linked, own

COLUMNS = ("provider", "event_id", "day", "category", "age", "sex", "setting", "text")


@click.command("link")
@click.argument("source", metavar="REPORTS", type=FILE)
@click.argument("target", metavar="GROUPS", type=FILE)
@click.option("--for", "provider", help="Only the reports of this provider, linked as if there were no others.")
@click.option("--enough", type=float, default=ENOUGH, show_default=True, help="Weight from which on two reports are linked.")
def link(source: Path, target: Path, provider: str | None, enough: float) -> int:
    """Link the REPORTS of one event; write each report that is in a group to GROUPS (provider,event_id,group,counts).

    REPORTS has provider,event_id,day,category,age,sex,setting,text; all but the first two may be empty, categories stand with
    a space between. `counts` is 1 for the report that counts where an event is to count once. Without --for, GROUPS is for
    the PSO alone: what it says of one provider must not reach another. It holds no text.
    """
    reports = list(_reports(source))
    chosen, links = (reports, linked(reports, enough)) if provider is None else own(reports, provider, enough)
    found = groups(links)
    write(target, ("provider", "event_id", "group", "counts"), _lines(chosen, found))
    context.say(f"{len(chosen)} reports, {len(found)} groups, {len(counted_once(links))} do not count where one counts")
    return exit_codes.OK


def _reports(source: Path) -> Iterator[Report]:
    """A report that cannot be read would be taken for none: the command ends at its row."""
    seen: set[tuple[str, str]] = set()
    for row in rows(source, COLUMNS):
        try:
            report = _report(row)
            if (report.provider, report.event_id) in seen:
                raise row.wrong("event_id", "a second time at its provider")
        except Wrong as error:
            raise UnusableFile(f"{source.name}: {error.fault}") from None
        seen.add((report.provider, report.event_id))
        yield report


def _report(row: Row) -> Report:
    age = row.cells["age"]
    if age and not age.isdecimal():
        raise row.wrong("age", "no whole number of years")
    return Report(
        provider=row.text("provider"),
        event_id=row.text("event_id"),
        day=date.fromordinal(max(1, row.day("day"))) if row.cells["day"] else None,
        categories=frozenset(row.cells["category"].split()),
        age=int(age) if age else None,
        sex=row.cells["sex"] or None,
        setting=row.cells["setting"] or None,
        text=row.cells["text"],
    )


def _lines(reports: Sequence[Report], found: Sequence[Sequence[int]]) -> Iterator[tuple[object, ...]]:
    for number, group in enumerate(found, 1):
        for place in group:
            yield reports[place].provider, reports[place].event_id, number, place == group[0]
