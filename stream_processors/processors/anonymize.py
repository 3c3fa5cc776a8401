"""pso-events-classified -> anonymize() -> pso-events-anonymized (42 CFR 3.206(b)(4)(iv))."""

from collections.abc import Iterator

from schemas import keys, topics
from schemas.grades import Grade
from schemas.records import AnonymizedEvent, ClassifiedEvent
from stream_processors.domain.deidentification import anonymized
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.shapes import Disclosure, Given, Subject


def _subjects(record: ClassifiedEvent) -> tuple[Subject, Subject]:
    return (
        Subject("event", Grade.P1, keys.of_enveloped_event(record)),
        Subject("contributor", Grade.P1, record.event.provider),
    )


def anonymize(engine: NarrativeEngine) -> Disclosure:
    """The disclosure with the engine that redacts its narratives."""

    def disclose(record: ClassifiedEvent, given: Given) -> Iterator[AnonymizedEvent]:
        event, contributor = (given.surrogates[subject] for subject in _subjects(record))
        yield anonymized.anonymize(record, event, contributor, engine)

    return Disclosure(
        name="anonymize",
        reads=(topics.EVENTS_CLASSIFIED,),
        function=disclose,
        writes=topics.EVENTS_ANONYMIZED,
        asks=_subjects,
        permitted_by="42 CFR 3.206(b)(4)(iv)",
    )
