"""A quarantined record goes on after all, without what could not be vouched for: its narratives.

The disclosure that withheld it runs again on the same record under an arrangement that lets no narrative out. Nothing else
of the flow sees the record a second time, and running it twice writes the same bytes twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from schemas.codec import Codec
from schemas.records import ClassifiedEvent
from schemas.taxonomy import NarrativeRelease
from stream_processors.domain.rejection import Reason
from stream_processors.runtime.dead_letter_desk import DeadLetter
from stream_processors.runtime.messages import Outgoing
from stream_processors.runtime.outlet import Outlet
from stream_processors.runtime.processor_agent import Vault
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Disclosure, Given


class NotQuarantined(Exception):
    """The dead letter is none that a person may release: only a disclosure's own quarantine is."""


@dataclass(frozen=True, slots=True)
class QuarantineDesk:
    """Releases quarantined records of these disclosures, by their names."""

    disclosures: Mapping[str, Disclosure]
    codec: Codec
    wire: Wire
    partitions: int
    vault: Vault

    def without_narratives(self, letter: DeadLetter) -> list[Outgoing]:
        """What the disclosure would have written, had the arrangement let no narrative out. Raises NotQuarantined."""
        step = self.disclosures.get(letter.death.step)
        if step is None or letter.death.reason != Reason.QUARANTINED:
            raise NotQuarantined(f"{letter.incoming.position} is no quarantined record of a disclosure")
        record = self.codec.decode(letter.incoming.value, ClassifiedEvent)
        silent = replace(record, acceptance=replace(record.acceptance, narrative_release=NarrativeRelease.NONE))
        given = Given(step.reads[0], self.vault(list(step.asks(silent))))
        outlet = Outlet(step.writes, self.wire.name(step.writes), self.codec, self.partitions)
        return [outlet.of(output, letter.death.position.partition, None) for output in step.function(silent, given)]
