"""How an event stands to what the outbox holds under its id: new, known, a correction, or in contradiction."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What becomes of an event at capture."""

    NEW = "new"
    CORRECTION = "correction"
    KNOWN = "known"
    REVISION_TAKEN = "revision_taken"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Standing:
    """The verdict, and the revision under which the event is, or would be, stored."""

    verdict: Verdict
    revision: int

    @property
    def stores(self) -> bool:
        return self.verdict in (Verdict.NEW, Verdict.CORRECTION)

    @property
    def corrects(self) -> bool:
        return self.verdict is Verdict.CORRECTION


def standing(
    revision: int, digest: bytes, held: Sequence[tuple[int, bytes]], *, corrections: bool, removed: bool = False
) -> Standing:
    """`held`: the revisions under this id, oldest first, with the digest of what their source said.

    A source that does not count revisions says revision 1 for ever. With `corrections` its newest content is compared
    with the newest held, so that a change back to an older content is a change, and the same file again is none.
    An event that was `removed` from the PSES does not come back by a correction: it exists outside (42 CFR 3.20, (2)(i)).
    """
    if not held:
        return Standing(Verdict.NEW, revision)
    found = _standing(revision, digest, held, corrections=corrections)
    if removed and found.stores:
        return Standing(Verdict.REMOVED, found.revision)
    return found


def _standing(revision: int, digest: bytes, held: Sequence[tuple[int, bytes]], *, corrections: bool) -> Standing:
    if corrections:
        newest, newest_digest = held[-1]
        if digest == newest_digest:
            return Standing(Verdict.KNOWN, newest)
        if revision <= newest:
            return Standing(Verdict.CORRECTION, newest + 1)
    for held_revision, held_digest in held:
        if digest == held_digest:
            return Standing(Verdict.KNOWN, held_revision)
    if any(revision == held_revision for held_revision, _ in held):
        # Two contents under one revision: readers could not tell which one is meant to win.
        return Standing(Verdict.REVISION_TAKEN, revision)
    return Standing(Verdict.NEW, revision)
