"""What is worth a word to a provider, worst first, each with a plain sentence of what to do.

The limits are set by judgement: there is no rule that names them. Two figures to set them beside, of a public extract of the
NRLS: 2.2 % of events were exact copies, and optional fields were filled in 21 to 56 % of events.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.answers.items import ITEMS
from stream_processors.domain.quality.delays import Delay
from stream_processors.domain.quality.measures import Batch, Measure, Share
from stream_processors.domain.quality.providers import Quality

FEWEST = 10
"""A share of fewer events, answers or values than this says nothing."""


@dataclass(frozen=True, slots=True)
class Limit:
    """From which value on it is a finding, and what to do about it."""

    at: float
    advice: str


LIMITS = {
    Share.INVALID: Limit(
        0.02, "look up the reason in the runbook (dead letters by reason), mend mapping or contract, send again"
    ),
    Share.VAGUE: Limit(0.25, "offer the reporter the missing answers, or map the values that the list does have"),
    Share.UNMAPPED: Limit(0.05, "add these values to the mapping's `values` and send the file with --corrections"),
    Share.REPEATED: Limit(0.02, "find what sends an event under a new id: a second export, or an id that is not lasting"),
    Share.NEARLY_REPEATED: Limit(0.10, "two people may have told one event: link them, and agree who reports it"),
}
INCOMPLETE = Limit(0.5, "ask for it in the form, or map the column that holds it")
"""Of a single question: how often it stays without an answer."""
SLOW = {
    Delay.EVENT_TO_REPORT_DAYS: Limit(30, "ask where reports wait: people report late, or the system exports late"),
    Delay.EVENT_TO_ENTRY_DAYS: Limit(45, "enter reports into the PSES when they are made, not when somebody has reviewed them"),
    Delay.ENTRY_TO_PSO_SECONDS: Limit(7 * 86_400, "run `pso-produce flush` all the time, or send every night"),
    Delay.REPORTED_TO_ROW_SECONDS: Limit(60, "not the provider: look at lag and sinks, unless this was a backfill"),
}
"""By the median, so that a few old events do not make a batch slow."""
MOST = 10.0
"""Ten times beyond a limit is as bad as it gets: years of delay are no reason to hide a field that was never mapped."""
_ORDER = (*LIMITS, Share.COMPLETE, *SLOW)
_OF_WHOLES = (Share.INVALID, Share.NEARLY_REPEATED)
"""Known of a provider only as a whole; everything else is told of the batch."""
_WEIGHTS = {item.path: item.weight for item in ITEMS}


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure beyond its limit. `badness`: how many times beyond, twice that for a question that the Formats require."""

    batch: Batch
    measure: Measure
    badness: float
    advice: str


def findings(found: Iterable[Quality]) -> list[Finding]:
    """Every finding, the worst first; each figure once, of the batch where it can be mended."""
    every = [finding for quality in found for finding in _findings(quality)]
    return sorted(every, key=lambda one: (-one.badness, _ORDER.index(one.measure.name), one.batch, one.measure.subject))


def _findings(quality: Quality) -> Iterator[Finding]:
    for measure in quality.measures:
        limit = _limit(measure)
        if limit is None or measure.whole < FEWEST or quality.batch.whole != (measure.name in _OF_WHOLES):
            continue
        value = 1 - measure.value if measure.name == Share.COMPLETE else measure.value
        if value >= limit.at:
            weight = _WEIGHTS[measure.subject] if measure.name == Share.COMPLETE else 1
            yield Finding(quality.batch, measure, min(MOST, weight * value / limit.at), limit.advice)


def _limit(measure: Measure) -> Limit | None:
    """Shares are judged where something can be mended: by question, by list, by field; the others as a whole."""
    match measure.name:
        case Share.COMPLETE:
            return INCOMPLETE if measure.subject else None
        case Share.INVALID | Share.VAGUE | Share.UNMAPPED:
            return LIMITS[Share(measure.name)] if measure.subject else None
        case Share.REPEATED | Share.NEARLY_REPEATED:
            return LIMITS[Share(measure.name)]
    return SLOW[Delay(measure.name)] if measure.subject == "median" else None
