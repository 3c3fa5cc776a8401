"""Digests and derived ids: stable over runs, versions and the order of fields."""

from msgspec.structs import replace

from producers.identity import digest_of, identified
from schemas.records.parts import ExternalId
from tests.support.builders import crowded_event, safety_event


def test_the_digest_of_an_event_never_changes() -> None:
    # Written down once: another value would make every provider's outbox take each of its events for a changed one.
    assert digest_of(safety_event()).hex() == "0f79f07ccb1026d26ccb7b422ff8042c58217180485176567fd6fa874a317c8e"


def test_a_digest_tells_contents_apart_and_knows_the_same_again() -> None:
    assert digest_of(crowded_event()) == digest_of(crowded_event())
    assert digest_of(crowded_event()) != digest_of(replace(crowded_event(), unit="Hartwig Pavilion 7"))


def test_an_id_comes_from_the_first_external_id_before_the_content() -> None:
    named = safety_event(external_ids=(ExternalId("rl6", "7"), ExternalId("state", "9")))
    assert identified(named).event_id == identified(replace(named, unit="ICU")).event_id
    assert identified(named).event_id != identified(replace(named, external_ids=named.external_ids[::-1])).event_id


def test_system_and_value_of_an_external_id_do_not_run_together() -> None:
    first, second = (safety_event(external_ids=(ExternalId(*pair),)) for pair in (("ab", "c"), ("a", "bc")))
    assert identified(first).event_id != identified(second).event_id
