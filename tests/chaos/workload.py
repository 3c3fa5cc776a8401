"""A seeded workload and what must become of it, computed from the plan alone: no code of the product is used here."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

CATEGORIES = ("fall", "medication", "device", "surgery", "hai", "pressure_injury", "blood", "perinatal")
HARMS = ("none", "none", "none", "mild", "mild", "moderate", "severe", "death")
SETTINGS = ("inpatient_unit", "intensive_care", "emergency_department", "outpatient_clinic")
KINDS = ("hospital", "pharmacy", "practitioner_office", "ambulatory_surgical_center", "nursing_facility", "dialysis_facility")

Cell = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Provider:
    """An invented provider with its arrangement."""

    arrangement: str
    provider: str
    kind: str


@dataclass(slots=True)
class Plan:
    """The lines to send, by provider and batch, and the truth about them."""

    providers: list[Provider]
    batches: list[tuple[Provider, list[str]]] = field(default_factory=list)
    accepted: set[tuple[str, str, int]] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    latest: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)
    lines: int = 0

    def cells(self) -> Counter[tuple[Cell, str]]:
        """Events per cell and contributor: a batch recomputation from the latest revisions."""
        kinds = {p.provider: p.kind for p in self.providers}
        counts: Counter[tuple[Cell, str]] = Counter()
        for (provider, _), event in self.latest.items():
            if event["action"] == "withdraw":
                continue
            harm = str(event["harm"]) if event["report_type"] == "incident" else "not_applicable"
            for category in set(event["categories"]):  # type: ignore[call-overload]
                month = str(event["event_date"])[:7]
                cell = (str(category), harm, str(event["report_type"]), month, kinds[provider], str(event["setting"]))
                counts[cell, provider] += 1
        return counts


def plan(seed: int, events: int, providers: int = 6, batch: int = 2_000) -> Plan:
    """About `events` events with duplicates, corrections, withdrawals, late revisions, and some out of scope."""
    r = random.Random(seed)
    people = [
        Provider(f"arr-{i:02d}x{r.getrandbits(16):04x}", f"prv-{i:02d}x{r.getrandbits(16):04x}", KINDS[i % 6])
        for i in range(providers)
    ]
    made = Plan(people)
    queues: dict[str, list[str]] = {p.provider: [] for p in people}
    for number in range(events):
        provider = people[number % providers]
        _tell(made, r, provider, f"e{number:07d}", queues[provider.provider])
    for provider in people:
        lines = queues[provider.provider]
        _shuffle_a_little(r, lines)
        made.lines += len(lines)
        made.batches += [(provider, lines[i : i + batch]) for i in range(0, len(lines), batch)]
    r.shuffle(made.batches)
    return made


def _tell(made: Plan, r: random.Random, provider: Provider, event_id: str, lines: list[str]) -> None:
    if r.random() < 0.01:
        lines.append(_line(draw_event(r, provider, event_id, 1, report_type="unsafe_condition")))  # outside the scope
        made.refused["out_of_scope"] += 1
        return
    revisions = 1 + (r.random() < 0.12) + (r.random() < 0.03)
    for revision in range(1, revisions + 1):
        event = draw_event(r, provider, event_id, revision)
        made.accepted.add((provider.provider, event_id, revision))
        made.latest[provider.provider, event_id] = event
        lines += [_line(event)] * (1 + (r.random() < 0.05))


def draw_event(
    r: random.Random, provider: Provider, event_id: str, revision: int, report_type: str | None = None
) -> dict[str, object]:
    """One revision of an invented event; three of ten that are not the first withdraw it."""
    kind = report_type or ("incident" if r.random() < 0.85 else "near_miss")
    withdrawn = revision > 1 and r.random() < 0.3
    return {
        "event_id": event_id,
        "revision": revision,
        "action": "withdraw" if withdrawn else ("report" if revision == 1 else "correct"),
        "provider": provider.provider,
        "report_type": kind,
        "categories": r.sample(CATEGORIES, 1 + (r.random() < 0.1)),
        "harm": r.choice(HARMS) if kind == "incident" else "not_applicable",
        "event_date": f"2026-{r.randint(1, 9):02d}-{r.randint(1, 28):02d}",
        "report_date": "2026-10-01",
        "setting": r.choice(SETTINGS),
        "narratives": [{"kind": "description", "text": "Invented for a test: the bed alarm did not sound."}],
    }


def _shuffle_a_little(r: random.Random, lines: list[str]) -> None:
    """Late arrivals: some lines change places with others further on, so an older revision may follow a newer one."""
    for i in range(len(lines)):
        if r.random() < 0.03:
            j = min(len(lines) - 1, i + r.randint(1, 500))
            lines[i], lines[j] = lines[j], lines[i]


def _line(event: dict[str, object]) -> str:
    return json.dumps(event, separators=(",", ":"))


def arrangements_toml(providers: list[Provider]) -> str:
    """Every provider's arrangement; unsafe conditions are outside its scope."""
    return "\n".join(
        f'[[arrangement]]\nid = "{p.arrangement}"\nprovider = "{p.provider}"\nprovider_type = "{p.kind}"\n'
        f'policy_version = 1\nin_force_from = "2020-01-01"\nreport_types = ["incident", "near_miss"]\n'
        f'narrative_release = "nonidentified"\n'
        for p in providers
    )


def write_batches(made: Plan, folder: Path) -> list[tuple[Provider, Path]]:
    """One JSON-lines file per batch."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, (provider, lines) in enumerate(made.batches):
        path = folder / f"{number:04d}.jsonl"
        path.write_text("\n".join(lines) + "\n")
        written.append((provider, path))
    return written
