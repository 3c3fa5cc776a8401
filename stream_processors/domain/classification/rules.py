"""Advice on the codes of an event from its structured blocks and a short list of words; silence wherever that says nothing.

The advice stands beside the reporter's own codes and never replaces them. Harm is read only from explicit words: people
agree on it poorly (kappa 0.47 for the AHRQ Harm Scale V1.2), so anything cleverer would only look certain.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.records import AcceptedEvent, Classification, ClassifiedEvent, SafetyEvent
from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.vocabulary import (
    CATEGORY_WORDS,
    HARM_WORDS,
    HEALTH_IT_DEVICES,
    REPORT_TYPE_WORDS,
    Code,
    Phrases,
)

CLASSIFIER = "rules 1"
"""Name and version; it goes up with every change of a rule or a word."""

_LIKE_ASCII = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})
"""All that `re.IGNORECASE` takes for a letter of a-z and that is none."""


@dataclass(frozen=True, slots=True)
class Text:
    """What the reporter wrote, and the same in lower case: looking for a few letters costs less than matching a pattern."""

    text: str
    lower: str

    @classmethod
    def of(cls, text: str) -> "Text":
        return cls(text, (text if text.isascii() else text.translate(_LIKE_ASCII)).lower())

    def says(self, phrases: Phrases) -> bool:
        """True where one of the phrases is in the text."""
        for mark in phrases.marks:
            if mark in self.lower:
                return phrases.pattern.search(self.text) is not None
        return False


def classify(record: AcceptedEvent) -> ClassifiedEvent:
    """The accepted event with our advice. A withdrawal gets none: it has nothing left to be counted by."""
    event = record.event
    text = Text.of("\n".join(narrative.text for narrative in event.narratives))
    categories = _suggested_categories(event, text)
    harm = _suggested_harm(event, text)
    report_type = _only(REPORT_TYPE_WORDS, text)
    return ClassifiedEvent(
        event=event,
        acceptance=record.acceptance,
        classification=Classification(
            classifier=CLASSIFIER,
            report_type=report_type,
            categories=categories,
            harm=harm,
            needs_review=_contradicts(event, report_type, categories, harm),
        ),
    )


def _suggested_categories(event: SafetyEvent, text: Text) -> tuple[Category, ...]:
    """In the order of the vocabulary, so that the same event always gets the same bytes."""
    found = set(_spoken(CATEGORY_WORDS, text))
    if event.medications:
        found.add(Category.MEDICATION)
    for device in event.devices:
        found.add(Category.HEALTH_IT if HEALTH_IT_DEVICES.search(device.kind or "") else Category.DEVICE)
    return tuple(category for category in Category if category in found)


def _suggested_harm(event: SafetyEvent, text: Text) -> Harm | None:
    return _only(HARM_WORDS, text) if event.report_type is ReportType.INCIDENT else None


def _spoken(words: Mapping[Code, Phrases], text: Text) -> list[Code]:
    return [code for code, phrases in words.items() if text.says(phrases)]


def _only(words: Mapping[Code, Phrases], text: Text) -> Code | None:
    """The one code the words speak for; two that contradict each other say nothing."""
    spoken = _spoken(words, text)
    return spoken[0] if len(spoken) == 1 else None


def _contradicts(
    event: SafetyEvent, report_type: ReportType | None, categories: tuple[Category, ...], harm: Harm | None
) -> bool:
    """Advice and reporter's code are both there, and they exclude each other."""
    other_type = report_type is not None and report_type is not event.report_type
    other_harm = harm is not None and event.harm not in (None, Harm.UNKNOWN, harm)
    other_category = bool(categories and event.categories) and not set(categories) & set(event.categories)
    return other_type or other_harm or other_category
