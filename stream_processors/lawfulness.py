"""Whether a topology is whole and lawful: every topic written and read, and nothing less protected without its paragraph."""

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from msgspec import Meta

from schemas.avsc import unprotected
from schemas.grades import Grade
from schemas.protection import Protection
from schemas.records import Record
from schemas.topics import Cleanup, Topic
from stream_processors.domain.faults import Fault, Faulty
from stream_processors.shapes import Accumulator, Disclosure, Sink, Step
from stream_processors.wiring import Topology

BY_ANONYMIZATION = "42 CFR 3.206(b)(4)(iv)"
BY_REMOVAL = "42 CFR 3.206(b)(5), 3.212(a)(2)"
BY_STATISTICS = "42 CFR 3.206(b)(5), 3.212(a)(1)"

PERMITTED: Mapping[tuple[Grade, Grade], frozenset[str]] = MappingProxyType(
    {
        (Grade.P0, Grade.P1): frozenset({BY_ANONYMIZATION}),
        (Grade.P0, Grade.P2): frozenset({BY_REMOVAL}),
        (Grade.P1, Grade.P2): frozenset({BY_REMOVAL}),
        (Grade.P3, Grade.P2): frozenset({BY_REMOVAL}),
        (Grade.P0, Grade.P3): frozenset({BY_STATISTICS}),
        (Grade.P1, Grade.P3): frozenset({BY_STATISTICS}),
        (Grade.P0, Grade.A): frozenset({BY_STATISTICS, BY_REMOVAL}),
        (Grade.P1, Grade.A): frozenset({BY_STATISTICS, BY_REMOVAL}),
        (Grade.P2, Grade.A): frozenset({BY_STATISTICS, BY_REMOVAL}),
        (Grade.P3, Grade.A): frozenset({BY_STATISTICS, BY_REMOVAL}),
    }
)
"""The paragraphs that let a record of one grade become one of another. What is not here is not permitted."""

IDENTIFYING = frozenset({Protection.PROVIDER, Protection.PATIENT, Protection.REPORTER})


class Unlawful(Faulty):
    """The topology must not run."""


def check(topology: Topology) -> list[Fault]:
    """Everything that is wrong with a topology; nothing, where it may run."""
    return [
        *_repeated_names(topology),
        *_unknown_topics(topology),
        *_cycles(topology),
        *_loose_ends(topology),
        *(fault for step in topology.steps for fault in _disclosure_faults(step)),
        *(fault for sink in topology.sinks for fault in _sink_faults(sink)),
        *(fault for topic in topology.live() for fault in _record_faults(topic)),
        *(fault for topic in topology.live() for fault in _compaction_faults(topic, topology)),
    ]


def refuse_unlawful(topology: Topology) -> Topology:
    """The topology itself, if it may run. Raises Unlawful with everything that is wrong."""
    if faults := check(topology):
        raise Unlawful(faults)
    return topology


def _repeated_names(topology: Topology) -> Iterator[Fault]:
    yield from _repeated("topic", [topic.name for topic in topology.topics])
    yield from _repeated("step or sink", [part.name for part in (*topology.steps, *topology.sinks)])
    yield from _repeated("table", [sink.relation for sink in topology.sinks])


def _repeated(kind: str, names: Sequence[str]) -> Iterator[Fault]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault(name, f"names more than one {kind}")


def _unknown_topics(topology: Topology) -> Iterator[Fault]:
    known = set(topology.topics)
    for step in topology.steps:
        yield from (Fault(step.name, f"names unknown topic {t.name}") for t in (*step.reads, step.writes) if t not in known)
    for sink in topology.sinks:
        yield from (Fault(sink.name, f"reads unknown topic {t.name}") for t in sink.reads if t not in known)
    yield from (Fault(t.name, "is an entry and no topic") for t in topology.entries if t not in known)


def _cycles(topology: Topology) -> Iterator[Fault]:
    graph: TopologicalSorter[str] = TopologicalSorter()
    for step in topology.steps:
        graph.add(step.writes.name, *(topic.name for topic in step.reads))
    try:
        graph.prepare()
    except CycleError as error:
        yield Fault(" -> ".join(error.args[1]), "is a cycle: a record would never end")


def _loose_ends(topology: Topology) -> Iterator[Fault]:
    entries = {topic.name for topic in topology.entries}
    for topic in topology.live():
        writers = [step.name for step in topology.writers(topic)]
        if len(writers) > 1:
            yield Fault(topic.name, f"has more than one writer: {', '.join(writers)}")
        if topic.name in entries and writers:
            yield Fault(topic.name, f"is where providers write; {', '.join(writers)} may not")
        if topic.name not in entries and not topic.commanded and not writers:
            yield Fault(topic.name, "is no entry and has no writer")
        if not topic.outward and not topology.readers(topic):
            yield Fault(topic.name, "has no reader: its records would wait for ever")


def _disclosure_faults(step: Step) -> Iterator[Fault]:
    """42 CFR 3.206 forbids every disclosure that it does not list: a lower grade needs a step that names its paragraph."""
    for topic in step.reads:
        pair = f"{topic.grade} -> {step.writes.grade}"
        if isinstance(step, Disclosure):
            if step.permitted_by not in PERMITTED.get((topic.grade, step.writes.grade), frozenset()):
                yield Fault(step.name, f"42 CFR 3.206 does not permit {pair} by '{step.permitted_by}'")
        elif step.writes.grade.is_less_protected_than(topic.grade):
            yield Fault(
                step.name,
                f"discloses {pair} ({topic.name} -> {step.writes.name}) but is no Disclosure: 42 CFR 3.206 needs the "
                "paragraph that permits it, in permitted_by",
            )


def _sink_faults(sink: Sink) -> Iterator[Fault]:
    """The schema of a table is that of the sink's grade, so nothing may come in that is more protected than the sink.

    Dead letters of every grade end in one table of the most protected one; live records stay in their own.
    """
    if "." in sink.table:
        yield Fault(sink.name, f"writes {sink.table}: a table lies in the schema of its grade, {sink.grade.schema}")
    for topic in sink.reads:
        stricter = topic.dead and topic.grade.is_less_protected_than(sink.grade)
        if topic.grade is not sink.grade and not stricter:
            yield Fault(sink.name, f"is of grade {sink.grade} and reads {topic.name} of grade {topic.grade}")


def _record_faults(topic: Topic) -> Iterator[Fault]:
    for path in unprotected(topic.record):
        yield Fault(topic.name, f"{topic.record.__name__}.{path} has no protection class")
    if topic.grade is Grade.P0:
        return
    for path, protection in protections(topic.record):
        if protection in IDENTIFYING:
            yield Fault(topic.name, f"{topic.record.__name__}.{path} identifies a {protection} and may not be in {topic.grade}")


def protections(hint: Any, path: str = "") -> Iterator[tuple[str, Protection]]:
    """Path and class of every field of a record, those of the records inside it included."""
    for name, field in get_type_hints(hint, include_extras=True).items():
        here = f"{path}.{name}" if path else name
        for meta in getattr(field, "__metadata__", ()):
            if isinstance(meta, Meta) and "protection" in (meta.extra or {}):
                yield here, Protection((meta.extra or {})["protection"])
        for inner in _records_in(field):
            yield from protections(inner, here)


def _records_in(hint: Any) -> Iterator[type[Record]]:
    if isinstance(hint, type) and issubclass(hint, Record):
        yield hint
    for argument in get_args(hint):
        yield from _records_in(argument)


def _compaction_faults(topic: Topic, topology: Topology) -> Iterator[Fault]:
    """Compaction keeps the last offset. Where readers say that the highest wins, it must not choose between versions."""
    if topic.cleanup is not Cleanup.COMPACT:
        return
    used = fields_of_key(topic)
    if "revision" in topic.record.__struct_fields__ and "revision" not in used:
        yield Fault(topic.name, "is compacted and its highest revision wins, but its key lacks the revision")
    fenced = all(isinstance(step, Accumulator) for step in topology.writers(topic))
    if "version" in topic.record.__struct_fields__ and "version" not in used and not fenced:
        yield Fault(
            topic.name, "is compacted and its highest version wins: its key needs the version, or an Accumulator writes it"
        )


def fields_of_key(topic: Topic) -> frozenset[str]:
    """The fields of the record that the topic's key is made of."""
    used: set[str] = set()
    topic.key(_Watched(used))
    return frozenset(used)


class _Watched:
    """Stands in for a record and notes which of its fields a key asks for."""

    def __init__(self, used: set[str]) -> None:
        self._used = used

    def __getattr__(self, name: str) -> "_Watched":
        self._used.add(name)
        return _Watched(set())

    def __iter__(self) -> Iterator[object]:
        return iter(())
