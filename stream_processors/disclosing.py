"""How an event is disclosed: under one surrogate for itself and one for its contributor, both random and of its grade.

Where its contract closes the grade nothing leaves, or what an earlier contract let in is taken back (42 CFR 3.206(e)).
"""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from schemas import keys, topics
from schemas.grades import Grade
from schemas.records import ClassifiedEvent, Record
from schemas.restrictions import Passing
from schemas.taxonomy import Action, NarrativeNames
from schemas.topics import Topic
from stream_processors.domain.contract.withholding import passing
from stream_processors.shapes import Disclosure, Given, Subject

Disclosed = Callable[..., Record]
"""(record, the event's surrogate, the contributor's) -> what leaves; also `names_seed`, where an arrangement asks for it."""


def disclosure(name: str, grade: Grade, disclosed: Disclosed, writes: Topic, permitted_by: str) -> Disclosure:
    """pso-events-classified -> disclosed() -> `writes`."""

    def asks(record: ClassifiedEvent) -> Sequence[Subject]:
        if passing(record.acceptance, grade) is Passing.NOTHING:
            return ()
        event = keys.of_enveloped_event(record)
        subjects = (Subject("event", grade, event), Subject("contributor", grade, record.event.provider))
        names = grade is Grade.P1 and record.acceptance.narrative_names is NarrativeNames.REALISTIC
        return (*subjects, Subject("names", grade, event)) if names else subjects

    def disclose(record: ClassifiedEvent, given: Given) -> Iterator[Record]:
        what = passing(record.acceptance, grade)
        if what is Passing.NOTHING:
            return
        event, contributor, *names = (given.surrogates[subject] for subject in asks(record))
        passed = withdrawn(record) if what is Passing.WITHDRAWAL else record
        yield disclosed(passed, event, contributor, **({"names_seed": names[0]} if names else {}))

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
