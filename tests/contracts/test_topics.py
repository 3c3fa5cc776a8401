"""The table of topics keeps its own rules."""

import re

import msgspec
import pytest

from schemas import topics
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.grades import Grade
from schemas.topics import Cleanup, Topic
from tests.contracts.example_files import EXAMPLES, record_in

LIVE = (topics.submitted("arr-7k2q"), *topics.INTERNAL)
ALL = topics.all_topics(["arr-7k2q"])
each_live = pytest.mark.parametrize("topic", LIVE, ids=lambda t: t.name)
each = pytest.mark.parametrize("topic", ALL, ids=lambda t: t.name)


@each
def test_a_name_is_pso_and_a_plural_noun_in_lower_case_without_dots(topic: Topic) -> None:
    # Dots and underscores collide in Kafka's metrics; 63 is what a Kubernetes label holds.
    assert re.fullmatch(r"pso-[a-z]+s(-[a-z]+ed)?(-arr-[a-z0-9]+)?(-dead)?", topic.name)
    assert len(topic.name) <= 63


def test_no_two_topics_share_a_name() -> None:
    assert len({topic.name for topic in ALL}) == len(ALL) == 2 * len(LIVE)


@each_live
def test_dead_letters_are_as_closely_held_as_their_source_and_keep_everything_for_ever(topic: Topic) -> None:
    dead = topic.dead_letters
    assert dead.name == f"{topic.name}-dead"
    assert (dead.grade, dead.record) == (topic.grade, topic.record)
    assert dead.max_message_bytes > topic.max_message_bytes, "the original and the headers that say why"
    assert (dead.cleanup, dead.retention_ms) == (Cleanup.DELETE, -1)
    assert (dead.dead, dead.entry) == (True, False)


@each_live
def test_dead_letters_have_no_dead_letters_of_their_own(topic: Topic) -> None:
    with pytest.raises(ValueError, match="already"):
        _ = topic.dead_letters.dead_letters


@each
def test_retention_is_for_ever_or_at_least_a_week(topic: Topic) -> None:
    assert topic.retention_ms == -1 or topic.retention_ms >= 7 * topics.DAY


@each
def test_only_a_compacted_topic_waits_before_it_compacts(topic: Topic) -> None:
    assert (topic.min_compaction_lag_ms >= topics.DAY) == (topic.cleanup is Cleanup.COMPACT)


def test_providers_write_to_entry_topics_only_and_those_are_identified() -> None:
    assert [topic.name for topic in ALL if topic.entry] == ["pso-events-submitted-arr-7k2q"]
    assert topics.submitted("any").grade is Grade.P0


def test_of_a_compacted_topic_no_version_that_could_win_is_compacted_away() -> None:
    """Compaction keeps the last offset, readers the highest version. So the key tells revisions apart, or one fenced
    writer per source partition writes absolute values in order, and then the key carries that partition."""
    for topic in (t for t in LIVE if t.cleanup is Cleanup.COMPACT):
        record = next(record_in(path) for path in EXAMPLES if type(record_in(path)) is topic.record)
        version = "revision" if "revision" in record.__struct_fields__ else "partition"
        other = msgspec.structs.replace(record, **{version: getattr(record, version) + 1})
        assert topic.key(other) != topic.key(record), topic.name


def test_contents_that_claim_one_revision_have_keys_of_their_own() -> None:
    key = topics.CONTRIBUTIONS.key
    one = next(record_in(path) for path in EXAMPLES if path.stem == "one_category")
    for change in (
        {"cells": ()},
        {"withdrawn": True},
        {"policy_version": 9},
        {"members_version": 9},
        {"members": ("state/CA",)},
    ):
        assert key(msgspec.structs.replace(one, **change)) != key(one), change


def test_every_example_of_a_topics_record_has_a_key_and_fits() -> None:
    codec = Codec(bundled())
    for topic in LIVE:
        for record in (record_in(path) for path in EXAMPLES):
            if type(record) is topic.record:
                assert topic.key(record)
                assert len(codec.encode(record)) < topic.max_message_bytes


def test_every_topics_record_is_in_the_catalogue() -> None:
    assert {topic.record for topic in LIVE} == set(bundled().ids)
