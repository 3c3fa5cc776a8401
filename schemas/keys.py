"""The Kafka key of each record, and what its partition follows where that is not the record it came from."""

import hashlib
import zlib

from schemas.records import (
    AcceptedEvent,
    Alert,
    AnonymizedEvent,
    ArrangementActivated,
    CellCount,
    ClassifiedEvent,
    Contribution,
    NonidentifiedEvent,
    PublishedCell,
    SafetyEvent,
    Signal,
)


def of_event(event: SafetyEvent | Alert) -> str:
    """provider|event: every revision of an event lies in one partition, in order."""
    return f"{event.provider}|{event.event_id}"


def of_enveloped_event(record: AcceptedEvent | ClassifiedEvent) -> str:
    """provider|event of the event inside."""
    return of_event(record.event)


def of_activation(record: ArrangementActivated) -> str:
    """arrangement|version: whoever activates one version twice writes into one partition, so that one of them is the first."""
    return f"{record.arrangement}|{record.policy_version}"


def of_surrogate(record: AnonymizedEvent | NonidentifiedEvent) -> str:
    """event, a random surrogate: no part of the identified key may follow the record (42 CFR 3.212(a)(3))."""
    return record.event


def of_contribution(record: Contribution) -> str:
    """provider|event|revision|policy|content: compaction keeps the last offset, so the key must tell versions apart."""
    content = f"{record.withdrawn}" + "".join(cell.key for cell in record.cells)
    if record.members_version or record.members:  # without members the key is the one that it was before there were any
        content += f"|{record.members_version}|" + " ".join(record.members)
    digest = hashlib.sha256(content.encode()).hexdigest()[:16]
    return f"{record.provider}|{record.event_id}|{record.revision}|{record.policy_version}|{digest}"


def of_count(record: CellCount) -> str:
    """cell|contributor|partition: the newest count of each is what compaction keeps."""
    return f"{record.cell.key}|{record.contributor}|{record.partition}"


def of_signal(record: Signal) -> str:
    """method|pattern|partition."""
    setting = f"/{record.setting}" if record.setting else ""  # part of the pattern for methods that look at one
    return f"{record.method}|{record.category}/{record.harm}/{record.month}{setting}|{record.partition}"


def of_published_cell(record: PublishedCell) -> str:
    """period|revision|table|labels: whoever writes a release again writes the same value under the same key."""
    return f"{record.period}|{record.revision}|{record.table}|{'/'.join(record.labels)}"


def pattern_of_count(record: CellCount) -> str:
    """category/harm: all counts of one pattern meet in one partition, from every provider."""
    return f"{record.cell.category}/{record.cell.harm}"


def partition_of(text: str, partitions: int) -> int:
    """CRC-32 of the UTF-8 text modulo the partition count. For re-partitioned topics only; entry topics use murmur2."""
    return zlib.crc32(text.encode()) % partitions
