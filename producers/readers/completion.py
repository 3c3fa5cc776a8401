"""A datum of a source becomes an event: what may be left out is filled in, the rest is checked against the record."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from producers.identity import UNIDENTIFIED, identified
from producers.readers.explanation import explain
from producers.readers.outcome import Fault, Origin, Outcome, Read, Reason
from schemas.records import SafetyEvent

_FULL_DATE = len("YYYY-MM-DD")


def complete(row: int, datum: dict[str, Any], origin: Origin, source_format: str) -> Outcome:
    """The event in `datum`, which has the fields of SafetyEvent as JSON types.

    Filled in when absent: provider and source from the origin; revision 1 and action `report` for a first report;
    the event id from an external id or the content. Whether a rule of the PSO is broken is for the PSO to say.
    """
    given = {name: value for name, value in datum.items() if value is not None}
    own_id = "event_id" in given
    filled = {
        "provider": origin.provider,
        "source": {"system": origin.system, "format": source_format},
        **_first_report(given),
        **given,
    }
    if not own_id:
        filled["event_id"] = UNIDENTIFIED
    try:
        event = msgspec.convert(filled, SafetyEvent)
    except msgspec.ValidationError as error:
        reason, path, hint = explain(str(error))
        return Fault(row, path, reason, hint)
    return _checked(row, event, origin, own_id)


def _first_report(datum: dict[str, Any]) -> dict[str, Any]:
    """A correction or withdrawal must say its revision: a defaulted one would lose to what it corrects."""
    if datum.get("action", "report") == "report":
        return {"action": "report", "revision": 1}
    return {}


def _checked(row: int, event: SafetyEvent, origin: Origin, own_id: bool) -> Outcome:
    if event.provider != origin.provider:
        return Fault(row, "provider", Reason.PROVIDER_MISMATCH, "leave it out, or give PSO_PRODUCE_PROVIDER's value")
    for path in _impossible_dates(event):
        return Fault(row, path, Reason.NO_SUCH_DATE, "no such day in the calendar")
    if not own_id:
        if event.revision > 1 and not event.external_ids:
            hint = "a correction or withdrawal needs the event_id, or an external id, of the event it changes"
            return Fault(row, "event_id", Reason.UNIDENTIFIED, hint)
        event = identified(event)
    return Read(row, event)


def _impossible_dates(event: SafetyEvent) -> Iterator[str]:
    """The record's pattern lets 30 February pass."""
    dates = {
        "event_date": event.event_date,
        "discovery_date": event.discovery_date,
        "report_date": event.report_date,
        "patient.birth_date": event.patient.birth_date if event.patient else None,
    }
    for path, text in dates.items():
        if text and len(text) == _FULL_DATE:
            try:
                date.fromisoformat(text)
            except ValueError:
                yield path
