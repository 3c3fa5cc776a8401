"""One round of canaries: published as a provider publishes, awaited at every end, compared with what was planted."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas import keys
from schemas.codec import Codec
from schemas.connection import KafkaConnection
from schemas.grades import Grade
from stream_processors.domain.arrangements import Arrangement
from stream_processors.domain.canaries.canary import Canary, canary
from stream_processors.domain.canaries.judgement import GRADES, End, Judgement, Withheld, judged
from stream_processors.domain.rejection import Reason
from stream_processors.runtime.canary_publishing import Place, publish
from stream_processors.runtime.clock import monotonic
from stream_processors.warehouse.canary_ends import CanaryEnds, Dead, Released

MOST = 1_000
"""Canaries in a round: numbers of one millisecond."""
_ASK_EVERY = 0.25
_GRADES_LOST: Mapping[str, tuple[Grade, ...]] = {
    "validate": GRADES,
    "classify": GRADES,
    "anonymize": (Grade.P1,),
    "nonidentify": (Grade.P2,),
}
"""In which grades nothing comes any more when an event died at this step."""

Outcomes = dict[tuple[str, Grade], list[str | Withheld]]
"""By subject and grade; more than one where the flow said it twice in different words: each is judged."""


class Round(NamedTuple):
    """A judged round."""

    canaries: int
    judgement: Judgement
    seconds: float
    """From publishing to the last end, or to the end of patience."""


def flock(now_ms: int, count: int, seed: bytes, arrangement: Arrangement) -> list[Canary]:
    """The canaries of a round that begins now: numbers are never used twice, also not after a restart."""
    return [canary(now_ms * MOST + place, seed, arrangement.provider) for place in range(count)]


@dataclass(frozen=True, slots=True)
class CanaryRounds:
    """What a round needs: the flow's Kafka and warehouse, and the test arrangement through which canaries enter."""

    connection: KafkaConnection
    codec: Codec
    arrangement: Arrangement
    wire_name: str
    database_url: str
    database_password: str | None = None

    def run(self, canaries: Sequence[Canary], patience: float) -> Round:
        """Publish, wait at most `patience` seconds, judge. Raises Unavailable and Undelivered.

        Killed in the middle, it leaves test events that nobody judged; the next round takes others.
        """
        began = monotonic()
        events = [one.event for one in canaries]
        places = publish(self.connection, self.arrangement.entry, self.wire_name, self.codec, events)
        subjects = [keys.of_event(event) for event in events]
        with CanaryEnds.open(self.database_url, self.database_password) as ends:
            outcomes = self._awaited(ends, dict(zip(places, subjects, strict=True)), began + patience)
        found = judged(_ends(canaries, subjects, outcomes))
        return Round(len(canaries), found, monotonic() - began)

    def _awaited(self, ends: CanaryEnds, subjects: Mapping[Place, str], deadline: float) -> Outcomes:
        first = min(offset for _, offset in subjects)
        while True:
            outcomes: Outcomes = {}
            _note_dead(outcomes, subjects, ends.dead(self.wire_name, first))
            _note_released(outcomes, ends.released(list(subjects.values())))
            if len(outcomes) == len(subjects) * len(GRADES) or monotonic() > deadline:
                return outcomes
            time.sleep(_ASK_EVERY)


def _note_released(outcomes: Outcomes, rows: Sequence[Released]) -> None:
    """A row beside a dead letter is what somebody released from quarantine or replayed: the row is what left."""
    said: Outcomes = {}
    for subject, grade, text in rows:
        said.setdefault((subject, Grade(grade)), []).append(text if text is not None else Withheld.LOST)
    outcomes.update(said)


def _note_dead(outcomes: Outcomes, subjects: Mapping[Place, str], rows: Sequence[Dead]) -> None:
    for partition, offset, step, reason in rows:
        subject = subjects.get((partition, offset))
        if subject is not None:
            why = Withheld.QUARANTINED if reason == Reason.QUARANTINED else Withheld.LOST
            outcomes.update({(subject, grade): [why] for grade in _GRADES_LOST.get(step, ())})


def _ends(canaries: Sequence[Canary], subjects: Sequence[str], outcomes: Outcomes) -> Iterator[End]:
    for one, subject in zip(canaries, subjects, strict=True):
        for grade in GRADES:
            for outcome in outcomes.get((subject, grade), [Withheld.LOST]):
                yield End(grade, one.labels, outcome)
