"""The classifier of the flow: model, explicit words and structured blocks together give advice beside the reporter's codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from schemas.records import AcceptedEvent, Classification, ClassifiedEvent, SafetyEvent
from schemas.records.flow import Confidence
from schemas.records.parts import Narrative
from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.advising import Suggestion, suggested
from stream_processors.domain.classification.confidence import told
from stream_processors.domain.classification.cues import unfit
from stream_processors.domain.classification.evidence import Read, evidence
from stream_processors.domain.classification.medication_details import medication_details
from stream_processors.domain.classification.never_events import never_events
from stream_processors.domain.classification.scoring import Scorer
from stream_processors.domain.classification.weights import Weights, shipped, unpacked
from stream_processors.domain.classification.words import Spoken, spellings

LONGEST = 20_000
"""Characters of all narratives together that are read; what happened stands at the beginning."""
_NOTHING = Suggestion(None, (), None, (0.0, 0.0, 0.0))
_HEALTH_IT = ("ehr", "emr", "health record", "cpoe", "software", "interface", "health it", "barcode")


@dataclass(frozen=True, slots=True)
class Classifier:
    """A function of its input and of the model it was built with."""

    scorer: Scorer = field(repr=False)

    @property
    def name(self) -> str:
        """What a classification says it came from."""
        return self.scorer.weights.name

    def suggestion(self, text: str) -> Suggestion:
        """What the words alone suggest. A text without a word suggests nothing."""
        spoken = Spoken.of(text)
        return self._suggestion(spoken.lower, self.scorer.reader.read(spoken.words))

    def _suggestion(self, lower: str, ids: Sequence[int]) -> Suggestion:
        if not ids:
            return _NOTHING
        policy = self.scorer.weights.policy
        found = suggested(self.scorer.probabilities(ids), policy)
        if unfit(lower, found.harm, found.confidence[2]):
            found = replace(found, harm=None)
        return told(found, policy)

    def classify(self, record: AcceptedEvent) -> ClassifiedEvent:
        """The accepted event with our advice; its own codes are left as they are."""
        event = record.event
        spoken = Spoken.of("\n".join(narrative.text for narrative in event.narratives)[:LONGEST])
        ids = self.scorer.reader.read(spoken.words)
        said = self._suggestion(spoken.lower, ids)
        categories = _with_blocks(event, said.categories)
        harm = said.harm if event.report_type is ReportType.INCIDENT and said.harm is not Harm.NOT_APPLICABLE else None
        advice = Classification(
            classifier=self.name,
            report_type=said.report_type,
            categories=categories,
            harm=harm,
            needs_review=_contradicts(event, said.report_type, categories, harm),
            confidence=_confidence(said) if ids else None,
            medication=medication_details(spoken) if Category.MEDICATION in categories else None,
            never_events=tuple(map(str, never_events(spoken, categories, event.harm or harm))),
            evidence=evidence(self.scorer, Read(spoken, ids, _starts(event.narratives)), said, harm),
        )
        return ClassifiedEvent(event, record.acceptance, advice)


def _starts(narratives: Sequence[Narrative]) -> list[int]:
    """Where each narrative begins in all of them joined by line ends."""
    return [0, *accumulate(len(narrative.text) + 1 for narrative in narratives)]


def loaded(weights: Weights) -> Classifier:
    """A classifier with these weights."""
    return Classifier(Scorer(weights, spellings()))


def shipped_classifier() -> Classifier:
    """The one in the wheel. Raises OSError or ValueError where it is missing or damaged: then nothing may start."""
    return loaded(unpacked(shipped()))


def _confidence(said: Suggestion) -> Confidence:
    report_type, category, harm = (round(100 * value) for value in said.confidence)
    return Confidence(report_type, category, harm)


def _with_blocks(event: SafetyEvent, spoken: Sequence[Category]) -> tuple[Category, ...]:
    """In the order of the vocabulary, so that the same event always gets the same bytes."""
    found = set(spoken)
    if event.medications:
        found.add(Category.MEDICATION)
    found.update(_of_devices(device.kind or "" for device in event.devices))
    return tuple(category for category in Category if category in found)


def _of_devices(kinds: Iterable[str]) -> Iterable[Category]:
    for kind in kinds:
        yield Category.HEALTH_IT if any(mark in kind.lower() for mark in _HEALTH_IT) else Category.DEVICE


def _contradicts(
    event: SafetyEvent, report_type: ReportType | None, categories: tuple[Category, ...], harm: Harm | None
) -> bool:
    """Advice and reporter's code are both there, and they exclude each other."""
    other_type = report_type is not None and report_type is not event.report_type
    other_harm = harm is not None and event.harm not in (None, Harm.UNKNOWN, harm)
    other_category = bool(categories and event.categories) and not set(categories) & set(event.categories)
    return other_type or other_harm or other_category
