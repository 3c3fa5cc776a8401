"""pso-events-classified -> nonidentify() -> pso-events-nonidentified (42 CFR 3.206(b)(5), 3.212(a)(2))."""

from functools import partial

from schemas import topics
from schemas.grades import Grade
from stream_processors.disclosing import disclosure
from stream_processors.domain.deidentification import nonidentified
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.rare import UNCOUNTED, Rarity
from stream_processors.shapes import Disclosure


def nonidentify(engine: NarrativeEngine, rarity: Rarity = UNCOUNTED) -> Disclosure:
    """The disclosure with the engine that redacts its narratives, and what it asks before it tells rare characteristics."""
    return disclosure(
        name="nonidentify",
        grade=Grade.P2,
        disclosed=partial(nonidentified.nonidentify, engine=engine, rarity=rarity),
        writes=topics.EVENTS_NONIDENTIFIED,
        permitted_by="42 CFR 3.206(b)(5), 3.212(a)(2)",
    )
