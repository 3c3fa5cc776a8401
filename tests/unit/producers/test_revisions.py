"""How an event stands to what is held under its id."""

import pytest

from producers.revisions import Standing, Verdict, standing

A, B, C = b"a", b"b", b"c"

TABLE = [
    # revision, digest, held, corrections, verdict, stored under, remark
    (1, A, [], False, Verdict.NEW, 1, "nothing is held"),
    (1, A, [(1, A)], False, Verdict.KNOWN, 1, "the same again"),
    (1, B, [(1, A)], False, Verdict.REVISION_TAKEN, 1, "two contents under one revision"),
    (2, B, [(1, A)], False, Verdict.NEW, 2, "the source counts revisions"),
    (1, A, [(2, B)], False, Verdict.NEW, 1, "a late first report"),
    (1, A, [(1, A), (2, B)], False, Verdict.KNOWN, 1, "an old file again"),
    (1, B, [(1, A)], True, Verdict.CORRECTION, 2, "changed content of a source that counts none"),
    (1, B, [(1, A), (2, B)], True, Verdict.KNOWN, 2, "the corrected file again"),
    (1, A, [(1, A), (2, B)], True, Verdict.CORRECTION, 3, "changed back"),
    (5, C, [(1, A), (2, B)], True, Verdict.NEW, 5, "a revision of its own, higher than all"),
    (1, A, [], True, Verdict.NEW, 1, "nothing to correct"),
]


@pytest.mark.parametrize(
    ("revision", "digest", "held", "corrections", "verdict", "stored"),
    [row[:6] for row in TABLE],
    ids=[row[6] for row in TABLE],
)
def test_an_event_stands_to_what_is_held(
    revision: int, digest: bytes, held: list[tuple[int, bytes]], corrections: bool, verdict: Verdict, stored: int
) -> None:
    assert standing(revision, digest, held, corrections=corrections) == Standing(verdict, stored)
