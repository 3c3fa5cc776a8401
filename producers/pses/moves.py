"""Which act the law allows on which item, decided without a clock, a file or a broker."""

from collections.abc import Sequence
from dataclasses import dataclass

from producers.pses.items import Act, Item, Matter, PsesState
from producers.pses.law import Paragraph

AFTER = {
    Act.ENTER: PsesState.IN_PSES,
    Act.REMOVE: PsesState.REMOVED,
    Act.REPORT: PsesState.REPORTED,
    Act.REPORT_FUNCTIONALLY: PsesState.REPORTED,
}
"""Where an allowed act leads. Only ENTER starts from CAPTURED, all others from IN_PSES."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Why an act is refused, and what can be done instead."""

    paragraph: Paragraph
    why: str
    hint: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An item and the ruling on it."""

    item: Item
    ruling: Ruling

    def __str__(self) -> str:
        ruling = self.ruling
        return f"{self.item.event} revision {self.item.revision}: {ruling.why} ({ruling.paragraph}): {ruling.hint}"


_NOT_ENTERED = Ruling(Paragraph.ENTRY, "it never entered the PSES", "enter it first: `pso-produce enter FILE`")
_ENTERED = Ruling(
    Paragraph.ENTRY, "it is in the PSES, and its entry is never written again", "give a correction the next revision"
)
_REMOVED = Ruling(
    Paragraph.SEPARATE, "it was removed and exists outside the PSES", "new information needs an event id of its own"
)
_REPORTED = Ruling(
    Paragraph.NOT_YET_REPORTED, "it was reported to the PSO", "enter what changed as the next revision and report that"
)
_REPORTED_STAYS = Ruling(
    Paragraph.NOT_YET_REPORTED,
    "it was reported to the PSO and cannot be removed",
    'tell the PSO by a revision with the action "withdraw"; the record keeps its legal status',
)
_OFFERED_STAYS = Ruling(
    Paragraph.NOT_YET_REPORTED,
    "it was handed to the broker and no answer is on record, so it may have been reported",
    "run `pso-produce flush` until its receipt is there",
)
_OFFERED = Ruling(
    Paragraph.ENTRY,
    "it was handed to the broker: actual reporting is under way",
    "run `pso-produce flush` until its receipt is there",
)
_DELIBERATION_STAYS = Ruling(
    Paragraph.DELIBERATION,
    "it is deliberation or analysis of the PSES, which removal does not reach",
    "keep it in the PSES or report it",
)
_EARLIER_REPORTED = Ruling(
    Paragraph.NOT_YET_REPORTED,
    "an earlier revision was reported, and this one repeats it",
    'tell the PSO by a revision with the action "withdraw"',
)

RULINGS = {
    (PsesState.CAPTURED, Act.REMOVE): _NOT_ENTERED,
    (PsesState.CAPTURED, Act.REPORT): _NOT_ENTERED,
    (PsesState.CAPTURED, Act.REPORT_FUNCTIONALLY): _NOT_ENTERED,
    (PsesState.IN_PSES, Act.ENTER): _ENTERED,
    (PsesState.REMOVED, Act.ENTER): _REMOVED,
    (PsesState.REMOVED, Act.REMOVE): _REMOVED,
    (PsesState.REMOVED, Act.REPORT): _REMOVED,
    (PsesState.REMOVED, Act.REPORT_FUNCTIONALLY): _REMOVED,
    (PsesState.REPORTED, Act.ENTER): _REPORTED,
    (PsesState.REPORTED, Act.REMOVE): _REPORTED_STAYS,
    (PsesState.REPORTED, Act.REPORT): _REPORTED,
    (PsesState.REPORTED, Act.REPORT_FUNCTIONALLY): _REPORTED,
}
"""Every pair of state and act that the law refuses whatever the item is."""


def ruling(act: Act, item: Item) -> Ruling | None:
    """Why this act on this item is refused; None where it is lawful."""
    found = RULINGS.get((item.state, act))
    if found is not None:
        return found
    if act is Act.REMOVE and item.matter is Matter.DELIBERATION:
        return _DELIBERATION_STAYS
    if item.offered and act is Act.REMOVE:
        return _OFFERED_STAYS
    if item.offered and act is Act.REPORT_FUNCTIONALLY:
        return _OFFERED
    return None


def refused(act: Act, revisions: Sequence[Item]) -> list[Refused]:
    """The refusals of an act on an event, all its revisions given, oldest first; none where it is lawful.

    Revisions that have come to their end before are left where they are, if any is left to act on. But what was once
    reported is repeated by every later revision: an event of which anything was reported, or may have been, is not removed.
    """
    open_ones = [item for item in revisions if item.state is PsesState.IN_PSES]
    answers = [Refused(item, found) for item in open_ones or revisions if (found := ruling(act, item)) is not None]
    if not answers and act is Act.REMOVE and any(item.state is PsesState.REPORTED for item in revisions):
        return [Refused(item, _EARLIER_REPORTED) for item in open_ones]
    return answers
