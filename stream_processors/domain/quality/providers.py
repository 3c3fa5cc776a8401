"""Everything that one provider sent, measured as a whole and by batch."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.records import SafetyEvent
from stream_processors.domain.quality.delays import Stored
from stream_processors.domain.quality.measures import Batch, Measure, Tally
from stream_processors.domain.quality.repeats import content, near_copies

UNNAMED = "unnamed system"
"""Where an event does not say which system it was written down in: an empty name is that of the whole provider."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of one batch, or of everything of a provider."""

    batch: Batch
    events: int
    measures: tuple[Measure, ...]

    def measure(self, name: str, subject: str = "") -> Measure | None:
        """The figure of this name, or None where there was nothing to measure."""
        return next((one for one in self.measures if (one.name, one.subject) == (name, subject)), None)


def measured(provider: str, events: Iterable[Stored], refused: Mapping[str, int], *, near: bool = False) -> tuple[Quality, ...]:
    """The provider as a whole, then its batches in the order of their names.

    `events` are its events of now in an order that is always the same, so that of two copies the same one is the second.
    What was refused belongs to no batch: its bytes stay in Kafka, unread. `near` keeps every event until the last was seen.
    """
    whole, tallies = Tally(), dict[Batch, Tally]()
    seen, kept = set[bytes](), list[SafetyEvent]()
    for stored in events:
        digest = content(stored.event)
        again = digest in seen
        seen.add(digest)
        tallies.setdefault(batch_of(stored.event), Tally()).add(stored, again=again)
        if near and not again:
            kept.append(stored.event)
    for tally in tallies.values():
        whole.join(tally)
    whole.refuse(refused)
    if near:
        whole.nearly_repeat(near_copies(kept) + whole.events - len(kept))
    every = {Batch(provider): whole, **tallies}
    return tuple(
        Quality(batch, tally.events, tally.measures()) for batch, tally in sorted(every.items(), key=lambda one: one[0])
    )


def batch_of(event: SafetyEvent) -> Batch:
    """Its provider, the system, format and mapping that it came through."""
    if event.source is None:
        return Batch(event.provider, UNNAMED)
    return Batch(event.provider, event.source.system or UNNAMED, event.source.format, event.source.mapping or "")
