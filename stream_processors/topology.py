"""The one list of what reads, decides and writes; `refuse_unlawful` stands between it and every run."""

from dataclasses import dataclass

from schemas.topics import all_topics
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.rare import UNCOUNTED, Rarity
from stream_processors.domain.signals.signal_parameters import Parameters
from stream_processors.lawfulness import Unlawful, check, refuse_unlawful
from stream_processors.processors.aggregate import AGGREGATE
from stream_processors.processors.alert import ALERT
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.classify import Classifier, classify
from stream_processors.processors.contribute import CONTRIBUTE
from stream_processors.processors.detect import detect
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.processors.validate import Register, validate
from stream_processors.sinks.alerts import ALERTS
from stream_processors.sinks.arrangement_versions import ARRANGEMENT_VERSIONS
from stream_processors.sinks.classifications import CLASSIFICATIONS
from stream_processors.sinks.contributions import CONTRIBUTIONS
from stream_processors.sinks.dead_letters import dead_letters
from stream_processors.sinks.disclosed_events import ANONYMIZED_EVENTS, NONIDENTIFIED_EVENTS
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.sinks.signals import SIGNALS
from stream_processors.wiring import Topology

__all__ = ["Judges", "Topology", "Unlawful", "check", "refuse_unlawful", "topology"]


@dataclass(frozen=True, slots=True)
class Judges:
    """What the steps decide with, each loaded once before anything runs."""

    engine: NarrativeEngine
    classifier: Classifier
    signals: Parameters | None = None
    rarity: Rarity = UNCOUNTED


def topology(arrangements: Arrangements, judges: Judges, register: Register | None = None) -> Topology:
    """The topology of these arrangements. Nothing runs on it before `refuse_unlawful`.

    A register follows new versions of these arrangements; another arrangement is another topology.
    """
    topics = all_topics(arrangements.ids)
    return Topology(
        topics=topics,
        steps=(
            validate(arrangements, register),
            classify(judges.classifier),
            ALERT,
            anonymize(judges.engine),
            nonidentify(judges.engine, judges.rarity),
            CONTRIBUTE,
            AGGREGATE,
            detect(judges.signals),
        ),
        sinks=(
            ARRANGEMENT_VERSIONS,
            EVENT_REVISIONS,
            CLASSIFICATIONS,
            ANONYMIZED_EVENTS,
            NONIDENTIFIED_EVENTS,
            CONTRIBUTIONS,
            SIGNALS,
            ALERTS,
            dead_letters(topic for topic in topics if topic.dead),
        ),
        entries=arrangements.entries,
    )
