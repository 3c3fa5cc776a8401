"""pso-events-classified -> nonidentify() -> pso-events-nonidentified (42 CFR 3.206(b)(5), 3.212(a)(2))."""

from collections.abc import Iterator

from schemas import keys, topics
from schemas.grades import Grade
from schemas.records import ClassifiedEvent, NonidentifiedEvent
from stream_processors.domain.deidentification import nonidentified
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.shapes import Disclosure, Given, Subject


def _subjects(record: ClassifiedEvent) -> tuple[Subject, Subject]:
    return (
        Subject("event", Grade.P2, keys.of_enveloped_event(record)),
        Subject("contributor", Grade.P2, record.event.provider),
    )


def nonidentify(engine: NarrativeEngine) -> Disclosure:
    """The disclosure with the engine that redacts its narratives."""

    def disclose(record: ClassifiedEvent, given: Given) -> Iterator[NonidentifiedEvent]:
        event, contributor = (given.surrogates[subject] for subject in _subjects(record))
        yield nonidentified.nonidentify(record, event, contributor, engine)

    return Disclosure(
        name="nonidentify",
        reads=(topics.EVENTS_CLASSIFIED,),
        function=disclose,
        writes=topics.EVENTS_NONIDENTIFIED,
        asks=_subjects,
        permitted_by="42 CFR 3.206(b)(5), 3.212(a)(2)",
    )
