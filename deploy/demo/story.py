"""The demo's end as a person reads it."""

import textwrap
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from deploy.demo import canaries, two_contracts


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one demo; `demo-summary.json` holds exactly these."""

    lines_unreadable: int
    submitted: int
    accepted: int
    dead_letters: Mapping[str, int]
    rows: Mapping[str, int]
    reconciliation: Mapping[str, Any]
    seconds: float
    events_per_second: float

    @property
    def clean(self) -> bool:
        """Nothing is missing, nothing is extra, every cell is right."""
        return not any(self.reconciliation[name] for name in ("missing", "extra", "mismatched_cells"))

    def as_json(self) -> dict[str, Any]:
        """For demo-summary.json."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the warehouse shows beside its row counts."""

    cells: list[tuple[Any, ...]]
    signals: list[tuple[Any, ...]]
    narrative: Mapping[str, str] | None
    canaries: Mapping[str, Any]


def tell(summary: Summary, about: str, found: Findings) -> str:
    """The whole story."""
    parts = [
        _title("What was submitted"),
        textwrap.fill(about, 100),
        _title("What became of it"),
        *_ends(summary),
        _title("Rows in the warehouse"),
        *(f"  {count:>7,}  {table}" for table, count in summary.rows.items()),
        *_narratives(found.narrative),
        _title("One event under two contracts: what leaves of it"),
        *two_contracts.told(),
        _title("The ten largest cells (events, contributors; of grade P0 until they are released under suppression)"),
        *_cells(found.cells),
        *_signals(found.signals),
        _title(
            f"{found.canaries['canaries']} canaries after them: share of planted identifiers of which nothing stays (P1, P2)"
        ),
        *canaries.told(found.canaries),
        _title("Reconciliation"),
        *_reconciliation(summary),
    ]
    return "\n".join(parts)


def _title(text: str) -> str:
    return f"\n{text}\n{'-' * len(text)}"


def _ends(summary: Summary) -> list[str]:
    return [
        f"  {summary.lines_unreadable:>7,}  lines that could not be read: told with row and column, never sent",
        f"  {summary.submitted:>7,}  submitted to Kafka",
        f"  {summary.accepted:>7,}  accepted",
        *(f"  {count:>7,}  dead letters: {reason}" for reason, count in summary.dead_letters.items()),
        f"  {summary.seconds:>7.1f}  seconds from the first submission to the last row",
        f"  {summary.events_per_second:>7,.0f}  events per second",
    ]


def _narratives(narrative: Mapping[str, str] | None) -> list[str]:
    if narrative is None:
        return []
    lines = [_title("One narrative in three grades")]
    for grade, text in narrative.items():
        lines += [f"  {grade}:", textwrap.fill(text, 100, initial_indent="    ", subsequent_indent="    ")]
    return lines


def _cells(cells: list[tuple[Any, ...]]) -> list[str]:
    return [
        f"  {events:>5,} {contributors:>3}  {category}, harm {harm}, {report_type}, {provider_type}, {setting}"
        for category, harm, report_type, provider_type, setting, events, contributors in cells
    ]


def _signals(signals: list[tuple[Any, ...]]) -> list[str]:
    if not signals:
        return []
    lines = [_title("Rare events that only the pool can see (look, never blame)")]
    for category, harm, month, events, contributors in signals:
        lines.append(f"  {category}, harm {harm}, in {month}: {events} events at {contributors} providers, one at each")
    return lines


def _reconciliation(summary: Summary) -> list[str]:
    found = summary.reconciliation
    verdict = "clean: every submitted record has exactly one end" if summary.clean else "NOT CLEAN"
    return [
        f"  {verdict}",
        f"  missing {found['missing']}, extra {found['extra']}, cells that differ {found['mismatched_cells']}",
    ]
