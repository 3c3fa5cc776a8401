"""A seeded load for the accumulator: everything that makes counting hard, and the truth about it from the events alone."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.workload import CATEGORIES, KINDS, Plan, Provider, draw_event

Event = dict[str, Any]
Line = tuple[Provider, Event]
LATER = 400.0
"""How many events later a correction comes, on average."""
FAR = 2_000.0
"""How many events later a distant duplicate comes, at most."""


@dataclass(slots=True)
class Load:
    """The events in the order in which they are sent, and which revision of each must count in the end."""

    providers: list[Provider]
    lines: list[Line] = field(default_factory=list)
    latest: dict[tuple[str, str], Event] = field(default_factory=dict)
    drawn: Counter[str] = field(default_factory=Counter)

    def counts(self) -> Counter[tuple[str, str]]:
        """Events by cell (its key as text) and contributor."""
        plan = Plan(self.providers, latest=dict(self.latest))
        return Counter({("/".join(cell), contributor): count for (cell, contributor), count in plan.cells().items()})


def counting_load(seed: int, events: int) -> Load:
    """About 1.9 lines per event: corrections, withdrawals, revivals, late revisions, duplicates near and far, old events."""
    r = random.Random(seed)
    people = [Provider(f"arr-{i:02d}", f"prv-{i:02d}x{r.getrandbits(16):04x}", KINDS[i % len(KINDS)]) for i in range(6)]
    load = Load(people)
    due = [
        (when, provider, event)
        for number in range(events)
        for provider in [people[number % len(people)]]
        for when, event in _told(load, r, provider, number)
    ]
    load.lines = [(provider, event) for _, provider, event in sorted(due, key=lambda line: line[0])]
    return load


def _told(load: Load, r: random.Random, provider: Provider, number: int) -> Iterator[tuple[float, Event]]:
    """All revisions of one event and their duplicates, each with its time, in events since the first."""
    event_id, when, before = f"e{number:07d}", float(number), None
    for revision in range(1, r.choices((1, 2, 3, 6), (60, 25, 10, 5))[0] + 1):
        event = draw_event(r, provider, event_id, revision)
        if r.random() < 0.1:
            event["event_date"] = f"2025-0{r.randint(1, 8)}"  # told more than 400 days later
        claims = [event]
        if r.random() < 0.02:  # another content claims to be this revision
            claims.append(event | {"categories": [r.choice(CATEGORIES)]})
        for claim in claims:
            yield when, claim
            if r.random() < 0.15:
                load.drawn["duplicates"] += 1
                yield when + r.choice((r.uniform(0, 5), r.uniform(0, FAR))), claim
        load.latest[provider.provider, event_id] = max(claims, key=_rank)
        load.drawn[f"{event['action']} of {before['action']}" if before else "report"] += 1
        before = event
        when += r.expovariate(1 / LATER) if r.random() < 0.9 else -r.uniform(0, 100)  # one of ten overtakes the former


def _rank(event: Event) -> tuple[bool, list[str]]:
    """Between contents of one revision: a withdrawal, else the greater cells (docs/decisions/0002)."""
    withdrawn = event["action"] == "withdraw"
    return withdrawn, [] if withdrawn else sorted(set(event["categories"]))
