"""The answers of one event, counted: complete, vague, unmapped. Sums over events are the figures of a batch."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from schemas.answers.codes import coded, unmapped
from schemas.answers.items import ITEMS
from schemas.records import SafetyEvent


class Answering(StrEnum):
    """What is counted."""

    COMPLETE = "complete"
    """Questions that were answered, of those that were asked."""
    VAGUE = "vague"
    """`other` and `unknown`, of all coded answers."""
    UNMAPPED = "unmapped"
    """Values kept as written that have no canonical value, of all that were kept."""


class Count(NamedTuple):
    """A part of a whole, of one field; of the whole event where `subject` is empty."""

    what: Answering
    subject: str
    part: int
    whole: int


def answers(event: SafetyEvent) -> Iterator[Count]:
    """By field and as a whole. Of completeness as a whole both numbers are weights, of one question both are 0 or 1."""
    for item in ITEMS:
        if item.asked(event):
            answered = item.answered(event)
            yield Count(Answering.COMPLETE, item.path, answered, 1)
            yield Count(Answering.COMPLETE, "", item.weight * answered, item.weight)
    for path, vague in coded(event):
        yield Count(Answering.VAGUE, path, vague, 1)
        yield Count(Answering.VAGUE, "", vague, 1)
    for path, written, unplaced in unmapped(event):
        yield Count(Answering.UNMAPPED, path, unplaced, written)
        yield Count(Answering.UNMAPPED, "", unplaced, written)
