"""A run of `pso quality` as tables for people and as JSON."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from stream_processors.domain.quality.delays import Delay
from stream_processors.domain.quality.findings import Finding, findings
from stream_processors.domain.quality.measures import Batch, Measure, Share
from stream_processors.domain.quality.providers import Quality
from stream_processors.warehouse.quality import Asked

WIDTH = 1000
"""Of what goes to a file or a pipe: nothing is broken into lines there, so that it can be searched."""

_COLUMNS: Sequence[tuple[str, Share | Delay, str]] = (
    ("complete", Share.COMPLETE, ""),
    ("invalid", Share.INVALID, ""),
    ("vague", Share.VAGUE, ""),
    ("unmapped", Share.UNMAPPED, ""),
    ("copies", Share.REPEATED, ""),
    ("near", Share.NEARLY_REPEATED, ""),
    ("days to report", Delay.EVENT_TO_REPORT_DAYS, "median"),
    ("days to PSES", Delay.EVENT_TO_ENTRY_DAYS, "median"),
    ("s to PSO", Delay.ENTRY_TO_PSO_SECONDS, "median"),
    ("s to row", Delay.REPORTED_TO_ROW_SECONDS, "median"),
)
_SAID = {
    Share.COMPLETE: "{subject} is without an answer in {share} of {whole} events",
    Share.INVALID: "{share} of {whole} events were refused as {subject}",
    Share.VAGUE: "{share} of {whole} answers in {subject} are other or unknown",
    Share.UNMAPPED: "{share} of {whole} values of {subject} have no canonical code",
    Share.REPEATED: "{share} of {whole} events repeat another under a new id",
    Share.NEARLY_REPEATED: "{share} of {whole} events are told by another, too",
    Delay.EVENT_TO_REPORT_DAYS: "half of {whole} events are reported {days} or more after they happened",
    Delay.EVENT_TO_ENTRY_DAYS: "half of {whole} events enter the PSES {days} or more after they happened",
    Delay.ENTRY_TO_PSO_SECONDS: "half of {whole} events reach the PSO {seconds} or more after they entered the PSES",
    Delay.REPORTED_TO_ROW_SECONDS: "half of {whole} events become a row {seconds} or more after the PSO has them",
}


def show(run: int, qualities: Sequence[Quality]) -> None:
    """Batches and findings on stdout, each the worst first."""
    found = findings(qualities)
    width = None if sys.stdout.isatty() else WIDTH
    console = Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False)
    console.print(_batches(qualities, found))
    if found:
        console.print(_findings(found))
    console.print(f"run {run}: {len(found)} findings" if qualities else f"run {run}: no events")


def as_data(run: int, asked: Asked, qualities: Sequence[Quality]) -> dict[str, Any]:
    """The same, whole, for JSON."""
    return {
        "run": run,
        "since": asked.since,
        "grade": "P0",
        "batches": [
            _names(one.batch) | {"events": one.events, "measures": list(map(_figure, one.measures))} for one in qualities
        ],
        "findings": [
            _names(one.batch)
            | _figure(one.measure)
            | {"badness": round(one.badness, 3), "what": said(one.measure), "do": one.advice}
            for one in findings(qualities)
        ],
    }


def said(measure: Measure) -> str:
    """A finding in words: codes, field paths and numbers."""
    wrong = 1 - measure.value if measure.name == Share.COMPLETE else measure.value
    return _SAID[measure.name].format(
        subject=measure.subject,
        share=f"{wrong:.0%}",
        whole=measure.whole,
        days=f"{measure.part} days",
        seconds=f"{measure.part} s" if measure.part < 2 * 86_400 else f"{measure.part // 86_400} days",
    )


def _names(batch: Batch) -> dict[str, Any]:
    return {"provider": batch.provider, "system": batch.system, "format": batch.format, "mapping": batch.mapping}


def _figure(measure: Measure) -> dict[str, Any]:
    value = round(measure.value, 6)
    return {"measure": measure.name, "subject": measure.subject, "part": measure.part, "whole": measure.whole, "value": value}


def _batches(qualities: Sequence[Quality], found: Sequence[Finding]) -> Table:
    """A batch is as bad as its worst finding."""
    worst: dict[Batch, float] = {}
    for finding in found:
        worst[finding.batch] = max(finding.badness, worst.get(finding.batch, 0.0))
    table = Table("provider", "batch", "events", *(title for title, _, _ in _COLUMNS), title="Quality by batch, P0")
    for quality in sorted(qualities, key=lambda one: (-worst.get(one.batch, 0.0), one.batch)):
        cells = (_cell(quality.measure(name, subject)) for _, name, subject in _COLUMNS)
        table.add_row(_plain(quality.batch.provider), _label(quality.batch), str(quality.events), *cells)
    return table


def _findings(found: Sequence[Finding]) -> Table:
    table = Table("provider", "batch", "what", "what to do", title="Findings, the worst first, P0")
    for one in found:
        table.add_row(_plain(one.batch.provider), _label(one.batch), said(one.measure), one.advice)
    return table


def _cell(measure: Measure | None) -> str:
    if measure is None:
        return "-"
    return f"{measure.value:.1%}" if isinstance(measure.name, Share) else str(measure.part)


def _label(batch: Batch) -> str:
    return _plain(" ".join(part for part in (batch.system, batch.format, batch.mapping) if part)) or "(all)"


def _plain(name: str) -> str:
    """A provider's system may be named anything: nothing of it may steer the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)
