"""How an event is disclosed: under one surrogate for itself and one for its contributor, both random and of its grade."""

from collections.abc import Callable, Iterator, Sequence

from schemas import keys, topics
from schemas.grades import Grade
from schemas.records import ClassifiedEvent, Record
from schemas.topics import Topic
from stream_processors.shapes import Disclosure, Given, Subject

Disclosed = Callable[[ClassifiedEvent, str, str], Record]
"""(record, the event's surrogate, the contributor's) -> what is disclosed."""


def disclosure(name: str, grade: Grade, disclosed: Disclosed, writes: Topic, permitted_by: str) -> Disclosure:
    """pso-events-classified -> disclosed() -> `writes`."""

    def asks(record: ClassifiedEvent) -> Sequence[Subject]:
        return (
            Subject("event", grade, keys.of_enveloped_event(record)),
            Subject("contributor", grade, record.event.provider),
        )

    def disclose(record: ClassifiedEvent, given: Given) -> Iterator[Record]:
        event, contributor = (given.surrogates[subject] for subject in asks(record))
        yield disclosed(record, event, contributor)

    return Disclosure(
        name=name,
        reads=(topics.EVENTS_CLASSIFIED,),
        function=disclose,
        writes=writes,
        asks=asks,
        permitted_by=permitted_by,
    )
