"""Which versions of the arrangements there are: the file's tables, and what was activated on top of them.

A version takes effect by the clock of the broker, never earlier than LEAD after the broker took its activation. So whoever
has read the topic to its end knows every version of the next LEAD, and decides about a record as any replay will.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from msgspec.structs import replace

from schemas.grades import Grade
from schemas.records import ArrangementActivated
from schemas.records.flow import Restriction
from schemas.restrictions import Passing
from stream_processors.domain.arrangements import Arrangement, Arrangements, InvalidArrangements, Version
from stream_processors.domain.contract.checking import widenings
from stream_processors.domain.contract.compiling import compiled
from stream_processors.domain.contract.document import ArrangementDocument, Narratives, Suppression
from stream_processors.domain.contract.reading import parse_document
from stream_processors.domain.faults import Fault

LEAD = 60_000
"""Milliseconds between an activation and its effect, at least."""


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation as it lies in its topic: `taken_at` is when the broker took it, in milliseconds."""

    record: ArrangementActivated
    taken_at: int

    @property
    def effective_at(self) -> int:
        """Milliseconds; never within LEAD, whatever the record says."""
        return max(milliseconds(self.record.effective_at), self.taken_at + LEAD)

    @property
    def document(self) -> ArrangementDocument:
        """The document. Raises InvalidDocument."""
        return parse_document(self.record.document)


def milliseconds(instant: str) -> int:
    """An RFC 3339 instant in milliseconds since the epoch."""
    return int(datetime.fromisoformat(instant).timestamp() * 1000)


def first_of_each(activations: Iterable[Activation]) -> list[Activation]:
    """The activations that count, in the order in which the broker took them: the first of each version.

    Those of one version lie in one partition and are read in its order; between partitions the id decides within a millisecond.
    """
    found: dict[tuple[str, int], Activation] = {}
    for one in sorted(activations, key=lambda each: (each.taken_at, each.record.arrangement)):
        found.setdefault((one.record.arrangement, one.record.policy_version), one)
    return list(found.values())


def activated(imported: Arrangements, activations: Iterable[Activation]) -> Arrangements:
    """The arrangements of the file with every version that was activated.

    One that contradicts what the broker took before it is in force nowhere: two people activated at once. Raises
    InvalidDocument for one that this software cannot read: it may be in force elsewhere, and may close what is open here; and
    InvalidArrangements where the file was given a version that comes after what was activated.
    """
    versions = {topic: [Version(policy)] for topic, policy in imported.by_topic.items()}
    for one in first_of_each(activations):
        policy = enforceable(one.document)
        _refuse_rewritten(imported, policy)
        if any(contradictions(policy, _newest(versions))):
            continue
        versions.setdefault(policy.entry.name, []).append(Version(policy, one.effective_at))
    said = {topic: tuple(_with_what_was_open(found)) for topic, found in versions.items()}
    newest = {topic: max(found, key=_number).policy for topic, found in said.items()}
    return Arrangements(MappingProxyType(newest), MappingProxyType(said))


def _refuse_rewritten(imported: Arrangements, policy: Arrangement) -> None:
    """A table of the file holds from the beginning: as a later version it would decide anew about what is in already."""
    table = imported.by_topic.get(policy.entry.name)
    if table is not None and table.policy_version >= policy.policy_version:
        reason = f"the file says version {table.policy_version}, but {policy.policy_version} was activated: activate it instead"
        raise InvalidArrangements([Fault(policy.id, reason)])


def enforceable(document: ArrangementDocument) -> Arrangement:
    """The policy of a version that was lawful when it was activated. Where the law is stricter now, nothing leaves under it."""
    if widenings(document):
        document = replace(document, disclosures=(), narratives=Narratives(), suppression=Suppression(), state_law=())
    return compiled(document)


def contradictions(policy: Arrangement, known: Mapping[str, Arrangement]) -> Iterator[Fault]:
    """Why a version cannot follow those that are there, by their entry topics."""
    before = known.get(policy.entry.name)
    if before is not None and before.provider != policy.provider:
        yield Fault("parties.provider", "an arrangement is with one provider for ever: give the contract another id")
    if before is not None and before.test is not policy.test:
        yield Fault("test", "never changes: what counted would stay in the counts, what did not would be missing")
    for topic, other in known.items():
        if topic != policy.entry.name and other.provider == policy.provider:
            yield Fault("parties.provider", f"has the arrangement {other.id} already")


def _newest(versions: Mapping[str, Sequence[Version]]) -> dict[str, Arrangement]:
    return {topic: max(found, key=_number).policy for topic, found in versions.items()}


def _number(version: Version) -> int:
    return version.policy.policy_version


def _with_what_was_open(versions: Iterable[Version]) -> Iterator[Version]:
    """Where a version closes a grade that an earlier one let events into, what is there can still be taken back."""
    closed_before: set[Grade] | None = None
    for version in sorted(versions, key=_number):
        policy = version.policy
        closed = {one.grade for one in policy.restrictions if one.passes is Passing.NOTHING}
        ever_closed = closed if closed_before is None else closed & closed_before
        softened = tuple(_softened(one) if one.grade in closed - ever_closed else one for one in policy.restrictions)
        yield Version(replace(policy, restrictions=softened), version.effective_at)
        closed_before = ever_closed


def _softened(restriction: Restriction) -> Restriction:
    return replace(restriction, passes=Passing.WITHDRAWAL)
