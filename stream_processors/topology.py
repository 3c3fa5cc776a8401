"""The one list of what reads, decides and writes; `refuse_unlawful` stands between it and every run."""

from schemas.topics import all_topics
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.classification.classifier import Classifier
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.lawfulness import Unlawful, check, refuse_unlawful
from stream_processors.processors.aggregate import AGGREGATE
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.classify import classify
from stream_processors.processors.contribute import CONTRIBUTE
from stream_processors.processors.detect import DETECT
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.processors.validate import Register, validate
from stream_processors.sinks.arrangement_versions import ARRANGEMENT_VERSIONS
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.contributions import CONTRIBUTIONS
from stream_processors.sinks.dead_letters import dead_letters
from stream_processors.sinks.disclosed_events import ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.sinks.signals import SIGNALS
from stream_processors.wiring import Topology

__all__ = ["Topology", "Unlawful", "check", "refuse_unlawful", "topology"]


def topology(
    arrangements: Arrangements, engine: NarrativeEngine, classifier: Classifier, register: Register | None = None
) -> Topology:
    """The topology with this narrative engine and this classifier. Nothing runs on it before `refuse_unlawful`.

    A register follows new versions of these arrangements; another arrangement is another topology.
    """
    topics = all_topics(arrangements.ids)
    return Topology(
        topics=topics,
        steps=(
            validate(arrangements, register),
            classify(classifier),
            anonymize(engine),
            nonidentify(engine),
            CONTRIBUTE,
            AGGREGATE,
            DETECT,
        ),
        sinks=(
            ARRANGEMENT_VERSIONS,
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
