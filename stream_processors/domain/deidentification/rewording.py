"""Other words than tags in a redacted narrative: days from the event, or invented names. Checked again before they leave."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

from schemas.grades import Grade
from stream_processors.domain.deidentification.engine import Layers, Redaction, Verdict
from stream_processors.domain.deidentification.invented_names import NoNameLeft, invented
from stream_processors.domain.deidentification.known import Known
from stream_processors.domain.deidentification.patterns import PLACEHOLDER
from stream_processors.domain.deidentification.relative_dates import day_of_event, told
from stream_processors.domain.deidentification.safe import hidden

Reword = Callable[[str, Redaction], Redaction]
"""(normalised text, what the engine made of it) -> the same in other words, or withheld."""

_DATE_TAG, _NAME_TAG = "[DATE]", "[NAME-1]"


def with_days(plain: str, redaction: Redaction, event: date | None, known: Known, layers: Layers) -> Redaction:
    """For P2: the dates that are known to the day and near the event as days from it; the rest stays tags."""
    tags = PLACEHOLDER.findall(redaction.text)
    if len(tags) != len(redaction.spans):
        return _withheld(redaction)
    spans = iter(redaction.spans)

    def instead(tag: re.Match[str]) -> str:
        span = next(spans)
        days = day_of_event(plain[span.start : span.end], event) if tag[0] == _DATE_TAG else None
        return tag[0] if days is None else told(days)

    text = PLACEHOLDER.sub(instead, redaction.text)
    doubtful = layers.are_in_doubt(hidden(text), known, Grade.P2) or layers.holds_known(text, known)
    return _withheld(redaction) if doubtful else replace(redaction, text=text)


class InventedNames:
    """For P1: one invented name for each number of a tag, the same in all narratives of an event."""

    def __init__(self, seed: str, known: Known, layers: Layers, texts: Collection[str]) -> None:
        self._known = known
        self._layers = layers
        self._by_tag: dict[str, str] = {}
        self._fresh = invented(seed, lambda name: layers.holds_known(name, known), texts)

    def instead_of_tags(self, _plain: str, redaction: Redaction) -> Redaction:
        """The text with a name for each tag.

        The check of the text takes the names that were invented for tags, and no others: they stand nowhere else in the
        event's texts. What the record names is looked for in the words as they leave.
        """
        try:
            text = PLACEHOLDER.sub(self._instead, redaction.text)
        except NoNameLeft:
            return _withheld(redaction)
        names = [re.escape(name) for name in self._by_tag.values()]
        allowed = re.sub(rf"\b(?:{'|'.join(names)})\b", _NAME_TAG, text) if names else text
        doubtful = self._layers.are_in_doubt(hidden(allowed), self._known, Grade.P1)
        if doubtful or self._layers.holds_known(text, self._known):
            return _withheld(redaction)
        return replace(redaction, text=text)

    def _instead(self, tag: re.Match[str]) -> str:
        if not tag[0].startswith("[NAME-"):
            return tag[0]
        if tag[0] not in self._by_tag:
            self._by_tag[tag[0]] = next(self._fresh)
        return self._by_tag[tag[0]]


def _withheld(redaction: Redaction) -> Redaction:
    return replace(redaction, text="", verdict=Verdict.QUARANTINE)
