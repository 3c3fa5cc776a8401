"""The real steps from the entry topics to the disclosed ones, run as the workers run them, without Kafka."""

import contextlib
import io
import logging
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from random import Random

from prometheus_client import CollectorRegistry, generate_latest

from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import ClassifiedEvent, Record
from schemas.topics import EVENTS_CLASSIFIED, EVENTS_NONIDENTIFIED
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.classification.classifier import shipped_classifier
from stream_processors.domain.deidentification.engine import NarrativeEngine
from stream_processors.domain.deidentification.rare import UNASKED
from stream_processors.metrics import Metrics
from stream_processors.runtime.dead_letters import SOFTWARE
from stream_processors.runtime.limits import UnexpectedLimit
from stream_processors.runtime.log import log_to_stderr
from stream_processors.runtime.messages import Incoming, Outgoing
from stream_processors.runtime.observer import StepObserver
from stream_processors.runtime.outlet import Outlet
from stream_processors.runtime.shared_decoding import SharedDecoding
from stream_processors.runtime.step import ProcessorRun
from stream_processors.runtime.wire import Wire
from stream_processors.shapes import Disclosure, Given, Processor, Subject
from stream_processors.topology import Judges, topology

NAMESPACE, PARTITIONS = "scan-", 4
_SURROGATE = "jqxy"
"""Letters of which no planted identifier is made: a surrogate is never taken for one."""


@dataclass(slots=True)
class Emitted:
    """All that came out of a chunk of events."""

    outputs: list[Outgoing] = field(default_factory=list)
    dead: list[Outgoing] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    log: str = ""
    metrics: str = ""


class Flow:
    """Every step that makes records of single events, with its metrics and the logging of a worker."""

    def __init__(self, arrangements: Arrangements, engine: NarrativeEngine, random: Random) -> None:
        declared = topology(arrangements, Judges(engine, shipped_classifier(), rarity=UNASKED))  # as much as can leave
        self.codec = Codec(bundled())
        self.wire = Wire(NAMESPACE, declared.topics)
        self.sinks = declared.sinks
        self._random = random
        self._surrogates: dict[Subject, str] = {}
        self._registry = CollectorRegistry()
        metrics = Metrics(self._registry, SOFTWARE)
        self._runs = [
            (self._run(step), StepObserver(metrics, step.name))
            for step in (*declared.steps, _BROKEN)
            if isinstance(step, Processor)
        ]

    def _run(self, step: Processor) -> ProcessorRun:
        outlet = Outlet(step.writes, self.wire.name(step.writes), self.codec, PARTITIONS)
        limit = UnexpectedLimit(sys.maxsize, 2.0)
        return ProcessorRun(step, self.wire, SharedDecoding(self.codec), outlet, limit)

    def __call__(self, chunk: Collection[Incoming]) -> Emitted:
        """What becomes of a chunk of an entry topic, through all steps."""
        emitted = Emitted()
        with _worker_log() as log:
            waiting = list(chunk)
            while waiting:
                waiting = [one for run, observer in self._runs for one in self._through(run, observer, waiting, emitted)]
        emitted.log, emitted.metrics = log.getvalue(), generate_latest(self._registry).decode()
        return emitted

    def _through(
        self, run: ProcessorRun, observer: StepObserver, waiting: list[Incoming], emitted: Emitted
    ) -> Iterator[Incoming]:
        """The chunk through one step, which reads only its own topics."""
        reads = {self.wire.name(topic) for topic in run.step.reads}
        chunk = [one for one in waiting if one.topic in reads]
        if not chunk:
            return
        decoded = run.decode(chunk)
        outcome = run.apply(decoded, {subject: self._surrogate(subject) for subject in run.subjects(decoded)})
        observer.worked(chunk, outcome, 0.0)
        observer.delivered(chunk, 0.0)
        emitted.outputs += outcome.outputs
        emitted.dead += outcome.dead
        emitted.reasons += outcome.reasons
        for offset, one in enumerate(outcome.outputs):
            yield Incoming(one.topic, one.partition or 0, offset, one.timestamp or 1, one.key, one.value, one.headers)

    def _surrogate(self, subject: Subject) -> str:
        if subject not in self._surrogates:
            self._surrogates[subject] = "".join(self._random.choices(_SURROGATE, k=32))
        return self._surrogates[subject]


def _fail(record: ClassifiedEvent, _given: Given) -> Iterator[Record]:
    """A fault that quotes what it failed on, as faults do, for one event in 32."""
    if sum(record.event.event_id.encode()) % 32 == 0:
        raise ValueError(f"cannot handle {record}")
    return iter(())


_BROKEN = Disclosure("broken", (EVENTS_CLASSIFIED,), _fail, EVENTS_NONIDENTIFIED, permitted_by="none")


@contextlib.contextmanager
def _worker_log() -> Iterator[io.StringIO]:
    """The log of a worker, as its process configures it."""
    root, pso = logging.getLogger(), logging.getLogger("pso")
    before = root.handlers[:], root.level, pso.level
    caught = io.StringIO()
    try:
        with contextlib.redirect_stderr(caught):
            log_to_stderr("debug")
            yield caught
    finally:
        root.handlers[:], level, pso_level = before
        root.setLevel(level)
        pso.setLevel(pso_level)
