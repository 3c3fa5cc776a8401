"""`pso signals watch`: prospective surveillance of a file of events, each day from what was reported by that day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import numpy as np

from stream_processors.cli import context, exit_codes
from stream_processors.cli.csv_tables import FILE, Row, UnusableFile, Wrong, rows, write
from stream_processors.domain.faults import Fault
from stream_processors.domain.signals.surveillance import Observed, Plan, alarms, learn

TOLD = 20
"""Faults that are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: index of its series and provider, day and day of report."""

    report_day: int
    day: int
    series: int
    provider: int


@click.command("watch")
@click.argument("events", type=FILE)
@click.argument("alarms_file", metavar="ALARMS", type=FILE)
@click.option("--providers", type=FILE, required=True, help="CSV: provider,discharges_per_year.")
@click.option("--series", "series_file", type=FILE, required=True, help="CSV: series,baseline_per_100k_discharges.")
@click.option(
    "--history-days", type=click.IntRange(0, 36_500), default=365, show_default=True, help="Learnt from, not watched."
)
@click.option(
    "--false-alarms", type=click.FloatRange(0.01, 12), default=0.05, show_default=True, help="Episodes a series-year."
)
@click.option("--first-day", help="First day of the history. [default: 0 where days are numbers, else the first day there is]")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the simulations of chance.")
def watch(events: Path, alarms_file: Path, **options: object) -> int:
    """Watch EVENTS (series,event_id,provider,day,report_day); write series,alarm_day,score to ALARMS.

    An alarm is the first day of an episode. It uses what was reported by that day; chance alone raises at most so many a
    year in one series, by simulation. Days are YYYY-MM-DD or whole numbers. A row with a fault is left out and told, and the
    exit code is 3. An alarm means: look. It is no rate, it compares nobody and it names no provider.
    """
    volumes = _numbers(options["providers"], "provider", "discharges_per_year")
    baselines = _numbers(options["series_file"], "series", "baseline_per_100k_discharges")
    found, dated, faults = _events(events, list(baselines), list(volumes))
    plan = Plan(
        np.array(list(volumes.values())),
        np.array(list(baselines.values())),
        _first_day(options, found, dated),
        int(str(options["history_days"])),
        float(str(options["false_alarms"])),
        seed=int(str(options["seed"])),
    )
    observed = Observed(*(np.array([getattr(e, name) for e in found], np.int64) for name in Observed.__slots__))
    raised = sorted(alarms(plan, observed, learn(plan, observed)), key=lambda alarm: (alarm.day, alarm.series))
    names, as_day = list(baselines), _writer(dated)
    write(alarms_file, ("series", "alarm_day", "score"), ((names[a.series], as_day(a.day), round(a.score, 6)) for a in raised))
    _tell(events.name, faults)
    context.say(f"{len(baselines)} series watched from {as_day(plan.watching_from)}, {len(found)} events, {len(raised)} alarms")
    return exit_codes.FOUND if faults else exit_codes.OK


def _numbers(path: object, key: str, column: str) -> dict[str, float]:
    """A positive number for each name. All must be right: a wrong denominator makes every alarm wrong."""
    assert isinstance(path, Path)
    found: dict[str, float] = {}
    try:
        for row in rows(path, (key, column)):
            if row.text(key) in found:
                raise row.wrong(key, "a second time")
            found[row.text(key)] = row.real(column)
            if found[row.text(key)] <= 0:
                raise row.wrong(column, "not above zero")
    except Wrong as error:
        raise UnusableFile(f"{path.name}: {error.fault}") from None
    if not found:
        raise UnusableFile(f"{path.name}: no rows")
    return found


def _events(path: Path, series: Sequence[str], providers: Sequence[str]) -> tuple[list[Event], bool, list[Fault]]:
    """Every event once, by its earliest report, in the order of their days; whether days are dates; what was left out."""
    places = {
        "series": {name: at for at, name in enumerate(series)},
        "provider": {name: at for at, name in enumerate(providers)},
    }
    first: dict[tuple[str, str, str], Event] = {}
    faults: list[Fault] = []
    forms: set[bool] = set()
    for row in rows(path, ("series", "event_id", "provider", "day", "report_day")):
        try:
            event = _event(row, places)
        except Wrong as error:
            faults.append(error.fault)
            continue
        forms |= {"-" in row.cells[column].lstrip("-") for column in ("day", "report_day")}
        name = (row.cells["series"], row.cells["provider"], row.cells["event_id"])  # an id is the provider's own
        first[name] = min(event, first.get(name, event), key=lambda e: (e.report_day, e.day, e.provider))
    if len(forms) > 1:
        raise UnusableFile(f"{path.name}: some days are dates and some are numbers")
    return sorted(first.values(), key=lambda e: (e.day, e.report_day, e.series, e.provider)), True in forms, faults


def _event(row: Row, places: dict[str, dict[str, int]]) -> Event:
    at = {}
    for column, known in places.items():
        if row.text(column) not in known:
            raise row.wrong(column, f"not in the file of {column if column == 'series' else 'providers'}")
        at[column] = known[row.text(column)]
    row.text("event_id")
    event = Event(row.day("report_day"), row.day("day"), at["series"], at["provider"])
    if event.report_day < event.day:
        raise row.wrong("report_day", "before the day of the event")
    return event


def _first_day(options: dict[str, object], found: Sequence[Event], dated: bool) -> int:
    given, first = options["first_day"], min((event.day for event in found), default=0)
    if given is None:
        return 0 if not dated and 0 <= first < int(str(options["history_days"])) else first
    try:
        return date.fromisoformat(str(given)).toordinal() if dated else int(str(given))
    except ValueError:
        raise click.UsageError("--first-day is written as the days of the events are") from None


def _writer(dated: bool) -> Callable[[int], object]:
    return (lambda day: date.fromordinal(day).isoformat()) if dated else (lambda day: day)


def _tell(name: str, faults: Sequence[Fault]) -> None:
    for fault in faults[:TOLD]:
        context.say(f"pso: {name}: {fault}")
    if len(faults) > TOLD:
        context.say(f"pso: {name}: and {len(faults) - TOLD} rows more")
