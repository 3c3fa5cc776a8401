"""The same event under several ids of one provider: the same content, or nearly the same.

Exact copies were 159 of 7,273 (2.2 %) in a public extract of the NRLS. Only events of one provider are compared: what is said
of one must tell nothing of another. Copies stay events with a legal status of their own; nothing here takes one out of a count.
"""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from schemas.records import SafetyEvent
from schemas.taxonomy import Action, Setting
from stream_processors.domain.linking.field_agreement import Report
from stream_processors.domain.quality.delays import day_of


def content(event: SafetyEvent) -> bytes:
    """A digest of what the event says, without how it is named, where it was written down and when it entered."""
    said = msgspec.structs.replace(
        event,
        event_id="-",
        revision=1,
        action=Action.REPORT,
        external_ids=(),
        source=None,
        pses_entered_at=None,
        pses_policy=None,
    )
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=16).digest()


def near_copies(events: Iterable[SafetyEvent]) -> int:
    """How many events are told before by another of these. Loads numpy, and keeps what it compares."""
    from stream_processors.domain.linking.near_duplicates import counted_once, linked

    return len(counted_once(linked(list(_reports(events)))))


def _reports(events: Iterable[SafetyEvent]) -> Iterator[Report]:
    for event in events:
        yield Report(
            provider=event.provider,
            event_id=event.event_id,
            day=day_of(event.event_date),
            categories=frozenset(map(str, event.categories)),
            age=event.patient.age_years if event.patient else None,
            sex=str(event.patient.sex) if event.patient and event.patient.sex else None,
            setting=None if event.setting is Setting.UNKNOWN else str(event.setting),
            text=" ".join(narrative.text for narrative in event.narratives),
        )
