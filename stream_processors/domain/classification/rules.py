"""Advice on the codes of an event from its structured blocks and a short list of words; silence wherever that says nothing.

The advice stands beside the reporter's own codes and never replaces them. Harm is read only from explicit words: people
agree on it poorly (kappa 0.47 for the AHRQ Harm Scale V1.2), so anything cleverer would only look certain.
"""

import re
from collections.abc import Mapping

from schemas.records import AcceptedEvent, Classification, ClassifiedEvent, SafetyEvent
from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.vocabulary import (
    CATEGORY_WORDS,
    HARM_WORDS,
    HEALTH_IT_DEVICES,
    REPORT_TYPE_WORDS,
    Code,
)

CLASSIFIER = "rules 1"
"""Name and version; it goes up with every change of a rule or a word."""


def classify(record: AcceptedEvent) -> ClassifiedEvent:
    """The accepted event with our advice. A withdrawal gets none: it has nothing left to be counted by."""
    event = record.event
    text = "\n".join(narrative.text for narrative in event.narratives)
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


def _suggested_categories(event: SafetyEvent, text: str) -> tuple[Category, ...]:
    """In the order of the vocabulary, so that the same event always gets the same bytes."""
    found = set(_spoken(CATEGORY_WORDS, text))
    if event.medications:
        found.add(Category.MEDICATION)
    for device in event.devices:
        found.add(Category.HEALTH_IT if HEALTH_IT_DEVICES.search(device.kind or "") else Category.DEVICE)
    return tuple(category for category in Category if category in found)


def _suggested_harm(event: SafetyEvent, text: str) -> Harm | None:
    return _only(HARM_WORDS, text) if event.report_type is ReportType.INCIDENT else None


def _spoken(words: Mapping[Code, re.Pattern[str]], text: str) -> list[Code]:
    return [code for code, pattern in words.items() if pattern.search(text)]


def _only(words: Mapping[Code, re.Pattern[str]], text: str) -> Code | None:
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
