"""How an event is disclosed: under one surrogate for itself and one for its contributor, both random and of its grade.

Where its contract closes the grade nothing leaves, or what an earlier contract let in is taken back (42 CFR 3.206(e)).
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from schemas import keys, topics
from schemas.grades import Grade
from schemas.records import ClassifiedEvent, Record
from schemas.restrictions import Passing
from schemas.taxonomy import Action
from schemas.topics import Topic
from stream_processors.domain.contract.withholding import passing
from stream_processors.shapes import Disclosure, Given, Subject

Disclosed = Callable[[ClassifiedEvent, str, str], Record]
"""(record, the event's surrogate, the contributor's) -> what is disclosed."""


def disclosure(name: str, grade: Grade, disclosed: Disclosed, writes: Topic, permitted_by: str) -> Disclosure:
    """pso-events-classified -> disclosed() -> `writes`."""

    def asks(record: ClassifiedEvent) -> Sequence[Subject]:
        if passing(record.acceptance, grade) is Passing.NOTHING:
            return ()
        return (
            Subject("event", grade, keys.of_enveloped_event(record)),
            Subject("contributor", grade, record.event.provider),
        )

    def disclose(record: ClassifiedEvent, given: Given) -> Iterator[Record]:
        what = passing(record.acceptance, grade)
        if what is Passing.NOTHING:
            return
        event, contributor = (given.surrogates[subject] for subject in asks(record))
        yield disclosed(withdrawn(record) if what is Passing.WITHDRAWAL else record, event, contributor)

    return Disclosure(
        name=name,
        reads=(topics.EVENTS_CLASSIFIED,),
        function=disclose,
        writes=writes,
        asks=asks,
        permitted_by=permitted_by,
    )


def withdrawn(record: ClassifiedEvent) -> ClassifiedEvent:
    """The same revision as a withdrawal: in every grade it carries nothing else."""
    return replace(record, event=replace(record.event, action=Action.WITHDRAW))
