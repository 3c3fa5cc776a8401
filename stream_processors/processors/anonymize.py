"""pso-events-classified -> anonymize() -> pso-events-anonymized (42 CFR 3.206(b)(4)(iv))."""

from functools import partial

from schemas import topics
from schemas.grades import Grade
from stream_processors.disclosing import disclosure
from stream_processors.domain.deidentification import anonymized
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.shapes import Disclosure


def anonymize(engine: NarrativeEngine) -> Disclosure:
    """The disclosure with the engine that redacts its narratives."""
    return disclosure(
        name="anonymize",
        grade=Grade.P1,
        disclosed=partial(anonymized.anonymize, engine=engine),
        writes=topics.EVENTS_ANONYMIZED,
        permitted_by="42 CFR 3.206(b)(4)(iv)",
    )
