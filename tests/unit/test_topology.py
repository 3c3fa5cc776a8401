"""The topology is whole and lawful, and each way to make it otherwise is refused."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any

import pytest

from schemas import keys, topics
from schemas.grades import Grade
from schemas.protection import patient, plain
from schemas.records import Record
from schemas.topics import Cleanup, Topic, all_topics, submitted
from stream_processors.domain.arrangements import Arrangements
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY
from stream_processors.lawfulness import PERMITTED, check, fields_of_key, refuse_unlawful
from stream_processors.processors.anonymize import anonymize
from stream_processors.processors.contribute import CONTRIBUTE
from stream_processors.processors.nonidentify import nonidentify
from stream_processors.shapes import Disclosure, Processor, Sink, Step
from stream_processors.sinks.event_revisions import EVENT_REVISIONS
from stream_processors.sinks.signals import SIGNALS
from stream_processors.topology import Judges, Topology, Unlawful, topology
from stream_processors.topology_rendering import render_mermaid, render_text
from tests.support.builders import arrangements
from tests.support.classifiers import CLASSIFY, SHIPPED

ANONYMIZE, NONIDENTIFY = anonymize(PATTERNS_ONLY), nonidentify(PATTERNS_ONLY)

Change = Callable[[Topology], Topology]


def lawful() -> Topology:
    return topology(arrangements(), Judges(PATTERNS_ONLY, SHIPPED))


def with_step(old: Step, **changes: Any) -> Change:
    return lambda t: replace(t, steps=tuple(replace(s, **changes) if s.name == old.name else s for s in t.steps))


def with_sink(old: Sink, **changes: Any) -> Change:
    return lambda t: replace(t, sinks=tuple(replace(s, **changes) if s.name == old.name else s for s in t.sinks))


def with_topic(old: Topic, **changes: Any) -> Change:
    """The topic changed wherever it is named."""
    new = replace(old, **changes)

    def swap(found: Topic) -> Topic:
        return new if found == old else found

    def change(t: Topology) -> Topology:
        return Topology(
            topics=tuple(map(swap, t.topics)),
            steps=tuple(replace(s, reads=tuple(map(swap, s.reads)), writes=swap(s.writes)) for s in t.steps),
            sinks=tuple(replace(s, reads=tuple(map(swap, s.reads))) for s in t.sinks),
            entries=t.entries,
        )

    return change


def without(*names: str) -> Change:
    return lambda t: replace(t, steps=tuple(s for s in t.steps if s.name not in names))


def and_step(step: Step) -> Change:
    return lambda t: replace(t, steps=(*t.steps, step))


class Unclassed(Record, frozen=True):
    """A record whose author forgot something."""

    event: Annotated[str, plain("Said.")]
    forgotten: str


class Outspoken(Record, frozen=True):
    """A record that must not be disclosed."""

    event: Annotated[str, plain("Said.")]
    family: Annotated[str, patient("A name.")]


BARE = Processor("publish", (topics.EVENTS_CLASSIFIED,), ANONYMIZE.function, topics.EVENTS_ANONYMIZED, ANONYMIZE.asks)
LOOP = Processor("again", (topics.EVENTS_CLASSIFIED,), CLASSIFY.function, topics.EVENTS_ACCEPTED)
STRAY = Topic("pso-strays", topics.EVENTS_ACCEPTED.record, Grade.P0, keys.of_enveloped_event)


@pytest.mark.parametrize(
    "found", [arrangements(), Arrangements(MappingProxyType(dict(list(arrangements().by_topic.items())[:1])))]
)
def test_the_topology_of_the_product_is_lawful(found: Arrangements) -> None:
    built = topology(found, Judges(PATTERNS_ONLY, SHIPPED))
    assert check(built) == []
    assert refuse_unlawful(built) is built
    assert built.topics == all_topics(found.ids)
    assert built.entries == found.entries


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (with_step(CLASSIFY, writes=STRAY), "classify", "names unknown topic pso-strays"),
        (with_step(CLASSIFY, reads=(topics.EVENTS_ACCEPTED, STRAY)), "classify", "names unknown topic pso-strays"),
        (with_sink(EVENT_REVISIONS, reads=(STRAY,)), "event-revisions", "reads unknown topic pso-strays"),
        (lambda t: replace(t, entries=(*t.entries, submitted("arr-else"))), "pso-events-submitted-arr-else", "no topic"),
        (and_step(LOOP), "pso-events-accepted -> pso-events-classified -> pso-events-accepted", "is a cycle"),
        (without("classify"), "pso-events-classified", "has no writer"),
        (lambda t: replace(t, topics=(*t.topics, STRAY)), "pso-strays", "has no writer"),
        (lambda t: replace(t, topics=(*t.topics, STRAY)), "pso-strays", "has no reader"),
        (without("detect"), "pso-counts-changed", "has no reader"),
        (with_topic(topics.CELLS_PUBLISHED, outward=False), "pso-cells-published", "has no reader"),
        (with_step(CONTRIBUTE, name="classify"), "classify", "more than one step or sink"),
        (with_sink(SIGNALS, name="classify"), "classify", "more than one step or sink"),
        (with_sink(SIGNALS, table="contributions"), "protected.contributions", "more than one table"),
        (lambda t: replace(t, topics=(*t.topics, t.topics[0])), "pso-events-submitted-arr-7k2q", "more than one topic"),
        (and_step(replace(CLASSIFY, name="twice")), "pso-events-classified", "more than one writer: classify, twice"),
        (
            and_step(replace(CLASSIFY, name="forge", writes=submitted("arr-7k2q"))),
            "pso-events-submitted-arr-7k2q",
            "forge may not",
        ),
        (
            with_sink(EVENT_REVISIONS, grade=Grade.P2),
            "event-revisions",
            "is of grade P2 and reads pso-events-accepted of grade P0",
        ),
        (with_sink(EVENT_REVISIONS, reads=(topics.EVENTS_ANONYMIZED,)), "event-revisions", "pso-events-anonymized of grade P1"),
        (
            with_sink(EVENT_REVISIONS, reads=(topics.EVENTS_ACCEPTED.dead_letters,), grade=Grade.P1),
            "event-revisions",
            "is of grade P1",
        ),
        (
            with_sink(EVENT_REVISIONS, table="anonymized.events"),
            "event-revisions",
            "a table lies in the schema of its grade, protected",
        ),
        (
            with_topic(topics.EVENTS_ANONYMIZED, record=Unclassed),
            "pso-events-anonymized",
            "Unclassed.forgotten has no protection class",
        ),
        (
            with_topic(topics.EVENTS_ANONYMIZED, record=Outspoken),
            "pso-events-anonymized",
            "Outspoken.family identifies a patient",
        ),
        (
            with_topic(topics.CONTRIBUTIONS, key=lambda r: f"{r.provider}|{r.event_id}"),
            "pso-contributions",
            "key lacks the revision",
        ),
        (with_topic(topics.CONTRIBUTIONS, grade=Grade.P2), "pso-contributions", "Contribution.provider identifies a provider"),
    ],
)
def test_a_fault_is_refused(change: Change, place: str, words: str) -> None:
    built = change(lawful())
    assert [fault for fault in check(built) if fault.place == place and words in fault.reason], check(built)
    with pytest.raises(Unlawful) as refused:
        refuse_unlawful(built)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("change", "step", "words"),
    [
        (
            lambda t: and_step(BARE)(without("anonymize")(t)),
            "publish",
            ("P0 -> P1", "is no Disclosure", "42 CFR 3.206", "permitted_by"),
        ),
        (with_topic(topics.SIGNALS_RAISED, grade=Grade.A), "detect", ("P0 -> A", "is no Disclosure", "42 CFR 3.206")),
        (with_step(ANONYMIZE, permitted_by=""), "anonymize", ("42 CFR 3.206 does not permit P0 -> P1 by ''",)),
        (with_step(ANONYMIZE, permitted_by=NONIDENTIFY.permitted_by), "anonymize", ("does not permit P0 -> P1", "3.212(a)(2)")),
        (
            with_step(NONIDENTIFY, permitted_by=ANONYMIZE.permitted_by),
            "nonidentify",
            ("does not permit P0 -> P2", "(b)(4)(iv)"),
        ),
        (with_step(ANONYMIZE, writes=topics.EVENTS_ACCEPTED), "anonymize", ("does not permit P0 -> P0",)),
    ],
)
def test_a_disclosure_without_its_paragraph_is_refused(change: Change, step: str, words: tuple[str, ...]) -> None:
    reasons = [fault.reason for fault in check(change(lawful())) if fault.place == step]
    assert any(all(word in reason for word in words) for reason in reasons), reasons


def test_no_grade_grows_more_open_but_by_a_paragraph_and_none_closes_by_one() -> None:
    opening = {(a, b) for a in Grade for b in Grade if b.is_less_protected_than(a)}
    assert set(PERMITTED) == opening
    assert all(paragraph.startswith("42 CFR 3.206(b)") for allowed in PERMITTED.values() for paragraph in allowed)


def test_every_fault_is_said_at_once() -> None:
    built = without("classify")(with_sink(EVENT_REVISIONS, grade=Grade.P2)(lawful()))
    with pytest.raises(Unlawful) as refused:
        refuse_unlawful(built)
    assert {fault.place for fault in refused.value.faults} >= {"pso-events-classified", "event-revisions"}


def test_a_compacted_topic_of_counts_may_leave_out_the_version_only_behind_an_accumulator() -> None:
    assert "version" not in fields_of_key(topics.COUNTS_CHANGED)
    unfenced = Processor("aggregate", (topics.CONTRIBUTIONS,), lambda _record, _given: (), topics.COUNTS_CHANGED)
    faults = check(and_step(unfenced)(without("aggregate")(lawful())))
    assert [fault.place for fault in faults] == ["pso-counts-changed"]
    assert "its key needs the version" in faults[0].reason


@pytest.mark.parametrize("topic", topics.INTERNAL, ids=lambda topic: topic.name)
def test_the_fields_of_a_key_are_seen_without_a_record(topic: Topic) -> None:
    used = fields_of_key(topic)
    assert used
    assert used <= set(topic.record.__struct_fields__)
    assert "revision" in used or topic.cleanup is not Cleanup.COMPACT or "revision" not in topic.record.__struct_fields__


def test_every_step_and_sink_is_in_the_picture_with_its_law() -> None:
    built = lawful()
    text, mermaid = render_text(built), render_mermaid(built)
    for step in built.steps:
        assert f"\n{step.name} " in f"\n{text}"
        assert f'"{step.name}' in mermaid
        if isinstance(step, Disclosure):
            assert step.permitted_by in text
            assert step.permitted_by in mermaid
    for sink in built.sinks:
        assert sink.relation in text
    for topic in topics.INTERNAL:
        assert f'(["{topic.name} {topic.grade}"])' in mermaid


def test_the_picture_names_no_arrangement_but_the_first_and_does_not_grow_with_them() -> None:
    built = lawful()
    assert render_mermaid(built).count("pso-events-submitted") == 1
    assert "pso-events-submitted-arr-7k2q [P0] + 2 more" in render_text(built)
    assert "arr-c41x" not in render_text(built)
