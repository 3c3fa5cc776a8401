"""The one list of what reads, decides and writes; `refuse_unlawful` stands between it and every run."""

from schemas.topics import all_topics
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.rare import UNCOUNTED, Rarity
from stream_processors.lawfulness import Unlawful, check, refuse_unlawful
from stream_processors.processors.aggregate import AGGREGATE
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.classify import CLASSIFY
from stream_processors.processors.contribute import CONTRIBUTE
from stream_processors.processors.detect import DETECT
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.processors.validate import validate
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.contributions import CONTRIBUTIONS
from stream_processors.sinks.dead_letters import dead_letters
from stream_processors.sinks.disclosed_events import ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.sinks.signals import SIGNALS
from stream_processors.wiring import Topology

__all__ = ["Topology", "Unlawful", "check", "refuse_unlawful", "topology"]


def topology(arrangements: Arrangements, engine: NarrativeEngine, rarity: Rarity = UNCOUNTED) -> Topology:
    """The topology for these arrangements, with this narrative engine and these counts of what is rare.

    Nothing runs on it before `refuse_unlawful`.
    """
    topics = all_topics(arrangements.ids)
    return Topology(
        topics=topics,
        steps=(
            validate(arrangements),
            CLASSIFY,
            anonymize(engine),
            nonidentify(engine, rarity),
            CONTRIBUTE,
            AGGREGATE,
            DETECT,
        ),
        sinks=(
            EVENT_REVISIONS,
            CLASSIFICATIONS,
            ANONYMIZED_EVENTS,
            NONIDENTIFIED_EVENTS,
            CONTRIBUTIONS,
            SIGNALS,
            dead_letters(topic for topic in topics if topic.dead),
        ),
        entries=arrangements.entries,
    )
