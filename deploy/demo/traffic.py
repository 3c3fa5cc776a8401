"""What a provider sends over a year: its incidents, and everything that goes wrong on the way, counted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from deploy.demo import exports
from deploy.demo.incidents import Incident, incident
from deploy.demo.providers import Provider

Event = dict[str, Any]

CORRECTED = 0.05
WITHDRAWN = 0.015
DUPLICATED = 0.03
LATE = 0.3  # of the corrections: they overtake what they correct
UNREADABLE = 0.01
FOREIGN = 0.004


RARE: Event = {
    "report_type": "incident",
    "categories": ["device"],
    "harm": "death",
    "event_date": "2025-03-11",
    "report_date": "2025-03-12",
    "devices": [{"kind": "transport ventilator", "manufacturer": "Example Devices", "model": "TV-900"}],
}
RARE_WORDS = "During transport the ventilator stopped without an alarm after its battery was exchanged; the patient died."


@dataclass(slots=True)
class Counts:
    """The truth about a provider's files. `submitted` are distinct (event, revision), as they reach the entry topic."""

    lines: int = 0
    unreadable: int = 0
    wrong_provider: int = 0
    duplicates: int = 0
    submitted: int = 0
    corrections: int = 0
    withdrawn: int = 0
    out_of_scope: int = 0
    accepted: int = 0
    events: int = 0

    def add(self, other: "Counts") -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Traffic:
    """The lines of a provider's files in their order. `later` holds corrections of a source that counts no revisions."""

    provider: Provider
    lines: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    identifiers: set[str] = field(default_factory=set)


def traffic(random: Random, provider: Provider, incidents: int, another: Provider) -> Traffic:
    """A provider's files with so many incidents. `another` is whom a line may name by mistake."""
    made = Traffic(provider)
    places: list[tuple[float, str]] = []  # where in the file, and what
    for number in range(1, incidents + 1):
        one = incident(random, provider, number)
        _tell(random, made, places, one, number / incidents)
    _rare(random, made, places, incidents + 1)
    _spoil(random, made, places, another)
    made.lines = [line for _, line in sorted(places, key=lambda entry: entry[0])]
    made.counts.lines = len(made.lines) + len(made.later)
    counts = made.counts
    counts.submitted = counts.lines - counts.unreadable - counts.wrong_provider - counts.duplicates
    counts.accepted = counts.submitted - counts.out_of_scope
    return made


def _rare(random: Random, made: Traffic, places: list[tuple[float, str]], number: int) -> None:
    """One death in one month at each of several providers: no single one would see a pattern, the pooled stream does."""
    if made.provider.writes_csv or not made.provider.covers("incident", RARE["categories"][0]):
        return
    one = incident(random, made.provider, number)
    event = {**one.event, **RARE, "revision": 1, "action": "report"}
    event["narratives"] = [{"kind": "description", "text": RARE_WORDS}]
    places.append((random.random(), exports.json_line(event)))
    made.counts.events += 1


def _tell(random: Random, made: Traffic, places: list[tuple[float, str]], one: Incident, place: float) -> None:
    """The report, perhaps twice, and what comes after it."""
    first, counts = _line(made.provider)({**one.event, **_first(made.provider)}), made.counts
    covered = made.provider.covers(one.report_type, one.category)
    corrected = random.random() < CORRECTED
    withdrawn = covered and not made.provider.writes_csv and random.random() < WITHDRAWN
    places.append((place, first))
    made.identifiers.update(text for text in one.identifiers if text in first)
    if random.random() < DUPLICATED:
        places.append((place, first))
        counts.duplicates += 1
    if corrected:
        _correct(random, made, places, one, place)
    if withdrawn:
        places.append((place + random.random(), _withdrawal(one.event, 3 if corrected else 2)))
    counts.corrections += corrected
    counts.withdrawn += withdrawn
    counts.events += covered
    counts.out_of_scope += 0 if covered else 1 + corrected


def _correct(random: Random, made: Traffic, places: list[tuple[float, str]], one: Incident, place: float) -> None:
    event = _amended(one.event)
    if made.provider.writes_csv:
        made.later.append(exports.csv_row(event))
        return
    late = random.random() < LATE
    where = place - random.random() if late else place + random.random()
    places.append((where, exports.json_line({**event, "revision": 2, "action": "correct"})))


def _amended(event: Event) -> Event:
    """The event as it was known later: harm is often assessed anew."""
    worse = {"none": "mild", "mild": "moderate", "moderate": "severe"}
    harm = worse.get(event["harm"], event["harm"])
    told = [{**n, "text": n["text"] + " Addendum: reviewed by the safety officer."} for n in event["narratives"][:1]]
    return {**event, "harm": harm, "narratives": told + event["narratives"][1:]}


def _withdrawal(event: Event, revision: int) -> str:
    said = {"event_id": event["event_id"], "revision": revision, "action": "withdraw"}
    return exports.json_line({**said, "report_type": event["report_type"]})


def _first(provider: Provider) -> Event:
    return {} if provider.writes_csv else {"revision": 1, "action": "report"}


def _line(provider: Provider) -> Callable[[Event], str]:
    return exports.csv_row if provider.writes_csv else exports.json_line


def _spoil(random: Random, made: Traffic, places: list[tuple[float, str]], another: Provider) -> None:
    """Lines that no reader takes, and lines that name another provider; they are in no other count."""
    incidents = len(places)
    for _ in range(round(incidents * UNREADABLE) or 1):
        event = incident(random, made.provider, incidents + made.counts.unreadable + 1_000_000).event
        broken = exports.broken_csv_row if made.provider.writes_csv else exports.broken_json_line
        places.append((random.random(), broken(random, event)))
        made.counts.unreadable += 1
    if made.provider.writes_csv:
        return  # a vendor's row names no provider
    for _ in range(round(incidents * FOREIGN)):
        event = incident(random, made.provider, incidents + made.counts.wrong_provider + 2_000_000).event
        places.append((random.random(), exports.json_line({**event, "provider": another.id})))
        made.counts.wrong_provider += 1
