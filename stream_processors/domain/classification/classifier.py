"""The classifier of the flow: model, explicit words and structured blocks together give advice beside the reporter's codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from schemas.records import AcceptedEvent, Classification, ClassifiedEvent, SafetyEvent
from schemas.records.flow import Confidence
from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.advising import Suggestion, suggested
from stream_processors.domain.classification.cues import talked_down
from stream_processors.domain.classification.evidence import evidence
from stream_processors.domain.classification.medication_details import medication_details
from stream_processors.domain.classification.never_events import never_events
from stream_processors.domain.classification.scoring import Scorer
from stream_processors.domain.classification.weights import Weights, shipped, unpacked
from stream_processors.domain.classification.words import lowered, spellings

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
        if not text.strip():
            return _NOTHING
        found = suggested(self.scorer.probabilities(text), self.scorer.weights.policy)
        if talked_down(text, found.harm, found.confidence[2]):
            return Suggestion(found.report_type, found.categories, None, found.confidence)
        return found

    def classify(self, record: AcceptedEvent) -> ClassifiedEvent:
        """The accepted event with our advice; its own codes are left as they are."""
        event = record.event
        text = "\n".join(narrative.text for narrative in event.narratives)[:LONGEST]
        said = self.suggestion(text)
        categories = _with_blocks(event, said.categories)
        harm = said.harm if event.report_type is ReportType.INCIDENT and said.harm is not Harm.NOT_APPLICABLE else None
        lower = lowered(text)
        advice = Classification(
            classifier=self.name,
            report_type=said.report_type,
            categories=categories,
            harm=harm,
            needs_review=_contradicts(event, said.report_type, categories, harm),
            confidence=_confidence(said) if text.strip() else None,
            medication=medication_details(lower) if Category.MEDICATION in categories else None,
            never_events=tuple(map(str, never_events(lower, categories, event.harm or harm))),
            evidence=evidence(self.scorer, event.narratives, said, harm),
        )
        return ClassifiedEvent(event, record.acceptance, advice)


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
